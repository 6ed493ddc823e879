"""The ceiling by hand: raters and the judge answer the same pairs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics.validity.known_pair import KnownPair, PairedText
from judgemark.metrics.validity.rater_ceiling import Rating, ceiling_pairs, rater_ceiling

HUMAN = Path(__file__).resolve().parents[3].parent / "shared" / "human" / "ttcw_ratings.jsonl"


def ratings(scores: dict[str, dict[str, float]]) -> list[Rating]:
    """Scores by writer and rater, on one item."""
    return [
        Rating("7", PairedText(writer, writer, "1"), rater, score)
        for writer, raters in scores.items()
        for rater, score in raters.items()
    ]


SCORES = ratings(
    {
        "ann": {"r1": 90, "r2": 80, "r3": 70},
        "bob": {"r1": 50, "r2": 80, "r3": 75},
        "cem": {"r1": 40, "r2": 30},
    }
)


def undecided(_: KnownPair) -> float | None:
    """A judge that prefers neither text of any pair."""
    return 0.5


def better_first(pair: KnownPair) -> float | None:
    """A judge that prefers the writer who comes first in the alphabet."""
    return float(pair.better.writer < pair.worse.writer)


def test_raters_and_judge_by_hand() -> None:
    # r1: the others say ann 75, bob 77.5, cem 30. bob > ann by 2.5 (below 5); ann > cem, right;
    #     bob > cem, right: 1.
    # r2: ann 80, bob 62.5, cem 40. ann > bob: r2 ties, 1/2; ann > cem, right; bob > cem, right.
    # r3: rated ann and bob. The others say 85 and 65: ann > bob, but r3 has 70 < 75: wrong.
    found = rater_ceiling(SCORES, better_first, margin_min=5)
    assert found.raters == 3
    assert found.pairs == 2 + 3 + 1
    assert found.accuracy == pytest.approx((1 + 2.5 / 3 + 0) / 3)
    assert found.judge == 1.0


def test_the_margin_bounds_the_pairs_on_both_sides() -> None:
    # With 15..25 points only ann > bob of r2 (17.5), bob > cem of r2 (22.5) and r3's pair (20).
    found = rater_ceiling(SCORES, better_first, 15, 25)
    assert (found.raters, found.pairs) == (2, 3)
    assert found.accuracy == pytest.approx(((0.5 + 1) / 2 + 0) / 2)


def test_a_pair_that_the_judge_did_not_answer_is_left_out_for_the_rater_too() -> None:
    def some(pair: KnownPair) -> float | None:
        return None if pair.worse.writer == "cem" else 0.5

    found = rater_ceiling(SCORES, some, 5)
    assert (found.pairs, found.accuracy, found.judge) == (2, 0.25, 0.5)


def test_pieces_of_one_writer_are_no_pair_and_one_rater_has_no_ceiling() -> None:
    twice = [
        Rating("7", PairedText(f"t{n}", "ann", str(n)), rater, 50.0 * n)
        for n in (1, 2)
        for rater in ("r1", "r2")
    ]
    for some in (twice, [r for r in SCORES if r.rater == "r1"], []):
        with pytest.raises(UndefinedFigure):
            rater_ceiling(some, better_first, 5)


def test_experts_agree_with_each_other_more_often_than_chance() -> None:
    if not HUMAN.exists():
        pytest.skip("../shared/human is absent")
    rows = [json.loads(line) for line in HUMAN.read_text("utf-8").splitlines()]
    found = rater_ceiling(
        [
            Rating(
                r["item"],
                PairedText(f"{r['item']}:{r['writer']}", r["writer"], r["iteration"]),
                r["rater"],
                r["score"] / 14 * 100,
            )
            for r in rows
        ],
        undecided,
        margin_min=5,
    )
    assert found.raters == 11
    assert 0.6 < found.accuracy < 1
    assert found.judge == 0.5


def test_the_pairs_of_all_raters_are_each_asked_about_once() -> None:
    # r1: ann > cem, bob > cem; r2: ann > bob, ann > cem, bob > cem; r3: ann > bob.
    found = ceiling_pairs(SCORES, margin_min=5)
    assert {frozenset((p.better.writer, p.worse.writer)) for p in found} == {
        frozenset(("ann", "bob")), frozenset(("ann", "cem")), frozenset(("bob", "cem")),
    }  # fmt: skip
    assert len(found) == 3
    assert ceiling_pairs(SCORES, margin_min=99) == ()
