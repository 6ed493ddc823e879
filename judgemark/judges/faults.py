"""Maps what the openai SDK and its transport raise to the project's own errors, once."""

from __future__ import annotations

import email.utils
import json
import math
import re
from collections.abc import Collection
from datetime import UTC, datetime

import httpx2
import openai

from judgemark.errors import AskFault, JudgemarkError, ParameterRejected, Refused, TransientFault
from judgemark.judges.endpoint import NO_KEY

OPTIONAL = (
    "max_completion_tokens",
    "max_tokens",
    "temperature",
    "top_p",
    "top_k",
    "reasoning_effort",
    "logprob_token_ids",
    "chat_template_kwargs",
    "top_logprobs",
    "logprobs",
)
NEEDED = frozenset(("model", "messages"))
# Endpoints that take the newer name may still complain of the older one.
_ALSO_CALLED = {"max_completion_tokens": ("max_completion_tokens", "max_tokens")}
_LONGEST = 300
_LONG_KEY = 8
_LONGEST_PAUSE = 86_400.0
# Within one sentence: a complaint about the prompt speaks of "this model" too.
_UNKNOWN_JUDGE = re.compile(
    r"\bmodel\b(?:(?!\.\s).){0,120}\b(?:not found|not exist|doesn't exist|is unknown|not available)"
    r"|\b(?:unknown|no such|not a valid|invalid) model\b",
    re.IGNORECASE,
)
_UNKNOWN_JUDGE_CODES = ("model_not_found", "invalid_model", "unknown_model")
_FLAGGED = re.compile(r"moderation|flagged", re.IGNORECASE)
# Not "billing": a rate limit that passes in a minute speaks of it as well.
_NO_MONEY = re.compile(
    r"insufficient_quota|insufficient (?:credit|balance|fund)|credit balance is too low"
    r"|(?:billing hard limit|monthly budget|spending limit) (?:has been )?(?:reached|exceeded)",
    re.IGNORECASE,
)


def map_fault(exc: Exception, sent: Collection[str], key: str) -> JudgemarkError:
    """The error of ours that says what happened; `sent` are the request's fields.

    Timeouts, broken connections, 408, 409, 425, 429, 5xx and anything that is not JSON may pass; a
    400 that names a field which may be left out means that field; 401, 402, 403, 404, an empty
    account and an unknown judge are final; any other 4xx concerns this question alone. The key
    never shows.
    """
    if isinstance(exc, openai.APITimeoutError | httpx2.TimeoutException):
        cause = exc.__cause__ if isinstance(exc, openai.APIError) else exc
        sent_already = not isinstance(cause, httpx2.ConnectTimeout | httpx2.PoolTimeout)
        return TransientFault("no answer within the time limit", timed_out=sent_already)
    if isinstance(exc, openai.APIStatusError):
        return _map_status(exc, sent, key)
    said = one_line(_said_by(exc), key)
    if isinstance(exc, openai.APIConnectionError | httpx2.HTTPError):
        cause = exc.__cause__ or exc
        unreached = isinstance(cause, httpx2.ConnectError)
        why = one_line(_said_by(cause), key)
        return TransientFault(
            f"connection failed: {why}", unreached=unreached, maybe_paid=not unreached
        )
    if isinstance(exc, openai.APIError | ValueError | RecursionError):
        return TransientFault(f"the endpoint did not answer in JSON: {said}")
    return Refused(f"the request could not be made: {said}")


def _map_status(exc: openai.APIStatusError, sent: Collection[str], key: str) -> JudgemarkError:
    status = exc.status_code
    text = f"{_said_by(exc)} {exc.code} {exc.type}"
    said = f"HTTP {status}: {one_line(_said_by(exc), key)}"
    if status == 429 and not _NO_MONEY.search(text):
        return TransientFault(said, retry_after=_retry_after(exc.response), throttled=True)
    if status in (408, 409, 425) or status >= 500:
        return TransientFault(said, retry_after=_retry_after(exc.response))
    if status in (400, 422):
        field = _rejected_field(exc, sent)
        if field is not None:
            return ParameterRejected(field, said)
    if status in (400, 422) and (exc.code in _UNKNOWN_JUDGE_CODES or _UNKNOWN_JUDGE.search(text)):
        return Refused(said)
    if status == 403 and _FLAGGED.search(text):
        return AskFault(said)
    return Refused(said) if status in (401, 402, 403, 404, 405, 429) else AskFault(said)


def _rejected_field(exc: openai.APIStatusError, sent: Collection[str]) -> str | None:
    """The field that a bad request complains of: of our own by any mention, else by `param`."""
    text = _said_by(exc)
    for field in OPTIONAL:
        names = _ALSO_CALLED.get(field, (field,))
        if field in sent and (
            exc.param in names or any(re.search(rf"\b{name}\b", text) for name in names)
        ):
            return field
    return exc.param if exc.param in set(sent) - NEEDED else None


def _retry_after(response: httpx2.Response) -> float | None:
    """Seconds to wait, a day at most, from `Retry-After` in seconds or as a date.

    Source: RFC 9110, 10.2.3.
    """
    value = response.headers.get("retry-after")
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        pass
    else:
        return _pause(seconds) if math.isfinite(seconds) else None
    try:
        when = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return _pause((when - datetime.now(UTC)).total_seconds()) if when.tzinfo else None


def _pause(seconds: float) -> float:
    return min(max(0.0, seconds), _LONGEST_PAUSE)


def _said_by(exc: BaseException) -> str:
    """What the endpoint said, else what the exception says."""
    body = getattr(exc, "body", None)
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        body = body["message"]
    text = body if isinstance(body, str) else json.dumps(body) if body else str(exc)
    if text.lstrip().startswith("<"):
        return "a web page instead of JSON"
    return text.strip() or type(exc).__name__


def one_line(text: object, key: str) -> str:
    """A text from outside for a message: in one line, not too long, without the key."""
    line = " ".join(str(text).split())
    # A short key may be part of ordinary words.
    edge = ("", "") if len(key) >= _LONG_KEY else (r"(?<![\w-])", r"(?![\w-])")
    if key and key != NO_KEY:
        line = re.sub(edge[0] + re.escape(key) + edge[1], "[key]", line)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
