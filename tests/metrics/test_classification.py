"""Classification figures by hand, intervals, calibration, the reference's own agreement."""

from __future__ import annotations

import math

import numpy as np
import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics.classification import (
    JudgedPair,
    Pass,
    classify,
    mean_estimate,
    reference_repeat_agreement,
    share_estimate,
)
from judgemark.metrics.validity.drawn_pairs import PairRules, ScoredPiece, pair_of_scored
from judgemark.metrics.validity.known_pair import KnownPair, PairSource
from judgemark.metrics.validity.shares import wilson


def known(item: str = "7", margin: float = 6.0) -> KnownPair:
    worse = ScoredPiece(item, "a", "1", "wa", 100, 60.0)
    better = ScoredPiece(item, "b", "1", "wb", 100, 60.0 + margin)
    return pair_of_scored(better, worse, PairSource.REFERENCE)


def letter(p_a: float) -> str:
    return "A" if p_a > 0.5 else "B"


def judged(as_a: float, as_b: float, item: str = "7", margin: float = 6.0) -> JudgedPair:
    """The better text as A got P(A) = as_a; as B the other got P(A) = as_b."""
    return JudgedPair(
        known(item, margin), Pass(as_a, letter(as_a), 0.9), Pass(as_b, letter(as_b), 0.7)
    )


PAIRS = (
    judged(0.9, 0.2, "1", 5.0),  # right both times: P = (.9 + .8) / 2 = .85
    judged(0.8, 0.6, "1", 6.5),  # A both times: P = (.8 + .4) / 2 = .6
    judged(0.4, 0.7, "2", 7.5),  # wrong both times: P = (.4 + .3) / 2 = .35
    judged(0.7, 0.7, "2", 10.0),  # A both times: P = (.7 + .3) / 2 = .5, a tie
)


def test_the_cards_figures_by_hand() -> None:
    found = classify(PAIRS, missing=1, rules=PairRules())
    assert (found.n, found.missing) == (4, 1)
    assert found.strict.value == 1 / 4
    assert found.consistency.value == 2 / 4
    assert found.accuracy.value == pytest.approx((1 + 1 + 0 + 0.5) / 4)
    assert found.target_mass.value == pytest.approx((0.85 + 0.6 + 0.35 + 0.5) / 4)
    assert found.non_target_mass.value == pytest.approx(1 - found.target_mass.value)
    assert found.captured_mass is not None
    assert found.captured_mass.value == pytest.approx(0.8)
    assert found.censored == 0.0


def test_the_token_produced_decides_strict_accuracy_not_the_letters() -> None:
    says_neither = JudgedPair(known(), Pass(0.9, "A"), Pass(0.1, None))
    assert says_neither.strict == 0.0
    assert says_neither.consistent == 1.0
    assert says_neither.right == 1.0


def test_a_tie_in_one_order_is_not_consistent() -> None:
    assert judged(0.5, 0.2).consistent == 0.0
    assert judged(0.9, 0.2).consistent == 1.0


def test_a_decimal_margin_at_an_edge_is_in_the_bucket_above_it() -> None:
    # 64.1 - 58.1 is 5.999999999999993 in floating point.
    worse = ScoredPiece("7", "a", "1", "wa", 100, 58.1)
    better = ScoredPiece("7", "b", "1", "wb", 100, 64.1)
    at_six = JudgedPair(
        pair_of_scored(better, worse, PairSource.REFERENCE),
        Pass(0.9, "A", 0.9),
        Pass(0.2, "B", 0.7),
    )
    buckets = classify([*PAIRS, at_six], 0, PairRules()).buckets
    assert [(b.low, b.n) for b in buckets] == [(5, 1), (6, 2), (7, 1), (8, 0), (9, 1)]


def test_margins_fall_into_five_buckets_with_the_last_end_included() -> None:
    buckets = classify(PAIRS, 0, PairRules()).buckets
    assert [(b.low, b.high, b.n) for b in buckets] == [
        (5.0, 6.0, 1), (6.0, 7.0, 1), (7.0, 8.0, 1), (8.0, 9.0, 0), (9.0, 10.0, 1),
    ]  # fmt: skip
    assert buckets[0].strict is not None
    assert buckets[0].strict.value == 1.0
    assert buckets[3].accuracy is None


