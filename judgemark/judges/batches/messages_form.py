"""Chat requests and answers in the form of Anthropic's Messages API, and back. Pure.

Source: Anthropic's API reference, "Create a Message", November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judgemark.errors import AskFault

_LONGEST_REPLY = 16_000
_AS_CHAT = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length"}
_SAME = ("temperature", "top_p", "top_k", "thinking", "metadata", "service_tier")
_RENAMED = {"max_completion_tokens": "max_tokens", "max_tokens": "max_tokens"}


def as_messages(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a chat request as the parameters of a message.

    Raises AskFault for a field that this form does not have: leaving it out in silence would ask
    another question than the user wanted.
    """
    system = [m["content"] for m in body["messages"] if m["role"] == "system"]
    rest = [dict(m) for m in body["messages"] if m["role"] != "system"]
    params: dict[str, Any] = {
        "model": body["model"],
        "max_tokens": _LONGEST_REPLY,
        "messages": rest,
    }
    if system:
        params["system"] = "\n\n".join(system)
    for name, value in body.items():
        if name in _RENAMED:
            params["max_tokens"] = value
        elif name in _SAME:
            params[name] = value
        elif name not in ("model", "messages"):
            raise AskFault(
                f"Anthropic's batches have no field {name}; leave it out, or ask without ‹batch›"
            )
    return params


def as_completion(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message as a chat completion; text beside hidden reasoning alone is its text."""
    content = message.get("content")
    parts = content if isinstance(content, list) else []
    texts = [p.get("text") for p in parts if isinstance(p, Mapping) and p.get("type") == "text"]
    reason = message.get("stop_reason")
    usage = message.get("usage")
    return {
        "model": message.get("model"),
        "choices": [
            {
                "finish_reason": _AS_CHAT.get(str(reason), reason),
                "message": {"content": "".join(t for t in texts if isinstance(t, str))},
            }
        ],
        "usage": _usage(usage) if isinstance(usage, Mapping) else None,
    }


def _usage(told: Mapping[str, Any]) -> dict[str, Any]:
    read = [
        told.get(name)
        for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    ]
    known = [n for n in read if isinstance(n, int)]
    return {
        "prompt_tokens": sum(known) if known else None,
        "completion_tokens": told.get("output_tokens"),
    }
