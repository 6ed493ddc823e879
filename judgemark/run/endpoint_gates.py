"""Lets requests through to one endpoint, or to whichever of several is free.

A gate decides when a request is sent and where: it holds the pauses of an endpoint that does not
answer (`Breaker`), the number of requests in flight (`ConcurrencyLimit`), and the waits that an
endpoint asks for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from judgemark.errors import AskFault, GivenUp, TransientFault
from judgemark.judges.base import AsksInLoop, Judge
from judgemark.records import Question
from judgemark.run.breaker import Breaker, RequestPermit
from judgemark.run.clock import Clock
from judgemark.run.concurrency import Admission, ConcurrencyLimit
from judgemark.run.stop import Stop

FEWEST_FAILURES = 3
"""After this number of failures in a row, one of several endpoints is taken out."""

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
_LOOK_EVERY = 0.1
_PLAIN = RequestPermit()


@runtime_checkable
class TellsLimits(Protocol):
    """A judge whose endpoint says when it takes the next request."""

    @property
    def wait_announced(self) -> float:
        """Return the seconds until then, 0 or more."""


@dataclass(frozen=True, slots=True)
class GatePass:
    """Permission for one request to `judge`; `place` numbers the endpoints from 0.

    `address` is the endpoint's, where there are several. `looping` is the judge again where an
    event loop may ask it.
    """

    judge: Judge
    place: int
    admission: Admission
    permit: RequestPermit = _PLAIN
    address: str = ""
    looping: AsksInLoop | None = None


class Gate(Protocol):
    """Where requests wait until they may be sent."""

    endpoints: int

    @property
    def may_loop(self) -> bool:
        """Return whether an event loop may ask the judge, wherever it stands."""

    def prepare(self, question: Question) -> None:
        """Have a request prepared, where it is known already which endpoint it goes to."""

    def leave_loop(self) -> None:
        """Release what the event loop holds for the judge; called in the loop, at its end."""

    def enter(self, avoid: int | None = None) -> GatePass:
        """Wait until a request may be sent; rather not to the endpoint `avoid`.

        A stopped run waits for nothing.
        """

    def enter_at_once(self) -> GatePass | None:
        """Let a request through without waiting; None where it, or another, has to wait."""

    def give_back(self, entry: GatePass) -> None:
        """Take back a permission whose request was not made."""

    def came(self, entry: GatePass, fault: AskFault | None) -> None:
        """Count the outcome of a request, where None is a reply; raises GivenUp."""

    @property
    def pauses_for_all(self) -> bool:
        """Return whether a question may be asked again at once: waits are the gate's own."""

    @property
    def patience(self) -> float:
        """Return the longest pause of a single question, in seconds: what the run still waits."""


def _looping(judge: Judge) -> AsksInLoop | None:
    return judge if isinstance(judge, AsksInLoop) and judge.may_loop else None


def _adapt(concurrency: ConcurrencyLimit, fault: AskFault | None, admission: Admission) -> None:
    """Tell a concurrency limit how its endpoint reacted to a request, and free the slot."""
    if fault is None:
        concurrency.succeeded()
    elif isinstance(fault, TransientFault) and fault.throttled:
        concurrency.throttled(admission)
    concurrency.leave()


