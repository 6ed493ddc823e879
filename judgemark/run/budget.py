"""Caps on what one command may spend."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from judgemark.errors import CapReached
from judgemark.records import Usage


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars per million tokens."""

    prompt: float
    completion: float

    def cost(self, usage: Usage) -> float | None:
        """Dollars for the tokens of `usage`; None where they are not reported."""
        if usage.prompt_tokens is None or usage.completion_tokens is None:
            return None
        return (usage.prompt_tokens * self.prompt + usage.completion_tokens * self.completion) / 1e6


class Budget:
    """Counts requests and dollars and refuses the request that could pass a cap.

    A request under way is counted at the dearest cost seen so far, so that many at once do not
    pass the cap together.
    """

    def __init__(
        self,
        *,
        max_requests: int | None = None,
        max_cost: float | None = None,
        expected_cost: float = 0.0,
    ) -> None:
        self._max_requests = max_requests
        self._max_cost = max_cost
        self._dearest = expected_cost
        self._under_way = 0
        self._lock = threading.Lock()
        self.requests = 0
        self.cost = 0.0

    def take(self) -> None:
        """Count a request that is about to be made; CapReached if it may not be."""
        with self._lock:
            if self._max_requests is not None and self.requests >= self._max_requests:
                raise CapReached(f"--max-requests {self._max_requests} is reached")
            held = (self._under_way + 1) * self._dearest
            if self._max_cost is not None and self.cost + held > self._max_cost:
                raise CapReached(f"--max-cost {self._max_cost:g} is reached")
            self.requests += 1
            self._under_way += 1

    def settle(self, cost: float | None) -> None:
        """Count what the request came to; None where it is not known."""
        with self._lock:
            self._under_way -= 1
            self.cost += cost or 0.0
            self._dearest = max(self._dearest, cost or 0.0)
