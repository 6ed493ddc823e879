"""Reads what an endpoint complains of, in whatever form its maker chose to say it. Pure."""

from __future__ import annotations

import email.utils
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_WHOLE_SECONDS = re.compile(r"\s*\d+\s*")
_DELAY = re.compile(r"(\d+(?:\.\d+)?)s")
# "Please try again in 1m2.5s", "Try again in 60 seconds", "Please retry in 17.3s".
_TOLD_DELAY = re.compile(
    r"\b(?:try again|retry) (?:in|after) (?:(\d{1,3})h ?)?(?:(\d{1,3})m(?!s) ?)?"
    r"(?:(\d{1,6}(?:\.\d+)?) ?(ms|milliseconds?|s|secs?|seconds?|minutes?|hours?)\b)?",
    re.IGNORECASE,
)
# A problem in the list that llama-cpp-python prints: `{'type': ..., 'loc': ('body', 'top_k'), ...`
_PRINTED_PROBLEM = re.compile(
    r"""'type': '(\w+)', 'loc': \(([^()]*)\), 'msg': (?:'([^']*)'|"([^"]*)")"""
)
INVALID = "invalid_request_body"
"""A code of every complaint in which a validator says what is wrong with the request."""
_UNIT_SECONDS = {"ms": 0.001, "milli": 0.001, "minute": 60.0, "s": 1.0, "h": 3600.0}
_ROUTED = "llm_provider-"
"""What LiteLLM puts before the names of the headers that the provider behind it has sent."""
_LONGEST_QUOTE = 200
_FAR_AWAY = 1e9
"""Seconds that stand for any longer wait: about thirty years."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error as an endpoint reported it.

    Attributes:
        status: the HTTP status, or the code that an answer of status 200 carries in its error.
        said: the message alone, in one line; the type's name or a description where there is none.
        codes: what the error is called: its code, type and status, in lower case.
        param: the field that it is about, where it says so.
        retry_after: the pause in seconds that it asks for; None where it asks for none.
    """

    status: int
    said: str
    codes: frozenset[str] = frozenset()
    param: str | None = None
    retry_after: float | None = None


def read_complaint(status: int, headers: Mapping[str, str], body: bytes) -> Complaint:
    """Return what an answer of an error status says."""
    error = _error_in(_parsed(body))
    said = _said(error) or _described(body) or "nothing was said"
    return _complaint(status, error, said, _retry_after(headers))


def complaint_within(answer: object) -> Complaint | None:
    """Return the error that an answer of status 200 holds; None where it holds none.

    Its status is the error's own code where that is an HTTP status, else the one that its code or
    type is usually told by, else 500.
    """
    if not isinstance(answer, Mapping) or not answer.get("error"):
        return None
    error = _error_in(answer)
    return _complaint(_status_of(error), error, _said(error) or "an error without a message", None)


def complaint_otherwise(answer: object) -> Complaint | None:
    """Return what an answer of status 200 without a choice and an `error` complains of.

    Services tell it as `detail`, `message`, `msg` or `base_resp`; None where none of them is there.
    """
    if not isinstance(answer, Mapping):
        return None
    within = answer.get("base_resp")
    if isinstance(within, Mapping) and isinstance(within.get("status_msg"), str):
        error: object = {"message": within["status_msg"], "code": within.get("status_code")}
    else:
        error = _error_in(answer)
    said = _said(error)
    return _complaint(_status_of(error), error, said, None) if said else None


def quoted_start(body: bytes) -> str:
    """Return how a body begins, quoted, in one line; "nothing" for an empty one."""
    text = " ".join(_decoded(body[: _LONGEST_QUOTE * 8]).split())
    if not text:
        return "nothing"
    return f'"{text}"' if len(text) <= _LONGEST_QUOTE else f'"{text[:_LONGEST_QUOTE]}…"'


def is_web_page(body: bytes) -> bool:
    """Return whether a body is HTML or XML."""
    return body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _complaint(status: int, error: object, said: str, retry_after: float | None) -> Complaint:
    codes = set(_codes(error))
    problems = _PRINTED_PROBLEM.findall(said)
    if problems:
        # What it shows of the request behind each problem is left out.
        said = "; ".join(map(_printed_problem, problems))
        codes |= {INVALID, *(kind for kind, *_ in problems)}
    param = error.get("param") if isinstance(error, Mapping) else None
    pauses = (retry_after, _delay_within(error), _delay_told(said) if status >= 429 else None)
    asked = next((pause for pause in pauses if pause is not None), None)
    return Complaint(
        status,
        said,
        frozenset(code.lower() for code in codes),
        param if isinstance(param, str) else None,
        asked,
    )


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _error_in(parsed: object) -> object:
    """Return the innermost error: an object, a text or a list, as it comes."""
    if isinstance(parsed, list) and len(parsed) == 1:
        parsed = parsed[0]
    if not isinstance(parsed, Mapping):
        return parsed
    for name in ("error", "errors", "detail"):
        inner = parsed.get(name)
        if isinstance(inner, str) and isinstance(parsed.get("message"), str):
            return parsed
        if inner:
            return inner[0] if name == "errors" and isinstance(inner, list) else inner
    return parsed


