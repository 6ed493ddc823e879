"""Computes something in a second process beside this one, where that is safe.

Scoring is arithmetic in Python, of which one process does one at a time. A forked process shares
the run with this one and hands its figures back in a file, so that it ends as soon as it has them,
however long nobody asks for them.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

T = TypeVar("T")
_Told = tuple[BaseException | None, Any]
"""A failure, or None and the figures."""

_THREADS = Path("/proc/self/task")
_LOOK_EVERY = 0.2
_DIGEST = hashlib.sha256().digest_size
_ENDING = frozenset((signal.SIGINT, signal.SIGTERM))


class ComputedBeside(Generic[T]):
    """What a second process computes: a call waits for the figures and returns them.

    It raises what `compute` raises. Where there is no second process, or it ended without figures
    (because memory or the disk was full, for example), `compute` runs in this process instead. So
    it does at a second call, since figures are kept for one.
    """

    def __init__(
        self, compute: Callable[[], T], process: BaseProcess | None, file: IO[bytes] | None
    ) -> None:
        self._compute = compute
        self._process = process
        self._file = file
        # It also runs when nothing refers to the figures any more, and when this process ends.
        self._let_go = weakref.finalize(self, _let_go, process, file, os.getpid())

    def __call__(self) -> T:
        told = self._told()
        if told is None:
            return self._compute()
        failure, found = told
        if failure is not None:
            raise failure
        computed: T = found
        return computed

    def drop(self) -> None:
        """End the second process, whose figures nobody wants, and free what it has handed over."""
        self._let_go()
        self._process = self._file = None

    def _told(self) -> _Told | None:
        """Wait for the second process and return what it handed over; None for nothing."""
        if self._process is None or self._file is None:
            return None
        try:
            self._process.join()
            return _read(self._file)
        finally:
            self.drop()


def beside(compute: Callable[[], T]) -> ComputedBeside[T]:
    """Begin to compute in a second process, where one can be forked; return what gives the figures.

    They are handed over in a file without a name, of which nothing is left, whatever is killed.
    """
    if not may_fork():
        return ComputedBeside(compute, None, None)
    with _signals_held():
        file = None
        try:
            file = tempfile.TemporaryFile()  # noqa: SIM115  closed when the figures have been read
            process = multiprocessing.get_context("fork").Process(
                target=_hand_over, args=(compute, file, os.getpid()), daemon=True
            )
            process.start()
        except OSError:  # no folder for such a file, or no room for another file or process
            if file is not None:
                file.close()
            return ComputedBeside(compute, None, None)
        return ComputedBeside(compute, process, file)


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Within this context Ctrl-C and SIGTERM wait.

    While a process is forked, Python calls functions of libraries, and swallows what is raised in
    them: the command would go on as if nobody had interrupted it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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


def _hand_over(compute: Callable[[], object], file: IO[bytes], first: int) -> None:
    """Write a failure, or None and the figures, into `file`; end with the `first` process."""
    # The first process ends this one by SIGTERM, which is not to be handled as it handles its own.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(first,), daemon=True).start()
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        try:
            told: _Told = (None, compute())
        except Exception as failure:  # noqa: BLE001  raised where the figures are asked for
            told = (failure, None)
        # Where there is no room, or this cannot be pickled, the first process computes by itself.
        with contextlib.suppress(Exception):
            written = pickle.dumps(told)
            file.write(hashlib.sha256(written).digest())
            file.write(written)
            file.flush()
    except KeyboardInterrupt:
        # The first process gets it too, and says so.
        os._exit(1)


def _read(file: IO[bytes]) -> _Told | None:
    """Return what was handed over in `file`; None where it is not there as a whole."""
    try:
        file.seek(0)
        digest, written = file.read(_DIGEST), file.read()
        if hashlib.sha256(written).digest() != digest:
            return None
        told: _Told = pickle.loads(written)
    except Exception:  # noqa: BLE001  a failure may be of a kind that cannot be read back
        return None
    return told


def _let_go(process: BaseProcess | None, file: IO[bytes] | None, first: int) -> None:
    """End the process, if it still runs, and give back what it and its file hold.

    A process forked later has copies of both, and is not to end what is not its own.
    """
    if process is not None and os.getpid() == first:
        process.kill()
        process.join()
    if file is not None:
        file.close()


def _end_with(first: int) -> None:
    """End this process where the first one was killed: nobody waits for the figures then."""
    while os.getppid() == first:
        time.sleep(_LOOK_EVERY)
    os._exit(1)
