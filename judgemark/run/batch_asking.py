"""Asks questions by a provider's batches: submits, waits, collects, and submits the rest again."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import tenacity

from judgemark.errors import AskFault, BatchOut, CapReached, Refused, TransientFault
from judgemark.judges.batches.batch_service import (
    BatchReport,
    BatchRequest,
    BatchService,
    BatchState,
)
from judgemark.records import Outcome, Question
from judgemark.run.attempts import Attempt, RetryRules, failure_of
from judgemark.run.batch_log import BatchLog, LoggedBatch
from judgemark.run.batch_reading import AnswerReading, question_digest
from judgemark.run.budget import Budget, Reservation
from judgemark.run.clock import Clock
from judgemark.run.stop import Stop

_LARGEST_BATCH = 20_000
_TRIES = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_NO_ANSWER = "the batch ended without an answer to this question"
_Result = TypeVar("_Result")

Answered = Callable[[Question, Outcome], None]
"""Is called with each outcome after it is recorded."""


@dataclass(frozen=True, slots=True)
class BatchRules:
    """How a run uses batches.

    Attributes:
        wait: whether it waits until all of them are answered.
        poll: the seconds between two looks at them.
        retries: when a question goes into another batch.
    """

    retries: RetryRules
    wait: bool = False
    poll: float = 60.0


@dataclass(frozen=True, slots=True)
class RunControl:
    """What the run gives: clock, stop, budget, time of day (seconds since 1970), and a voice."""

    clock: Clock
    stop: Stop
    budget: Budget
    wall: Callable[[], float]
    say: Callable[[str], None]


class BatchAsker:
    """Asks waves of questions by batches; every state that matters is in the run's folder."""

    def __init__(
        self,
        service: BatchService,
        reading: AnswerReading,
        log: BatchLog,
        rules: BatchRules,
        control: RunControl,
    ) -> None:
        self._service = service
        self._reading = reading
        self._log = log
        self._rules = rules
        self._control = control
        self._attempts: dict[str, list[Attempt]] = defaultdict(list)
        self._reserved: dict[str, Reservation] = {}
        self._handled: set[str] = set()
        self._collected: set[str] = set()
        self._failures: list[str] = []

    def ask(self, questions: Sequence[Question], answered: Answered) -> None:
        """Ask all questions.

        Raises BatchOut where a batch is out and the run does not wait for it, CapReached where the
        budget allows no further question, Refused where batches fail for good.
        """
        todo = {question_digest(q.key): q for q in questions}
        self._handled.update(todo)
        self._find_lost()
        self._reserve_sent(todo)
        capped: CapReached | None = None
        while not self._control.stop.wanted:
            self._fetch_ended()
            for batch in self._log.batches:
                self._collect(batch, todo, answered)
            out = self._out()
            waiting = {digest for batch in out for digest in batch.questions}
            rest = [q for digest, q in todo.items() if digest not in waiting]
            if rest and capped is None:
                capped = self._submit(rest)
                if capped is not None and not self._rules.wait:
                    self._control.say(capped.message)
            elif waiting.isdisjoint(todo):
                break
            else:
                self._wait(out, waiting & todo.keys())
        self._close()
        if capped is not None and not self._control.stop.wanted:
            raise capped

    def close(self) -> None:
        """Implement `WaveAsker`."""
        self._service.close()

    def _out(self) -> list[LoggedBatch]:
        return [b for b in self._log.batches if not b.fetched]

    def _reserve_sent(self, todo: Mapping[str, Question]) -> None:
        """Count what an earlier command has submitted against the cap: it will be paid for."""
        for batch in self._out():
            for digest in todo.keys() & set(batch.questions) - self._reserved.keys():
                self._reserved[digest] = self._control.budget.reserve_sent(todo[digest])

    def _find_lost(self) -> None:
        """Look up batches whose submission was interrupted before the provider's id was known."""
        for lost in self._out():
            if lost.batch is not None:
                continue
            token, total, since = lost.token, len(lost.questions), lost.since
            found = self._patiently(lambda: self._service.find(token, total, since))  # noqa: B023
            if found is None:
                self._log.void(token)
            else:
                self._control.say(f"batch {found} was submitted before the run was stopped")
                self._log.submitted(token, found)

    def _fetch_ended(self) -> None:
        """Store the answers of batches that have ended."""
        for batch in self._out():
            name = batch.batch or ""
            report = self._patiently(lambda: self._service.report(name))  # noqa: B023
            if report.state is BatchState.OUT:
                continue
            failed = report.state is BatchState.FAILED
            answers = (
                []
                if failed
                else self._patiently(
                    lambda: list(self._service.answers(name))  # noqa: B023
                )
            )
            if report.reason:
                self._control.say(f"batch {name}: {report.reason}")
            self._log.fetched(batch.token, answers)
            self._refuse_failing(batch, report)

    def _refuse_failing(self, batch: LoggedBatch, report: BatchReport) -> None:
        """Raise Refused for a second batch that failed as a whole for the same reason."""
        if report.state is not BatchState.FAILED:
            self._failures.clear()
            return
        if report.reason in self._failures:
            raise Refused(
                f"batch {batch.batch} failed as a whole, like one before it: "
                f"{report.reason or 'the provider gave no reason'}"
            )
        self._failures.append(report.reason)

    def _collect(self, batch: LoggedBatch, todo: dict[str, Question], answered: Answered) -> None:
        """Take the stored answers to questions that are still to be answered, once per run."""
        if not batch.fetched or batch.token in self._collected:
            return
        wanted = todo.keys() & set(batch.questions)
        if not wanted:
            return
        self._collected.add(batch.token)
        for answer in self._log.answers(batch.token):
            token, _, digest = answer.custom_id.partition("_")
            if token == batch.token and digest in wanted:
                wanted.discard(digest)
                attempt = self._reading.take(todo[digest], answer, batch.token)
                self._came(digest, attempt, todo, answered)
        for digest in sorted(wanted):
            fault = TransientFault(_NO_ANSWER)
            self._came(digest, Attempt(failure_of(fault), 0.0, fault=fault), todo, answered)

    def _came(
        self, digest: str, attempt: Attempt, todo: dict[str, Question], answered: Answered
    ) -> None:
        """Count an answer; the question stays to be asked where asking it again makes sense."""
        question, attempts = todo[digest], self._attempts[digest]
        attempts.append(attempt)
        reservation = self._reserved.pop(digest, None)
        if reservation is not None:
            usage = attempt.reply.usage if attempt.reply else None
            self._control.budget.settle(reservation, usage)
        if not attempt.outcome.cls.good and self._rules.retries.ask_again(
            attempts, failed_before=None, once=False
        ):
            return
        if attempt.reply is None:
            self._reading.recorder.record(question, [attempt])
        del todo[digest]
        answered(question, attempt.outcome)

    def _submit(self, questions: Sequence[Question]) -> CapReached | None:
        """Submit what the budget allows, in as few batches as the provider takes.

        Returns CapReached where that is not all.
        """
        sent = 0
        for chunk in _chunks(self._requests(questions), self._service):
            token = f"jm{secrets.token_hex(6)}"
            named = [BatchRequest(f"{token}_{r.custom_id}", r.body) for r in chunk]
            self._log.intend(token, [r.custom_id for r in chunk], self._control.wall())
            batch = self._submitted(token, named)
            self._log.submitted(token, batch)
            self._control.say(f"batch {batch}: {len(named)} questions submitted")
            sent += len(chunk)
        if sent == len(questions):
            return None
        return CapReached(
            f"the cap allows {sent} of {len(questions)} questions in batches; "
            "raise ‹max_cost› or ‹max_requests›"
        )

    def _requests(self, questions: Sequence[Question]) -> Iterator[BatchRequest]:
        for question in questions:
            digest = question_digest(question.key)
            reservation = self._control.budget.reserve_at_once(question)
            if reservation is None:
                return
            self._reserved[digest] = reservation
            yield BatchRequest(digest, self._reading.judge.batch_body(question))

    def _submitted(self, token: str, requests: Sequence[BatchRequest]) -> str:
        """Submit a batch and return the provider's id.

        After a fault the batch may have arrived all the same: it is looked for before it is
        submitted again. A refusal is noted, because then nothing was submitted.
        """
        since, tried = self._control.wall(), False

        def submit() -> str:
            nonlocal tried
            found = self._service.find(token, len(requests), since) if tried else None
            tried = True
            return found or self._service.submit(token, requests)

        try:
            return self._patiently(submit)
        except (AskFault, Refused):
            self._log.void(token)
            raise

    def _wait(self, out: Sequence[LoggedBatch], waiting: Iterable[str]) -> None:
        """Wait until the next look; BatchOut where the run does not wait."""
        count = len(set(waiting))
        if not self._rules.wait:
            named = ", ".join(b.batch or "" for b in out)
            raise BatchOut(
                f"{count} questions are out in batches ({named}); the same command collects "
                "their answers, ‹batch_wait› waits for them"
            )
        self._control.clock.sleep(self._rules.poll, self._control.stop)

    def _close(self) -> None:
        """Note which batches count no more: each of their questions was asked for and answered."""
        for batch in self._log.batches:
            if batch.fetched and self._handled.issuperset(batch.questions):
                self._log.closed(batch.token)

    def _patiently(self, call: Callable[[], _Result]) -> _Result:
        """Call, and again after a transient fault; BatchOut where the last try fails too."""
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(_TRIES),
            wait=tenacity.wait_exponential(multiplier=_FIRST_PAUSE, max=_LONGEST_PAUSE),
            retry=tenacity.retry_if_exception_type(TransientFault),
            sleep=lambda seconds: self._control.clock.sleep(seconds, self._control.stop),
            reraise=True,
        )
        try:
            return retrying(call)
        except TransientFault as fault:
            raise BatchOut(
                f"the batches could not be looked at ({fault.message}); the same command tries it "
                "again"
            ) from fault


def _chunks(
    requests: Iterable[BatchRequest], service: BatchService
) -> Iterator[list[BatchRequest]]:
    """Divide requests into batches that the provider takes."""
    most = min(service.limits.requests, _LARGEST_BATCH)
    chunk: list[BatchRequest] = []
    size = 0
    for request in requests:
        length = sum(len(str(m)) for m in request.body.get("messages", ())) * 4 + 1_000
        if chunk and (len(chunk) >= most or size + length > service.limits.size):
            yield chunk
            chunk, size = [], 0
        chunk.append(request)
        size += length
    if chunk:
        yield chunk