def _said(error: object) -> str:
    """Return the message of an error; what a validator quotes of the request is left out."""
    if isinstance(error, str):
        return _one_line(error) if not error.lstrip().startswith("<") else ""
    if isinstance(error, list):
        return "; ".join(filter(None, map(_validation, error)))
    if not isinstance(error, Mapping):
        return ""
    for name in ("message", "msg", "error", "detail", "title"):
        text = error.get(name)
        if isinstance(text, str) and text.strip():
            below = _upstream(error)
            return _one_line(f"{text}: {below}" if below else text)
    return ""


def _printed_problem(problem: tuple[str, str, str, str]) -> str:
    """Return one printed problem as `body.top_k: Input should be a valid integer`."""
    _, place, single, double = problem
    where = ".".join(part.strip(" '\"") for part in place.split(",") if part.strip())
    return f"{where}: {_one_line(single or double)}"


def _validation(problem: object) -> str:
    """Return one entry of a validator's list as `body.top_k: Extra inputs are not permitted`."""
    if isinstance(problem, str):
        return _one_line(problem)
    if not isinstance(problem, Mapping):
        return ""
    place = problem.get("loc")
    where = ".".join(map(str, place)) if isinstance(place, Sequence) else ""
    text = _said({k: problem.get(k) for k in ("msg", "message")})
    return f"{where}: {text}" if where and text else where or text


def _upstream(error: Mapping[str, object]) -> str:
    """Return what a router quotes of the provider behind it."""
    metadata = error.get("metadata")
    raw = metadata.get("raw") if isinstance(metadata, Mapping) else None
    if not isinstance(raw, str):
        return ""
    return _said(_error_in(_parsed(raw.encode("utf-8", "replace")))) or _one_line(raw)


def _codes(error: object) -> Iterator[str]:
    if not isinstance(error, Mapping):
        return
    for name in ("code", "type", "status", "reason", "error_code"):
        value = error.get(name)
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            yield str(value)
    yield from _codes(error.get("innererror"))
    details = error.get("details")
    for detail in details if isinstance(details, list) else ():
        yield from _codes(detail)


_USUAL_STATUS = (
    (401, ("invalid_api_key", "authentication_error", "unauthenticated", "unauthorized")),
    (402, ("insufficient_quota", "insufficient_credits", "payment_required", "billing_error")),
    (403, ("permission_denied", "permission_error", "forbidden")),
    (404, ("model_not_found", "not_found", "not_found_error", "notfounderror")),
    (429, ("rate_limit_exceeded", "rate_limit_error", "resource_exhausted", "too_many_requests")),
    (400, ("invalid_request_error", "badrequesterror", "invalid_argument", "bad_request")),
)


def _status_of(error: object) -> int:
    codes = {code.lower() for code in _codes(error)}
    numbers = [int(code) for code in codes if code.isascii() and code.isdigit() and len(code) == 3]
    for number in sorted(numbers):
        if 400 <= number <= 599:
            return number
    return next((status for status, names in _USUAL_STATUS if codes.intersection(names)), 500)


def _delay_within(error: object) -> float | None:
    """Return the pause that Google's services ask for within the error: `"retryDelay": "17s"`."""
    details = error.get("details") if isinstance(error, Mapping) else None
    for detail in details if isinstance(details, list) else ():
        delay = detail.get("retryDelay") if isinstance(detail, Mapping) else None
        found = _DELAY.fullmatch(delay) if isinstance(delay, str) else None
        if found:
            return min(float(found[1]), _FAR_AWAY)
    return None


def _delay_told(said: str) -> float | None:
    """Return the pause that a message asks for in words; it may stand nowhere else."""
    found = _TOLD_DELAY.search(said)
    if found is None or not any(found.groups()):
        return None
    hours, minutes, number, unit = found.groups(default="0")
    each = next((s for name, s in _UNIT_SECONDS.items() if unit.lower().startswith(name)), 0.0)
    return 3600.0 * int(hours) + 60.0 * int(minutes) + float(number) * each


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait that the endpoint, or the provider behind a router, asks for."""
    own = _retry_after_in(headers, "")
    return own if own is not None else _retry_after_in(headers, _ROUTED)


def _retry_after_in(headers: Mapping[str, str], prefix: str) -> float | None:
    """Return the seconds to wait from `retry-after-ms` or `Retry-After`, the longest of several.

    Sources: RFC 9110, 10.2.3; the first header is an extension of OpenAI's and Azure's.
    """
    milliseconds = _seconds(headers.get(f"{prefix}retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get(f"{prefix}retry-after", "")
    whole = _pause(value)
    if whole is not None:
        return whole
    several = [pause for pause in map(_pause, value.split(",")) if pause is not None]
    return max(several, default=None)


def _pause(value: str) -> float | None:
    seconds = _seconds(value)
    if seconds is not None:
        return seconds
    try:
        when = email.utils.parsedate_to_datetime(value.strip())
        # The old forms of a date name no zone: they mean GMT.
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return min(max(0.0, (when - datetime.now(UTC)).total_seconds()), _FAR_AWAY)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    if not math.isfinite(seconds):
        return _FAR_AWAY if _WHOLE_SECONDS.fullmatch(value) else None
    return min(max(0.0, seconds), _FAR_AWAY)


def _described(body: bytes) -> str:
    """Return what can be said of a body that holds no message."""
    if is_web_page(body):
        return "a web page instead of JSON"
    return quoted_start(body) if body.strip() else ""


def _decoded(body: bytes) -> str:
    try:
        return body.decode(json.detect_encoding(body), "replace")
    except (LookupError, UnicodeError):
        return body.decode("utf-8", "replace")


def _one_line(text: str) -> str:
    return " ".join(text.split())