class OneEndpoint:
    """The gate of a judge that is asked at one place."""

    endpoints = 1

    def __init__(
        self,
        judge: Judge,
        breaker: Breaker,
        concurrency: ConcurrencyLimit,
        *,
        clock: Clock,
        stop: Stop,
    ) -> None:
        self._judge = judge
        # Looking for a method by its name takes longer than all else that a gate does.
        self._telling = judge if isinstance(judge, TellsLimits) else None
        self._looping = _looping(judge)
        self._breaker = breaker
        self._concurrency = concurrency
        self._clock = clock
        self._stop = stop

    @property
    def may_loop(self) -> bool:
        """Implement `Gate`."""
        return self._looping is not None

    def prepare(self, question: Question) -> None:
        """Implement `Gate`."""
        if self._looping is not None:
            self._looping.prepare(question)

    def leave_loop(self) -> None:
        """Implement `Gate`."""
        if self._looping is not None:
            self._looping.leave_loop()

    def enter_at_once(self) -> GatePass | None:
        """Implement `Gate`."""
        told = self._telling.wait_announced if self._telling is not None else 0.0
        if self._breaker.paused or told > 0:
            return None
        admission = self._concurrency.enter_at_once()
        if admission is None:
            return None
        return GatePass(self._judge, 0, admission, looping=self._looping)

    def enter(self, avoid: int | None = None) -> GatePass:
        """Implement `Gate`."""
        del avoid
        permit = self._breaker.enter()
        admission = self._concurrency.enter()
        if self._telling is not None:
            while (wait := self._telling.wait_announced) > 0 and not self._stop.wanted:
                self._clock.sleep(wait, self._stop)
        return GatePass(self._judge, 0, admission, permit)

    def give_back(self, entry: GatePass) -> None:
        """Implement `Gate`."""
        self._concurrency.leave()
        self._breaker.give_back(entry.permit)

    def came(self, entry: GatePass, fault: AskFault | None) -> None:
        """Implement `Gate`."""
        _adapt(self._concurrency, fault, entry.admission)
        self._breaker.came(entry.permit, fault)

    @property
    def pauses_for_all(self) -> bool:
        """Implement `Gate`: a paused run has pauses of its own."""
        return self._breaker.paused

    @property
    def patience(self) -> float:
        """Implement `Gate`."""
        return self._breaker.patience


@dataclass(slots=True)
class _State:
    """What is known of one of several endpoints; `out_since` while it is taken out."""

    judge: Judge
    address: str
    concurrency: ConcurrencyLimit
    looping: AsksInLoop | None
    failures: int = 0
    out_since: float | None = None
    next_test: float = 0.0
    pause: float = _FIRST_PAUSE
    being_tested: bool = False
    held_until: float = 0.0
    in_flight: int = field(default=0)

    def open(self, now: float) -> bool:
        """Return whether it may be sent a request that is no test."""
        return self.out_since is None and not self._asks_to_wait(now)

    def test_is_due(self, now: float) -> bool:
        """Return whether it is time to try an endpoint that was taken out."""
        due = self.out_since is not None and not self.being_tested and now >= self.next_test
        return due and not self._asks_to_wait(now)

    def _asks_to_wait(self, now: float) -> bool:
        told = self.judge.wait_announced if isinstance(self.judge, TellsLimits) else 0.0
        return now < self.held_until or told > 0


