"""Asks the questions of a plan; retries, threads, stopping and the journal are its alone."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import tenacity

from judgemark.errors import (
    AskFault,
    CapReached,
    ContentRefused,
    Interrupted,
    ParameterRejected,
    Refused,
    TransientFault,
)
from judgemark.judges.base import BatchJudge, Judge
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.records import (
    Class,
    Failure,
    Outcome,
    Question,
    QuestionKey,
    Reply,
    Usage,
)
from judgemark.run.budget import Budget, Prices
from judgemark.run.gate import Gate, Ticket
from judgemark.run.journal import Journal
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.progress import Progress
from judgemark.run.stop import Stop
from judgemark.run.workers import Workers

_LOG = logging.getLogger(__name__)
_UNREACHED_LIMIT = 3


@dataclass(frozen=True, slots=True)
class RunnerSettings:
    """`max_retries` per question over all causes; delays in seconds."""

    threads: int = 6
    max_retries: int = 10
    retry_delay: float = 0.5
    longest_delay: float = 30.0
    prices: Prices | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What asking once came to: a reply and how it read, or a fault."""

    outcome: Outcome
    seconds: float
    reply: Reply | None = None
    fault: AskFault | None = None

    @property
    def may_pass(self) -> bool:
        """Whether asking again makes sense."""
        if self.fault is not None:
            return isinstance(self.fault, TransientFault | ParameterRejected)
        return not self.outcome.cls.good


