"""Assemble a leaderboard: sections with their tables, ready for a page or a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from judgemark.leaderboard.board_entry import Entry
from judgemark.leaderboard.board_file import merged
from judgemark.leaderboard.damage_and_people import damage_and_people
from judgemark.leaderboard.joined_figures import JoinedByJudge
from judgemark.leaderboard.packed_scores import CARDS
from judgemark.leaderboard.section_rows import RankedTable, table_of
from judgemark.leaderboard.sections import PARTS, Section, flat, sections, shown, words
from judgemark.leaderboard.validity_entry import ValidityEntry


@dataclass(frozen=True, slots=True)
class SectionTables:
    """A section with one table for each scorecard, and what its runs share, in words."""

    title: str
    facts: tuple[tuple[str, str], ...]
    section: Section
    tables: Mapping[str, RankedTable]


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """All sections of a leaderboard.

    `links` maps the digests of entries to the addresses of their reports. `remarks` hold what a
    reader must know about the whole board: duplicates, contradictions and what was left out.
    """

    parts: tuple[SectionTables, ...]
    links: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def judges(self) -> int:
        """Return the number of rows that are judges and not floors."""
        return sum(len(part.section.judges) for part in self.parts)


def leaderboard(
    entries: Iterable[Entry],
    links: Mapping[str, str] | None = None,
    remarks: Iterable[str] = (),
    measured: Iterable[ValidityEntry] = (),
) -> Leaderboard:
    """Merge entries, sort them into sections and rank them; their order does not matter.

    `measured` are the judges' ladders, runs over pairs and probes, which join their rows.
    """
    known = merged(entries)
    others = tuple({entry.digest: entry for entry in measured}.values())
    joined = JoinedByJudge.of(others)
    told = [*remarks, *joined.remarks(others, known.entries)]
    told += damage_and_people(joined, known.entries)
    if known.superseded:
        runs = "run is" if known.superseded == 1 else "runs are"
        told.append(
            f"{known.superseded} incomplete {runs} left out because the same judge has a "
            "complete run here."
        )
    if known.disputed:
        told.append(
            f"{len(known.disputed)} entries contradict another entry of the same verdicts. They "
            "are marked and not ranked; leaderboard verify shows which is right."
        )
    found = tuple(sections(known.entries))
    parts = tuple(
        SectionTables(
            title,
            _facts(section),
            section,
            {name: table_of(section, name, known.disputed, joined) for name in CARDS},
        )
        for title, section in zip(_distinct([_title(s) for s in found]), found, strict=True)
    )
    return Leaderboard(parts, dict(links or {}), tuple(told))


def _distinct(titles: Sequence[str]) -> Iterator[str]:
    """Yield the titles with a number after one that a section before has too."""
    times: Counter[str] = Counter()
    for title in titles:
        times[title] += 1
        yield title if times[title] == 1 else f"{title} ({times[title]})"


def _title(section: Section) -> str:
    lead = (section.judges or section.floors)[0]
    protocol = dict(flat(section.parts.get("protocol") or {}))
    if not section.judges:
        how = "judges that do not read"
    elif lead.judge.kind == "pairwise":
        how = "pairwise"
    else:
        how = "rubric"
    title = f"{lead.dataset.name}, {how}"
    if "tournament option" not in protocol:
        return title
    title += f", {protocol['tournament option']} tournament"
    rounds = protocol.get("tournament rounds")
    return title if rounds is None else f"{title} of {rounds} rounds"


def _facts(section: Section) -> tuple[tuple[str, str], ...]:
    """Return what the section's runs share, as names and texts."""
    lead = max(section.judges or section.floors, key=lambda e: e.dataset.pieces)
    facts = [("samples", f"{lead.dataset.name}, {counted(lead)}")]
    for name in PARTS:
        part = section.parts.get(name)
        if part not in (None, "all", {}):
            facts.append((name, part_in_words(part)))
    return tuple(facts)


def counted(entry: Entry) -> str:
    """Return how many pieces, writers, items and iterations were judged."""
    data = entry.dataset
    named = (
        (data.pieces, "piece"),
        (data.writers, "writer"),
        (data.items, "item"),
        (data.iterations, "iteration"),
    )
    return ", ".join(f"{n} {noun if n == 1 else noun + 's'}" for n, noun in named)


def part_in_words(part: Any) -> str:
    """Return one part of what runs share in words."""
    if isinstance(part, Mapping):
        told = ", ".join(_setting(key, value) for key, value in flat(part) if value is not None)
        return told or "none"
    return shown(part)


def _setting(key: str, value: Any) -> str:
    return shown(value) if key == "name" else f"{words(key)} {shown(value)}"
