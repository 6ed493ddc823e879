"""What report sections consist of: parts with sentences, a table, and names with values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Fact = tuple[str, str]


class ColumnKind(StrEnum):
    """How a column is laid out; the values are CSS classes."""

    NAME = "name"
    NUMBER = "n"
    WORDS = "words"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class PageColumn:
    """A column's heading and the layout of its cells."""

    title: str
    kind: ColumnKind = ColumnKind.NUMBER


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell's text, smaller lines below it, and a `share` (0..1) that is drawn as a bar."""

    text: str
    small: tuple[str, ...] = ()
    share: float | None = None


PageRow = tuple[PageCell, ...]


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of formatted cells; the first cell of each row is the row's heading."""

    columns: tuple[PageColumn, ...]
    rows: tuple[PageRow, ...]


@dataclass(frozen=True, slots=True)
class PagePart:
    """A part of a section: heading, sentences, a table and facts.

    `remarks` stand below the table. A `folded` part is closed until a reader clicks on it.
    """

    title: str
    lead: tuple[str, ...] = ()
    table: PageTable | None = None
    facts: tuple[Fact, ...] = ()
    remarks: tuple[str, ...] = ()
    folded: bool = False


def columns(*titles: str | PageColumn) -> tuple[PageColumn, ...]:
    """Return columns with these titles; by default the first holds names, the others numbers."""
    first, *rest = titles
    return (
        first if isinstance(first, PageColumn) else PageColumn(first, ColumnKind.NAME),
        *(t if isinstance(t, PageColumn) else PageColumn(t) for t in rest),
    )


def row(*cells: str | PageCell) -> PageRow:
    """Return a row of cells; plain texts become cells."""
    return tuple(c if isinstance(c, PageCell) else PageCell(c) for c in cells)
