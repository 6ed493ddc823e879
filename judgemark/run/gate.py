"""How many requests may be under way at once, adapted to what the endpoint bears."""

from __future__ import annotations

import threading
from dataclasses import dataclass

_SUCCESSES_PER_SLOT = 10


@dataclass(frozen=True, slots=True)
class Ticket:
    """Admission for one request; remembers how many halvings there had been."""

    epoch: int


class Gate:
    """Halves on a complaint of too many requests, regains one slot per ten successes.

    Complaints about requests that were already under way at the last halving do not halve again:
    a burst of them is one complaint.
    """

    def __init__(self, width: int) -> None:
        self._widest = width
        self.width = width
        self._inside = 0
        self._epoch = 0
        self._successes = 0
        self._free = threading.Condition()

    def enter(self) -> Ticket:
        """Wait for a slot and take it."""
        with self._free:
            while self._inside >= self.width:
                self._free.wait()
            self._inside += 1
            return Ticket(self._epoch)

    def leave(self) -> None:
        """Give a slot back."""
        with self._free:
            self._inside -= 1
            self._free.notify()

    def succeeded(self) -> None:
        """Count a request that the endpoint answered."""
        with self._free:
            if self.width == self._widest:
                return
            self._successes += 1
            if self._successes >= _SUCCESSES_PER_SLOT:
                self._successes = 0
                self.width += 1
                self._free.notify()

    def throttled(self, ticket: Ticket) -> None:
        """Count a complaint about the request that `ticket` admitted."""
        with self._free:
            if ticket.epoch == self._epoch:
                self._epoch += 1
                self._successes = 0
                self.width = max(1, self.width // 2)
