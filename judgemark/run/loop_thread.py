"""A thread with an event loop that asks many questions at once."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from judgemark.judges.open_files import new_event_loop
from judgemark.records import Question
from judgemark.run.stop import Stop

_LOOK_EVERY = 0.05
_BEGIN_AT_ONCE = 16
_SPARE_AT_ONCE = 4
_READ_AT_ONCE = 16
_PREPARED_ROUNDS = 2
_FEW = 64

Job = Callable[[], None]
ReadsAnswer = Callable[[], Job | None]
"""Reads an answer: None where its question is done, else what a thread has to go on with."""


class LoopTask(Protocol):
    """What is done about a question in an event loop, as far as it needs no waiting."""

    def begin(self, question: Question) -> Coroutine[Any, Any, ReadsAnswer] | None:
        """Begin; None where the question would have to wait.

        The coroutine waits for the answer and returns what reads it.
        """

    def prepare(self, question: Question) -> None:
        """Do what can be done about a question before it is begun; it may be done already."""

    def __call__(self, question: Question) -> None:
        """Do all of it in a thread, where it may wait."""


@dataclass(frozen=True, slots=True)
class LoopSurroundings:
    """What a loop thread calls.

    `hand_over` has a job done in another thread, which calls `LoopThread.freed` after it; `done`
    counts a question that is done here or will never be begun; `failed` ends the run with an
    error; `leave` is called at the end of the loop. None of them waits or raises. `together` is a
    context in which several answers are read: what they said is kept at its end, which may raise.
    """

    hand_over: Callable[[Job], None]
    done: Callable[[], None]
    failed: Callable[[Exception], None]
    leave: Callable[[], None]
    together: Callable[[], AbstractContextManager[None]]


class LoopThread:
    """Asks up to `width` questions at once; those that threads go on with count among them.

    A question that cannot be begun waits for one that is under way. Where none is, a thread takes
    it, and does the waiting. With up to 64 at once, an answer holds its place until it is stored: a
    process that is killed loses at most `width` answers. With more, it frees its place at once:
    the next question is begun first, and the answer is read when nothing else has come. While
    `width` answers wait to be read, no question is begun. What a thread has to go on with after
    that needs a place again, and gets the next one. While there is nothing to read either, the
    questions that come next are prepared, up to twice `width` of them.
    """

    def __init__(self, width: int, stop: Stop, surroundings: LoopSurroundings) -> None:
        self._width = width
        self._stop = stop
        self._around = surroundings
        self._waiting: deque[tuple[LoopTask, Question]] = deque()
        self._unread: deque[ReadsAnswer] = deque()
        self._unfinished: deque[Job] = deque()
        self._coming: deque[tuple[LoopTask, Question]] = deque()
        self._prepared = 0
        self._more_came = False
        self._spare = False
        self._busy = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._looking = False
        self._loop = new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def do(
        self, task: LoopTask, questions: Sequence[Question], coming: Sequence[Question] = ()
    ) -> None:
        """Begin to do these too; returns at once. Those that are `coming` are only prepared."""
        self._soon(lambda: self._add(task, questions, coming))

    def freed(self) -> None:
        """Count a question as done that was handed over; from any thread."""
        self._soon(self._free)

    def close(self, seconds: float) -> None:
        """End the loop, and wait so long for its thread."""
        self._soon(self._loop.stop)
        self._thread.join(seconds)

    def _soon(self, step: Callable[[], None]) -> None:
        # A thread may free its question after a run was ended without waiting for it.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(step)

    def _run(self) -> None:
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(self._end())
        except Exception as exc:  # noqa: BLE001  whatever it is, the run must end with it
            self._around.failed(exc)
        finally:
            self._loop.close()

    async def _end(self) -> None:
        others = tuple(self._tasks)
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self._around.leave()
        # Requests are cancelled and connections closed by callbacks, which call others.
        for _ in range(5):
            await asyncio.sleep(0)

    def _add(
        self, task: LoopTask, questions: Sequence[Question], coming: Sequence[Question]
    ) -> None:
        self._waiting.extend((task, question) for question in questions)
        self._coming = deque(
            (task, question) for question in coming[: _PREPARED_ROUNDS * self._width]
        )
        self._begin()
        # An endpoint's name may have to be looked up first, in a thread that needs the interpreter.
        self._loop.call_later(_LOOK_EVERY, self._plan_spare_time)

    def _begin(self) -> None:
        """Begin some questions; the rest after what came meanwhile was looked at."""
        try:
            for _ in range(_BEGIN_AT_ONCE):
                if not self._begin_one():
                    self._look_again()
                    return
            self._loop.call_soon(self._begin)
        except Exception as exc:  # noqa: BLE001  whatever it is, the run must end with it
            self._around.failed(exc)
            self._look_again()

    def _begin_one(self) -> bool:
        """Return whether it makes sense to look at the next question."""
        if self._stop.wanted:
            while self._waiting:
                self._waiting.pop()
                self._around.done()
            self._coming.clear()
        # A stopped run asks no more, so that a thread has nothing to wait for.
        if self._unfinished and (self._busy < self._width or self._stop.wanted):
            self._busy += 1
            self._around.hand_over(self._unfinished.popleft())
            return True
        if not self._waiting or self._full():
            return False
        task, question = self._waiting[0]
        begun = task.begin(question)
        if begun is None and self._busy:
            return False
        self._waiting.popleft()
        self._prepared = max(0, self._prepared - 1)
        self._busy += 1
        # Before anything else, what was begun is to be sent.
        self._more_came = True
        if begun is None:
            self._around.hand_over(lambda: task(question))
        else:
            self._tasks.add(self._loop.create_task(self._finish(begun)))
        return True

    def _full(self) -> bool:
        """Return whether every place is taken."""
        unread = len(self._unread)
        taken = self._busy + unread if self._width <= _FEW else max(self._busy, unread)
        return taken >= self._width

    async def _finish(self, begun: Coroutine[Any, Any, ReadsAnswer]) -> None:
        try:
            reading = await begun
        except Exception as exc:  # noqa: BLE001  whatever it is, the run must end with it
            self._around.failed(exc)
            self._around.done()
        else:
            self._unread.append(reading)
            self._more_came = True
            self._plan_spare_time()
        if (mine := asyncio.current_task()) is not None:
            self._tasks.discard(mine)
        self._free()

    def _plan_spare_time(self) -> None:
        if not self._spare:
            self._spare = True
            self._loop.call_soon(self._use_spare_time)

    def _use_spare_time(self) -> None:
        """Read or prepare some, unless more came: that goes first, as long as more does."""
        self._spare = False
        if self._more_came:
            self._more_came = False
        else:
            if self._unread:
                self._read_some()
            elif not all(self._prepare_one() for _ in range(_SPARE_AT_ONCE)):
                return
        self._plan_spare_time()

    def _prepare_one(self) -> bool:
        """Prepare a question that comes soon; whether there is one."""
        try:
            if self._prepared < min(_PREPARED_ROUNDS * self._width, len(self._waiting)):
                task, question = self._waiting[self._prepared]
                self._prepared += 1
            elif self._coming:
                task, question = self._coming.popleft()
            else:
                return False
            task.prepare(question)
        except Exception as exc:  # noqa: BLE001  whatever it is, the run must end with it
            self._around.failed(exc)
        return True

    def _read_some(self) -> None:
        """Read some answers; their places are free and their questions done once they are kept."""
        # Where questions wait, an answer that comes meanwhile is to be seen soon.
        most = _SPARE_AT_ONCE if self._waiting else _READ_AT_ONCE
        count, done = min(len(self._unread), most), 0
        try:
            with self._around.together():
                for reading in islice(self._unread, count):
                    done += self._read_one(reading)
        except Exception as exc:  # noqa: BLE001  whatever it is, the run must end with it
            self._around.failed(exc)
        for _ in range(done):
            self._around.done()
        full = self._full()
        for _ in range(count):
            self._unread.popleft()
        if full or self._unfinished:
            self._begin()

    def _read_one(self, reading: ReadsAnswer) -> bool:
        """Read an answer; whether its question is done by that."""
        job: Job | None = None
        try:
            job = reading()
        except Exception as exc:  # noqa: BLE001  whatever it is, the run must end with it
            self._around.failed(exc)
        if job is not None:
            self._unfinished.append(job)
        return job is None

    def _free(self) -> None:
        self._busy -= 1
        self._begin()

    def _look_again(self) -> None:
        """Look at what waits a little later: what it waits for may be over, or the run stopped."""
        if (self._waiting or self._unfinished) and not self._looking:
            self._looking = True
            self._loop.call_later(_LOOK_EVERY, self._look)

    def _look(self) -> None:
        self._looking = False
        self._begin()
