"""Whether a judge reads, from the verdicts of a run: planted readers, counters and coins."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from judgemark.judged import Judged, JudgedRun, Tournaments
from judgemark.metrics.surface_bias import lexical_variety
from judgemark.metrics.validity.known_pair import AnsweredPair, KnownPair, PairedText, PairSource
from judgemark.records import Rubric, Sample
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.damage_reading import compared_pairs, scored_pairs
from judgemark.scoring.reading_section import reading_section
from judgemark.scoring.result_json import compose
from judgemark.scoring.run_tables import tables_of
from judgemark.tournaments.tournament_result import Played, TournamentStanding, make_result
from judgemark.tournaments.tournament_settings import Match, Settings

WORDS = [f"word{n}" for n in range(60)]
LEVELS = (0.25, 0.5, 0.75)


def damaged(pieces: int, kinds: Sequence[str] = ("shuffled",)) -> tuple[Sample, ...]:
    """Pieces by Ann with three damaged versions of each kind, all in words drawn at random."""
    rng = np.random.default_rng(0)

    def text() -> str:
        return " ".join(rng.choice(WORDS, size=40)) + "."

    found = []
    for item in range(pieces):
        found.append(Sample("Ann", "1", str(item), text()))
        found += [
            Sample(f"{kind}-{level}", "1", str(item), text(), "Ann", kind, level, 0)
            for kind in kinds
            for level in LEVELS
        ]
    return tuple(found)


def run_of(samples: Sequence[Sample], judge: Callable[[Sample], float | None]) -> JudgedRun:
    """A run of a judge that gives each piece one number, or no verdict at all."""
    judged = tuple(
        Judged(s.writer, s.iteration, s.item, 0, 0, None, value, s.sha256, len(s.text))
        for s in samples
        if (value := judge(s)) is not None
    )
    return JudgedRun(
        "r", {}, {}, {}, {}, Rubric(0, 10), judged, (), len(samples), samples=tuple(samples)
    )


def section(run: JudgedRun, notes: Notes | None = None) -> dict[str, Any]:
    notes = notes if notes is not None else Notes()
    found: dict[str, Any] = json.loads(
        json.dumps(reading_section(run, tables_of(run), 0, notes).values, allow_nan=False)
    )
    return found


def knows_the_damage(sample: Sample) -> float:
    return 10.0 - 4 * (sample.severity or 0.0)


def test_a_judge_that_sees_the_damage_reads() -> None:
    found = section(run_of(damaged(12), knows_the_damage))["sources"]["damage"]
    # A piece and its three versions make 6 pairs.
    assert (found["pairs"], found["clusters"], found["missing"]) == (72, 12, 0)
    assert found["accuracy"] == 1.0
    assert found["margin"] == pytest.approx(1 - found["counter"]["accuracy"])
    assert found["reads"] is True


def test_a_judge_that_counts_does_not_read_and_is_its_own_twin() -> None:
    found = section(run_of(damaged(12), lambda s: lexical_variety(s.text)))["sources"]["damage"]
    assert found["twin"]["name"] == "more distinct words / sqrt(words)"
    assert found["twin"]["accuracy"] == found["accuracy"]
    assert found["over_twin_ci95"] == [0.0, 0.0]
    assert found["reads"] is False


def test_coins_do_not_read() -> None:
    rng = np.random.default_rng(3)
    samples = damaged(12)
    verdicts = [
        section(run_of(samples, lambda _: float(rng.random())))["sources"]["damage"]["reads"]
        for _ in range(10)
    ]
    assert verdicts == [False] * 10


def test_a_tie_is_half_and_a_missing_verdict_is_counted() -> None:
    # Six pieces with one version each: right, right, right, wrong, a tie, and one without verdict.
    samples = [s for s in damaged(6) if s.severity in (None, 0.5)]
    of_source = {"0": 7.0, "1": 8.0, "2": 9.0, "3": 4.0, "4": 6.0, "5": 6.0}
    of_version = {"0": 6.0, "1": 6.0, "2": 6.0, "3": 6.0, "4": 6.0, "5": None}

    def judge(s: Sample) -> float | None:
        return of_source[s.item] if s.severity is None else of_version[s.item]

    notes = Notes()
    found = section(run_of(samples, judge), notes)["sources"]["damage"]
    assert (found["pairs"], found["missing"], found["clusters"]) == (6, 1, 5)
    assert found["accuracy"] == pytest.approx((3 + 0 + 0.5) / 5)
    assert notes.reasons["validity.sources.damage.missing"].startswith("1 of 6 known pairs")


def test_means_of_the_same_numbers_in_another_order_are_a_tie() -> None:
    samples = [s for s in damaged(1) if s.severity in (None, 0.5)]
    by_repeat = {"Ann": (0.1, 0.2, 0.3), "shuffled-0.5": (0.3, 0.2, 0.1)}
    assert sum(by_repeat["Ann"]) != sum(by_repeat["shuffled-0.5"])
    judged = tuple(
        Judged(s.writer, "1", s.item, 0, repeat, None, value)
        for s in samples
        for repeat, value in enumerate(by_repeat[s.writer])
    )
    run = JudgedRun(
        "r", {}, {}, {}, {}, Rubric(0, 10), judged, (), 2, repeats=3, samples=tuple(samples)
    )
    assert section(run)["sources"]["damage"]["accuracy"] == 0.5


def test_a_piece_is_found_by_its_place() -> None:
    # The same text twice: a judge that goes by place alone scores the two differently.
    pair = KnownPair(PairSource.DAMAGE, "i", PairedText("t", "Ann"), PairedText("u", "Bea"), "c")
    twin = KnownPair(PairSource.DAMAGE, "i", PairedText("t", "Cid"), PairedText("u", "Bea"), "c")
    scores = {("Ann", "", "i"): 3.0, ("Bea", "", "i"): 2.0, ("Cid", "", "i"): 1.0}
    assert [a.p_better for a in scored_pairs([pair, twin], scores)] == [1.0, 0.0]


def test_several_kinds_have_a_block_each_with_their_trend() -> None:
    samples = damaged(6, ("names", "order"))

    def blind_to_order(s: Sample) -> float:
        return 5.0 if s.kind == "order" else knows_the_damage(s)

    found = section(run_of(samples, blind_to_order))
    assert list(found["kinds"]) == ["names", "order"]
    names, order = found["kinds"]["names"], found["kinds"]["order"]
    assert names["accuracy"] == 1.0
    assert names["dose_tau"] == -1.0
    # Versions in another order get 5 whatever their level: of 6 pairs, 3 with the source, which
    # gets 10, are right, and 3 among the versions are ties.
    assert order["accuracy"] == pytest.approx((3 + 3 * 0.5) / 6)
    # One kind alone stands under the source.
    assert section(run_of(damaged(6), knows_the_damage))["kinds"] == {}


def test_without_known_damage_nothing_is_measured_and_the_reason_is_said() -> None:
    plain = [Sample(w, "1", str(i), f"{w} {i}") for w in "ab" for i in range(4)]
    for samples, reason in ((plain, "the samples do not say"), ((), "the texts of the pieces")):
        run = run_of(plain, lambda s: float(len(s.item)))
        notes = Notes()
        run = JudgedRun(
            "r", {}, {}, {}, {}, Rubric(0, 10), run.judged, (), 8, samples=tuple(samples)
        )
        found = section(run, notes)
        assert found["sources"] == found["kinds"] == found["probes"] == {}
        assert notes.reasons["validity"].startswith(reason)


def test_too_few_pieces_say_nothing_about_reading() -> None:
    notes = Notes()
    found = section(run_of(damaged(4), knows_the_damage), notes)["sources"]["damage"]
    assert found["reads"] is None and found["margin_ci95"] is None
    assert "4 clusters" in notes.reasons["validity.sources.damage.reads"]


def tournaments(p_first: Mapping[tuple[str, str, str], float | None]) -> Tournaments:
    """One tournament of the matches (item, first, second) with P(first is better)."""
    matches = tuple(Match(0, 1, item, "1", first, second) for item, first, second in p_first)
    writers = sorted({w for _, first, second in p_first for w in (first, second)})
    standing = TournamentStanding("1", "0", dict.fromkeys(writers, 1200.0), len(matches), 0)
    result = make_result(Settings(), (standing,), matches, tuple(p_first.values()), (), ())
    return Tournaments(Played(result, (), 0, 0), 0, 0, 0, None)


def test_a_pairwise_judge_answers_the_pairs_that_its_tournaments_compared() -> None:
    samples = [Sample(w, "1", i, f"{w} {i}") for w in ("ann", "bea", "cid") for i in "012"]
    at = {(s.writer, s.item): PairedText(s.sha256, s.writer, "1") for s in samples}

    def known(item: str, better: str, worse: str) -> KnownPair:
        return KnownPair(PairSource.DAMAGE, item, at[better, item], at[worse, item], f"c{item}")

    played = tournaments(
        {("0", "ann", "bea"): 0.75, ("1", "ann", "bea"): 0.75, ("2", "ann", "bea"): 0.5}
        | {("0", "ann", "cid"): None}
    )
    pairs = [
        known("0", "ann", "bea"),  # P(ann) is .75: right
        known("1", "bea", "ann"),  # P(bea) is 1 - .75: wrong
        known("2", "bea", "ann"),  # exactly .5: half
        known("0", "cid", "ann"),  # compared, without a verdict
        known("1", "ann", "cid"),  # never compared
    ]
    answers = compared_pairs(pairs, samples, played)
    assert [a.p_better for a in answers] == [0.75, 0.25, 0.5, None, None]
    assert [a.right for a in answers] == [1.0, 0.0, 0.5, None, None]
    assert isinstance(answers[0], AnsweredPair)


def test_the_result_has_the_section_and_the_figures() -> None:
    result = compose(run_of(damaged(12), knows_the_damage))
    block = result["validity"]["sources"]["damage"]
    figures = result["figures"]
    assert figures["damage_accuracy"] == block["accuracy"] == 1.0
    assert figures["damage_margin"] == block["margin"]
    ends = [block[name][0] for name in ("margin_ci95", "over_half_ci95", "over_twin_ci95")]
    assert figures["reads"] == min(ends) > 0
    bare = compose(run_of([s for s in damaged(12) if not s.kind], lambda s: float(int(s.item))))
    assert bare["figures"]["reads"] is None
    assert bare["notes"]["figures.reads"] == bare["notes"]["validity"]
