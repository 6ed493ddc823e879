"""Board files have one entry per line, so that two boards merge by concatenation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from filelock import FileLock

from judgemark.errors import InputError, UsageError
from judgemark.leaderboard.board_entry import Damaged, Entry, canonical
from judgemark.leaderboard.entry_comparison import differences
from judgemark.leaderboard.validity_entry import BoardRecord, ValidityEntry, read_record
from judgemark.run.files import write_bytes

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Loss:
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
    losses: tuple[Loss, ...]
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
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(path, "no such file", fix="check the path") from None
    except OSError as exc:
        raise InputError(path, f"cannot be read ({exc.strerror})") from exc
    entries: list[Entry] = []
    measured: list[ValidityEntry] = []
    losses: list[Loss] = []
    for number, raw in enumerate(data.split(b"\n"), 1):
        text = raw.removeprefix(BOM).strip()
        if not text:
            continue
        try:
            found = read_record(text.decode())
            if isinstance(found, Entry):
                entries.append(found)
            else:
                measured.append(found)
        except UnicodeDecodeError:
            losses.append(Loss(path, number, "is not UTF-8"))
        except Damaged as exc:
            losses.append(Loss(path, number, str(exc)))
    return Board(tuple(entries), tuple(losses), tuple(measured))


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
    without it. Damaged lines are kept.
    """
    path = path.resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock")):
            before = path.read_bytes() if path.exists() else b""
            known = [e for e in _known(path, before) if e.digest == entry.digest]
            if known and all(set(entry.signatures) <= set(e.signatures) for e in known):
                return Appended.UNCHANGED
            if known:
                lines = [_with_signatures(raw, entry) for raw in before.split(b"\n")]
                write_bytes(path, b"\n".join(lines))
                return Appended.SIGNED
            if before and not before.endswith(b"\n"):
                before += b"\n"
            write_bytes(path, before + entry.line().encode() + b"\n")
    except OSError as exc:
        raise UsageError(f"{path}: cannot be written ({exc.strerror}); give another path") from exc
    return Appended.ADDED


def _with_signatures(raw: bytes, entry: BoardRecord) -> bytes:
    """Return a board's line; with the entry's signatures where it is the same entry."""
    try:
        found = read_record(raw.removeprefix(BOM).strip().decode())
    except (Damaged, UnicodeDecodeError):
        return raw
    return found.signed(entry.signatures).line().encode() if found.digest == entry.digest else raw


def _known(path: Path, data: bytes) -> Sequence[BoardRecord]:
    return read_board(path).records if data else ()


def merged(entries: Iterable[Entry]) -> Merged:
    """Merge duplicates; the outcome does not depend on the order of the entries.

    Entries of the same verdicts and rules become one row where they agree, and the newest
    program's entry is kept. Where they disagree, all of them are kept and marked as disputed,
    since only the run itself shows which is right. An incomplete entry is left out where the
    same judge, asked in the same way, has a complete one.
    """
    alike: dict[str, list[Entry]] = {}
    for entry in sorted(without_duplicates(entries), key=_newest_first):
        alike.setdefault(entry.identity, []).append(entry)
    kept: list[Entry] = []
    disputed: dict[str, str] = {}
    for group in alike.values():
        first = group[0]
        apart = {e.digest: differences(e, first) for e in group[1:]}
        contradicting = {digest: found for digest, found in apart.items() if found}
        kept.append(first)
        kept += [e for e in group[1:] if e.digest in contradicting]
        for digest, found in contradicting.items():
            disputed[digest] = disputed[first.digest] = found[0].split(":")[0]
    whole = {_judge_and_questions(e) for e in kept if e.coverage.status == "complete"}
    last = [
        e for e in kept if e.coverage.status == "complete" or _judge_and_questions(e) not in whole
    ]
    return Merged(tuple(sorted(last, key=_by_name)), disputed, len(kept) - len(last))


def without_duplicates(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return each entry once, with all signatures that stand with it anywhere."""
    known: dict[str, Entry] = {}
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


def _by_name(entry: Entry) -> tuple[str, str, str]:
    return entry.judge.name, entry.run_id, entry.digest
