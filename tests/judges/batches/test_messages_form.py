"""Chat requests as Anthropic's messages, and its messages as completions."""

from __future__ import annotations

import pytest

from judgemark.errors import AskFault
from judgemark.judges.batches.messages_form import as_completion, as_messages

ASKED = {
    "model": "claude-x",
    "messages": [
        {"role": "system", "content": "Be fair."},
        {"role": "user", "content": "Score this."},
    ],
    "temperature": 0,
    "max_completion_tokens": 900,
}


def test_the_system_message_stands_apart() -> None:
    assert as_messages(ASKED) == {
        "model": "claude-x",
        "max_tokens": 900,
        "messages": [{"role": "user", "content": "Score this."}],
        "system": "Be fair.",
        "temperature": 0,
    }


def test_a_reply_must_have_a_limit() -> None:
    body = {k: v for k, v in ASKED.items() if k != "max_completion_tokens"}
    assert as_messages(body)["max_tokens"] == 16_000


def test_a_field_that_messages_do_not_have_is_refused() -> None:
    with pytest.raises(AskFault, match="no field logprobs"):
        as_messages({**ASKED, "logprobs": True})


def test_a_message_becomes_a_completion() -> None:
    message = {
        "model": "claude-x-1",
        "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Wit: 7"}],
        "stop_reason": "max_tokens",
        "usage": {"input_tokens": 10, "cache_read_input_tokens": 5, "output_tokens": 3},
    }
    assert as_completion(message) == {
        "model": "claude-x-1",
        "choices": [{"finish_reason": "length", "message": {"content": "Wit: 7"}}],
        "usage": {"prompt_tokens": 15, "completion_tokens": 3},
    }
