"""What a chat endpoint answers with, read as a reply."""

from __future__ import annotations

from typing import Any

import pytest

from judgemark.errors import TransientFault
from judgemark.judges.completions import read_completion
from judgemark.records import Reply
from judgemark.redaction import Scrubber

KEY = "sk-abcdefgh12345678"


def read(choice: dict[str, Any]) -> Reply:
    return read_completion({"choices": [choice]}, frozenset(), Scrubber([KEY]))


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"message": {"role": "assistant", "content": text}, **more}


@pytest.mark.parametrize(
    "choice",
    [
        said(
            "Wit: 7", error={"code": 502, "message": f"Provider {KEY} left"}, finish_reason="error"
        ),
        said("Wit: 7", error="Provider (withheld) left"),
        {"error": {"message": f"Provider {KEY} left"}},
        {"message": {"content": "", "error": {"message": f"Provider {KEY} left"}}},
    ],
)
def test_a_reply_that_broke_off_on_the_way_may_come_whole_next_time(choice: dict[str, Any]) -> None:
    with pytest.raises(TransientFault, match=r"broke off: Provider \(withheld\) left") as caught:
        read(choice)
    assert caught.value.maybe_paid


def test_an_empty_error_is_none() -> None:
    assert read(said("Wit: 7", error=None)).text == "Wit: 7"


@pytest.mark.parametrize(
    ("reason", "native", "kept"),
    [
        ("stop", "MAX_TOKENS", "MAX_TOKENS"),
        ("stop", "SAFETY", "SAFETY"),
        ("stop", "eos_token", "stop"),
        ("stop", "end_turn", "stop"),
        ("length", "MAX_TOKENS", "length"),
        ("error", "", "error"),
        (None, "RECITATION", "RECITATION"),
        (None, None, None),
        (3, ["x"], None),
    ],
)
def test_the_providers_own_finish_reason_counts_where_the_routers_says_less(
    reason: object, native: object, kept: str | None
) -> None:
    choice = said("Wit: 7", finish_reason=reason, native_finish_reason=native)
    assert read(choice).finish_reason == kept
