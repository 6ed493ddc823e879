"""Threads that live as long as a run."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from judgemark.errors import UsageError
from judgemark.records import Question
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
class Crew:
    """What a thread does before its first task, and how all tasks in progress are broken off."""

    greet: Callable[[], None]
    interrupt: Callable[[], None]


class Workers:
    """Calls a task for each question from `width` threads; any error stops the run.

    Each thread begins with `crew.greet`, so that what a thread needs (a connection) is ready when
    work comes. All but one are started when the first questions wait already: starting hundreds
    takes as long as some answers. The threads are daemons: an answer that never comes must not
    keep the process from ending. Where the machine starts no more threads, the run stops with a
    UsageError.
    """

    def __init__(
        self, width: int, crew: Crew, stop: Stop, patience: StopTimeouts | None = None
    ) -> None:
        self._stop = stop
        self._patience = patience or StopTimeouts()
        self._work: queue.SimpleQueue[tuple[Task, Question] | None] = queue.SimpleQueue()
        self._left = 0
        self._settled = threading.Condition()
        self._crew = crew
        self._width = width
        self._threads: list[threading.Thread] = []
        self._start(1)

    def do(self, task: Task, questions: Sequence[Question]) -> None:
        """Call `task` for each question; return when all are done.

        When the run is stopped, what is in flight has as long to end as `patience` says; then it
        is broken off.
        """
        with self._settled:
            self._left += len(questions)
        for question in questions:
            self._work.put((task, question))
        self._guarded(partial(self._start, self._width))
        if self._wait_until_stopped():
            return
        if not self._wait_for_the_last():
            self._guarded(self._crew.interrupt)
            with self._settled:
                self._settled.wait_for(lambda: not self._left, self._patience.broken_off)

    def _wait_until_stopped(self) -> bool:
        """Whether all was done before the run was stopped."""
        with self._settled:
            while self._left and not self._stop.wanted:
                self._settled.wait(_LOOK_EVERY)
            return not self._left

    def _wait_for_the_last(self) -> bool:
        """Whether all tasks of a stopped run ended within its patience."""
        stopped = time.monotonic()
        interrupted: float | None = None
        with self._settled:
            while self._left:
                self._settled.wait(_LOOK_EVERY)
                now = time.monotonic()
                if self._stop.interrupted and interrupted is None:
                    interrupted = now
                if now - stopped >= self._patience.otherwise:
                    return False
                if interrupted is not None and now - interrupted >= self._patience.interrupted:
                    return False
        return True

    def close(self) -> None:
        """Let the threads end, and wait for them where none is still busy with an answer."""
        for _ in self._threads:
            self._work.put(None)
        ends = time.monotonic() + self._patience.broken_off
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
        self._guarded(self._crew.greet)
        while (job := self._work.get()) is not None:
            task, question = job
            if not self._stop.wanted:
                self._guarded(partial(task, question))
            with self._settled:
                self._left -= 1
                if not self._left:
                    self._settled.notify_all()

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as exc:  # noqa: BLE001  whatever it is, the run must end with it
            self._stop.set(exc)
