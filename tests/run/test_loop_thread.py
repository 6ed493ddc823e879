"""An event loop that begins questions, and threads that go on where a question has to wait."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from judgemark.errors import CapReached, Interrupted, JudgemarkError, UsageError
from judgemark.records import Question
from judgemark.run.loop_thread import Job, ReadsAnswer
from judgemark.run.stop import Stop
from judgemark.run.workers import StopTimeouts, WorkerHooks, Workers
from tests.support.questions import direct, pieces


def nothing() -> None:
    """A hook that has nothing to prepare and nothing to break off."""


def questions(count: int) -> list[Question]:
    protocol = direct(pieces(count))
    return [protocol.question(s) for s in protocol.samples]


class Task:
    """Notes what is done in the loop and what in threads, and how many are under way at once."""

    def __init__(self, *, over: Callable[[Question], bool] = lambda _: True) -> None:
        """`over` says whether a question is done when its answer was read."""
        self._over = over
        self._lock = threading.Lock()
        self._open = 0
        self.most_open = 0
        self.prepared: list[str] = []
        self.in_loop: list[str] = []
        self.read: list[str] = []
        self.in_threads: list[str] = []
        self.may_begin = True

    def begin(self, question: Question) -> Coroutine[Any, Any, ReadsAnswer] | None:
        """Implement `LoopTask`."""
        return self._in_loop(question) if self.may_begin else None

    def prepare(self, question: Question) -> None:
        """Implement `LoopTask`."""
        self.prepared.append(question.item)

    async def _in_loop(self, question: Question) -> ReadsAnswer:
        self._opened()
        await asyncio.sleep(0.001)
        self.in_loop.append(question.item)
        self._closed()
        return partial(self._read, question)

    def _read(self, question: Question) -> Job | None:
        self.read.append(question.item)
        return None if self._over(question) else partial(self, question)

    def __call__(self, question: Question) -> None:
        self._opened()
        time.sleep(0.002)
        self.in_threads.append(question.item)
        self._closed()

    def _opened(self) -> None:
        with self._lock:
            self._open += 1
            self.most_open = max(self.most_open, self._open)

    def _closed(self) -> None:
        with self._lock:
            self._open -= 1


def items(count: int) -> list[str]:
    return [q.item for q in questions(count)]


def test_all_questions_are_done_in_the_loop_wave_after_wave() -> None:
    task, left = Task(), threading.Event()
    workers = Workers(5, WorkerHooks(nothing, nothing, left.set), Stop())
    for _ in range(3):
        workers.do_in_loop(task, questions(40))
    assert not left.is_set()
    workers.close()
    assert left.is_set()
    assert sorted(task.in_loop) == sorted(task.read) == sorted(items(40) * 3)
    assert (task.in_threads, task.most_open) == ([], 5)


def test_no_thread_outlives_the_workers() -> None:
    before = threading.enumerate()
    task = Task(over=lambda q: int(q.item) % 3 > 0)
    workers = Workers(8, WorkerHooks(nothing, nothing), Stop(), StopTimeouts(broken_off=30.0))
    workers.do_in_loop(task, questions(60))
    workers.close()
    assert [thread for thread in threading.enumerate() if thread not in before] == []


def test_threads_go_on_with_some_and_never_more_are_open_than_the_width() -> None:
    task = Task(over=lambda q: int(q.item) % 3 > 0)
    workers = Workers(4, WorkerHooks(nothing, nothing), Stop())
    workers.do_in_loop(task, questions(60))
    workers.close()
    assert sorted(task.in_loop) == items(60)
    assert sorted(task.in_threads) == items(60)[::3]
    assert task.most_open <= 4


def test_what_cannot_begin_while_nothing_is_under_way_waits_in_a_thread() -> None:
    task = Task()
    task.may_begin = False
    workers = Workers(4, WorkerHooks(nothing, nothing), Stop())
    workers.do_in_loop(task, questions(9))
    workers.close()
    # One at a time: the others may be able to begin when it is done.
    assert (task.in_loop, task.in_threads, task.most_open) == ([], items(9), 1)


def test_what_cannot_begin_waits_for_what_is_under_way() -> None:
    class OneAtATime(Task):
        def begin(self, question: Question) -> Coroutine[Any, Any, ReadsAnswer] | None:
            return None if self._open else super().begin(question)

    task = OneAtATime()
    workers = Workers(4, WorkerHooks(nothing, nothing), Stop())
    workers.do_in_loop(task, questions(20))
    workers.close()
    assert sorted(task.in_loop) == items(20)
    assert task.in_threads == []


class Reads(Task):
    """Takes longer to read an answer than answers need to come; notes how many wait to be read."""

    def __init__(self) -> None:
        super().__init__()
        self.unread: list[int] = []

    def _read(self, question: Question) -> Job | None:
        self.unread.append(len(self.in_loop) - len(self.read))
        time.sleep(0.002)
        return super()._read(question)


@pytest.mark.parametrize(
    ("width", "most"),
    [
        # With few at once, an answer keeps its place until it is read.
        (5, 5),
        # With many, answers wait to be read beside as many that are under way.
        (65, 130),
    ],
)
def test_what_has_come_goes_before_what_is_to_be_read(width: int, most: int) -> None:
    task, count = Reads(), 8 * width
    workers = Workers(width, WorkerHooks(nothing, nothing), Stop())
    workers.do_in_loop(task, questions(count))
    workers.close()
    assert sorted(task.read) == sorted(items(count))
    assert 2 <= max(task.unread) <= most
    assert (max(task.unread) > width) == (width > 64)


class Keeping:
    """Keeps what is read together at the end of the context, which takes a while."""

    def __init__(self, task: Task, fails_at: int | None = None) -> None:
        self._task = task
        self._fails_at = fails_at
        self.kept: list[list[str]] = []

    @contextmanager
    def together(self) -> Iterator[None]:
        """Implement `WorkerHooks`."""
        before = len(self._task.read)
        yield
        time.sleep(0.005)
        if len(self.kept) == self._fails_at:
            raise JudgemarkError("the disk is full")
        self.kept.append(self._task.read[before:])


@pytest.mark.parametrize("width", [3, 70])
def test_questions_are_done_once_what_was_read_together_is_kept(width: int) -> None:
    task = Task()
    keeping = Keeping(task)
    workers = Workers(width, WorkerHooks(nothing, nothing, together=keeping.together), Stop())
    workers.do_in_loop(task, questions(100))
    kept = [item for some in keeping.kept for item in some]
    workers.close()
    assert kept == task.read
    assert sorted(kept) == items(100)
    # Several together; no more than may be under way, or wait to be read.
    assert 2 <= max(map(len, keeping.kept)) <= 16


def test_where_what_was_read_cannot_be_kept_the_run_stops_with_that_reason() -> None:
    task, stop = Task(), Stop()
    keeping = Keeping(task, fails_at=2)
    workers = Workers(3, WorkerHooks(nothing, nothing, together=keeping.together), stop)
    workers.do_in_loop(task, questions(100))
    workers.close()
    assert str(stop.reason) == "the disk is full"
    assert len(task.in_loop) < 20


class Slow(Task):
    """Its answers take long enough for all else to be done."""

    async def _in_loop(self, question: Question) -> ReadsAnswer:
        await asyncio.sleep(0.2)
        return await super()._in_loop(question)


def test_the_questions_that_come_next_are_prepared_while_answers_are_awaited() -> None:
    task = Slow()
    workers = Workers(3, WorkerHooks(nothing, nothing), Stop())
    workers.do_in_loop(task, questions(9))
    workers.close()
    # The first three were begun at once; of those that wait, as many as are begun together.
    assert task.prepared == items(9)[3:]
    assert sorted(task.in_loop) == items(9)


def test_what_comes_after_a_wave_is_prepared_with_it_but_not_begun() -> None:
    task = Slow()
    workers = Workers(4, WorkerHooks(nothing, nothing), Stop())
    first, rest = questions(20)[:3], questions(20)[3:]
    workers.do_in_loop(task, first, rest)
    assert task.prepared == items(20)[3:11]
    assert sorted(task.in_loop) == items(20)[:3]
    workers.do_in_loop(task, rest)
    workers.close()
    assert sorted(task.in_loop) == items(20)


@pytest.mark.parametrize("where", ["begin", "loop", "read", "thread", "prepare"])
def test_an_error_anywhere_stops_the_run_with_itself_as_the_reason(where: str) -> None:
    class Broken(Task):
        def begin(self, question: Question) -> Coroutine[Any, Any, ReadsAnswer] | None:
            if where == "begin" and len(self.in_loop) == 3:
                raise KeyError(where)
            return super().begin(question)

        async def _in_loop(self, question: Question) -> ReadsAnswer:
            if where == "loop" and len(self.in_loop) == 3:
                raise KeyError(where)
            return await super()._in_loop(question)

        def _read(self, question: Question) -> Job | None:
            if where == "read" and len(self.read) == 3:
                raise KeyError(where)
            return super()._read(question)

        def prepare(self, question: Question) -> None:
            if where == "prepare" and len(self.read) == 3:
                raise KeyError(where)
            super().prepare(question)

        def __call__(self, question: Question) -> None:
            del question
            raise KeyError(where)

    stop = Stop()
    task = Broken(over=lambda q: where != "thread" or int(q.item) < 3)
    workers = Workers(1, WorkerHooks(nothing, nothing), stop)
    workers.do_in_loop(task, questions(50))
    workers.close()
    assert repr(stop.reason) == repr(KeyError(where))
    assert 3 <= len(task.in_loop) <= 6


def test_a_stopped_run_begins_no_more_and_ends_what_is_under_way() -> None:
    class Stopping(Task):
        async def _in_loop(self, question: Question) -> ReadsAnswer:
            if question.item == "0005":
                stop.set(CapReached("enough"))
            return await super()._in_loop(question)

    stop = Stop()
    task = Stopping()
    workers = Workers(3, WorkerHooks(nothing, nothing), stop)
    workers.do_in_loop(task, questions(1_000))
    workers.close()
    assert 6 <= len(task.in_loop) <= 8


def test_what_hangs_is_broken_off_when_patience_ends() -> None:
    stop, broken_off = Stop(), threading.Event()

    class Hanging(Task):
        async def _in_loop(self, question: Question) -> ReadsAnswer:
            stop.set(Interrupted("SIGINT"))
            while not broken_off.is_set():
                await asyncio.sleep(0.001)
            return await super()._in_loop(question)

    task = Hanging()
    patience = StopTimeouts(interrupted=0.02, otherwise=60.0, broken_off=10.0)
    workers = Workers(1, WorkerHooks(nothing, broken_off.set), stop, patience)
    workers.do_in_loop(task, questions(2))
    workers.close()
    assert task.in_loop == ["0000"]


def test_what_cannot_be_broken_off_is_cancelled_at_the_end() -> None:
    stop, cancelled = Stop(), threading.Event()

    class Hanging(Task):
        async def _in_loop(self, question: Question) -> ReadsAnswer:
            del question
            stop.set(Interrupted("SIGINT"))
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                cancelled.set()
                raise
            return lambda: None

    patience = StopTimeouts(interrupted=0.01, broken_off=0.2)
    workers = Workers(1, WorkerHooks(nothing, nothing), stop, patience)
    # What is broken off has the same time to end; here nothing breaks it off.
    workers.do_in_loop(Hanging(), questions(1))
    assert not cancelled.is_set()
    workers.close()
    assert cancelled.is_set()


def test_a_machine_without_room_for_a_thread_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, start, started = Stop(), threading.Thread.start, list[threading.Thread]()

    def refuse_all_but_the_loop(thread: threading.Thread) -> None:
        if started:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse_all_but_the_loop)
    task = Task(over=lambda q: q.item != "0003")
    workers = Workers(2, WorkerHooks(nothing, nothing), stop)
    workers.do_in_loop(task, questions(50))
    workers.close()
    assert isinstance(stop.reason, UsageError)
    # What was handed over comes to its end all the same.
    assert task.in_threads == ["0003"]
