"""An append-only file of lines: each line is written completely or not at all."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from judgemark.errors import JudgemarkError
from judgemark.run.files import fix_for

_SYNC_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class SystemCalls:
    """The calls that bring bytes to the disk, so that a test can let them fail."""

    write: Callable[[int, bytes], int] = os.write
    sync: Callable[[int], None] = os.fsync
    truncate: Callable[[int, int], None] = os.ftruncate


@dataclass(slots=True)
class _Line:
    """A line to append; `written` once the operating system has all of it."""

    content: bytes
    written: bool = False


class LineFile:
    """Appends lines from several threads.

    Once `append` has returned, its line is with the operating system, and within a second on the
    disk. Where a write fails or only a part of a line is taken (a full disk), the file is cut back
    to its last whole line, so that nothing is ever appended to a torn one. A line that could not
    be written is kept in memory and written before the next one, or at the latest by `close`.
    """

    def __init__(self, path: Path, calls: SystemCalls | None = None) -> None:
        self.path = path
        self._calls = calls or SystemCalls()
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        self._descriptor: int | None = os.open(path, flags, 0o644)
        self._opened = os.fstat(self._descriptor)
        self._moved = False
        self._torn_from: int | None = None
        self._unwritten: list[_Line] = []
        self._lock = threading.Lock()
        self._gathering: int | None = None
        self._gathered: _Line | None = None
        self._dirty = False
        self._closed = threading.Event()
        self._sync_failure: OSError | None = None
        self._syncer = threading.Thread(target=self._sync_often, daemon=True)
        self._syncer.start()

    def append(self, content: bytes) -> None:
        """Append one line, which ends with its newline.

        Raises JudgemarkError where the disk does not take it, and where the file was moved or
        deleted by another program: what is appended then would not be found again.
        """
        line = _Line(content)
        # While one thread writes, the lines of others gather here; the next one writes them all.
        self._unwritten.append(line)
        if self._gathering == threading.get_ident():
            self._gathered = line
        else:
            self._bring_out(line)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Within this context the lines of this thread are gathered; at its end they are written.

        One after the other, each would cost several calls of the operating system. Raises what
        `append` does, at the end. Only one thread at a time may gather.
        """
        self._gathering = threading.get_ident()
        try:
            yield
        finally:
            last, self._gathering, self._gathered = self._gathered, None, None
            if last is not None:
                self._bring_out(last)

    def _bring_out(self, line: _Line) -> None:
        """Have this line written, and all others that are still in memory."""
        with self._lock:
            if line.written and not self._moved:
                return
            if self._descriptor is None:
                raise JudgemarkError(f"{self.path}: a line came after the file had been closed")
            try:
                self._write_all(self._descriptor)
            except JudgemarkError:
                # The threads whose lines were not written meet the same error themselves.
                if not line.written:
                    raise
            self._refuse_moved(self._descriptor)

    def _write_all(self, descriptor: int) -> None:
        """Write every line that is still in memory, oldest first."""
        try:
            if self._sync_failure is not None:
                raise self._sync_failure
            if waiting := tuple(self._unwritten):
                self._write_lines(descriptor, waiting)
        except OSError as exc:
            raise self._not_written(exc) from exc

    def _write_lines(self, descriptor: int, lines: Sequence[_Line]) -> None:
        self._cut_torn_line(descriptor)
        begin = self._torn_from = os.fstat(descriptor).st_size
        content = b"".join(line.content for line in lines)
        taken = 0
        try:
            while taken < len(content):
                taken += self._calls.write(descriptor, content[taken:])
        finally:
            whole = begin + self._count_written(lines, taken)
            self._torn_from = None if taken == len(content) else whole
            # Where this fails too, the next write cuts before it begins.
            self._cut_torn_line(descriptor)

    def _count_written(self, lines: Sequence[_Line], taken: int) -> int:
        """Mark the lines that lie within the first `taken` bytes; return how long these are."""
        whole = 0
        for line in lines:
            if whole + len(line.content) > taken:
                break
            whole += len(line.content)
            line.written = True
            del self._unwritten[0]
        self._dirty = self._dirty or whole > 0
        return whole

    def _cut_torn_line(self, descriptor: int) -> None:
        """Cut off what a failed write left of its line."""
        if self._torn_from is not None:
            self._calls.truncate(descriptor, self._torn_from)
            self._torn_from = None

    def _refuse_moved(self, descriptor: int) -> None:
        mine = self._opened
        try:
            there = self.path.stat()
        except OSError:
            there = None
        self._moved = there is None or (there.st_dev, there.st_ino) != (mine.st_dev, mine.st_ino)
        if self._moved:
            deleted = os.fstat(descriptor).st_nlink == 0
            raise JudgemarkError(
                f"{self.path}: was {'deleted' if deleted else 'moved'} by another program while "
                "it was being written; "
                + ("restore" if deleted else "put back")
                + " the run's folder and run the same command again"
            )

    def _not_written(self, exc: OSError) -> JudgemarkError:
        return JudgemarkError(f"{self.path}: cannot be written ({exc.strerror}); {fix_for(exc)}")

    def _sync_often(self) -> None:
        while not self._closed.wait(_SYNC_EVERY):
            self.sync()

    def sync(self) -> None:
        """Bring what was appended to the disk; a failure is raised by the next `append`."""
        if not self._dirty or self._descriptor is None:
            return
        self._dirty = False
        try:
            self._calls.sync(self._descriptor)
        except OSError as exc:
            self._sync_failure = exc

    def close(self) -> None:
        """Write what is still in memory, bring everything to the disk and close the file.

        Raises JudgemarkError where that fails; it says how many lines are lost.
        """
        if self._closed.is_set():
            return
        self._closed.set()
        self._syncer.join()
        with self._lock:
            descriptor, self._descriptor = self._descriptor, None
            if descriptor is None:
                return
            try:
                self._finish(descriptor)
            finally:
                os.close(descriptor)

    def _finish(self, descriptor: int) -> None:
        try:
            self._write_all(descriptor)
            if self._dirty:
                self._calls.sync(descriptor)
            if self._sync_failure is not None:
                raise self._sync_failure
        except OSError as exc:
            raise self._not_written(exc) from exc
        except JudgemarkError as exc:
            lost = len(self._unwritten)
            if not lost:
                raise
            lines = "one answer is" if lost == 1 else f"{lost} answers are"
            raise JudgemarkError(f"{exc}; {lines} lost and will be asked for again") from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
