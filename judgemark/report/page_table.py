"""What report sections consist of: parts with sentences, a table, and names with values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Fact = tuple[str, str]


class Kind(StrEnum):
    """How a column is laid out; the values are CSS classes."""

    NAME = "name"
    NUMBER = "n"
    WORDS = "words"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and the layout of its cells."""

    title: str
    kind: Kind = Kind.NUMBER


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, smaller lines below it, and a `share` (0..1) that is drawn as a bar."""

    text: str
    small: tuple[str, ...] = ()
    share: float | None = None


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of formatted cells; the first cell of each row is the row's heading."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a section: heading, sentences, a table and facts.

    `remarks` stand below the table. A `folded` part is closed until a reader clicks on it.
    """

    title: str
    lead: tuple[str, ...] = ()
    table: Table | None = None
    facts: tuple[Fact, ...] = ()
    remarks: tuple[str, ...] = ()
    folded: bool = False


def columns(*titles: str | Column) -> tuple[Column, ...]:
    """Return columns with these titles; by default the first holds names, the others numbers."""
    first, *rest = titles
    return (
        first if isinstance(first, Column) else Column(first, Kind.NAME),
        *(t if isinstance(t, Column) else Column(t) for t in rest),
    )


def row(*cells: str | Cell) -> Row:
    """Return a row of cells; plain texts become cells."""
    return tuple(c if isinstance(c, Cell) else Cell(c) for c in cells)
