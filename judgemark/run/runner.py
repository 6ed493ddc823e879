"""Asks the questions of a plan, wave by wave, and keeps every outcome in the journal."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from judgemark.errors import Interrupted, Refused
from judgemark.judges.base import BatchJudge, Judge, StreamJudge
from judgemark.judges.shared_judge import SharedJudge
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.records import Class, Failure, Outcome, Question, QuestionKey
from judgemark.run.attempts import Attempt, RetryRules
from judgemark.run.breaker import Breaker
from judgemark.run.budget import Budget, Prices
from judgemark.run.clock import Clock, SystemClock
from judgemark.run.concurrency import ConcurrencyLimit
from judgemark.run.endpoint_gates import Gate, OneEndpoint, SeveralEndpoints
from judgemark.run.journal import Journal, read_entries
from judgemark.run.loop_thread import Job, ReadsAnswer
from judgemark.run.progress import Progress
from judgemark.run.question_asker import AskingAgain, LongWaits, QuestionAsker, UnreadAnswer
from judgemark.run.recording import Recorder
from judgemark.run.stop import Stop
from judgemark.run.streams import BatchesAsStream, StreamAsker
from judgemark.run.unscored_reply import described
from judgemark.run.wave_asking import WaveAsker, WaveUnfinished
from judgemark.run.workers import StopTimeouts, WorkerHooks, Workers

_AS_USUAL = AskingAgain()
_AS_PROBES = AskingAgain(once=True)
_TO_THE_END = AskingAgain(all_retries=True)


@dataclass(frozen=True, slots=True)
class RunnerSettings:
    """How a run asks; delays and waits are in seconds.

    `start` is the number of requests that an adapting run begins with, None where it begins with
    all `threads`. `max_retries` is per question over all causes. `repeatable` says that the judge
    answers the same question nearly the same way each time. `give_up_after` is how long a run
    waits for an endpoint that does not answer or asks to wait. `max_tokens` is the most tokens that
    a reply is allowed, None where that is not known. `takes_schema` says that ‹structured› works
    with the judge.
    """

    threads: int = 6
    start: int | None = None
    max_retries: int = 10
    retry_delay: float = 0.5
    longest_delay: float = 30.0
    give_up_after: float = 600.0
    repeatable: bool = False
    prices: Prices | None = None
    max_tokens: int | None = None
    takes_schema: bool = False
    patience: StopTimeouts = field(default_factory=StopTimeouts)


class Runner:
    """Asks what has no good verdict yet and appends each outcome to the journal."""

    def __init__(
        self,
        judge: Judge | BatchJudge | StreamJudge,
        protocol: JudgingProtocol,
        journal: Journal,
        settings: RunnerSettings,
        *,
        progress: Progress,
        stop: Stop,
        budget: Budget,
        clock: Clock | None = None,
        wave_asker: WaveAsker | None = None,
    ) -> None:
        """`wave_asker` asks all but the first questions in a way of its own."""
        self._wave_asker = wave_asker
        self._judge = judge
        self._protocol = protocol
        self._journal = journal
        self._settings = settings
        self._progress = progress
        self._stop = stop
        self._budget = budget
        self._clock = clock or SystemClock()
        self._recorder = Recorder(journal, progress)
        self._failures: dict[QuestionKey, Outcome] = {}
        self._workers: Workers | None = None
        self._breaker = Breaker(
            settings.threads,
            settings.give_up_after,
            clock=self._clock,
            stop=stop,
            say=progress.say,
        )
        self._asker: QuestionAsker | None = None

    def run(self, plan: Plan, *, probes: int = 3) -> None:
        """Ask all that the plan yields, wave by wave.

        The first `probes` questions of a run that has no verdict yet go ahead of the rest and are
        not asked again when they cannot be scored: if none can, Refused is raised with what came.
        Raises the reason where asking was stopped; what came until then is in the journal.
        """
        probing = not self._journal.good
        try:
            wave = next(plan)
            while True:
                outcomes = self.ask(wave, probes if probing else 0)
                probing = False
                wave = plan.send(outcomes)
        except (StopIteration, WaveUnfinished):
            return
        finally:
            plan.close()
            self.close()

    def ask(self, wave: Sequence[Question], probes: int = 0) -> dict[QuestionKey, Outcome]:
        """Ask one wave, the first `probes` questions of it ahead of the rest; call `close` after.

        Returns the outcome of each of its questions. Raises as `run` does.
        """
        self._ask_wave(wave, probes)
        return {q.key: self._outcome(q) for q in wave}

    def close(self) -> None:
        """Let the threads end."""
        if self._workers is not None:
            self._workers.close()
            self._workers = None

    def _outcome(self, question: Question) -> Outcome:
        return self._journal.good.get(question.key) or self._failures[question.key]

    def _ask_wave(self, wave: Sequence[Question], probes: int) -> None:
        todo = list({q.key: q for q in wave if q.key not in self._journal.good}.values())
        self._progress.expect(len(todo))
        if probes and todo:
            self._probe(todo[:probes], coming=todo[probes:])
            todo = [q for q in todo if q.key not in self._journal.good]
        self._ask_all(todo)
        self._ask_given_up(todo)

    def _ask_given_up(self, asked: Sequence[Question]) -> None:
        """Ask those again that were given up early, where asking again turned out to help."""
        worth = self._asker.repeats.worth_another() if self._asker else frozenset()
        again = [q for q in asked if q.key in worth and q.key not in self._journal.good]
        if again:
            self._progress.expect(len(again))
            self._ask_all(again, _TO_THE_END)

    def _probe(self, questions: Sequence[Question], coming: Sequence[Question]) -> None:
        self._ask_all(questions, _AS_PROBES, coming)
        failed = [q for q in questions if q.key not in self._journal.good]
        first = self._failures[failed[0].key] if len(failed) == len(questions) else None
        if isinstance(first, Failure):
            raise Refused(
                f"none of the {len(questions)} probe pieces could be scored, so no more were "
                f"asked; the first: {self._described(failed[0]) or first.reason}"
            )
        self._progress.expect(len(failed))

    def _described(self, question: Question) -> str:
        """Return what the last reply about a question looked like, and what may help."""
        said = ""
        for entry in read_entries(self._journal.path):
            if entry.key == question.key:
                settings = self._settings
                said = described(entry, settings.max_tokens, takes_schema=settings.takes_schema)
        return said

    def _ask_all(
        self,
        questions: Sequence[Question],
        again: AskingAgain = _AS_USUAL,
        coming: Sequence[Question] = (),
    ) -> None:
        if self._wave_asker is not None and not again.once:
            self._wave_asker.ask(questions, self._keep_failure)
        elif isinstance(self._judge, BatchJudge | StreamJudge):
            self._stream_asker(self._judge).ask(questions, self._keep_failure)
        else:
            self._ask_with_workers(self._judge, questions, again, coming)
        if self._stop.wanted:
            raise self._stop.reason or Interrupted("stopped")

    def _ask_with_workers(
        self,
        judge: Judge,
        questions: Sequence[Question],
        again: AskingAgain,
        coming: Sequence[Question],
    ) -> None:
        asker = self._asker = self._asker or self._question_asker(judge)
        task = _QuestionTask(
            asker,
            lambda q: replace(again, failed_before=self._failed_before(q)),
            self._over,
        )
        if self._workers is None:
            settings = self._settings
            self._workers = Workers(
                settings.threads,
                WorkerHooks(
                    judge.enter_thread,
                    judge.interrupt,
                    asker.leave_loop,
                    self._journal.together,
                ),
                self._stop,
                settings.patience,
            )
        self._breaker.expect(len(questions))
        if asker.may_loop:
            self._workers.do_in_loop(task, questions, coming)
        else:
            self._workers.do(task, questions)

    def _over(self, question: Question, outcome: Outcome | None) -> None:
        self._breaker.done()
        if outcome is not None:
            self._keep_failure(question, outcome)

    def _failed_before(self, question: Question) -> Class | None:
        failure = self._failures.get(question.key)
        return failure.cls if failure is not None else self._journal.failed.get(question.key)

    def _keep_failure(self, question: Question, outcome: Outcome) -> None:
        if not outcome.cls.good:
            self._failures[question.key] = outcome

    def _gate(self, judge: Judge) -> Gate:
        settings = self._settings
        if not isinstance(judge, SharedJudge):
            limit = ConcurrencyLimit(settings.threads, settings.start)
            return OneEndpoint(judge, self._breaker, limit, clock=self._clock, stop=self._stop)
        placed = list(zip(judge.members, judge.places, strict=True))
        return SeveralEndpoints(
            placed,
            [ConcurrencyLimit(settings.threads, settings.start) for _ in placed],
            settings.give_up_after,
            clock=self._clock,
            stop=self._stop,
            say=self._progress.say,
        )

    def _question_asker(self, judge: Judge) -> QuestionAsker:
        settings, progress = self._settings, self._progress
        return QuestionAsker(
            self._gate(judge),
            self._protocol,
            self._recorder,
            RetryRules(settings.max_retries, settings.repeatable),
            budget=self._budget,
            prices=settings.prices,
            delays=(settings.retry_delay, settings.longest_delay),
            clock=self._clock,
            stop=self._stop,
            long_waits=LongWaits(self._clock, progress.say),
        )

    def _stream_asker(self, judge: BatchJudge | StreamJudge) -> StreamAsker:
        return StreamAsker(
            judge if isinstance(judge, StreamJudge) else BatchesAsStream(judge),
            self._protocol,
            self._recorder,
            budget=self._budget,
            clock=self._clock,
            stop=self._stop,
        )


@dataclass(frozen=True, slots=True)
class _QuestionTask:
    """What is done about each question of a wave; `over` is told how it ended, once."""

    asker: QuestionAsker
    rules: Callable[[Question], AskingAgain]
    over: Callable[[Question, Outcome | None], None]

    def __call__(self, question: Question, begun: Sequence[Attempt] = ()) -> None:
        outcome: Outcome | None = None
        try:
            outcome = self.asker.ask(question, self.rules(question), begun)
        finally:
            self.over(question, outcome)

    def begin(self, question: Question) -> Coroutine[Any, Any, ReadsAnswer] | None:
        """Implement `LoopTask`."""
        request = self.asker.begin(question)
        return None if request is None else self._asked(question, request)

    def prepare(self, question: Question) -> None:
        """Implement `LoopTask`."""
        self.asker.prepare(question)

    async def _asked(
        self, question: Question, request: Coroutine[Any, Any, UnreadAnswer]
    ) -> ReadsAnswer:
        try:
            told = await request
        except BaseException:
            self.over(question, None)
            raise
        return partial(self._read, question, told)

    def _read(self, question: Question, told: UnreadAnswer) -> Job | None:
        outcome: Outcome | None = None
        try:
            attempt = self.asker.read(question, told)
            if self.asker.goes_on(attempt, [attempt], self.rules(question)):
                return partial(self, question, [attempt])
            outcome = self.asker.finish(question, [attempt])
        except Exception:
            self.over(question, None)
            raise
        self.over(question, outcome)
        return None
