"""The clock that asking uses, so that a test can use its own."""

from __future__ import annotations

import time
from typing import Protocol

from judgemark.run.stop import Stop


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> float:
        """Return seconds since a fixed moment; the value never decreases."""

    def sleep(self, seconds: float, stop: Stop) -> None:
        """Wait for `seconds`, or until `stop` is set."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Implement `Clock`."""
        return time.monotonic()

    def sleep(self, seconds: float, stop: Stop) -> None:
        """Implement `Clock`."""
        stop.event.wait(seconds)
