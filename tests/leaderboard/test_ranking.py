"""Ranks, tie groups and the places that the data leave open."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.leaderboard import ranking
from judgemark.leaderboard.ranking import JudgeRank, significantly_differ, standings
from judgemark.metrics.judge_comparison import paired


def matrix(count: int, *apart: tuple[int, int]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    found = np.zeros((count, count), dtype=np.bool_)
    for one, other in apart:
        found[one, other] = found[other, one] = True
    return found


def test_a_tie_group_is_adjacent_rows_all_tied_with_its_first() -> None:
    # A and B tie, B and C tie, A and C do not: C opens a group of its own.
    found = standings([90.0, 85.0, 80.0], matrix(3, (0, 2)))
    assert [s.rank for s in found] == [1, 1, 3]
    assert [s.group for s in found] == [1, 1, 2]
    # B may be anywhere; A is significantly above C, so that A ends at 2 and C begins at 2.
    assert [(s.low, s.high) for s in found] == [(1, 2), (1, 3), (2, 3)]


def test_judges_that_differ_significantly_have_ranks_of_their_own_in_any_order_given() -> None:
    all_apart = matrix(3, (0, 1), (0, 2), (1, 2))
    found = standings([70.0, 90.0, 80.0], all_apart)
    assert found == (
        JudgeRank(place=3, rank=3, low=3, high=3, group=3),
        JudgeRank(place=1, rank=1, low=1, high=1, group=1),
        JudgeRank(place=2, rank=2, low=2, high=2, group=2),
    )


def test_the_open_places_hold_the_rank_where_groups_and_pairs_disagree() -> None:
    # A ties with B and C, but B is significantly above C: by the rule of groups C shares A's rank.
    found = standings([90.0, 85.0, 80.0], matrix(3, (1, 2)))
    assert [s.rank for s in found] == [1, 1, 1]
    # One judge is significantly better than C, which alone would open from place 2.
    assert (found[2].low, found[2].high) == (1, 3)


def test_no_judges_and_one_judge() -> None:
    assert standings([], matrix(0)) == ()
    assert standings([5.0], matrix(1)) == (JudgeRank(1, 1, 1, 1, 1),)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=8),
    st.integers(0, 2**28 - 1),
)
def test_ranks_lie_within_their_places_and_follow_the_scores(scores: list[int], bits: int) -> None:
    count = len(scores)
    pairs = [(i, j) for i in range(count) for j in range(i) if scores[i] != scores[j]]
    differ = matrix(count, *(pair for n, pair in enumerate(pairs) if bits >> n & 1))
    found = standings([float(s) for s in scores], differ)
    assert sorted(s.place for s in found) == list(range(1, count + 1))
    for s, score in zip(found, scores, strict=True):
        assert 1 <= s.low <= s.rank <= s.place <= s.high <= count
        for other, theirs in zip(found, scores, strict=True):
            if theirs > score:
                assert other.place < s.place
                assert other.rank <= s.rank


def test_the_difference_is_the_one_that_compare_tests() -> None:
    draw = np.random.default_rng(3)
    common = draw.normal(size=400)
    small = 0.2 * draw.normal(size=400)
    rows = np.stack([80 + common, 79 + common + small, 76 + 3 * draw.normal(size=400)])
    twins = rows + draw.normal(size=rows.shape) * 0.3
    # The last judge was resampled by a version that did not resample again.
    nested = draw.normal(size=(3, 1, 60)) * [[[0.4]], [[0.9]], [[2.0]]] + np.zeros((3, 2, 60))
    nested[1, 0, :5] = np.nan
    nested[2] = np.nan
    scores = [80.0, 79.0, 76.0]
    for given_twins, again in ((None, None), (twins, None), (twins, nested)):
        apart = significantly_differ(scores, rows, 24, given_twins, again)
        for i in range(3):
            for j in range(3):
                shared = None if given_twins is None else given_twins[i] - given_twins[j]
                if i == j:
                    assert not apart[i, j]
                    continue
                interval, _ = paired(
                    scores[i] - scores[j],
                    rows[i] - rows[j],
                    items=24,
                    seed=0,
                    twins=shared,
                    nested=None if again is None else again[i] - again[j],
                )
                assert apart[i, j] == (not interval.low <= 0 <= interval.high)


@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_many_judges_are_compared_block_by_block(
    missing: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.default_rng(4)
    rows = draw.normal(size=(11, 60)) + draw.normal(size=60)
    rows[draw.random(rows.shape) < missing] = np.nan
    twins = rows + 0.2 * draw.normal(size=rows.shape)
    nested = draw.normal(size=(11, 2, 20))
    scores = draw.normal(0, 2, 11).tolist()
    for given_twins, again in ((None, None), (twins, None), (twins, nested)):
        monkeypatch.setattr(ranking, "BLOCK", 512)
        at_once = significantly_differ(scores, rows, 24, given_twins, again)
        monkeypatch.setattr(ranking, "BLOCK", 4)
        in_blocks = significantly_differ(scores, rows, 24, given_twins, again)
        assert 0 < at_once.sum() < 110
        assert np.array_equal(at_once, in_blocks)
        last = significantly_differ(scores, rows, 24, given_twins, again, of=slice(10, None))
        assert np.array_equal(last, at_once[10:])


def test_an_overstated_difference_is_corrected_pair_by_pair() -> None:
    draw = np.random.default_rng(5)
    rows = draw.normal(size=(3, 500))
    # The variance of a difference is about 2. Pairs of resamples of resamples that are apart by
    # 3 have a variance within of 3^2 / 2 = 4.5, more than twice too much: the limit is a half.
    nested = np.zeros((3, 2, 100))
    nested[0] = 3.0
    wide = significantly_differ([3.2, 0.0, 0.0], rows, 24)
    found = significantly_differ([3.2, 0.0, 0.0], rows, 24, None, nested)
    half = 2.0687 * math.sqrt(24 / 23 * 2)  # 2.99 as it is, 2.11 corrected
    assert half / math.sqrt(2) < 2.5 < half
    assert wide[0, 1]
    assert found[0, 1]
    assert significantly_differ([2.5, 0.0, 0.0], rows, 24, None, nested)[0, 1]
    assert not significantly_differ([2.5, 0.0, 0.0], rows, 24)[0, 1]
    assert found[0, 2] and not found[1, 2]


def test_shared_draws_tell_apart_what_the_two_intervals_overlapping_would_not() -> None:
    common = 5 * np.random.default_rng(0).normal(size=200)
    small = 0.1 * np.random.default_rng(1).normal(size=200)
    # Each score moves by 5 with the items, their difference of 1 by 0.1 only.
    assert significantly_differ([80, 79], np.stack([80 + common, 79 + common + small]), 32)[0, 1]
    alone = 5 * np.random.default_rng(2).normal(size=200)
    assert not significantly_differ([80, 79], np.stack([80 + common, 79 + alone]), 32)[0, 1]


def test_void_resamples_are_left_out_and_too_many_leave_it_open() -> None:
    draw = np.random.default_rng(0)
    rows = np.stack([80 + draw.normal(size=100), 60 + draw.normal(size=100)])
    rows[0, :40] = np.nan
    assert significantly_differ([80, 60], rows, 24)[0, 1]
    rows[1, 40:70] = np.nan  # 30 of 100 are left in both
    assert not significantly_differ([80, 60], rows, 24)[0, 1]


def test_without_replicates_or_with_one_item_nothing_significantly_differs() -> None:
    assert not significantly_differ([80, 60], np.empty((2, 0)), 24).any()
    rows = np.stack([np.full(10, 80.0), np.full(10, 60.0)])
    assert not significantly_differ([80, 60], rows, 1).any()
    # No resample moves either of them: the difference is as sure as these items make it.
    assert significantly_differ([80, 60], rows, 2)[0, 1]


def test_a_judge_ties_with_its_own_copy() -> None:
    row = 70 + np.random.default_rng(0).normal(size=300)
    assert not significantly_differ([70.0, 70.0], np.stack([row, row]), 32).any()
