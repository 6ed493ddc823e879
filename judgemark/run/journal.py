"""The journal: one appended line per outcome, the only state that a resume needs."""

from __future__ import annotations

import gc
import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from judgemark.errors import InputError
from judgemark.records import Class, Outcome, QuestionKey
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.journal_line import DamagedLineError, JournalLine, read_line
from judgemark.run.line_file import LineFile, SystemCalls

NAME = "verdicts.jsonl"
_TOLD = 3
_LOG = logging.getLogger(__name__)


def _opened(path: Path, mode: str) -> BinaryIO:
    try:
        return cast("BinaryIO", path.open(mode))
    except OSError as exc:
        raise _not_opened(path, exc) from exc


def _not_opened(path: Path, exc: OSError) -> InputError:
    problem = f"cannot be opened ({exc.strerror})"
    return InputError(path, problem, fix="check its permissions")


def _lines(path: Path) -> Iterator[JournalLine]:
    """The lines of a journal; a last line without its newline is left out.

    Numbers that were left out because they are out of bounds are logged. Raises InputError, with
    the line's number, where a line is damaged.
    """
    told = 0
    with _opened(path, "rb") as file:
        for number, raw in enumerate(file, 1):
            if not raw.endswith(b"\n"):
                break
            try:
                line = read_line(raw)
            except DamagedLineError as exc:
                raise _damaged(path, number, exc) from exc
            for place in line.set_aside:
                told += 1
                if told <= _TOLD:
                    _LOG.warning("%s: line %d: %s is out of bounds: left out", path, number, place)
            yield line
    if told > _TOLD:
        _LOG.warning("%s: %d more numbers are out of bounds: left out", path, told - _TOLD)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hold the garbage collector back: a long journal makes millions of objects and keeps them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _damaged(path: Path, number: int, exc: DamagedLineError) -> InputError:
    return InputError(
        path,
        f"damaged ({exc})",
        place=f"line {number}",
        fix=f'run "judgemark repair {path.parent}": it keeps all whole lines and sets the damaged '
        "ones aside",
    )


def read_entries(path: Path) -> Iterator[JournalEntry]:
    """Every entry of a journal, in the order written; none where there is no journal yet.

    A torn last line is left out; damage elsewhere raises InputError with file and line.
    """
    if not path.exists():
        return
    for line in _lines(path):
        yield line.entry()


class Journal:
    """The journal of a run that is being asked; the only writer of it.

    `good` holds the outcome of each question that needs no asking, by key, and `failed` how each
    question ended that was asked in vain. An outcome counts once `append` has returned: its line
    is then with the operating system, and on the disk within a second. The cost of an outcome does
    not depend on how many there are.

    `adapted` names the request fields that were adapted for every reply of earlier commands, and
    `replied` says whether there was any reply: all other fields were then accepted at least once.
    """

    def __init__(self, path: Path, calls: SystemCalls | None = None) -> None:
        self.path = path
        self.torn = _cut_torn_line(path)
        self.good: dict[QuestionKey, Outcome] = {}
        self.failed: dict[QuestionKey, Class] = {}
        self.adapted: set[str] = set()
        self.replied = False
        if path.exists():
            with _without_collector():
                self._load()
        try:
            self._file = LineFile(path, calls)
        except OSError as exc:
            raise _not_opened(path, exc) from exc

    def _load(self) -> None:
        for line in _lines(self.path):
            if line.reply is not None:
                names = set(line.adapted)
                self.adapted = self.adapted & names if self.replied else names
                self.replied = True
            if line.cls.good:
                self.good[line.key()] = line.outcome()
            else:
                self.failed[line.key()] = line.cls

    def read_as(self, good: Mapping[QuestionKey, Outcome]) -> None:
        """Take `good` for the outcomes that need no asking, where replies were read anew."""
        self.good = dict(good)

    def append(self, entry: JournalEntry) -> None:
        """Write one outcome; JudgemarkError where the disk does not take it."""
        raw = json.dumps(entry.to_json(), ensure_ascii=False, allow_nan=False) + "\n"
        self._file.append(raw.encode("utf-8", "backslashreplace"))
        if entry.outcome.cls.good:
            self.good[entry.key] = entry.outcome
        else:
            self.failed[entry.key] = entry.outcome.cls

    def close(self) -> None:
        """Bring everything to the disk and close the file; JudgemarkError where that fails."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _cut_torn_line(path: Path) -> bool:
    """Cut off a last line that a crash left without its newline; say whether there was one."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    with _opened(path, "r+b") as file:
        end = file.seek(0, os.SEEK_END)
        position = end
        while position > 0:
            step = min(65_536, position)
            position -= step
            file.seek(position)
            newline = file.read(step).rfind(b"\n")
            if newline >= 0:
                position += newline + 1
                break
        if position == end:
            return False
        file.truncate(position)
        return True
