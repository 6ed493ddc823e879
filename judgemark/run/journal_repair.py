"""Repairs a damaged journal: every whole line stays, the rest is set aside in a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from judgemark.errors import InputError
from judgemark.records import QuestionKey
from judgemark.run.files import write_bytes
from judgemark.run.folder import RunFolder
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.journal_line import DamagedLineError, SlotPart, read_line

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

    `aside` is None where nothing was damaged; then the journal is as it was.
    """

    kept: int
    damaged: tuple[DamagedLine, ...]
    aside: Path | None

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


def repair_run(folder: RunFolder) -> Repair:
    """Repair the journal of a run; no other process may be asking for the run meanwhile.

    A whole line that was appended to a torn one is kept too. The damaged bytes are written to the
    first free `verdicts.damaged-N.jsonl` before the journal is replaced, in one step.

    Raises InputError where the run has no journal, and UsageError where the folder cannot be
    written or another process is asking for the run.
    """
    path = folder.journal
    if not path.is_file():
        raise InputError(path, "no such file", fix="this run has no journal to repair")
    with folder.locked():
        try:
            data = path.read_bytes()
        except OSError as exc:
            problem = f"cannot be read ({exc.strerror})"
            raise InputError(path, problem, fix="check its permissions") from exc
        parts = list(_parts(data))
        whole = [p for p in parts if p.entry is not None]
        broken = [p for p in parts if p.entry is None]
        answered = {p.entry.key for p in whole if p.entry and p.entry.outcome.cls.good}
        aside = _free_name(path) if broken else None
        if aside is not None:
            write_bytes(aside, _joined(broken))
        if (repaired := _joined(whole)) != data:
            write_bytes(path, repaired)
    return Repair(len(whole), tuple(_described(p, answered) for p in broken), aside)


def _parts(data: bytes) -> Iterator[_Part]:
    """The parts of a journal in their order; empty lines are no part of it."""
    for number, raw in enumerate(data.split(b"\n"), 1):
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


def _entry_in(raw: bytes) -> JournalEntry | None:
    """The entry of a whole line, None for anything else."""
    try:
        return read_line(raw).entry()
    except DamagedLineError:
        return None


def _joined(parts: Iterable[_Part]) -> bytes:
    return b"".join(part.raw + b"\n" for part in parts)


def _free_name(journal: Path) -> Path:
    number = 1
    while (path := journal.with_name(f"{journal.stem}.damaged-{number}.jsonl")).exists():
        number += 1
    return path


def _described(part: _Part, answered: AbstractSet[QuestionKey]) -> DamagedLine:
    item = _ITEM.search(part.raw)
    return DamagedLine(
        part.number,
        item[1].decode("utf-8", "replace") if item else None,
        _key_in(part.raw) in answered,
    )


def _key_in(damaged: bytes) -> QuestionKey | None:
    """The key of a damaged line, where its beginning can still be read."""
    found = _KEY.match(damaged)
    if found is None:
        return None
    try:
        slot = SlotPart.model_validate_json(found[2])
    except ValidationError:
        return None
    return QuestionKey(found[1].decode("utf-8", "replace"), slot.slot())
