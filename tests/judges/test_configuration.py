"""A field that the program learns later changes no key of those who do not use it."""

from __future__ import annotations

import pytest

from judgemark.judges.base import Json
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.configuration import endpoint_configuration, keyed_fields

FIRST = ("temperature", "top_k")


@pytest.mark.parametrize("unset", [None, False, "", (), {}])
def test_a_later_field_that_is_not_set_is_left_out(unset: Json) -> None:
    values = {"temperature": 0.0, "top_k": None, "min_p": unset}
    assert keyed_fields(values, FIRST) == {"temperature": 0.0, "top_k": None}


def test_a_later_field_that_is_set_is_part_of_the_key() -> None:
    values = {"temperature": 0.0, "top_k": None, "min_p": 0.0}
    assert keyed_fields(values, FIRST) == values


def test_the_first_fields_of_a_chat_judge_stay_whether_set_or_not() -> None:
    assert ChatParameters().to_json() == {
        "temperature": 0.0,
        "top_p": None,
        "top_k": None,
        "max_tokens": 16_000,
        "reasoning_effort": None,
        "extra_body": {},
    }


def test_letters_are_part_of_the_configuration_where_they_are_asked_for() -> None:
    named = {"kind": "endpoint", "name": "fake", "parameters": {}}
    assert endpoint_configuration("fake", {}) == named
    assert endpoint_configuration("fake", {}, {"top": 5}) == named | {"letters": {"top": 5}}
