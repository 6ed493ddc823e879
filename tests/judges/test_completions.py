"""What a chat endpoint answers with, read as a reply."""

from __future__ import annotations

import re
from typing import Any

import pytest

from judgemark.errors import AskFault, JudgemarkError, Refused, TransientFault
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


@pytest.mark.parametrize("kind", ["text", "output_text", None])
def test_every_part_with_a_text_is_part_of_the_reply_but_reasoning(kind: str | None) -> None:
    parts: list[object] = [
        {"type": "reasoning", "text": "Wit: 1"},
        {"type": "thinking", "thinking": [{"type": "text", "text": "Wit: 1"}]},
        {"type": kind, "text": "Wit"},
        {"text": ": 7"},
        "x",
        {"type": "image_url"},
    ]
    assert read({"message": {"content": parts}}).text == "Wit: 7"


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ({"model": "m", "message": {"content": "Wit: 7"}, "done": True}, "Ollama's own"),
        ({"object": "response", "output": [], "status": "completed"}, "OpenAI's Responses"),
        ({"candidates": [{"content": {"parts": [{"text": "Wit: 7"}]}}]}, "Gemini's own"),
        ([{"generated_text": "Wit: 7"}], "TGI's own"),
        ({"object": "text_completion", "choices": [{"text": "Wit: 7"}]}, "text completions"),
    ],
)
def test_the_form_of_another_interface_is_named(answer: object, name: str) -> None:
    with pytest.raises(AskFault, match=name) as caught:
        read_completion(answer, frozenset(), Scrubber([KEY]))
    assert not isinstance(caught.value, TransientFault)


@pytest.mark.parametrize(
    ("answer", "said", "final"),
    [
        ({"detail": "Not authenticated"}, "Not authenticated", True),
        (
            {"choices": None, "base_resp": {"status_code": 1004, "status_msg": "login fail"}},
            "login fail",
            True,
        ),
        ({"code": 1113, "msg": f"try later, {KEY}"}, "try later, (withheld)", False),
        ({"message": "the node restarts"}, "the node restarts", False),
    ],
)
def test_an_answer_without_a_choice_says_why(answer: object, said: str, final: bool) -> None:
    with pytest.raises(JudgemarkError, match=re.escape(said)) as caught:
        read_completion(answer, frozenset(), Scrubber([KEY]))
    assert isinstance(caught.value, Refused) is final
    assert isinstance(caught.value, TransientFault) is not final
