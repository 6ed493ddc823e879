"""How the time of some work grows with what it works on."""

from __future__ import annotations

import time
from collections.abc import Callable

Work = Callable[[], object]


def _seconds(work: Work) -> float:
    """Return this thread's own time, which other work on the machine does not touch."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def takes_at_most(times: float, short: Work, long: Work, *, slack: float = 0.02) -> bool:
    """Return whether the long work takes at most `times` times the short one, and `slack` seconds.

    Of three tries of each the quickest counts.
    """
    most = times * min(_seconds(short) for _ in range(3)) + slack
    return any(_seconds(long) < most for _ in range(3))
