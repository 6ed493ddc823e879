"""Caps on what one command may spend: cost is reserved before a request is made."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from judgemark.errors import CapReached
from judgemark.records import Question, Usage
from judgemark.run.stop import Stop

REPLIES_BEFORE_LEARNING = 10
"""How many replies must have come before their length says what the next one may cost."""

_MARGIN = 2
_TOKENS_WITHOUT_LIMIT = 128_000
_TOKENS_PER_BYTE = 0.5
_PROMPT_MARGIN = 1.1
_LOOK_EVERY = 0.1


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


@dataclass(frozen=True, slots=True)
class CostCap:
    """At most `dollars` may be spent, at these prices.

    `max_tokens` is the longest reply that a request allows, in tokens; None where it sets no limit.
    """

    dollars: float
    prices: Prices
    max_tokens: int | None


@dataclass(frozen=True, slots=True)
class Reservation:
    """The amount that is reserved for one request until its cost is known.

    `held` is what the request is expected to stay within and `at_most` what it costs if its reply
    is as long as the request allows, `by_prices` the same without what was learnt about an
    endpoint that charges more than its prices say; all in dollars, and 0 where cost has no cap.
    `prompt_bytes` is the length of the prompt in UTF-8.
    """

    prompt_bytes: int = 0
    held: float = 0.0
    at_most: float = 0.0
    by_prices: float = 0.0


_UNCAPPED = Reservation()


@dataclass(slots=True)
class Spending:
    """The requests and dollars of one command so far; the judges of an ensemble share it."""

    requests: int = 0
    cost: float = 0.0


class Budget:
    """Counts requests and dollars, and keeps back the request that could pass a cap.

    Until ten replies have come, a request reserves the cost of its prompt and of the longest reply
    that it allows; after that its reply counts with twice the longest one seen, if that is less.
    A request that does not fit waits for those in flight, whose real cost is usually lower than
    what they reserved; CapReached is raised only when none is in flight. A request whose cost
    stays unknown counts with its reservation.

    Replies can suddenly become much longer. Several requests are therefore in flight at once only
    as long as the cap would hold even if every one of them got the longest reply; near the cap
    they are asked one after the other.
    """

    def __init__(
        self,
        *,
        max_requests: int | None = None,
        cost_cap: CostCap | None = None,
        spending: Spending | None = None,
    ) -> None:
        self._spending = spending or Spending()
        self._max_requests = max_requests
        self._cap = cost_cap
        self._changed = threading.Condition()
        self._in_flight = 0
        self._held = 0.0
        self._at_most = 0.0
        self._replies = 0
        self._longest_reply = 0
        self._tokens_per_byte: float | None = None
        self._dearer = 1.0

    @property
    def requests(self) -> int:
        """Return how many requests were made."""
        return self._spending.requests

    @property
    def cost(self) -> float:
        """Return the dollars that were spent."""
        return self._spending.cost

    def reserve(self, question: Question, stop: Stop) -> Reservation | None:
        """Reserve for a request that is about to be made; waits while others have to end first.

        None where the run was stopped meanwhile. Raises CapReached where the request does not fit
        and none is in flight.
        """
        length = self._prompt_bytes(question)
        with self._changed:
            while not stop.wanted:
                reservation = self._reservation(length)
                refusal = self._refusal(reservation)
                if refusal is None:
                    return self._take(reservation)
                if not self._in_flight or self._requests_used_up:
                    raise CapReached(refusal)
                self._changed.wait(_LOOK_EVERY)
        return None

    def reserve_at_once(self, question: Question) -> Reservation | None:
        """Reserve without waiting; return None where the request does not fit now."""
        length = self._prompt_bytes(question)
        with self._changed:
            reservation = self._reservation(length)
            return None if self._refusal(reservation) is not None else self._take(reservation)

    def reserve_sent(self, question: Question) -> Reservation:
        """Reserve for a request that an earlier command has sent, whether it fits or not."""
        length = self._prompt_bytes(question)
        with self._changed:
            return self._take(self._reservation(length), requests=0)

    def settle(self, reservation: Reservation, usage: Usage | None) -> None:
        """Replace a reservation by what the request used; None where nothing was paid for."""
        with self._changed:
            self._in_flight -= 1
            self._held -= reservation.held
            self._at_most -= reservation.at_most
            if not self._in_flight:
                # Sums of floats would accumulate rounding errors.
                self._held = self._at_most = 0.0
            if usage is not None:
                self._spending.cost += reservation.held if usage.cost is None else usage.cost
                self._learn(reservation, usage)
            self._changed.notify_all()

    def learn(self, usage: Usage) -> None:
        """Take a reply of an earlier command into account, for what later ones may cost."""
        with self._changed:
            self._learn(Reservation(), usage)

    @property
    def _requests_used_up(self) -> bool:
        return self._max_requests is not None and self.requests >= self._max_requests

    def _prompt_bytes(self, question: Question) -> int:
        if self._cap is None:
            return 0
        return sum(len(m.content.encode("utf-8", "replace")) for m in question.messages)

    def _reservation(self, prompt_bytes: int) -> Reservation:
        if self._cap is None:
            return _UNCAPPED
        most = self._cap.max_tokens or _TOKENS_WITHOUT_LIMIT
        expected = most
        if self._replies >= REPLIES_BEFORE_LEARNING:
            expected = min(most, _MARGIN * self._longest_reply)
        rate = self._tokens_per_byte
        prompt = prompt_bytes * (_TOKENS_PER_BYTE if rate is None else _PROMPT_MARGIN * rate)
        prices = self._cap.prices
        held, by_prices = (
            (prompt * prices.prompt + reply * prices.completion) / 1e6 for reply in (expected, most)
        )
        return Reservation(prompt_bytes, self._dearer * held, self._dearer * by_prices, by_prices)

    def _refusal(self, reservation: Reservation) -> str | None:
        """Return why the request may not be made now; None where it may."""
        if self._requests_used_up:
            return f"‹max_requests› {self._max_requests} is reached"
        if self._cap is None:
            return None
        cap = self._cap.dollars
        fits = self.cost + self._held + reservation.held <= cap
        alone = not self._in_flight
        if fits and (alone or self.cost + self._at_most + reservation.at_most <= cap):
            return None
        return (
            f"‹max_cost› {cap:g} is reached: ${self.cost:.4f} are spent and one more request may "
            f"cost ${reservation.held:.4f}; raise ‹max_cost› or lower ‹max_tokens›"
        )

    def _take(self, reservation: Reservation, requests: int = 1) -> Reservation:
        self._spending.requests += requests
        self._in_flight += 1
        self._held += reservation.held
        self._at_most += reservation.at_most
        return reservation

    def _learn(self, reservation: Reservation, usage: Usage) -> None:
        if usage.completion_tokens is not None:
            self._replies += 1
            self._longest_reply = max(self._longest_reply, usage.completion_tokens)
        if usage.prompt_tokens is not None and reservation.prompt_bytes:
            rate = usage.prompt_tokens / reservation.prompt_bytes
            self._tokens_per_byte = max(self._tokens_per_byte or 0.0, rate)
        if usage.cost is not None and reservation.by_prices > 0:
            # The endpoint may charge more than these prices say, or send longer replies.
            self._dearer = max(self._dearer, usage.cost / reservation.by_prices)
