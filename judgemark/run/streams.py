"""Asks a judge that answers many questions in a stream, in whatever order it likes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from judgemark.errors import AskFault
from judgemark.judges.base import BatchJudge, EndsEarly, LoadsWeights, StreamJudge, WaitsForMachines
from judgemark.protocols.judging_protocol import JudgingProtocol
from judgemark.records import Outcome, Question, Reply, Usage
from judgemark.run.attempts import Attempt, failure_of
from judgemark.run.budget import Budget, Reservation
from judgemark.run.clock import Clock
from judgemark.run.recording import Recorder
from judgemark.run.stop import Stop

_NO_ANSWER = "the engine ended without an answer to this question"


class BatchesAsStream:
    """A judge that answers whole batches, as a stream: the answers of a batch come together."""

    def __init__(self, judge: BatchJudge) -> None:
        self._judge = judge

    def load(self) -> None:
        """Implement `LoadsWeights`; do nothing for a judge without weights."""
        if isinstance(self._judge, LoadsWeights):
            self._judge.load()

    def ask_stream(self, questions: Iterator[Question]) -> Iterator[tuple[int, Reply | AskFault]]:
        """Implement `StreamJudge`, one batch after the other."""
        number = 0
        while batch := list(islice(questions, self._judge.batch)):
            for _, told in zip(batch, self._judge.ask_batch(batch), strict=True):
                yield number, told
                number += 1


@dataclass(frozen=True, slots=True)
class _Taken:
    """A question that the judge has taken, and what was reserved for it."""

    question: Question
    reservation: Reservation


def _nothing() -> None:
    """Say nothing to a judge that does not wait for other machines."""


class StreamAsker:
    """Hands questions to a streaming judge as it takes them, and records answers as they come.

    A stop and the budget act when the judge takes its next question: what it has taken by then is
    answered and recorded. After Ctrl-C or SIGTERM a judge that can end early does so.
    """

    def __init__(
        self,
        judge: StreamJudge | BatchesAsStream,
        protocol: JudgingProtocol,
        recorder: Recorder,
        *,
        budget: Budget,
        clock: Clock,
        stop: Stop,
    ) -> None:
        self._judge = judge
        self._protocol = protocol
        self._recorder = recorder
        self._budget = budget
        self._clock = clock
        self._stop = stop

    def ask(
        self, questions: Sequence[Question], answered: Callable[[Question, Outcome], None]
    ) -> None:
        """Ask all questions; `answered` is called with each outcome after it is recorded.

        Raises CapReached where the budget does not allow one more question, after the answers to
        all questions before it were recorded.
        """
        judge = self._judge
        tell = judge.stop_waiting if isinstance(judge, WaitsForMachines) else _nothing
        with self._stop.telling(tell):
            self._ask(deque(questions), answered)

    def _ask(self, left: deque[Question], answered: Callable[[Question, Outcome], None]) -> None:
        if left and isinstance(self._judge, LoadsWeights):
            # Before the clock is read: loading is not part of the time of a reply.
            self._judge.load()
        while left and not self._stop.wanted:
            reservation = self._budget.reserve(left[0], self._stop)
            if reservation is None:
                return
            self._ask_while_it_fits(_Taken(left.popleft(), reservation), left, answered)

    def _ask_while_it_fits(
        self,
        first: _Taken,
        left: deque[Question],
        answered: Callable[[Question, Outcome], None],
    ) -> None:
        """Run one stream, from the first question until one does not fit the budget."""
        taken: dict[int, _Taken] = {}
        since = self._clock.now()
        try:
            for number, told in self._judge.ask_stream(self._hand_over(first, left, taken)):
                one, now = taken.pop(number), self._clock.now()
                answered(one.question, self._record(one, told, now - since))
                since = now
                if self._stop.interrupted and isinstance(self._judge, EndsEarly):
                    self._judge.interrupt()
            while taken and not self._stop.wanted:
                _, one = taken.popitem()
                answered(one.question, self._record(one, AskFault(_NO_ANSWER), 0.0))
        finally:
            for one in taken.values():
                self._budget.settle(one.reservation, None)

    def _hand_over(
        self, first: _Taken, left: deque[Question], taken: dict[int, _Taken]
    ) -> Iterator[Question]:
        taken[0] = first
        yield first.question
        number = 1
        while left and not self._stop.wanted:
            reservation = self._budget.reserve_at_once(left[0])
            if reservation is None:
                return
            taken[number] = _Taken(left.popleft(), reservation)
            yield taken[number].question
            number += 1

    def _record(self, one: _Taken, told: Reply | AskFault, seconds: float) -> Outcome:
        usage: Usage | None = None
        if isinstance(told, AskFault):
            attempt = Attempt(failure_of(told), seconds, fault=told)
        else:
            usage = told.usage
            attempt = Attempt(self._protocol.read(one.question, told), seconds, told)
        self._budget.settle(one.reservation, usage)
        return self._recorder.record(one.question, [attempt])
