"""Repairs a run's damaged files of lines: whole lines stay, the rest is set aside in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from judgemark.errors import InputError
from judgemark.records import QuestionKey
from judgemark.run.asked_log import NAME as ASKED
from judgemark.run.asked_log import read_asked_line
from judgemark.run.batch_log import whole_batch_lines
from judgemark.run.files import write_byte_parts, write_bytes
from judgemark.run.folder import BATCHES, RunFolder
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.journal_line import SlotPart, read_line
from judgemark.run.stored_lines import DamagedLineError, not_opened, opened

_BEGINNING = re.compile(rb'\{"question": "')
_KEY = re.compile(rb'^\{"question": "([^"\\]*)", "slot": (\{[^{}]*\})')
_ITEM = re.compile(rb'"item": "((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class DamagedLine:
    """A line of the journal that cannot be read as a whole.

    `item` is the item that its question was about, where that can still be read. `answered` says
    that another, whole line has a usable answer to the same question, so that nothing is asked
    again because of the damage.
    """

    number: int
    item: str | None
    answered: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did: the whole lines kept, the damaged ones, and the file they are in now.

    `aside` is None where nothing was damaged; then the journal is as it was. `plans_aside` is the
    file with the damaged lines of `asked.jsonl`, and `batches_aside` that of `batches.jsonl`, None
    where there were none.
    """

    kept: int
    damaged: tuple[DamagedLine, ...]
    aside: Path | None
    plans_aside: Path | None = None
    batches_aside: Path | None = None

    @property
    def asked_again(self) -> int:
        """How many questions may be asked again, because their answer was in a damaged line."""
        return sum(not line.answered for line in self.damaged)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the journal's bytes, from the physical line `number`: a whole entry, or damage."""

    number: int
    raw: bytes
    entry: JournalEntry | None

    @property
    def answer(self) -> QuestionKey | None:
        """The question that it is a usable answer to, if it is one."""
        return self.entry.key if self.entry is not None and self.entry.outcome.cls.good else None


def repair_run(folder: RunFolder) -> Repair:
    """Repair the journal of a run, and its lists of what was to be asked and of its batches.

    No other process may be asking for the run meanwhile. A whole line that was appended to a torn
    one is kept too. The damaged bytes are written to the first free `verdicts.damaged-N.jsonl`,
    `asked.damaged-N.jsonl` or `batches.damaged-N.jsonl` before the file itself is replaced, in one
    step.

    Raises InputError where the run has no journal, and UsageError where the folder cannot be
    written or another process is asking for the run.
    """
    path = folder.journal
    if not path.is_file():
        raise InputError(path, "no such file", fix="this run has no journal to repair")
    with folder.locked():
        kept, damaged, aside = _repair_journal(path)
        plans_aside = _repair_plans(folder.path / ASKED)
        batches_aside = _repair_batches(folder.path / BATCHES)
    return Repair(kept, damaged, aside, plans_aside, batches_aside)


def _repair_journal(path: Path) -> tuple[int, tuple[DamagedLine, ...], Path | None]:
    """Return how many lines were kept, the damaged ones, and the file where those are now.

    The journal may be large, so that it is gone through again rather than held.
    """
    kept, broken = 0, list[_Part]()
    for part in _parts(path):
        if part.entry is None:
            broken.append(part)
        else:
            kept += 1
    aside = None
    answered: set[QuestionKey | None] = set()
    if broken:
        lost = {_key_in(part.raw) for part in broken}
        answered = {p.answer for p in _parts(path) if p.answer in lost} - {None}
        aside = _free_name(path)
        write_bytes(aside, _joined([part.raw for part in broken]))
    if broken or any(line == b"\n" or line[-1:] != b"\n" for _, line in _numbered(path)):
        write_byte_parts(path, (p.raw + b"\n" for p in _parts(path) if p.entry is not None))
    return kept, tuple(_described(part, answered) for part in broken), aside


def _repair_plans(path: Path) -> Path | None:
    """Keep the whole lines of `asked.jsonl`; the file where the others are now, if there are any.

    Where the lines were lost, the command that began the run names their questions again.
    """
    if not path.is_file():
        return None
    lines = [raw for raw in _bytes_of(path).split(b"\n") if raw]
    whole = [raw for raw in lines if _is_plan(raw)]
    return _sort_out(path, whole, [raw for raw in lines if not _is_plan(raw)])


def _repair_batches(path: Path) -> Path | None:
    """Keep the lines of `batches.jsonl` that fit; the file where the others are now, if any."""
    if not path.is_file():
        return None
    whole, broken = whole_batch_lines(raw for raw in _bytes_of(path).split(b"\n") if raw)
    return _sort_out(path, whole, broken)


def _is_plan(raw: bytes) -> bool:
    try:
        read_asked_line(raw)
    except DamagedLineError:
        return False
    return True


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise not_opened(path, exc) from exc


def _sort_out(path: Path, whole: Sequence[bytes], broken: Sequence[bytes]) -> Path | None:
    """Set the broken lines aside, then leave only the whole ones; where the broken ones are."""
    aside = _free_name(path) if broken else None
    if aside is not None:
        write_bytes(aside, _joined(broken))
    if (repaired := _joined(whole)) != path.read_bytes():
        write_bytes(path, repaired)
    return aside


def _parts(path: Path) -> Iterator[_Part]:
    """Yield the parts of a journal in their order; empty lines are not part of it."""
    for number, line in _numbered(path):
        raw = line.removesuffix(b"\n")
        if not raw:
            continue
        entry = _entry_in(raw)
        if entry is not None:
            yield _Part(number, raw, entry)
            continue
        # A line that was appended to torn ones begins somewhere within. In the text of a reply
        # quotation marks are escaped, so that no reply can look like the beginning of a line.
        for found in _BEGINNING.finditer(raw):
            entry = _entry_in(raw[found.start() :])
            if entry is not None:
                yield _Part(number, raw[: found.start()], None)
                yield _Part(number, raw[found.start() :], entry)
                break
        else:
            yield _Part(number, raw, None)


def _numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    with opened(path, "rb") as file:
        yield from enumerate(file, 1)


def _entry_in(raw: bytes) -> JournalEntry | None:
    """Return the entry of a whole line, None for anything else."""
    try:
        return read_line(raw).entry()
    except DamagedLineError:
        return None


def _joined(lines: Sequence[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _free_name(damaged: Path) -> Path:
    number = 1
    while (path := damaged.with_name(f"{damaged.stem}.damaged-{number}.jsonl")).exists():
        number += 1
    return path


def _described(part: _Part, answered: AbstractSet[QuestionKey | None]) -> DamagedLine:
    item = _ITEM.search(part.raw)
    return DamagedLine(
        part.number,
        item[1].decode("utf-8", "replace") if item else None,
        _key_in(part.raw) in answered,
    )


def _key_in(damaged: bytes) -> QuestionKey | None:
    """Return the key of a damaged line, where its beginning can still be read."""
    found = _KEY.match(damaged)
    if found is None:
        return None
    try:
        slot = SlotPart.model_validate_json(found[2])
    except ValidationError:
        return None
    return QuestionKey(found[1].decode("utf-8", "replace"), slot.slot())
