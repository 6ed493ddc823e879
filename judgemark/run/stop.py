"""Asking a run to stop: once to finish what is under way, twice to leave at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from judgemark.errors import Interrupted


class Stop:
    """Whether to go on asking; set by a signal, a fatal fault or a cap.

    `interrupted` says that the user or the system wants the run to end now: requests in flight
    are then given a moment only. Otherwise they come to their end, since they are paid for.
    """

    def __init__(self) -> None:
        self.event = threading.Event()
        self.reason: Exception | None = None
        self.interrupted = False
        self._lock = threading.Lock()
        self._parts: list[Stop] = []
        self._told: list[Callable[[], None]] = []

    def part(self) -> Stop:
        """Return a stop for a part of the run: it stops with the whole, and also by itself."""
        made = Stop()
        self._parts.append(made)
        if self.reason is not None:
            made.set(self.reason)
        return made

    def set(self, reason: Exception) -> None:
        """Stop for `reason`; the first reason stays."""
        with self._lock:
            if self.reason is None:
                self.reason = reason
            self.interrupted = self.interrupted or isinstance(reason, Interrupted)
        self.event.set()
        for part in self._parts:
            part.set(reason)
        if self.interrupted:
            for tell in self._told:
                tell()

    @contextmanager
    def telling(self, tell: Callable[[], None]) -> Iterator[None]:
        """Within this context, call `tell` at every interruption, maybe in a signal handler: it
        sets a flag."""
        self._told.append(tell)
        if self.interrupted:
            tell()
        try:
            yield
        finally:
            self._told.remove(tell)

    @property
    def wanted(self) -> bool:
        """Whether asking is to stop."""
        return self.event.is_set()


@contextmanager
def stop_on_signals(stop: Stop) -> Iterator[None]:
    """Within this context, Ctrl-C and SIGTERM set `stop`; a second one raises Interrupted where it
    arrives.

    Off the main thread, which alone may handle signals, they stay as they are.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        del frame
        came.append(number)
        interrupted = Interrupted(signal.Signals(number).name)
        if len(came) > 1:
            raise interrupted
        stop.set(interrupted)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, handle) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
