"""Asking without an endpoint: a judge that answers as it is told, and a runner around it."""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from judgemark.errors import TransientFault
from judgemark.judges.base import BatchJudge, Json, Judge, StreamJudge
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.records import Question, Reply
from judgemark.run.budget import Budget
from judgemark.run.clock import Clock
from judgemark.run.journal import Journal, read_entries
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.progress import Progress
from judgemark.run.runner import Runner, RunnerSettings
from judgemark.run.stop import Stop

QUICK = RunnerSettings(threads=4, max_retries=3, retry_delay=0.001, longest_delay=0.01)
Told = Reply | str | Exception


def in_turn(*told: Told) -> Callable[[Question, int], Told]:
    """The n-th attempt at a question gets the n-th of these, the last one for ever."""
    return lambda _, number: told[min(number, len(told)) - 1]


def by_item(entries: Sequence[JournalEntry]) -> dict[str, JournalEntry]:
    """The last entry of each item."""
    return {e.item: e for e in entries}


def busy(retry_after: float | None = None) -> TransientFault:
    """A fault that may pass."""
    return TransientFault("HTTP 503: busy", retry_after=retry_after)


class FakeClock:
    """A clock that moves only when a caller sleeps; `pauses` are the sleeps, in their order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 1000.0
        self.pauses: list[float] = []

    def now(self) -> float:
        """As in `Clock`."""
        return self._now

    def sleep(self, seconds: float, stop: Stop) -> None:
        """As in `Clock`; returns at once."""
        with self._lock:
            self.pauses.append(seconds)
            if not stop.wanted:
                self._now += seconds


class ScriptedJudge:
    """Answers what `script` says of a question and the number of its attempt, from 1.

    `asked` counts the requests by item, `peak` is the most that were under way at once.
    """

    def __init__(self, script: Callable[[Question, int], Told]) -> None:
        self._script = script
        self._lock = threading.Lock()
        self._under_way = 0
        self.asked: Counter[str] = Counter()
        self.peak = 0
        self.threads_entered = 0
        self.interrupted = 0

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Nothing shapes the answers but the script."""
        return {"kind": "test"}

    def ask(self, question: Question) -> Reply:
        """The scripted answer; an exception is raised."""
        with self._lock:
            self.asked[question.item] += 1
            number = self.asked[question.item]
            self._under_way += 1
            self.peak = max(self.peak, self._under_way)
        try:
            told = self._script(question, number)
        finally:
            with self._lock:
                self._under_way -= 1
        if isinstance(told, Exception):
            raise told
        return Reply(told, "stop") if isinstance(told, str) else told

    def enter_thread(self) -> None:
        """Count the threads."""
        with self._lock:
            self.threads_entered += 1

    def interrupt(self) -> None:
        """Count the calls."""
        with self._lock:
            self.interrupted += 1

    def close(self) -> None:
        """Nothing to let go of."""


def runner_of(
    journal: Journal,
    judge: Judge | BatchJudge | StreamJudge,
    protocol: JudgingProtocol,
    *,
    settings: RunnerSettings = QUICK,
    stop: Stop | None = None,
    budget: Budget | None = None,
    clock: Clock | None = None,
    said: list[str] | None = None,
) -> Runner:
    """A runner whose lines for the user go to `said`."""
    return Runner(
        judge,
        protocol,
        journal,
        settings,
        progress=Progress(io.StringIO(), say=(said if said is not None else []).append),
        stop=stop or Stop(),
        budget=budget or Budget(),
        clock=clock,
    )


def ask(
    path: Path,
    judge: Judge | BatchJudge | StreamJudge,
    protocol: JudgingProtocol,
    *,
    plan: Plan | None = None,
    settings: RunnerSettings = QUICK,
    stop: Stop | None = None,
    budget: Budget | None = None,
    clock: Clock | None = None,
    said: list[str] | None = None,
    probes: int = 0,
) -> list[JournalEntry]:
    """Ask all that the protocol, or another plan, yields; the journal's entries afterwards."""
    with Journal(path) as journal:
        runner = runner_of(
            journal,
            judge,
            protocol,
            settings=settings,
            stop=stop,
            budget=budget,
            clock=clock,
            said=said,
        )
        runner.run(plan or protocol.plan(), probes=probes)
    return list(read_entries(path))
