"""What an endpoint has answered in this command, since a refusal after that may pass."""

from __future__ import annotations

import time
from collections.abc import Callable

_RECENT = 30.0


class AnswerHistory:
    """Notes when an endpoint answered; safe for many threads at once.

    An endpoint that has never answered refuses for good. Behind a load balancer one server of
    several may refuse what the others answer, and a gateway may refuse for a while. So what
    follows a completed request is first taken for a fault that passes.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` gives the time in seconds."""
        self._now = now
        self._reached = False
        self._completed: float | None = None

    @property
    def reached(self) -> bool:
        """Whether any answer has come."""
        return self._reached

    @property
    def completed(self) -> bool:
        """Whether a request was completed."""
        return self._completed is not None

    @property
    def completed_lately(self) -> bool:
        """Whether a request was completed in the last half minute."""
        return self._completed is not None and self._now() - self._completed <= _RECENT

    def came(self) -> None:
        """Note an answer, whatever it holds."""
        self._reached = True

    def complete(self) -> None:
        """Note an answer that completes its request."""
        self._completed = self._now()
