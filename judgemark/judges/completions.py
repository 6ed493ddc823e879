"""Reads the JSON that a chat endpoint answers with: text, finish reason, usage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from judgemark.errors import AskFault, TransientFault
from judgemark.judges.faults import map_told_otherwise, one_line
from judgemark.judges.usage import read_usage
from judgemark.records import Reply
from judgemark.redaction import Scrubber

# How a provider names an ending that is not the judge's own. A router may still call it "stop".
_BROKEN_OFF = re.compile(
    r"max_?\w*tok|length|limit|safety|recitation|filter|block|prohibit|spii|refus|error|fail",
    re.IGNORECASE,
)
_FIELDS_NAMED = 8
_REASONING = re.compile(r"think|reason|thought", re.IGNORECASE)
# A field, or what `object` or `type` says, by which other interfaces are known.
_INTERFACES = (
    ("OpenAI's Responses", "response"),
    ("OpenAI's Responses", "output"),
    ("Gemini's own interface", "candidates"),
    ("Ollama's own interface", "done"),
    ("Anthropic's own interface", "stop_sequence"),
    ("text completions", "text_completion"),
    ("TGI's own interface", "generated_text"),
    ("an embedding", "embedding"),
)


def read_completion(answer: Any, dropped: frozenset[str], scrubber: Scrubber) -> Reply:
    """Return the first choice as a reply; an endpoint may say a secret back, which is taken out.

    `dropped` are the parameters that were left out of the request. An answer without a
    choice is an AskFault where it has the form of another interface, else the fault that it tells
    in words, else a TransientFault that says what it holds; no secret shows in them.
    """
    try:
        choice = answer["choices"][0]
        _refuse_broken_off(choice, scrubber)
        message = choice["message"]
        _refuse_broken_off(message, scrubber)
        text = _text(message.get("content")) or _text(message.get("refusal"))
    except (KeyError, IndexError, TypeError, AttributeError) as exc:
        other = _other_interface(answer)
        if other:
            raise AskFault(
                f"the endpoint answered in the form of {other}; judges are asked for chat "
                "completions: give the address whose /chat/completions answers"
            ) from exc
        told = map_told_otherwise(answer, scrubber)
        if told is not None:
            raise told from exc
        raise TransientFault(
            f"the endpoint answered without a completion, but with {_outline(answer, scrubber)}",
            maybe_paid=True,
        ) from exc
    return Reply(
        text=scrubber.text(text),
        finish_reason=scrubber.text(_finish_reason(choice)) or None,
        judge_name=scrubber.text(_text(answer.get("model"))) or None,
        provider=scrubber.text(_text(answer.get("provider"))) or None,
        usage=read_usage(answer.get("usage")),
        adapted=tuple(sorted(dropped)),
    )


def _other_interface(answer: object) -> str:
    """Return the interface whose answers have this form; empty for none that is known."""
    inside = answer[0] if isinstance(answer, list) and answer else answer
    if not isinstance(inside, Mapping):
        return ""
    told = (inside.get("object"), inside.get("type"))
    return next((name for name, sign in _INTERFACES if sign in inside or sign in told), "")


def _outline(answer: object, scrubber: Scrubber) -> str:
    """Return what kind of JSON an answer is, in words."""
    if not isinstance(answer, Mapping):
        return f"JSON that is no object but {type(answer).__name__}"
    names = ", ".join(map(str, list(answer)[:_FIELDS_NAMED])) or "nothing"
    return f"an object that holds {one_line(names, scrubber)}"


def _refuse_broken_off(part: Mapping[str, Any], scrubber: Scrubber) -> None:
    """Raise TransientFault for a choice that holds an error.

    A router that loses its provider halfway sends the reply as far as it came, and the error
    beside it.
    """
    error = part.get("error")
    if error:
        said = (error.get("message") if isinstance(error, Mapping) else None) or error
        raise TransientFault(f"the reply broke off: {one_line(said, scrubber)}", maybe_paid=True)


def _finish_reason(choice: Mapping[str, Any]) -> str:
    """Return why the reply ended: the provider's own word where the router's says less."""
    reason, native = (_text(choice.get(x)) for x in ("finish_reason", "native_finish_reason"))
    if native and (not reason or (reason == "stop" and _BROKEN_OFF.search(native))):
        return native
    return reason


def _text(value: object) -> str:
    """Return a text as it is, or the text parts of a content that comes in parts.

    Parts of the judge's reasoning are left out; any other part with a text is part of the reply.
    """
    if isinstance(value, list):
        return "".join(map(_part, value))
    return value if isinstance(value, str) else ""


def _part(part: object) -> str:
    if isinstance(part, Mapping):
        if _REASONING.search(str(part.get("type"))):
            return ""
        text = part.get("text")
        return text if isinstance(text, str) else ""
    return ""
