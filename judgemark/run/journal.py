"""The journal: one appended line per outcome, the only state that a resume needs."""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from judgemark.records import Class, Outcome, QuestionKey, Verdict
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.journal_line import JournalLine, read_line
from judgemark.run.line_file import LineFile, SystemCalls
from judgemark.run.stored_lines import (
    DamagedLineError,
    cut_torn_line,
    damaged_line,
    not_opened,
    numbered_lines,
)

NAME = "verdicts.jsonl"
_TOLD = 3
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False)
_LOG = logging.getLogger(__name__)


def _lines(path: Path) -> Iterator[tuple[int, JournalLine]]:
    """Yield the lines of a journal and where each begins; a last line without its newline is left
    out.

    Numbers that were left out because they are out of bounds are logged. Raises InputError, with
    the line's number, where a line is damaged.
    """
    told = at = 0
    for number, raw in numbered_lines(path):
        try:
            line = read_line(raw)
        except DamagedLineError as exc:
            raise damaged_line(path, number, exc) from exc
        for place in line.set_aside:
            told += 1
            if told <= _TOLD:
                _LOG.warning("%s: line %d: %s is out of bounds: left out", path, number, place)
        yield at, line
        at += len(raw)
    if told > _TOLD:
        _LOG.warning("%s: %d more numbers are out of bounds: left out", path, told - _TOLD)


@contextmanager
def without_collector() -> Iterator[None]:
    """Pause the garbage collector: a long journal makes millions of objects that stay."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def read_entries(path: Path) -> Iterator[JournalEntry]:
    """Return every entry of a journal in the order written; none without a journal.

    An incomplete last line is left out; damage elsewhere raises InputError with file and line.
    """
    for at, line in _lines(path):
        yield line.entry(at)


class Journal:
    """The journal of a run that is being asked; the only writer of it.

    `good` holds the outcome of each question that needs no asking, by key, and `failed` how each
    question ended that got no good verdict. An outcome counts once `append` has returned: its line
    is then with the operating system, and on the disk within a second. The cost of an outcome does
    not depend on how many there are.

    `adapted_of` names the request fields that were adapted for every reply of a judge in earlier
    commands, and `has_replied` says whether it gave any reply: all other fields were then accepted
    at least once. `member` is the judge's place in an ensemble, 0 for a single judge.
    """

    def __init__(self, path: Path, calls: SystemCalls | None = None) -> None:
        self.path = path
        self.torn = cut_torn_line(path)
        self.good: dict[QuestionKey, Outcome] = {}
        self.failed: dict[QuestionKey, Class] = {}
        self._adapted: dict[int, frozenset[str]] = {}
        if path.exists():
            with without_collector():
                self._load()
        try:
            self._file = LineFile(path, calls)
        except OSError as exc:
            raise not_opened(path, exc) from exc

    def _load(self) -> None:
        for _, line in _lines(self.path):
            if line.reply is not None:
                member = line.slot.member
                known = self._adapted.get(member)
                if known is None:
                    self._adapted[member] = frozenset(line.adapted)
                elif known:
                    self._adapted[member] = known.intersection(line.adapted)
            outcome = line.outcome()
            if isinstance(outcome, Verdict):
                self.good[line.key()] = outcome
            else:
                self.failed[line.key()] = line.cls

    def adapted_of(self, member: int = 0) -> frozenset[str]:
        """Return the request fields that were adapted for every earlier reply of a judge."""
        return self._adapted.get(member, frozenset())

    def has_replied(self, member: int = 0) -> bool:
        """Return whether a judge gave any reply in earlier commands."""
        return member in self._adapted

    def read_as(self, good: Mapping[QuestionKey, Outcome]) -> None:
        """Use `good` as the outcomes that need no asking, after replies were parsed again."""
        self.good = dict(good)

    def append(self, entry: JournalEntry) -> None:
        """Write one outcome; JudgemarkError where the disk does not take it."""
        raw = _ENCODER.encode(entry.to_json()) + "\n"
        self._file.append(raw.encode("utf-8", "backslashreplace"))
        if entry.outcome.cls.good:
            self.good[entry.key] = entry.outcome
        else:
            self.failed[entry.key] = entry.outcome.cls

    def together(self) -> AbstractContextManager[None]:
        """Return a context at whose end what this thread appends in it is written, in one go.

        Only then does it count; JudgemarkError is raised there where the disk does not take it.
        """
        return self._file.together()

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
