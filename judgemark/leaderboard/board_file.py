"""Board files have one entry per line, so that two boards merge by concatenation."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

from judgemark.errors import InputError, UsageError
from judgemark.leaderboard.board_entry import FORMAT, Damaged, Entry, canonical
from judgemark.leaderboard.entry_comparison import differences, of_verdicts
from judgemark.leaderboard.validity_entry import BoardRecord, ValidityEntry, read_record
from judgemark.run.files import write_byte_parts

BOM = b"\xef\xbb\xbf"
_CHUNK = 1 << 20
_DIGEST = re.compile(rb'"digest":"([0-9a-f]{64})",')
_FORMAT = f'"format":{FORMAT},'.encode()
_SIGNATURES = b',"signatures":['


@dataclass(frozen=True, slots=True)
class UnusableLine:
    """A line of a board file that could not be used, and the reason."""

    path: Path
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.path}: line {self.line}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Board:
    """The entries of a board file in their order, and the lines that are not entries.

    `measured` are the entries of ladders, runs over pairs and probes.
    """

    entries: tuple[Entry, ...]
    unusable: tuple[UnusableLine, ...]
    measured: tuple[ValidityEntry, ...] = ()

    @property
    def records(self) -> tuple[BoardRecord, ...]:
        """All entries, of whichever kind."""
        return (*self.entries, *self.measured)


@dataclass(frozen=True, slots=True)
class Merged:
    """Entries without duplicates, and those of the same verdicts that contradict each other.

    `disputed` maps the digest of each contradicting entry to the first figure that differs.
    `superseded` counts the incomplete entries that were left out because the same judge has a
    complete one.
    """

    entries: tuple[Entry, ...]
    disputed: dict[str, str]
    superseded: int


def read_board(path: Path) -> Board:
    """Read a board file; damaged lines are returned and do not stop the reading.

    Raises InputError where the file cannot be read."""
    entries: list[Entry] = []
    measured: list[ValidityEntry] = []
    unusable: list[UnusableLine] = []
    for number, text in _numbered(path):
        found = _read(path, number, text)
        if isinstance(found, UnusableLine):
            unusable.append(found)
        elif isinstance(found, Entry):
            entries.append(found)
        else:
            measured.append(found)
    return Board(tuple(entries), tuple(unusable), tuple(measured))


def counted(path: Path) -> tuple[int, tuple[UnusableLine, ...]]:
    """Return how many entries a board file has, and the lines that are not entries.

    A line whose digest fits its text is counted without being parsed. Raises as `read_board` does.
    """
    count, unusable = 0, []
    for number, text in _numbered(path):
        found = None if _is_as_written(text) else _read(path, number, text)
        if isinstance(found, UnusableLine):
            unusable.append(found)
        else:
            count += 1
    return count, tuple(unusable)


def _numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a board file that are not empty, with their numbers."""
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                if text := raw.removeprefix(BOM).strip():
                    yield number, text
    except FileNotFoundError:
        raise InputError(path, "no such file", fix="check the path") from None
    except OSError as exc:
        raise InputError(
            path, f"cannot be read ({exc.strerror})", fix="check its permissions"
        ) from exc


def _read(path: Path, number: int, text: bytes) -> BoardRecord | UnusableLine:
    try:
        return read_record(text.decode())
    except UnicodeDecodeError:
        return UnusableLine(path, number, "is not UTF-8")
    except Damaged as exc:
        return UnusableLine(path, number, str(exc))


def _is_as_written(text: bytes) -> bool:
    """Return whether a line, as our own program writes it, has the digest of its other fields."""
    digest = _DIGEST.search(text)
    if digest is None or _FORMAT not in text:
        return False
    covered = text[: digest.start()] + text[digest.end() :]
    start = covered.find(_SIGNATURES)
    if start >= 0:
        covered = covered[:start] + covered[covered.find(b"]", start) + 1 :]
    return hashlib.sha256(covered).hexdigest().encode() == digest[1]


class Appended(StrEnum):
    """What adding an entry changed; true where anything did."""

    ADDED = "added"
    SIGNED = "signed"
    UNCHANGED = "there already"

    def __bool__(self) -> bool:
        return self is not Appended.UNCHANGED


