"""Expected scores: one token, several tokens, and what cannot be told."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgemark.protocols.expected_scores import (
    ScoreDistribution,
    joins_digits,
    score_distribution,
)
from judgemark.records import NumberLogprobs

Chances = dict[str, float]


def number(*steps: Chances, after: Chances | None = None) -> NumberLogprobs:
    """A number; the first token of each step is the one that was written."""

    def logged(chances: Chances) -> tuple[tuple[str, float], ...]:
        return tuple((token, math.log(p)) for token, p in chances.items())

    return NumberLogprobs(0, tuple(logged(step) for step in steps), logged(after or {}))


def of(found: NumberLogprobs, *, joined: bool = True, high: float = 10) -> ScoreDistribution:
    return score_distribution(found, 0, high, joined=joined)


def close(found: ScoreDistribution, expected: dict[float, float]) -> bool:
    return dict(found.probabilities) == pytest.approx(expected)


def test_one_token_is_a_choice_among_its_alternatives() -> None:
    """0.6 x 7 + 0.3 x 8 + 0.1 x 5 = 7.1"""
    found = of(number({"7": 0.6, "8": 0.3, "5": 0.1}))
    assert close(found, {7: 0.6, 8: 0.3, 5: 0.1})
    assert found.mass == pytest.approx(1.0)
    assert found.mean == pytest.approx(7.1)


def test_the_mean_is_taken_over_what_can_be_read() -> None:
    """Half of the rest went to a word: (0.6 x 7 + 0.2 x 9) / 0.8 = 7.5"""
    found = of(number({"7": 0.6, "9": 0.2}))
    assert found.mass == pytest.approx(0.8)
    assert found.mean == pytest.approx(7.5)


def test_scores_out_of_the_range_do_not_count() -> None:
    assert close(of(number({"7": 0.9, "70": 0.1})), {7: 0.9})


def test_ten_is_one_token_where_the_tokenizer_joins_digits() -> None:
    found = number({"1": 0.5, "10": 0.5})
    assert joins_digits([found])
    assert close(of(found), {1: 0.5, 10: 0.5})


def test_a_one_that_may_be_the_beginning_of_ten_is_left_out_where_it_does_not() -> None:
    found = number({"7": 0.6, "8": 0.1, "1": 0.3})
    assert not joins_digits([found])
    assert close(of(found, joined=False), {7: 0.6, 8: 0.1})
    # Where no score is as high as ten, nothing can follow.
    assert close(of(found, joined=False, high=9), {7: 0.6, 8: 0.1, 1: 0.3})


def test_ten_in_two_tokens_branches_at_the_second() -> None:
    """After the 1 comes a 0 with 0.75 and nothing numeric with 0.25:
    0.8 x 0.75 = 0.6 for ten, 0.8 x 0.25 = 0.2 for one."""
    found = of(number({"1": 0.8, "9": 0.2}, {"0": 0.75}), joined=False)
    assert close(found, {10: 0.6, 1: 0.2, 9: 0.2})


def test_a_one_that_was_written_shares_its_probability_with_the_ten_that_might_have_followed() -> (
    None
):
    found = of(number({"1": 1.0}, after={"0": 0.25}), joined=False)
    assert close(found, {1: 0.75, 10: 0.25})


def test_decimals_branch_at_the_sign_and_at_the_digit() -> None:
    """7 alone 0.1, and 0.9 x (7.5 with 0.8, 7.0 with 0.2)."""
    found = of(number({"7": 1.0}, {".": 0.9}, {"5": 0.8, "0": 0.2}))
    assert close(found, {7.5: 0.72, 7.0: 0.1 + 0.18})


def test_whole_numbers_beside_one_with_decimals_are_left_out() -> None:
    """Nothing says whether the 8 would have been 8 or 8.5."""
    assert close(of(number({"7": 0.7, "8": 0.3}, {".": 1.0}, {"5": 1.0})), {7.5: 0.7})


def test_a_full_stop_behind_a_number_ends_it() -> None:
    assert close(of(number({"7": 1.0}, after={".": 1.0})), {7: 1.0})


def test_a_decimal_number_in_one_token_is_a_number() -> None:
    assert close(of(number({"7.5": 0.5, "8,5": 0.5})), {7.5: 0.5, 8.5: 0.5})


def test_a_quotation_mark_in_the_same_token_is_taken_off() -> None:
    assert close(of(number({'"7': 0.5, '"8': 0.5})), {7: 0.5, 8: 0.5})


@given(
    st.lists(
        st.dictionaries(
            st.text("0123456789.,-x ٣", max_size=4), st.floats(1e-6, 1.0), min_size=1, max_size=5
        ),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_whatever_the_tokens_are_every_score_is_within_the_range(
    steps: list[Chances], joined: bool
) -> None:
    found = of(number(*steps, after=steps[0]), joined=joined)
    assert all(0 <= score <= 10 and p > 0 for score, p in found.probabilities.items())
