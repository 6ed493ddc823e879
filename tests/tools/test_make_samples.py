"""The samples that come with the project: what they are, and that the maker reproduces them."""

import hashlib
from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import kendalltau

from judgemark.damage.known_damage import damage_pairs
from judgemark.inputs.json_file import read_json
from judgemark.inputs.references import read_references
from judgemark.inputs.samples import SampleSet, read_samples
from judgemark.inputs.writing_prompts import read_writing_prompts
from judgemark.judges.baselines import length
from judgemark.metrics.separability import cliffs_delta, omega_squared
from judgemark.metrics.surface_bias import lexical_variety
from judgemark.records import Sample
from judgemark.table.score_table import Observation, ScoreTable, build_table
from tools.make_samples import (
    DATA,
    KIND,
    ORIGIN,
    SEVERITY,
    main,
    plan_of,
    read_seeds,
    read_sources,
)
from tools.mixed_damage import take_steps
from tools.pick_seeds import countable, features_of_samples

RISING = sorted(SEVERITY, key=lambda writer: SEVERITY[writer])
FLOORS = [lexical_variety, length]


@cache
def samples() -> SampleSet:
    return read_samples(DATA / "samples.json")


def by_place(writer: str) -> dict[tuple[str, str], Sample]:
    return {(s.iteration, s.item): s for s in samples().samples if s.writer == writer}


def scores(judge: Callable[[str], float]) -> ScoreTable:
    return build_table(
        Observation(s.writer, s.iteration, s.item, 0, 0, judge(s.text)) for s in samples().samples
    )


def references() -> dict[str, float]:
    return dict(read_references(DATA / "reference_scores.json", samples().writers))


@pytest.mark.slow
def test_the_maker_reproduces_both_files_byte_for_byte() -> None:
    assert main(["--check"]) == 0


def test_six_writers_wrote_two_pieces_on_each_of_twelve_prompts() -> None:
    assert samples().writers == tuple(sorted(SEVERITY))
    assert (len(samples().items), len(samples().iterations)) == (12, 2)
    assert len(samples().samples) == 6 * 12 * 2
    assert len({s.sha256 for s in samples().samples}) == 6 * 12 * 2
    read_writing_prompts(DATA / "writing_prompts.json", samples().items)


def test_every_item_has_a_title_and_nothing_to_fill_in() -> None:
    entries = read_json(DATA / "writing_prompts.json")
    assert sorted(entries) == list(samples().items)
    for entry in entries.values():
        assert sorted(entry) == ["title", "writing_prompt"]
        assert "<" not in entry["writing_prompt"]


def test_the_pieces_have_two_hundred_to_three_hundred_and_fifty_words() -> None:
    words = [len(s.text.split()) for s in by_place(ORIGIN).values()]
    assert min(words) >= 200
    assert max(words) <= 350


def test_the_undamaged_writer_has_the_pieces_as_they_were_written() -> None:
    sources = read_sources(DATA / "pieces")
    for place, sample in by_place(ORIGIN).items():
        iteration, item = place
        path = DATA / "pieces" / item / f"{iteration}.txt"
        assert sample.text == path.read_text(encoding="utf-8").strip()
        assert sample.text == sources.pieces[place].text
        assert sample.derived_from is None


def test_no_piece_holds_a_marker_or_a_placeholder() -> None:
    assert not [s.item for s in samples().samples if "[TEST" in s.text or "<" in s.text]


def test_each_weaker_piece_says_what_it_was_made_from_and_how_far() -> None:
    for writer in set(SEVERITY) - {ORIGIN}:
        for (iteration, item), sample in by_place(writer).items():
            assert (sample.derived_from, sample.kind) == (ORIGIN, KIND)
            assert sample.seed == read_seeds()[iteration, item]
            assert sample.severity == pytest.approx(SEVERITY[writer], abs=0.11)


def test_damage_rises_piece_by_piece() -> None:
    for place in by_place(ORIGIN):
        severities = [by_place(writer)[place].severity or 0.0 for writer in RISING]
        assert all(a < b for a, b in pairwise(severities))


def test_each_writer_has_all_the_damage_of_the_next_better_one_and_more() -> None:
    sources, seeds = read_sources(DATA / "pieces"), read_seeds()
    for place in sorted(sources.pieces)[::6]:
        piece, plan = sources.pieces[place], plan_of(sources, place, seeds[place])
        taken = [take_steps(piece, plan, SEVERITY[writer]) for writer in RISING]
        for less, more in pairwise(taken):
            assert len(less) < len(more)
            assert more[: len(less)] == less


def test_the_reference_order_is_the_order_of_damage() -> None:
    assert sorted(references(), key=lambda w: -references()[w]) == RISING
    assert references()[ORIGIN] == 100.0


def test_a_name_says_nothing_about_quality() -> None:
    # 7 of the 15 pairs of names stand in the alphabet as they do in quality, 8 the other way.
    order = [RISING.index(writer) for writer in sorted(SEVERITY)]
    tau = kendalltau(range(6), order).statistic
    assert tau == pytest.approx(-1 / 15) or tau == pytest.approx(1 / 15)


@pytest.mark.parametrize("floor", FLOORS)
def test_a_word_counter_cannot_tell_the_writers_apart(floor: Callable[[str], float]) -> None:
    table = scores(floor)
    # Random numbers reach 9.9 on average here, lexical variety 0.6 and length -1.2.
    assert 100 * (omega_squared(table) + cliffs_delta(table)) / 2 / 0.75 < 5


def test_no_rule_of_the_declared_family_finds_the_better_version_or_the_order() -> None:
    found = countable(features_of_samples(read_json(DATA / "samples.json")))
    assert max(found.accuracies) <= 0.58
    assert min(found.accuracies) >= 0.42
    assert np.abs(found.taus).max() <= 0.45


def test_on_the_first_set_counting_reaches_more() -> None:
    found = countable(features_of_samples(read_json(DATA / "samples_v1.json")))
    assert not found.within_bounds
    assert found.taus.max() == pytest.approx(1.0)  # commas


def test_the_six_versions_of_a_piece_are_fifteen_known_pairs() -> None:
    pairs = damage_pairs(samples().samples)
    assert len(pairs) == 24 * 15
    assert all(SEVERITY[p.better.writer] < SEVERITY[p.worse.writer] for p in pairs)


def test_the_first_set_stays_as_it_was_shipped() -> None:
    both = [(DATA / f"{name}_v1.json").read_bytes() for name in ("samples", "reference_scores")]
    assert [hashlib.sha256(content).hexdigest() for content in both] == [
        "f48458a1259fdcc88354a6cda8f8e5b24e0749bbb969849c220edee5e5f47dc3",
        "5c060a15a81a67b1b6d5e93e1c1d777b9e81c8717588ed7690c8b81045c29957",
    ]


def test_a_reader_of_the_damage_reaches_the_ceiling() -> None:
    table = build_table(
        Observation(s.writer, s.iteration, s.item, 0, 0, 1 - (s.severity or 0))
        for s in samples().samples
    )
    assert 100 * (omega_squared(table) + cliffs_delta(table)) / 2 / 0.75 > 130
