"""Reads the JSON that a chat endpoint answers with: text, finish reason, usage."""

from __future__ import annotations

import math
from typing import Any

from judgemark.errors import TransientFault
from judgemark.judges.faults import one_line
from judgemark.records import Reply, Usage


def read_completion(answer: Any, dropped: frozenset[str], key: str) -> Reply:
    """Return the first choice as a reply.

    `dropped` are the parameters that were left out of the request. An answer without a choice is a
    TransientFault with what the endpoint said, in which the key never shows.
    """
    try:
        choice = answer["choices"][0]
        message = choice["message"]
        text = _text(message.get("content")) or _text(message.get("refusal"))
    except (KeyError, IndexError, TypeError, AttributeError) as exc:
        error = answer.get("error") if isinstance(answer, dict) else None
        said = error.get("message") if isinstance(error, dict) else error
        raise TransientFault(
            "the endpoint answered without a completion"
            + (f": {one_line(said, key)}" if said else "")
        ) from exc
    return Reply(
        text=text,
        finish_reason=_text(choice.get("finish_reason")) or None,
        judge_name=_text(answer.get("model")) or None,
        provider=_text(answer.get("provider")) or None,
        usage=_usage(answer.get("usage")),
        adapted=tuple(sorted(dropped)),
    )


def _text(value: object) -> str:
    """A text as it is, or the text parts of a content that comes in parts."""
    if isinstance(value, list):
        parts = (p.get("text") for p in value if isinstance(p, dict) and p.get("type") == "text")
        return "".join(part for part in parts if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _usage(reported: object) -> Usage:
    if not isinstance(reported, dict):
        return Usage()

    def number(name: str) -> float | None:
        value = reported.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value if math.isfinite(value) else None

    prompt, completion = number("prompt_tokens"), number("completion_tokens")
    return Usage(
        None if prompt is None else int(prompt),
        None if completion is None else int(completion),
        number("cost"),
    )
