"""Fields of --extra-body that would change who is asked, or what, are refused by name."""

from __future__ import annotations

import pytest

from judgemark.errors import UsageError
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.reserved_fields import RESERVED


@pytest.mark.parametrize("name", RESERVED)
def test_every_reserved_field_is_refused_and_named(name: str) -> None:
    with pytest.raises(UsageError, match=f'"{name}"'):
        ChatParameters(extra_body={"top_k": 3, name: "x"})


@pytest.mark.parametrize(
    "spelled", ["Model", "MODELS", "Stream-Options", "ｍｏｄｅｌ", "streamOptions"]
)
def test_other_spellings_that_a_server_may_read_alike_are_refused(spelled: str) -> None:
    with pytest.raises(UsageError):
        ChatParameters(extra_body={spelled: "x"})


@pytest.mark.parametrize(
    "name",
    ["provider", "reasoning", "seed", "min_p", "chat_template_kwargs", "response_format", "user",
     "max_completion_tokens", "transforms", "guided_json", "safety_settings", "num_ctx"],
)  # fmt: skip
def test_fields_that_shape_the_answer_are_taken(name: str) -> None:
    assert ChatParameters(extra_body={name: 1}).body(frozenset())[name] == 1
