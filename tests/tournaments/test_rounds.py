"""One tournament: expectations, pairing, byes, and ratings worked out by hand."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import UsageError
from judgemark.tournaments.rounds import expected, pair_round, round_robin, update
from judgemark.tournaments.tournament_settings import Settings

rating = st.floats(0, 3000)
chance = st.floats(0, 1)


def test_expectation_is_one_half_between_equals_and_ten_to_one_at_400_points() -> None:
    assert expected(1200, 1200, 400) == 0.5
    # 1 / (1 + 10^-1) = 10/11
    assert expected(1600, 1200, 400) == pytest.approx(10 / 11)
    # 1 / (1 + 10^((1250 - 1150) / 400)) = 1 / (1 + 1.778279) = 0.359935
    assert expected(1150, 1250, 400) == pytest.approx(0.359935, abs=1e-6)


def test_expectation_of_absurd_ratings_does_not_overflow() -> None:
    assert expected(1e9, 0, 400) == 1.0
    assert expected(0, 1e9, 400) == 0.0


@given(rating, rating, chance)
def test_it_does_not_matter_which_of_the_two_is_named_first(a: float, b: float, p: float) -> None:
    one, other = [a, b], [a, b]
    update(one, (0, 1), p, Settings())
    update(other, (1, 0), 1 - p, Settings())
    assert one == pytest.approx(other, abs=1e-9)
    assert sum(one) == pytest.approx(a + b, abs=1e-9)


@pytest.mark.parametrize("wrong", [-0.1, 1.1, math.nan])
def test_a_preference_that_is_no_probability_is_refused(wrong: float) -> None:
    with pytest.raises(UsageError, match=r"0\.\.1"):
        update([1200.0, 1200.0], (0, 1), wrong, Settings())


def test_pairs_from_the_top_each_with_the_next_one_not_yet_met() -> None:
    # By rating: 2 (1230), 0 (1220), 3 (1190), 1 (1160).
    ratings = [1220.0, 1160.0, 1230.0, 1190.0]
    met: list[set[int]] = [set(), set(), set(), set()]
    assert pair_round(ratings, range(4), met, [0] * 4) == ([(2, 0), (3, 1)], None)
    # 2 has met 0, so it takes 3; 0 is left with 1.
    met = [{2}, set(), {0}, set()]
    assert pair_round(ratings, range(4), met, [0] * 4) == ([(2, 3), (0, 1)], None)


def test_an_entrant_that_has_met_all_others_meets_the_next_unpaired_one_again() -> None:
    # 2 takes 0, new to it; 3 and 1 have met but are all that is left.
    ratings = [1220.0, 1160.0, 1230.0, 1190.0]
    met: list[set[int]] = [set(), {3}, set(), {1}]
    assert pair_round(ratings, range(4), met, [0] * 4) == ([(2, 0), (3, 1)], None)
    # 2 has met all three: the next unpaired one is 0.
    everyone: list[set[int]] = [{2}, {2}, {0, 1, 3}, {2}]
    assert pair_round(ratings, range(4), everyone, [0] * 4) == ([(2, 0), (3, 1)], None)


def test_equal_ratings_stand_in_the_order_drawn_whatever_their_last_bits() -> None:
    ratings = [1200.0, 1200.0 + 2e-13, 1200.0, 1200.0]
    met: list[set[int]] = [set(), set(), set(), set()]
    assert pair_round(ratings, (3, 0, 2, 1), met, [0] * 4) == ([(3, 0), (2, 1)], None)


def test_in_an_odd_field_the_lowest_of_those_with_the_fewest_byes_sits_out() -> None:
    ratings = [1200.0, 1250.0, 1150.0]
    met: list[set[int]] = [set(), set(), set()]
    assert pair_round(ratings, range(3), met, [0, 0, 0]) == ([(1, 0)], 2)
    # 2 is lowest but has sat out already; of the others 0 is the lower.
    assert pair_round(ratings, range(3), met, [0, 0, 1]) == ([(1, 2)], 0)


@given(st.integers(2, 9).flatmap(lambda n: st.permutations(range(n))))
@settings(max_examples=30, deadline=None)
def test_a_round_robin_lets_everyone_meet_everyone_once(order: list[int]) -> None:
    rounds = round_robin(order)
    n = len(order)
    assert len(rounds) == (n - 1 if n % 2 == 0 else n)
    for pairs in rounds:
        assert max(Counter(e for pair in pairs for e in pair).values()) == 1
    met = Counter(frozenset(pair) for pairs in rounds for pair in pairs)
    assert met == Counter(frozenset(pair) for pair in combinations(range(n), 2))
