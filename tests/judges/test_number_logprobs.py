"""Which log-probabilities of a reply are kept: those of its numbers, where they belong to it."""

from __future__ import annotations

import math
from typing import Any

import pytest

from judgemark.judges.number_logprobs import number_logprobs
from judgemark.records import NumberLogprobs
from tests.support.token_logprobs import choice_logprobs, tokens_of


def test_a_number_is_kept_with_its_likely_numeric_alternatives_alone() -> None:
    text = "Wit: 7\nPace: 10"
    tokens = tokens_of(text)
    place = tokens.index("7")
    chances = {"7": 0.6, "8": 0.3, "N": 0.09, "9": 1e-6}
    (wit, pace) = number_logprobs(choice_logprobs(tokens, {place: chances}), text) or ()
    # The word and the alternative below one in ten thousand are left out; four digits are kept.
    assert wit == NumberLogprobs(5, ((("7", -0.5108), ("8", -1.204)),), ())
    assert text[wit.at] == "7"
    assert pace == NumberLogprobs(13, ((("10", 0.0),),), ())


def test_what_may_follow_a_number_is_kept_where_it_is_numeric() -> None:
    text = "Wit: 7\n"
    tokens = tokens_of(text)
    after = tokens.index("7") + 1
    (wit,) = number_logprobs(choice_logprobs(tokens, {after: {"\n": 0.75, ".": 0.25}}), text) or ()
    assert wit.after == ((".", round(math.log(0.25), 4)),)


def test_a_number_of_several_tokens_has_all_of_them() -> None:
    text = "Wit: 7.5!"
    (wit,) = number_logprobs(choice_logprobs(tokens_of(text)), text) or ()
    assert [step[0][0] for step in wit.steps] == ["7", ".", "5"]


def test_places_count_characters_though_tokens_count_bytes() -> None:
    text = "物語：８\nErzählfluss: 7"
    found = number_logprobs(choice_logprobs(tokens_of(text)), text) or ()
    assert [text[n.at] for n in found] == ["８", "7"]


def test_hidden_reasoning_before_the_reply_is_passed_over() -> None:
    tokens = tokens_of("I think of 9. ") + tokens_of("Wit: 7")
    (wit,) = number_logprobs(choice_logprobs(tokens), "Wit: 7") or ()
    assert (wit.at, wit.steps[0][0][0]) == (5, "7")


@pytest.mark.parametrize(
    "logprobs",
    [
        None,
        {},
        {"content": None},
        {"content": []},
        {"content": [{"token": "Wit", "logprob": "no"}]},
        {"content": [{"token": "Wit", "logprob": float("nan")}]},
        {"content": [{"token": 3, "logprob": -1}]},
        {"content": ["Wit: 7"]},
        # Of another text: nothing says which token stands where.
        choice_logprobs(tokens_of("Wit: 8")),
    ],
)
def test_where_nothing_fits_there_are_none(logprobs: Any) -> None:
    assert number_logprobs(logprobs, "Wit: 7") is None


def test_tokens_without_any_alternatives_say_nothing() -> None:
    given = choice_logprobs(tokens_of("Wit: 7"))
    for entry in given["content"]:
        entry["top_logprobs"] = []
    assert number_logprobs(given, "Wit: 7") is None


@pytest.mark.parametrize(
    "broken",
    ["no entry", {"logprob": -1.0}, {"token": 7, "logprob": -1.0}, {"token": "7", "logprob": True},
     {"token": "7", "logprob": 10**400}, {"token": "7"}],
)  # fmt: skip
def test_a_list_with_a_broken_entry_is_not_used(broken: Any) -> None:
    text = "Wit: 7"
    found = choice_logprobs(tokens_of(text))
    assert number_logprobs(found, text) is not None
    found["content"][1] = broken
    assert number_logprobs(found, text) is None


def test_a_reply_of_numbers_alone_is_cut_off() -> None:
    text = " ".join(["7"] * 2000)
    kept = number_logprobs(choice_logprobs(tokens_of(text)), text) or ()
    assert 0 < len(kept) < 2000
