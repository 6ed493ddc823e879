"""Threads that stay for a whole run."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from judgemark.records import Question
from judgemark.run.stop import Stop

_LOOK_EVERY = 0.1
_GRACE = 30.0

Task = Callable[[Question], None]


class Workers:
    """Calls a task for each question from `width` threads; any error stops the run.

    Each thread begins with `greet`, at once, so that what a thread needs (a connection pool) is
    ready when work comes. The threads are daemons: an answer that never comes must not hold the
    process back.
    """

    def __init__(self, width: int, greet: Callable[[], None], stop: Stop) -> None:
        self._stop = stop
        self._work: queue.SimpleQueue[tuple[Task, Question] | None] = queue.SimpleQueue()
        self._left = 0
        self._settled = threading.Condition()
        self._greet = greet
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(width)]
        for thread in self._threads:
            thread.start()

    def do(self, task: Task, questions: Sequence[Question]) -> None:
        """Call `task` for each question; return when all are done.

        When the run is stopped, what is under way has half a minute to come to an end.
        """
        with self._settled:
            self._left += len(questions)
        for question in questions:
            self._work.put((task, question))
        deadline: float | None = None
        with self._settled:
            while self._left and (deadline is None or time.monotonic() < deadline):
                self._settled.wait(_LOOK_EVERY)
                if self._stop.wanted and deadline is None:
                    deadline = time.monotonic() + _GRACE

    def close(self) -> None:
        """Let the threads end."""
        for _ in self._threads:
            self._work.put(None)

    def _serve(self) -> None:
        self._guarded(self._greet)
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
