"""The report's building bricks: a part with its sentences, its table and its single facts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Fact = tuple[str, str]


class Kind(StrEnum):
    """How a column is set."""

    NAME = "name"
    NUMBER = "n"
    WORDS = "words"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head and how its cells are set."""

    title: str
    kind: Kind = Kind.NUMBER


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says; `small` stands below it, a line each, `share` (0..1) draws a bar."""

    text: str
    small: tuple[str, ...] = ()
    share: float | None = None


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells, worded and rounded already; the first of each row is its head."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a section: heading, sentences, table and facts; a `folded` one opens by a click.

    `remarks` stand below the table.
    """

    title: str
    lead: tuple[str, ...] = ()
    table: Table | None = None
    facts: tuple[Fact, ...] = ()
    remarks: tuple[str, ...] = ()
    folded: bool = False


def columns(*titles: str | Column) -> tuple[Column, ...]:
    """Columns by their titles: the first holds names, the others numbers."""
    first, *rest = titles
    return (
        first if isinstance(first, Column) else Column(first, Kind.NAME),
        *(t if isinstance(t, Column) else Column(t) for t in rest),
    )


def row(*cells: str | Cell) -> Row:
    """A row of cells, plain texts among them."""
    return tuple(c if isinstance(c, Cell) else Cell(c) for c in cells)
