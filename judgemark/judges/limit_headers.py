"""The headers by which an endpoint says how many requests it still takes, and until when.

OpenAI's form (platform.openai.com/docs/guides/rate-limits, November 2026), which most endpoints
have taken over: `x-ratelimit-remaining-requests`, `-tokens`, and `x-ratelimit-reset-requests`,
`-tokens` with a duration such as `6m0s` or `120ms`, or plain seconds.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping

LONGEST_WAIT = 60.0
"""Longer than this nobody waits for a quota that is only announced: the endpoint may refuse."""

_PARTS = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_REMAINING_AND_RESET = tuple(
    (f"x-ratelimit-remaining-{of}", f"x-ratelimit-reset-{of}") for of in ("requests", "tokens")
)


def seconds_until_more(headers: Mapping[str, str]) -> float:
    """Return the seconds until an endpoint takes another request; 0 where it takes one now.

    It takes none where its headers say that no request or no token remains. 0 too where it does
    not say when that changes.
    """
    waits = [0.0]
    for remaining, reset in _REMAINING_AND_RESET:
        if remaining in headers and _is_zero(headers[remaining].strip()):
            waits.append(_duration(headers.get(reset, "")))
    return max(waits)


def _is_zero(text: str) -> bool:
    try:
        return float(text) <= 0
    except ValueError:
        return False


def _duration(text: str) -> float:
    """Return the seconds of `1m30s` or `2.5`; 0 for anything else, such as a date."""
    text = text.strip().lower()
    parts = _PARTS.findall(text)
    if parts and "".join(number + unit for number, unit in parts) == text:
        return sum(float(number) * _SECONDS[unit] for number, unit in parts)
    return float(text) if re.fullmatch(r"\d{1,6}(\.\d+)?", text) else 0.0


class AnnouncedLimit:
    """When one endpoint takes the next request, by its latest headers; safe for many threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._again_at = 0.0
        self._lock = threading.Lock()

    def note(self, headers: Mapping[str, str]) -> None:
        """Take in the headers of an answer."""
        wait = seconds_until_more(headers)
        if 0 < wait <= LONGEST_WAIT:
            with self._lock:
                self._again_at = max(self._again_at, self._now() + wait)

    @property
    def wait(self) -> float:
        """Return the seconds until the next request may be sent, 0 or more."""
        return max(0.0, self._again_at - self._now())