def test_calibration_compares_confidence_with_the_share_right() -> None:
    found = classify(PAIRS, 0, PairRules())
    # Confidences .85, .6, .65, .5 in bins [.85,.9), [.6,.65), [.65,.7), [.5,.55):
    # |.85 - 1| + |.6 - 1| + |.65 - 0| + |.5 - .5| = 1.2, over 4 pairs.
    assert found.ece.value == pytest.approx(0.3)
    filled = [(b.low, b.n) for b in found.reliability if b.n]
    assert filled == [
        (0.5, 1), (pytest.approx(0.6), 1), (pytest.approx(0.65), 1), (pytest.approx(0.85), 1),
    ]  # fmt: skip


def test_wilson_by_hand() -> None:
    # p = .5, n = 100, z = 2: q = .04; centre .5, half = sqrt(.25 * .04 + .0004) / 1.04.
    low, high = wilson(0.5, 100, 2.0)
    assert (low + high) / 2 == pytest.approx(0.5)
    assert (high - low) / 2 == pytest.approx(math.sqrt(0.01 + 0.0004) / 1.04)


def test_an_interval_has_a_width_where_all_pairs_are_right() -> None:
    found = share_estimate([judged(0.9, 0.1, str(i)) for i in range(20)], lambda j: j.strict)
    assert found.value == 1.0
    assert found.interval is not None
    assert 0.75 < found.interval.low < 0.9
    assert found.interval.high == 1.0


def test_pairs_alike_within_items_widen_the_interval() -> None:
    alike = [judged(0.9, 0.1, str(i)) for i in range(10) for _ in range(10)]
    alike += [judged(0.1, 0.9, str(i)) for i in range(10, 20) for _ in range(10)]
    mixed = [judged(0.9, 0.1, str(i)) for i in range(20) for _ in range(5)]
    mixed += [judged(0.1, 0.9, str(i)) for i in range(20) for _ in range(5)]
    wide = share_estimate(alike, lambda j: j.right).interval
    narrow = share_estimate(mixed, lambda j: j.right).interval
    assert wide is not None
    assert narrow is not None
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_one_item_gives_figures_without_intervals() -> None:
    found = classify([judged(0.9, 0.2), judged(0.8, 0.6)], 0, PairRules())
    assert found.strict.interval is None
    assert found.ece.interval is None
    assert found.target_mass.reason == "one item only"


def test_no_verdict_is_undefined() -> None:
    with pytest.raises(UndefinedFigure, match="no pair has a verdict"):
        classify([], 5, PairRules())


@pytest.mark.slow
def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    # Items differ: each has its own chance of a right pair, Beta(6, 4), mean .6.
    rng = np.random.default_rng(5)
    covered = {"share": 0, "mean": 0}
    runs = 200
    for _ in range(runs):
        chances = rng.beta(6, 4, size=24)
        pairs = [
            judged(p := float(rng.random() < chance), 1.0 - p, str(item))
            for item, chance in enumerate(chances)
            for _ in range(15)
        ]
        for name, estimate in (("share", share_estimate), ("mean", mean_estimate)):
            interval = estimate(pairs, lambda j: j.right).interval
            assert interval is not None
            covered[name] += interval.low <= 0.6 <= interval.high
    # 95% of 200 is 190, standard error 3.1: within four of them.
    assert 178 <= covered["share"] <= 200
    assert 178 <= covered["mean"] <= 200


def scored(writer: str, score: float) -> ScoredPiece:
    return ScoredPiece("7", writer, "1", writer, 100, score)


def test_the_references_own_agreement_counts_pairs_it_orders_the_same_again() -> None:
    first = [scored("a", 60.0), scored("b", 66.0), scored("c", 72.0)]
    again = [scored("a", 61.0), scored("b", 66.0), scored("c", 65.0)]
    # By the first: b > a (6), c > b (6); again b > a holds, c > b does not; c > a is 12 apart.
    # By the second: b > a (5) holds in the first; c - a is 4, b - c is 1.
    assert reference_repeat_agreement([first, again], PairRules()).value == pytest.approx(2 / 3)


def test_a_reference_without_repeats_has_no_such_figure() -> None:
    with pytest.raises(UndefinedFigure, match="scored each piece once"):
        reference_repeat_agreement([[scored("a", 60.0)]], PairRules())
    with pytest.raises(UndefinedFigure, match="no pair at this margin"):
        reference_repeat_agreement([[scored("a", 60.0)], [scored("b", 66.0)]], PairRules())
