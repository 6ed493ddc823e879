"""Ask one question as often as it makes sense and the run allows."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from judgemark.errors import AskFault, Refused, TransientFault
from judgemark.protocols.judging_protocol import JudgingProtocol
from judgemark.records import Class, Failure, Outcome, Question, Reply, Usage
from judgemark.run.attempts import Attempt, RepeatsSoFar, RetryRules, failure_of
from judgemark.run.budget import Budget, Prices, Reservation
from judgemark.run.clock import Clock
from judgemark.run.endpoint_gates import Gate, GatePass
from judgemark.run.recording import Recorder
from judgemark.run.stop import Stop

_LOG = logging.getLogger(__name__)
_MOST_DOUBLINGS = 60
_UNREACHED_LIMIT = 3
_WORTH_TELLING = 60.0
_STOPPED = Attempt(Failure(Class.ERROR, "stopped"), 0.0, fault=AskFault("stopped"))


class LongWaits:
    """Reports waits of over a minute to the user, once for threads that wait together."""

    def __init__(self, clock: Clock, say: Callable[[str], None]) -> None:
        self._clock = clock
        self._say = say
        self._told_until = clock.now()
        self._lock = threading.Lock()

    def begin(self, seconds: float, why: str) -> None:
        """Report a wait that begins now if it ends much later than the last one reported."""
        until = self._clock.now() + seconds
        with self._lock:
            if seconds <= _WORTH_TELLING or until <= self._told_until + _WORTH_TELLING:
                return
            self._told_until = until
            self._say(f"waiting {seconds:.0f} s, as the endpoint asks: {why}")


@dataclass(frozen=True, slots=True)
class AskingAgain:
    """When a question is asked again: the parameters of `RetryRules.ask_again`, and its rules.

    With `all_retries` they are those of `RetryRules.all_retries`.
    """

    failed_before: Class | None = None
    once: bool = False
    all_retries: bool = False


@dataclass(frozen=True, slots=True)
class UnreadAnswer:
    """The answer or the fault that a request got, and its seconds; the answer is not read yet."""

    said: Reply | AskFault
    seconds: float
    entry: GatePass

    @property
    def fault(self) -> AskFault | None:
        """The fault, where the request got one."""
        return self.said if isinstance(self.said, AskFault) else None


@dataclass(slots=True)
class _Bill:
    """What a request got; None where it got neither an answer nor a fault."""

    told: UnreadAnswer | None = None


class QuestionAsker:
    """Asks one question at a time; safe for many threads at once, and for an event loop.

    In an event loop a question is only begun: what waits (a pause before a question is asked
    again, a paused run, a budget) is left to threads.
    """

    def __init__(
        self,
        gate: Gate,
        protocol: JudgingProtocol,
        recorder: Recorder,
        rules: RetryRules,
        *,
        budget: Budget,
        prices: Prices | None,
        delays: tuple[float, float],
        clock: Clock,
        stop: Stop,
        long_waits: LongWaits,
    ) -> None:
        """`delays` are the first and the longest pause before a question is asked again."""
        self._gate = gate
        self._protocol = protocol
        self._recorder = recorder
        self._rules = rules
        self._all_retries = replace(rules, all_retries=True)
        self._budget = budget
        self._prices = prices
        self._clock = clock
        self._stop = stop
        self._long_waits = long_waits
        self.repeats = RepeatsSoFar()
        self._reached = False
        self._delays = delays
        # Threads run one at a time anyway. Where hundreds read replies at once, each has to queue
        # for the interpreter again and again, and all are late; one after the other, each is done
        # soon and has its next question out.
        self._turn = threading.Lock()

    @property
    def may_loop(self) -> bool:
        """Return whether an event loop may ask (`begin`)."""
        return self._gate.may_loop

    def prepare(self, question: Question) -> None:
        """Prepare the first request about a question, in the event loop, where that helps."""
        self._gate.prepare(question)

    def leave_loop(self) -> None:
        """Release what the event loop holds; called in the loop, at its end."""
        self._gate.leave_loop()

    def ask(
        self, question: Question, rules: AskingAgain, begun: Sequence[Attempt] = ()
    ) -> Outcome | None:
        """Ask until the reply can be scored or asking again makes no sense; the outcome recorded.

        `begun` are attempts after which the question is to be asked again. None where the run was
        stopped before a reply came: the question then counts as not asked. Raises what ends the
        run.
        """
        attempts = list(begun)
        tries = 0
        try:
            last = attempts[-1] if attempts else self._attempt(question, attempts)
            while self.goes_on(last, attempts, rules):
                self._wait(question, last, tries)
                last = self._attempt(question, attempts)
                tries += 1
        except Exception:
            # A reply that came is kept, also where it could not be asked for again.
            if any(a.reply is not None for a in attempts):
                self._record(question, attempts)
            raise
        return self.finish(question, attempts)

    def goes_on(self, last: Attempt, attempts: Sequence[Attempt], rules: AskingAgain) -> bool:
        """Return whether a question is asked again after these attempts."""
        if last.outcome.cls.good or self._stop.wanted:
            return False
        retries = self._all_retries if rules.all_retries else self._rules
        return retries.ask_again(attempts, failed_before=rules.failed_before, once=rules.once)

    def finish(self, question: Question, attempts: Sequence[Attempt]) -> Outcome | None:
        """Record how a question ended after its last attempt; None and no record as in `ask`."""
        if not attempts or (self._stop.wanted and not any(a.reply is not None for a in attempts)):
            return None
        self.repeats.count(question.key, attempts)
        return self._record(question, attempts)

    def _record(self, question: Question, attempts: Sequence[Attempt]) -> Outcome:
        with self._turn:
            return self._recorder.record(question, attempts)

    def begin(self, question: Question) -> Coroutine[Any, Any, UnreadAnswer] | None:
        """Begin the first request about a question in an event loop; None where it has to wait.

        What it was told is then read by `read`.
        """
        entry = self._gate.enter_at_once()
        if entry is None:
            return None
        reservation = self._budget.reserve_at_once(question)
        if reservation is None:
            self._gate.give_back(entry)
            return None
        return self._told_in_loop(question, entry, reservation)

    async def _told_in_loop(
        self, question: Question, entry: GatePass, reservation: Reservation
    ) -> UnreadAnswer:
        if entry.looping is None:
            raise RuntimeError("this judge is not asked in an event loop")
        with self._accounts(entry, reservation) as bill:
            started = self._clock.now()
            try:
                said: Reply | AskFault = await entry.looping.ask_in_loop(question)
            except AskFault as fault:
                said = fault
            told = bill.told = self._told(entry, said, started)
        self._gate.came(entry, told.fault)
        self._refuse_unreached(told.fault, ())
        return told

    def _attempt(self, question: Question, attempts: list[Attempt]) -> Attempt:
        """Make one request that counts, and before it those that only test the endpoint."""
        while True:
            attempt = self._request(question, _avoided(attempts))
            if attempt is None:
                return _STOPPED
            attempts.append(attempt)
            self._refuse_unreached(attempt.fault, attempts)
            if not attempt.tests_endpoint or not isinstance(attempt.fault, TransientFault):
                return attempt
            if attempt.fault.timed_out or self._stop.wanted:
                return attempt

    def _request(self, question: Question, avoid: int | None) -> Attempt | None:
        """Make one request as soon as it may be made; None where the run was stopped before."""
        entry = self._gate.enter(avoid)
        try:
            reservation = None if self._stop.wanted else self._budget.reserve(question, self._stop)
        except Exception:
            self._gate.give_back(entry)
            raise
        if reservation is None:
            self._gate.give_back(entry)
            return None
        with self._accounts(entry, reservation) as bill:
            started = self._clock.now()
            try:
                said: Reply | AskFault = entry.judge.ask(question)
            except AskFault as fault:
                said = fault
            told = bill.told = self._told(entry, said, started)
        self._gate.came(entry, told.fault)
        return self.read(question, told)

    @contextmanager
    def _accounts(self, entry: GatePass, reservation: Reservation) -> Iterator[_Bill]:
        """Within this context a request is made; at its end its cost is settled, its pass given
        back."""
        bill = _Bill()
        try:
            yield bill
        except Refused as refusal:
            self._gate.give_back(entry)
            if not entry.address:
                raise
            raise Refused(f"{entry.address}: {refusal.message}") from refusal
        except Exception:
            self._gate.give_back(entry)
            raise
        finally:
            self._budget.settle(reservation, _paid_for(bill.told))

    def _told(self, entry: GatePass, said: Reply | AskFault, started: float) -> UnreadAnswer:
        if isinstance(said, Reply):
            usage = self._priced(said.usage)
            said = said if usage is said.usage else replace(said, usage=usage)
        return UnreadAnswer(said, self._clock.now() - started, entry)

    def read(self, question: Question, told: UnreadAnswer) -> Attempt:
        """Read the answer that a request got."""
        said, entry = told.said, told.entry
        tests, place = entry.permit.tests_endpoint, entry.place
        if isinstance(said, AskFault):
            return Attempt(
                failure_of(said), told.seconds, fault=said, tests_endpoint=tests, place=place
            )
        with self._turn:
            outcome = self._protocol.read(question, said)
        return Attempt(outcome, told.seconds, said, tests_endpoint=tests, place=place)

    def _priced(self, usage: Usage) -> Usage:
        """Return the usage with its cost.

        The cost is the endpoint's own figure unless it is 0, else that of the prices.
        """
        if usage.cost or self._prices is None:
            return usage
        by_prices = self._prices.cost(usage)
        return usage if by_prices is None else replace(usage, cost=by_prices)

    def _refuse_unreached(self, fault: AskFault | None, attempts: Sequence[Attempt]) -> None:
        unreached = isinstance(fault, TransientFault) and fault.unreached
        self._reached = self._reached or not unreached
        count = self._gate.endpoints
        if self._reached or fault is None or len(attempts) < _UNREACHED_LIMIT * count:
            return
        if count == 1:
            raise Refused(f"{fault.message}; is the endpoint running at that address?")
        raise Refused(
            f"none of the {count} endpoints was reached; the last: {fault.message}; are they "
            "running at these addresses?"
        )

    def _wait(self, question: Question, attempt: Attempt, tries: int) -> None:
        """Wait before a question is asked again; say why, in the log, a long wait to the user."""
        if not isinstance(attempt.outcome, Failure):
            return
        reason, pause = attempt.outcome.reason, self._pause(attempt.fault, tries)
        _LOG.debug("item %s: %s; asked again in %.1f s", question.item, reason, pause)
        self._long_waits.begin(pause, reason)
        self._clock.sleep(pause, self._stop)

    def _pause(self, fault: AskFault | None, tries: int) -> float:
        """Return seconds that double with every try up to a limit, and longer where told to.

        They do not reach beyond the time after which the run gives up.
        """
        if not isinstance(fault, TransientFault) or self._gate.pauses_for_all:
            return 0.0
        first, longest = self._delays
        doubled = min(first * 2.0 ** min(tries, _MOST_DOUBLINGS), longest)
        own = min(doubled + random.uniform(0, first), self._gate.patience)
        return max(own, fault.retry_after or 0.0)


def _avoided(attempts: Sequence[Attempt]) -> int | None:
    """Return the endpoint that failed last on a question: another one may do better."""
    return attempts[-1].place if attempts and attempts[-1].fault is not None else None


def _paid_for(told: UnreadAnswer | None) -> Usage | None:
    """Return what a request may have cost; None for a fault that is not paid for."""
    if told is None:
        return None
    if isinstance(told.said, Reply):
        return told.said.usage
    fault = told.fault
    return Usage() if isinstance(fault, TransientFault) and fault.maybe_paid else None
