"""The columns of a board besides rank and score: registered figures of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from judgemark.leaderboard.section_rows import Row
from judgemark.scoring.figures import Better, Figure, Shown, Topic, Unit, shown_in
from judgemark.scoring.number_format import ABSENT, printed

FigureValue = float | None
_ENTRY_SECTIONS = ("usage", "coverage")


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One figure as a board shows it."""

    figure: Figure

    @property
    def key(self) -> str:
        """The figure's key."""
        return self.figure.key

    @property
    def group(self) -> str:
        """The heading of the group of columns it belongs to."""
        return self.figure.topic.value

    @property
    def title(self) -> str:
        """The column's heading; it may wrap at its line break."""
        return self.figure.title or self.figure.label

    @property
    def label(self) -> str:
        """The column's name without its group."""
        return self.figure.label

    @property
    def help(self) -> str:
        """What it is."""
        return self.figure.help

    @property
    def always(self) -> bool:
        """Whether the column is shown even where no row has a value."""
        return self.figure.always

    @property
    def descending(self) -> bool:
        """Whether the greatest value comes first when the table is sorted by the column."""
        return self.figure.better is not Better.LOWER

    def value(self, row: Row) -> FigureValue:
        """Return the row's value; None where it has none. Floors cost nothing."""
        figure = self.figure
        if figure.key == "cost" and row.floor:
            return 0.0
        if figure.card_field is not None:
            found: FigureValue = getattr(row.card, figure.card_field) if row.card else None
            return found
        if row.entry is None:
            return None
        if figure.path.split(".")[0] in _ENTRY_SECTIONS:
            kept: FigureValue = attrgetter(figure.path)(row.entry)
            return row.joined.cost(kept) if figure.key == "cost" else kept
        return row.figures.get(figure.entry_name)

    def ends(self, row: Row) -> tuple[float, float] | None:
        """Return the ends of the 95% interval of the row's value; None where there is none."""
        if self.figure.ends is None or row.entry is None:
            return None
        low, high = (row.figures.get(key) for key in self.figure.ends)
        return None if low is None or high is None else (low, high)

    def print_ends(self, row: Row) -> str:
        """Round the interval of the row's value for a reader; "" where there is none."""
        ends = self.ends(row)
        return f"{self.print(ends[0])} to {self.print(ends[1])}" if ends else ""

    def text(self, row: Row) -> str:
        """Format the row's value for a reader."""
        return self.print(self.value(row))

    def print(self, value: FigureValue) -> str:
        """Format a value for a reader."""
        return printed(value, self.figure.unit)


@dataclass(frozen=True, slots=True)
class SwayedByColumn(BoardColumn):
    """What sways the judge most, in words; it has no number of its own."""

    def value(self, row: Row) -> FigureValue:
        """Return 1 where something was found, 0 where nothing was, None without probes."""
        swayed_by = row.joined.swayed_by
        return None if swayed_by is None else float(bool(swayed_by))

    def text(self, row: Row) -> str:
        """Return the cause and its effect in words."""
        swayed_by = row.joined.swayed_by
        return ABSENT if swayed_by is None else swayed_by or "nothing found"


SWAYED_BY = SwayedByColumn(
    Figure(
        "most_swayed_by",
        "probe.most_swayed_by",
        "Most swayed by",
        "The change that should not matter and moves this judge most, and by how much.",
        Unit.POINTS,
        Better.NEITHER,
        topic=Topic.VALIDITY,
        title="Most\nswayed by",
    )
)
"""Its place in a result is a text, so that it is no registered figure."""


def _in_order() -> tuple[BoardColumn, ...]:
    """Return the registered columns, with that of probes after the others of its group."""
    listed = [BoardColumn(figure) for figure in shown_in(Shown.BOARD)]
    last = max(n for n, column in enumerate(listed) if column.figure.topic is Topic.VALIDITY)
    return (*listed[: last + 1], SWAYED_BY, *listed[last + 1 :])


COLUMNS = _in_order()


def columns_of(scorecard: str, rows: Iterable[Row]) -> tuple[BoardColumn, ...]:
    """Return the columns of a scorecard that are always shown or have a value in some row."""
    listed = list(rows)
    return tuple(
        column
        for column in COLUMNS
        if scorecard in column.figure.scorecards
        and (column.always or any(column.value(row) is not None for row in listed))
    )


def cost_of(row: Row) -> FigureValue:
    """Return the cost in dollars, None where unknown; an embedded judge costs nothing."""
    return _COST.value(row)


_COST = next(column for column in COLUMNS if column.key == "cost")
