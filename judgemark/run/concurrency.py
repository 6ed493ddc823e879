"""How many requests may be in flight at once, adapted to what the endpoint accepts."""

from __future__ import annotations

import threading
from dataclasses import dataclass

_SUCCESSES_PER_SLOT = 10


@dataclass(frozen=True, slots=True)
class Admission:
    """Permission for one request; remembers how often the limit had been halved before it."""

    halvings: int


class ConcurrencyLimit:
    """Halves when the endpoint complains of too many requests; ten successes regain one slot.

    Complaints about requests that were already in flight at the last halving do not halve again:
    a burst of them counts as one complaint. A limit that starts below its `widest` looks for the
    endpoint's own: until the first complaint every success adds one slot.
    """

    def __init__(self, widest: int, start: int | None = None) -> None:
        self._widest = widest
        self.width = widest if start is None else min(start, widest)
        self._in_flight = 0
        self._halvings = 0
        self._successes = 0
        self._waiting = 0
        self._free = threading.Condition()

    def enter(self) -> Admission:
        """Wait for a free slot and take it."""
        with self._free:
            self._waiting += 1
            while self._in_flight >= self.width:
                self._free.wait()
            self._waiting -= 1
            self._in_flight += 1
            return Admission(self._halvings)

    def enter_at_once(self) -> Admission | None:
        """Take a slot if one is free that nobody waits for; None where none is."""
        with self._free:
            if self._in_flight >= self.width or self._waiting:
                return None
            self._in_flight += 1
            return Admission(self._halvings)

    def enter_anyway(self) -> Admission:
        """Take a slot beyond the limit: for the one request that tries a dead endpoint."""
        with self._free:
            self._in_flight += 1
            return Admission(self._halvings)

    def leave(self) -> None:
        """Give a slot back."""
        with self._free:
            self._in_flight -= 1
            self._free.notify()

    def succeeded(self) -> None:
        """Count a request that the endpoint answered."""
        with self._free:
            if self.width == self._widest:
                return
            self._successes += 1
            if self._successes >= (_SUCCESSES_PER_SLOT if self._halvings else 1):
                self._successes = 0
                self.width += 1
                self._free.notify()

    def throttled(self, admission: Admission) -> None:
        """Count a complaint of too many requests about the request that `admission` let in."""
        with self._free:
            if admission.halvings == self._halvings:
                self._halvings += 1
                self._successes = 0
                self.width = max(1, self.width // 2)
