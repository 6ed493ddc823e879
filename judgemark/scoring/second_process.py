"""Computes something in a second process beside this one, where that is safe.

Scoring is arithmetic in Python, of which one process does one at a time. A forked process shares
the run with this one and hands its figures back.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_THREADS = Path("/proc/self/task")
_LOOK_EVERY = 0.2


def beside(compute: Callable[[], T]) -> Callable[[], T]:
    """Begin to compute in a second process; the answer waits for the figures and returns them.

    Raises there what `compute` raises. Where a process must not be forked, or the second one ends
    without figures (because memory ran out, for example), `compute` runs in this process instead,
    when the figures are asked for.
    """
    if not may_fork():
        return compute
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(compute, theirs, os.getpid()), daemon=True)
    process.start()
    theirs.close()

    def figures() -> T:
        try:
            failure, found = ours.recv()
        except (EOFError, OSError):
            return compute()
        finally:
            ours.close()
            process.join()
        if failure is not None:
            raise failure
        computed: T = found
        return computed

    return figures


def may_fork() -> bool:
    """Return whether this process can be forked: on Linux, where it has no second thread, and a
    second core.

    A lock that another thread holds would stay locked for ever in the copy.
    """
    if sys.platform != "linux" or multiprocessing.current_process().daemon:
        return False
    try:
        threads = len(list(_THREADS.iterdir()))
    except OSError:
        return False
    return threads == 1 and len(os.sched_getaffinity(0)) > 1


def _send(compute: Callable[[], object], connection: Connection, first: int) -> None:
    """Send a failure, or None and the figures; end with the `first` process."""
    # The first process ends this one by SIGTERM, which is not to be handled as it handles its own.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(first,), daemon=True).start()
    try:
        try:
            told: tuple[BaseException | None, object] = (None, compute())
        except Exception as failure:  # noqa: BLE001  raised where the figures are asked for
            told = (failure, None)
        with contextlib.suppress(BrokenPipeError):  # nobody waits for the figures any more
            connection.send(told)
    except KeyboardInterrupt:
        # The first process gets it too, and says so.
        os._exit(1)


def _end_with(first: int) -> None:
    """End this process where the first one was killed: nobody waits for the figures then."""
    while os.getppid() == first:
        time.sleep(_LOOK_EVERY)
    os._exit(1)
