"""Time as asking sees it, so that a test can bring a clock of its own."""

from __future__ import annotations

import time
from typing import Protocol

from judgemark.run.stop import Stop


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> float:
        """Seconds since some fixed moment; never goes back."""

    def sleep(self, seconds: float, stop: Stop) -> None:
        """Wait for `seconds`, or until `stop` is set."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """As in `Clock`."""
        return time.monotonic()

    def sleep(self, seconds: float, stop: Stop) -> None:
        """As in `Clock`."""
        stop.event.wait(seconds)
