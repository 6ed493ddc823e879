"""Maps what the openai SDK and its transport raise to the project's own errors, once."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Collection
from datetime import UTC, datetime

import httpx2
import openai

from judgemark.errors import AskFault, JudgemarkError, ParameterRejected, Refused, TransientFault

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
_LONGEST = 300
_UNKNOWN_JUDGE = re.compile(
    r"(model|judge)\b.{0,80}\b(not found|not exist|unknown|invalid|not a valid|unavailable)"
    r"|\b(unknown|invalid|no such)\b.{0,20}\bmodel",
    re.IGNORECASE | re.DOTALL,
)
_FLAGGED = re.compile(r"moderation|flagged", re.IGNORECASE)
_NO_MONEY = re.compile(r"insufficient_quota|insufficient credits|billing", re.IGNORECASE)


def map_fault(exc: Exception, sent: Collection[str], key: str) -> JudgemarkError:
    """The error of ours that says what happened; `sent` are the request's fields.

    Timeouts, broken connections, 408, 409, 425, 429, 5xx and anything that is not JSON may pass; a
    400 that names an optional field means that field; 401, 402, 403, 404, an empty account and an
    unknown judge are final; any other 4xx concerns this question alone. The key never shows.
    """
    said = _line(exc, key)
    if isinstance(exc, openai.APITimeoutError | httpx2.TimeoutException):
        return TransientFault("no answer within the time limit")
    if isinstance(exc, openai.APIStatusError):
        return _map_status(exc, sent, said)
    unreached = isinstance(exc.__cause__, httpx2.ConnectError) or isinstance(
        exc, httpx2.ConnectError
    )
    if isinstance(exc, openai.APIConnectionError | httpx2.HTTPError):
        cause = _line(exc.__cause__, key) if exc.__cause__ else said
        return TransientFault(f"connection failed: {cause}", unreached=unreached)
    if isinstance(exc, openai.APIError | ValueError):
        return TransientFault(f"the endpoint did not answer in JSON: {said}")
    return Refused(f"the request could not be made: {said}")


def _map_status(exc: openai.APIStatusError, sent: Collection[str], said: str) -> JudgemarkError:
    status = exc.status_code
    if status == 429 and not _NO_MONEY.search(said):
        return TransientFault(
            f"HTTP 429: {said}", retry_after=_retry_after(exc.response), throttled=True
        )
    if status in (408, 409, 425) or status >= 500:
        return TransientFault(f"HTTP {status}: {said}", retry_after=_retry_after(exc.response))
    if status in (400, 422):
        return _map_bad_request(exc, sent, said)
    if status == 403 and _FLAGGED.search(said):
        return AskFault(f"HTTP 403: {said}")
    if status in (401, 402, 403, 404, 405, 429):
        return Refused(f"HTTP {status}: {said}")
    return AskFault(f"HTTP {status}: {said}")


def _map_bad_request(
    exc: openai.APIStatusError, sent: Collection[str], said: str
) -> JudgemarkError:
    named = getattr(exc, "param", None)
    for field in OPTIONAL:
        if field in sent and (named == field or re.search(rf"\b{field}\b", said)):
            return ParameterRejected(field, f"HTTP {exc.status_code}: {said}")
    if named == "model" or _UNKNOWN_JUDGE.search(said):
        return Refused(f"HTTP {exc.status_code}: {said}")
    return AskFault(f"HTTP {exc.status_code}: {said}")


def _retry_after(response: httpx2.Response) -> float | None:
    """Seconds to wait, from `Retry-After` as seconds or as a date (RFC 9110, 10.2.3)."""
    value = response.headers.get("retry-after")
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        when = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (when - datetime.now(UTC)).total_seconds()) if when.tzinfo else None


def _line(exc: BaseException, key: str) -> str:
    """What an exception says, in one line, without the key."""
    body = getattr(exc, "body", None)
    text = body.get("message") if isinstance(body, dict) else None
    line = " ".join(str(text or exc).split()) or type(exc).__name__
    if len(key) >= 8:
        line = line.replace(key, "[key]")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