class SeveralEndpoints:
    """The gate of a judge at several endpoints: each question goes to the one with most room.

    An endpoint that fails three times in a row is taken out and tried again with one request at a
    time, after pauses that double from one second to one minute; its questions go to the others.
    One that asks to wait is left alone for as long, and not tested either. GivenUp is raised when
    none has answered for `give_up_after` seconds.
    """

    def __init__(
        self,
        judges: Sequence[tuple[Judge, str]],
        limits: Sequence[ConcurrencyLimit],
        give_up_after: float,
        *,
        clock: Clock,
        stop: Stop,
        say: Callable[[str], None],
    ) -> None:
        self._states = [
            _State(judge, address, limit, _looping(judge))
            for (judge, address), limit in zip(judges, limits, strict=True)
        ]
        self.endpoints = len(self._states)
        self._give_up_after = give_up_after
        self._clock = clock
        self._stop = stop
        self._say = say
        self._changed = threading.Condition()
        self._last_answer = clock.now()
        self._waiting = 0

    @property
    def may_loop(self) -> bool:
        """Implement `Gate`."""
        return all(state.looping is not None for state in self._states)

    def prepare(self, question: Question) -> None:
        """Implement `Gate`: the endpoint is chosen when the request is sent."""

    def leave_loop(self) -> None:
        """Implement `Gate`."""
        for state in self._states:
            if state.looping is not None:
                state.looping.leave_loop()

    def enter_at_once(self) -> GatePass | None:
        """Implement `Gate`."""
        with self._changed:
            return None if self._waiting else self._entry(None)

    def enter(self, avoid: int | None = None) -> GatePass:
        """Implement `Gate`."""
        with self._changed:
            self._waiting += 1
            try:
                while True:
                    entry = self._entry(avoid)
                    if entry is not None:
                        return entry
                    if self._stop.wanted:
                        # What is not to be sent any more is given back at once.
                        first = self._states[0]
                        first.in_flight += 1
                        return GatePass(first.judge, 0, first.concurrency.enter_anyway())
                    self._changed.wait(_LOOK_EVERY)
            finally:
                self._waiting -= 1

    def _entry(self, avoid: int | None) -> GatePass | None:
        now = self._clock.now()
        order = sorted(
            range(self.endpoints), key=lambda n: (n == avoid, self._states[n].in_flight, n)
        )
        for place in order:
            state = self._states[place]
            if state.test_is_due(now):
                admission = state.concurrency.enter_anyway()
                state.being_tested = True
                state.next_test = now + state.pause
                state.pause = min(2 * state.pause, _LONGEST_PAUSE)
                state.in_flight += 1
                test = RequestPermit(tests_endpoint=True)
                return GatePass(
                    state.judge, place, admission, test, state.address, looping=state.looping
                )
            if state.open(now):
                free = state.concurrency.enter_at_once()
                if free is not None:
                    state.in_flight += 1
                    return GatePass(
                        state.judge, place, free, address=state.address, looping=state.looping
                    )
        return None

    def give_back(self, entry: GatePass) -> None:
        """Implement `Gate`."""
        with self._changed:
            state = self._left(entry)
            state.concurrency.leave()

    def came(self, entry: GatePass, fault: AskFault | None) -> None:
        """Implement `Gate`."""
        with self._changed:
            state, now = self._left(entry), self._clock.now()
            _adapt(state.concurrency, fault, entry.admission)
            if not isinstance(fault, TransientFault):
                self._answered(state, now)
                return
            if fault.retry_after:
                state.held_until = max(state.held_until, now + fault.retry_after)
            if not fault.throttled:
                self._failed(state, fault, now)
            self._give_up_if_none_answers(fault, now)

    def _left(self, entry: GatePass) -> _State:
        """Count a request as over; the state of its endpoint."""
        state = self._states[entry.place]
        state.in_flight -= 1
        if entry.permit.tests_endpoint:
            state.being_tested = False
        self._changed.notify_all()
        return state

    def _answered(self, state: _State, now: float) -> None:
        self._last_answer = now
        state.failures, state.pause = 0, _FIRST_PAUSE
        if state.out_since is not None:
            state.out_since = None
            self._say(f"{state.address} answers again and takes its part of the questions")

    def _failed(self, state: _State, fault: TransientFault, now: float) -> None:
        state.failures += 1
        if state.out_since is None and state.failures >= FEWEST_FAILURES:
            state.out_since, state.pause = now, _FIRST_PAUSE
            state.next_test = now + _FIRST_PAUSE
            others = sum(s.out_since is None for s in self._states)
            self._say(
                f"{state.address} does not answer ({fault.message}); it is tried again now and "
                "then, and "
                + (f"{others} other endpoints go on" if others > 1 else _one_or_none(others))
            )

    def _give_up_if_none_answers(self, fault: TransientFault, now: float) -> None:
        closed = all(not s.open(now) for s in self._states)
        soonest = min(max(s.held_until - now, 0.0) for s in self._states)
        if closed and (
            now >= self._last_answer + self._give_up_after or soonest > self._give_up_after
        ):
            raise GivenUp(
                f"none of the {self.endpoints} endpoints has answered a request for "
                f"{self._give_up_after:g} s (‹give_up_after›); the last: {fault.message}"
            )

    @property
    def pauses_for_all(self) -> bool:
        """Implement `Gate`: another endpoint may take the question, and `enter` waits for one."""
        now = self._clock.now()
        with self._changed:
            return any(s.open(now) for s in self._states) or all(
                s.out_since is not None for s in self._states
            )

    @property
    def patience(self) -> float:
        """Implement `Gate`."""
        return self._give_up_after


def _one_or_none(others: int) -> str:
    return "the other endpoint goes on" if others else "no other is left at the moment"