class Runner:
    """Asks what has no good verdict yet and appends each outcome to the journal."""

    def __init__(
        self,
        judge: Judge | BatchJudge,
        protocol: JudgingProtocol,
        journal: Journal,
        settings: RunnerSettings,
        *,
        progress: Progress,
        stop: Stop,
        budget: Budget,
    ) -> None:
        self._judge = judge
        self._protocol = protocol
        self._journal = journal
        self._settings = settings
        self._progress = progress
        self._stop = stop
        self._budget = budget
        self._gate = Gate(settings.threads)
        self._reached = False
        self._workers: Workers | None = None
        first = settings.retry_delay
        self._back_off = tenacity.wait_exponential(
            multiplier=first, max=settings.longest_delay
        ) + tenacity.wait_random(0, first)

    def run(self, plan: Plan, *, probes: int = 3) -> None:
        """Ask all that the plan yields, wave by wave.

        The first `probes` questions of a run that has no verdict yet go ahead of the rest and are
        not asked again when they cannot be scored: if none can, Refused is raised with what came.
        Raises the reason where asking was stopped; what came until then is in the journal.
        """
        failures: dict[QuestionKey, Outcome] = {}
        probing = not self._journal.good
        try:
            wave = next(plan)
            while True:
                self._ask_wave(wave, failures, probes if probing else 0)
                probing = False
                known = {q.key: self._journal.good.get(q.key) or failures[q.key] for q in wave}
                wave = plan.send(known)
        except StopIteration:
            return
        finally:
            plan.close()
            if self._workers is not None:
                self._workers.close()
                self._workers = None

    def _ask_wave(
        self, wave: Sequence[Question], failures: dict[QuestionKey, Outcome], probes: int
    ) -> None:
        todo = list({q.key: q for q in wave if q.key not in self._journal.good}.values())
        self._progress.expect(len(todo))
        if probes and todo:
            self._probe(todo[:probes], failures)
            todo = [q for q in todo if q.key not in self._journal.good]
        self._ask_all(todo, failures, self._settings.max_retries)

    def _probe(self, questions: Sequence[Question], failures: dict[QuestionKey, Outcome]) -> None:
        self._ask_all(questions, failures, self._settings.max_retries, probing=True)
        outcomes = [failures[q.key] for q in questions if q.key not in self._journal.good]
        if len(outcomes) == len(questions) and isinstance(outcomes[0], Failure):
            first = outcomes[0]
            raise Refused(
                f"none of the {len(questions)} probe pieces could be scored, so no more were "
                f"asked; the first: {first.cls.value}, {first.reason}"
            )
        self._progress.expect(len(outcomes))

    def _ask_all(
        self,
        questions: Sequence[Question],
        failures: dict[QuestionKey, Outcome],
        retries: int,
        *,
        probing: bool = False,
    ) -> None:
        if isinstance(self._judge, BatchJudge):
            self._ask_in_batches(self._judge, questions, failures)
        else:
            judge = self._judge

            def ask(question: Question) -> None:
                outcome = self._ask_one(judge, question, retries, probing)
                if outcome is not None and not outcome.cls.good:
                    failures[question.key] = outcome

            if self._workers is None:
                self._workers = Workers(self._settings.threads, judge.enter_thread, self._stop)
            self._workers.do(ask, questions)
        if self._stop.wanted:
            raise self._stop.reason or Interrupted("stopped")

    def _ask_one(
        self, judge: Judge, question: Question, retries: int, probing: bool
    ) -> Outcome | None:
        """Ask until the reply can be scored or the limit is reached; None if stopped before."""
        attempts: list[Attempt] = []

        def again(attempt: Attempt) -> bool:
            unscorable = attempt.fault is None and not attempt.outcome.cls.good
            return attempt.may_pass and not (probing and unscorable)

        asking = tenacity.Retrying(
            stop=tenacity.stop_any(
                tenacity.stop_after_attempt(retries + 1),
                tenacity.stop_when_event_set(self._stop.event),
            ),
            wait=self._pause,
            sleep=tenacity.sleep_using_event(self._stop.event),
            retry=tenacity.retry_if_result(again),
            before_sleep=_tell,
            retry_error_callback=lambda state: state.outcome and state.outcome.result(),
        )
        try:
            asking(self._attempt, judge, question, attempts)
        except Exception:
            # A reply that came is kept, also where it could not be asked for again.
            if any(a.reply is not None for a in attempts):
                self._record(question, attempts)
            raise
        if self._stop.wanted and not any(a.reply is not None for a in attempts):
            return None
        return self._record(question, attempts)

    def _pause(self, state: tenacity.RetryCallState) -> float:
        fault = state.outcome.result().fault if state.outcome else None
        if not isinstance(fault, TransientFault):
            return 0.0
        return max(self._back_off(state), fault.retry_after or 0.0)

    def _attempt(self, judge: Judge, question: Question, attempts: list[Attempt]) -> Attempt:
        """Ask once, within the gate and the budget."""
        ticket = self._gate.enter()
        try:
            if self._stop.wanted:
                return Attempt(Failure(Class.ERROR, "stopped"), 0.0, fault=AskFault("stopped"))
            attempt = self._send(judge, question)
            self._adapt(attempt.fault, ticket)
        finally:
            self._gate.leave()
        attempts.append(attempt)
        fault = attempt.fault
        unreached = isinstance(fault, TransientFault) and fault.unreached
        self._reached = self._reached or not unreached
        if not self._reached and len(attempts) >= _UNREACHED_LIMIT:
            raise Refused(f"{fault}; is the endpoint running at that address?")
        return attempt

    def _adapt(self, fault: AskFault | None, ticket: Ticket) -> None:
        """Let the gate know how the endpoint bore the request."""
        if fault is None:
            self._gate.succeeded()
        elif isinstance(fault, TransientFault) and fault.throttled:
            self._gate.throttled(ticket)

    def _send(self, judge: Judge, question: Question) -> Attempt:
        self._budget.take()
        started = time.monotonic()
        cost: float | None = None
        try:
            reply = judge.ask(question)
            reply = replace(reply, usage=self._priced(reply.usage))
            cost = reply.usage.cost
            outcome = self._protocol.read(question, reply)
            return Attempt(outcome, time.monotonic() - started, reply)
        except AskFault as fault:
            return Attempt(_failure(fault), time.monotonic() - started, fault=fault)
        finally:
            self._budget.settle(cost)

    def _priced(self, usage: Usage) -> Usage:
        prices = self._settings.prices
        if usage.cost is not None or prices is None:
            return usage
        return replace(usage, cost=prices.cost(usage))

    def _record(self, question: Question, attempts: Sequence[Attempt]) -> Outcome:
        """Append the outcome: the last reply that came, or the fault where none did."""
        counted = next((a for a in reversed(attempts) if a.reply is not None), attempts[-1])
        first = next((a for a in attempts if a.reply is not None), None)
        usage = total_usage([a.reply.usage for a in attempts if a.reply is not None])
        samples = question.pieces
        piece = samples.get("piece")
        self._journal.append(
            JournalEntry(
                key=question.key,
                item=question.item,
                texts={role: s.sha256 for role, s in samples.items()},
                outcome=counted.outcome,
                reply=counted.reply,
                attempts=len(attempts),
                first_class=first.outcome.cls if first else None,
                seconds=counted.seconds,
                time=datetime.now(UTC).isoformat(timespec="seconds"),
                usage=usage,
                place=(piece.writer, piece.iteration) if question.by_place and piece else None,
            )
        )
        self._progress.came(good=counted.outcome.cls.good, cost=usage.cost)
        return counted.outcome

    def _ask_in_batches(
        self,
        judge: BatchJudge,
        questions: Sequence[Question],
        failures: dict[QuestionKey, Outcome],
    ) -> None:
        for start in range(0, len(questions), judge.batch):
            if self._stop.wanted:
                return
            batch, cap = self._admit(questions[start : start + judge.batch])
            started = time.monotonic()
            replies = judge.ask_batch(batch) if batch else ()
            seconds = (time.monotonic() - started) / max(1, len(batch))
            for question, reply in zip(batch, replies, strict=True):
                if isinstance(reply, AskFault):
                    attempt = Attempt(_failure(reply), seconds, fault=reply)
                else:
                    attempt = Attempt(self._protocol.read(question, reply), seconds, reply)
                self._budget.settle(None)
                outcome = self._record(question, [attempt])
                if not outcome.cls.good:
                    failures[question.key] = outcome
            if cap is not None:
                raise cap

    def _admit(self, batch: Sequence[Question]) -> tuple[Sequence[Question], CapReached | None]:
        """As much of a batch as the budget allows, and the cap that kept the rest out."""
        for n in range(len(batch)):
            try:
                self._budget.take()
            except CapReached as cap:
                return batch[:n], cap
        return batch, None


def _failure(fault: AskFault) -> Failure:
    """Return what the journal says of a question that could not be asked."""
    cls = Class.REFUSED if isinstance(fault, ContentRefused) else Class.ERROR
    return Failure(cls, str(fault))


def _tell(state: tenacity.RetryCallState) -> None:
    """Log why and when a question is asked again."""
    if state.outcome is None or state.next_action is None:
        return
    failure = state.outcome.result().outcome
    pause = state.next_action.sleep
    _LOG.debug("item %s: %s; asked again in %.1f s", state.args[1].item, failure.reason, pause)


def total_usage(parts: Sequence[Usage]) -> Usage:
    """The sum over attempts; a figure that no attempt reported stays None."""

    def add(values: Sequence[float | None]) -> float | None:
        known = [v for v in values if v is not None]
        return sum(known) if known else None

    prompt = add([u.prompt_tokens for u in parts])
    completion = add([u.completion_tokens for u in parts])
    return Usage(
        None if prompt is None else int(prompt),
        None if completion is None else int(completion),
        add([u.cost for u in parts]),
    )
