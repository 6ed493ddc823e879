"""The threads of a run, and its event loop, which live as long as the run."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial

from judgemark.errors import UsageError
from judgemark.records import Question
from judgemark.run.loop_thread import Job, LoopSurroundings, LoopTask, LoopThread
from judgemark.run.stop import Stop

_LOOK_EVERY = 0.1

Task = Callable[[Question], None]


@dataclass(frozen=True, slots=True)
class StopTimeouts:
    """How many seconds a stopped run waits for its requests in flight, before it breaks them off.

    `interrupted` after Ctrl-C or SIGTERM; `otherwise` where the run stopped for a cap or a fault:
    then they are worth waiting for, since they are paid for. `broken_off` is how long requests
    have to end once they were broken off.
    """

    interrupted: float = 0.6
    otherwise: float = 330.0
    broken_off: float = 0.5


@dataclass(frozen=True, slots=True)
class WorkerHooks:
    """What `Workers` calls beside its tasks.

    `enter_thread` is called in each thread before its first job, `interrupt` breaks off all that is
    in progress, and `leave_loop` is called at the end of the event loop, where there is one. The
    loop reads several answers within a context of `together`, which keeps them at its end.
    """

    enter_thread: Callable[[], None]
    interrupt: Callable[[], None]
    leave_loop: Callable[[], None] = lambda: None
    together: Callable[[], AbstractContextManager[None]] = nullcontext


class Workers:
    """Calls a task for up to `width` questions at the same time; any error stops the run.

    Each question has a thread of its own, or an event loop begins it and a thread goes on where
    it has to wait. A thread begins with `hooks.enter_thread`, so that what it needs (a connection)
    is ready when work comes. All but one are started when the first questions wait already:
    starting hundreds takes as long as some answers. Beside an event loop there are only as many as
    it needs.
    The threads are daemons: an answer that never comes must not keep the process from ending. Where
    the machine starts no more threads, the run stops with a UsageError.
    """

    def __init__(
        self, width: int, hooks: WorkerHooks, stop: Stop, timeouts: StopTimeouts | None = None
    ) -> None:
        self._stop = stop
        self._timeouts = timeouts or StopTimeouts()
        self._work: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._left = 0
        self._settled = threading.Condition()
        self._hooks = hooks
        self._width = width
        self._threads: list[threading.Thread] = []
        self._handed_over = 0
        self._loop: LoopThread | None = None

    def do(self, task: Task, questions: Sequence[Question]) -> None:
        """Call `task` for each question in a thread; return when all are done.

        When the run is stopped, what is in flight has as long to end as `timeouts` says; then it
        is broken off.
        """
        self._start(1)
        self._expect(questions)
        for question in questions:
            self._work.put(partial(self._do_unless_stopped, task, question))
        self._guarded(partial(self._start, self._width))
        self._wait()

    def do_in_loop(
        self, task: LoopTask, questions: Sequence[Question], coming: Sequence[Question] = ()
    ) -> None:
        """Do as `do` does, from an event loop as far as it goes.

        While answers are awaited, the questions that are `coming` next are prepared.
        """
        self._expect(questions)
        if self._loop is None:
            surroundings = LoopSurroundings(
                self._hand_over,
                self._done,
                self._stop.set,
                self._hooks.leave_loop,
                self._hooks.together,
            )
            self._loop = LoopThread(self._width, self._stop, surroundings)
        self._loop.do(task, questions, coming)
        self._wait()

    def _expect(self, questions: Sequence[Question]) -> None:
        with self._settled:
            self._left += len(questions)

    def _done(self) -> None:
        with self._settled:
            self._left -= 1
            if not self._left:
                self._settled.notify_all()

    def _do_unless_stopped(self, task: Task, question: Question) -> None:
        if not self._stop.wanted:
            self._guarded(partial(task, question))
        self._done()

    def _hand_over(self, job: Job) -> None:
        """Have a thread go on with what the event loop began."""
        with self._settled:
            self._handed_over += 1
            needed = min(self._width, self._handed_over)
        self._guarded(partial(self._start, needed))
        if self._threads:
            self._work.put(partial(self._go_on, job))
        else:
            # The run is stopped, so that the job waits for nothing.
            self._go_on(job)

    def _go_on(self, job: Job) -> None:
        self._guarded(job)
        with self._settled:
            self._handed_over -= 1
        self._done()
        if self._loop is not None:
            self._loop.freed()

    def _wait(self) -> None:
        if self._wait_until_stopped():
            return
        if not self._wait_for_the_last():
            self._guarded(self._hooks.interrupt)
            with self._settled:
                self._settled.wait_for(lambda: not self._left, self._timeouts.broken_off)

    def _wait_until_stopped(self) -> bool:
        """Return whether all was done before the run was stopped."""
        with self._settled:
            while self._left and not self._stop.wanted:
                self._settled.wait(_LOOK_EVERY)
            return not self._left

    def _wait_for_the_last(self) -> bool:
        """Return whether all tasks of a stopped run ended within its timeouts."""
        stopped = time.monotonic()
        interrupted: float | None = None
        with self._settled:
            while self._left:
                self._settled.wait(_LOOK_EVERY)
                now = time.monotonic()
                if self._stop.interrupted and interrupted is None:
                    interrupted = now
                if now - stopped >= self._timeouts.otherwise:
                    return False
                if interrupted is not None and now - interrupted >= self._timeouts.interrupted:
                    return False
        return True

    def close(self) -> None:
        """Let the threads end, and wait for them where none is still busy with an answer."""
        if self._loop is not None:
            self._loop.close(self._timeouts.broken_off)
        for _ in self._threads:
            self._work.put(None)
        ends = time.monotonic() + self._timeouts.broken_off
        for thread in self._threads if not self._left else ():
            thread.join(max(0.0, ends - time.monotonic()))

    def _start(self, width: int) -> None:
        """Start threads until there are this many."""
        try:
            while len(self._threads) < width and not self._stop.wanted:
                thread = threading.Thread(target=self._serve, daemon=True)
                thread.start()
                self._threads.append(thread)
        except RuntimeError as exc:
            raise UsageError(
                f"‹threads›: this machine starts only {len(self._threads)} of {self._width} "
                "threads; give a smaller number"
            ) from exc

    def _serve(self) -> None:
        self._guarded(self._hooks.enter_thread)
        while (job := self._work.get()) is not None:
            job()

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as exc:  # noqa: BLE001  whatever it is, the run must end with it
            self._stop.set(exc)
