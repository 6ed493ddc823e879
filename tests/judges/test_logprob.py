"""The A/B mathematics: probabilities, variants, censoring, the card's fallback."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.judges.logprob import (
    LOG_ZERO,
    LetterIds,
    TokenLogprob,
    letter_of,
    letters_by_id,
    letters_by_text,
    preference,
    swap_average,
)
from judgemark.records import LetterLogprobs


def tokens(**probabilities: float) -> list[TokenLogprob]:
    return [TokenLogprob(text, math.log(p)) for text, p in probabilities.items()]


def test_probability_of_a_ignores_the_mass_on_other_tokens() -> None:
    letters = letters_by_text(tokens(A=0.3, B=0.1, The=0.6), "The")
    assert letters is not None
    assert preference(letters) == pytest.approx(0.75)  # .3 / (.3 + .1)
    assert letters.mass == pytest.approx(0.4)
    assert letters.produced == "The"
    assert letters.variants == ()


def test_variants_of_a_letter_are_summed_and_named() -> None:
    found = [
        TokenLogprob("A", math.log(0.3)),
        TokenLogprob(" A", math.log(0.2)),
        TokenLogprob("a", math.log(0.1)),
        TokenLogprob("ĠB", math.log(0.2)),
    ]
    letters = letters_by_text(found, "A")
    assert letters is not None
    assert preference(letters) == pytest.approx(0.75)  # (.3 + .2 + .1) / (.6 + .2)
    assert letters.variants == (" A", "a", "ĠB")
    assert not letters.b_censored  # seen, as a variant


def test_letters_asked_for_by_id_count_alone() -> None:
    found = [*tokens(A=0.3, B=0.3, a=0.3), TokenLogprob(" b", math.log(0.05))]
    letters = letters_by_text(found, "A", exact=True)
    assert letters is not None
    assert preference(letters) == pytest.approx(0.5)
    assert letters.variants == ()
    without_b = [t for t in found if t.text != "B"]
    fallen_back = letters_by_text(without_b, "A", exact=True)
    assert fallen_back is not None
    assert preference(fallen_back) == pytest.approx(0.6 / 0.65)  # variants count again


@pytest.mark.parametrize(
    ("token", "letter"),
    [
        ("A", "A"),
        (" b", "B"),
        ("▁A", "A"),
        ("\nB", "B"),
        ("Ａ", "A"),
        ("ｂ", "B"),
        ("A ", "A"),
        ("AB", None),
        ("", None),
        ("*A", None),
        ("ª", None),
        ("А", None),
        ("Β", None),
    ],
)
def test_which_tokens_spell_a_letter(token: str, letter: str | None) -> None:
    assert letter_of(token) == letter


def test_an_unseen_letter_is_censored_at_the_smallest_returned_one() -> None:
    letters = letters_by_text(tokens(A=0.8, The=0.1, x=0.05), "A")
    assert letters is not None
    assert (letters.a_censored, letters.b_censored) == (False, True)
    assert letters.b == pytest.approx(math.log(0.05))
    assert preference(letters) == pytest.approx(0.8 / 0.85)
    # The card's code: exp(-100) against .8.
    assert preference(letters, card_fallback=True) == pytest.approx(1.0)


def test_an_unseen_letter_has_at_most_the_mass_that_the_others_leave() -> None:
    # The list alone would allow .1; .88 + .1 leave .02.
    letters = letters_by_text(tokens(A=0.88, The=0.1), "A")
    assert letters is not None
    assert letters.b == pytest.approx(math.log(0.02))
    assert preference(letters) == pytest.approx(0.88 / 0.9)
    by_id = letters_by_id({32: math.log(0.88), 5: math.log(0.1)}, LetterIds(32, 33), "A")
    assert by_id is not None
    assert by_id.b == pytest.approx(math.log(0.02))


@pytest.mark.parametrize("logprob", [0.0, -0.0, 0.004, -1e-12])
def test_rounding_up_to_certainty_leaves_next_to_nothing(logprob: float) -> None:
    letters = letters_by_text([TokenLogprob("B", logprob)], "B")
    assert letters is not None
    assert letters.a == pytest.approx(math.log(1e-9), abs=0.01)
    assert preference(letters) == pytest.approx(0.0, abs=1e-8)


def test_probabilities_that_add_up_to_more_than_one_say_nothing_of_what_is_left() -> None:
    letters = letters_by_text(tokens(A=0.9, The=0.8, It=0.3), "A")
    assert letters is not None
    assert math.exp(letters.b) == pytest.approx(0.3)


@pytest.mark.parametrize("nothing", [-9999.0, -math.inf])
def test_a_stand_in_for_very_unlikely_is_no_place_in_the_list(nothing: float) -> None:
    found = [*tokens(A=0.8, The=0.1), TokenLogprob("x", nothing)]
    letters = letters_by_text(found, "A")
    assert letters is not None
    assert math.exp(letters.b) == pytest.approx(0.1)


def test_a_candidate_given_twice_counts_once() -> None:
    letters = letters_by_text([*tokens(A=0.4, B=0.2), *tokens(A=0.4)], "A")
    assert letters is not None
    assert preference(letters) == pytest.approx(0.4 / 0.6)


def test_both_letters_unseen_is_a_failed_pass_and_for_the_card_a_tie() -> None:
    letters = letters_by_text(tokens(The=0.9, It=0.1), "The")
    assert letters is not None
    assert preference(letters) is None
    assert preference(letters, card_fallback=True) == 0.5


def test_letters_without_any_mass_are_a_failed_pass() -> None:
    assert preference(LetterLogprobs(LOG_ZERO, LOG_ZERO, "x")) is None


def test_by_id_reads_the_single_tokens_and_censors_the_absent_one() -> None:
    ids = LetterIds(a=32, b=33)
    both = letters_by_id({32: math.log(0.2), 33: math.log(0.6), 5: math.log(0.1)}, ids, "B")
    assert both is not None
    assert preference(both) == pytest.approx(0.25)
    one = letters_by_id({33: math.log(0.6), 5: math.log(0.1)}, ids, "B")
    assert one is not None
    assert one.a_censored
    assert one.a == pytest.approx(math.log(0.1))


def test_no_candidates_and_numbers_that_are_none_give_nothing() -> None:
    assert letters_by_text([], "") is None
    assert letters_by_text([TokenLogprob("A", math.nan)], "A") is None
    assert letters_by_id({}, LetterIds(1, 2), "") is None
    assert letters_by_id({1: math.nan, 2: -1.0}, LetterIds(1, 2), "") is None


def test_minus_infinity_is_stored_as_a_number_json_can_hold() -> None:
    letters = letters_by_id({1: -math.inf, 2: 0.0}, LetterIds(1, 2), "B")
    assert letters is not None
    assert letters.a == LOG_ZERO
    assert preference(letters) == 0.0


def test_the_swap_average_takes_the_second_pass_the_other_way_round() -> None:
    # Pass 1: the first text stands as A, P(A) = .7. Pass 2: it stands as B, P(A) = .4.
    assert swap_average(0.7, 0.4) == pytest.approx(0.65)  # (.7 + .6) / 2


def test_one_failed_pass_makes_the_pair_missing_not_a_tie() -> None:
    assert swap_average(0.7, None) is None
    assert swap_average(None, 0.4) is None


logprobs = st.floats(-60.0, 0.0)


@settings(deadline=None, max_examples=100)
@given(logprobs, logprobs)
def test_preference_is_the_softmax_of_the_two_letters(a: float, b: float) -> None:
    here = preference(LetterLogprobs(a, b, "A"))
    there = preference(LetterLogprobs(b, a, "A"))
    assert here is not None
    assert there is not None
    assert here + there == pytest.approx(1.0, abs=1e-12)
    assert here == pytest.approx(math.exp(a) / (math.exp(a) + math.exp(b)), rel=1e-9)