def append(path: Path, entry: BoardRecord) -> Appended:
    """Add an entry; one that the board has already gets the signatures that are new.

    The board is locked while it is changed, and readers see it either with the whole new line or
    without it. Damaged lines are kept. Only lines in which the entry's digest stands are parsed.
    """
    path = path.resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock")):
            known = [e for raw in _lines(path) if (e := _same_entry(raw, entry)) is not None]
            if known and all(set(entry.signatures) <= set(e.signatures) for e in known):
                return Appended.UNCHANGED
            if known:
                write_byte_parts(path, (_with_signatures(raw, entry) for raw in _lines(path)))
                return Appended.SIGNED
            write_byte_parts(path, _with_line(path, entry.line().encode() + b"\n"))
    except OSError as exc:
        raise UsageError(f"{path}: cannot be written ({exc.strerror}); give another path") from exc
    return Appended.ADDED


def _lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file with their newlines; none where there is no file."""
    if path.exists():
        with path.open("rb") as file:
            yield from file


def _with_line(path: Path, line: bytes) -> Iterator[bytes]:
    """Yield the content of a file, and a line after it."""
    last = b"\n"
    if path.exists():
        with path.open("rb") as file:
            while part := file.read(_CHUNK):
                last = part[-1:]
                yield part
    yield line if last == b"\n" else b"\n" + line


def _same_entry(raw: bytes, entry: BoardRecord) -> BoardRecord | None:
    """Return the entry in a line where it has the digest of this one, else None."""
    if entry.digest.encode() not in raw:
        return None
    try:
        found = read_record(raw.removeprefix(BOM).strip().decode())
    except (Damaged, UnicodeDecodeError):
        return None
    return found if found.digest == entry.digest else None


def _with_signatures(raw: bytes, entry: BoardRecord) -> bytes:
    """Return a board's line; with the entry's signatures where it is the same entry."""
    found = _same_entry(raw, entry)
    if found is None:
        return raw
    end = b"\n" if raw.endswith(b"\n") else b""
    return found.signed(entry.signatures).line().encode() + end


def merged(entries: Iterable[Entry]) -> Merged:
    """Merge duplicates; the outcome does not depend on the order of the entries.

    Entries of the same verdicts and rules become one row where they agree, and the newest
    program's entry is kept. Where their figures disagree, all of them are kept and marked as
    disputed, since only the run itself shows which is right. A judge that was asked twice and gave
    the same verdicts has a row for each asking, as any judge that was asked twice; a floor has
    one. An incomplete entry is left out where the same judge, asked in the same way, has a
    complete one.
    """
    alike: dict[str, list[Entry]] = {}
    for entry in sorted(without_duplicates(entries), key=_newest_first):
        alike.setdefault(entry.identity, []).append(entry)
    kept: list[Entry] = []
    disputed: dict[str, str] = {}
    for first, *others in alike.values():
        kept.append(first)
        askings = {_asking(first)}
        for entry in others:
            figures = of_verdicts(differences(entry, first))
            if figures:
                disputed[entry.digest] = disputed[first.digest] = figures[0].split(":")[0]
            if figures or not (first.is_floor or _asking(entry) in askings):
                kept.append(entry)
                askings.add(_asking(entry))
    whole = {_judge_and_questions(e) for e in kept if e.coverage.status == "complete"}
    last = [
        e for e in kept if e.coverage.status == "complete" or _judge_and_questions(e) not in whole
    ]
    return Merged(tuple(sorted(last, key=_by_name)), disputed, len(kept) - len(last))


_Record = TypeVar("_Record", Entry, ValidityEntry)


def without_duplicates(entries: Iterable[_Record]) -> tuple[_Record, ...]:
    """Return each entry once, with all signatures that stand with it anywhere."""
    known: dict[str, _Record] = {}
    for entry in entries:
        before = known.get(entry.digest)
        known[entry.digest] = entry if before is None else before.signed(entry.signatures)
    return tuple(known.values())


def _newest_first(entry: Entry) -> tuple[tuple[int, ...], str]:
    parts = entry.program.version.split(".")
    return tuple(-int(p) if p.isdecimal() else 0 for p in parts), entry.digest


def _judge_and_questions(entry: Entry) -> str:
    """Return who was asked what; it is the same for a run and an unfinished part of it."""
    return canonical([entry.judge.name, entry.judge.configuration, entry.fingerprint])


def _asking(entry: Entry) -> str:
    """Return what one asking took and how it went, which another with the same verdicts need not
    share."""
    return canonical([entry.usage.model_dump(), entry.coverage.first_try_parse_rate])


def _by_name(entry: Entry) -> tuple[str, str, str]:
    return entry.judge.name, entry.run_id, entry.digest
