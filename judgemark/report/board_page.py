"""The leaderboard as one self-contained HTML file: it loads nothing and sends nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from jinja2 import Template
from markupsafe import Markup

from judgemark.leaderboard.assembly import Leaderboard, SectionTables
from judgemark.leaderboard.columns import BoardColumn, columns_of, cost_of
from judgemark.leaderboard.cost_frontier import Frontier, frontier
from judgemark.leaderboard.packed_scores import CARDS
from judgemark.leaderboard.section_rows import RankedTable, Row, covered, is_tournament
from judgemark.report.charts_axis import DrawnAxis, linear_axis
from judgemark.report.cost_plot import Plot, cost_plot
from judgemark.report.html import asset, environment, policy, visible
from judgemark.report.labels import short_name
from judgemark.scoring.number_format import ABSENT, dollars, figure, interval, score_interval
from judgemark.scoring.reading_figures import DOES_NOT_READ
from judgemark.version import __version__

WIDE, NARROW = (1000.0, 400.0), (350.0, 330.0)
"""The score-against-cost plot is drawn in two sizes, so that its text is legible on any screen."""

EDGE = 3.0
"""Percent of the interval column left free on either side, for marks at the ends of the axis."""

BREAKS = re.compile(r"(?<=[/:_-])")
MOST_NAMED = 3
MOST_ROWS = 1_000
"""How many rows of a table the page shows: browsers take minutes to lay out ten thousand."""

MOST_COLUMNS = 10
"""The number of figures that fit a desktop screen; a table with more of them scrolls."""

FLOOR_REMARKS: Mapping[str, str] = {
    "baseline:lexical": "floor: counts distinct words, reads nothing",
    "baseline:length": "floor: counts characters, reads nothing",
    "baseline:random": "floor: scores at random",
    "baseline:constant": "floor: gives every piece the same score",
}


@dataclass(frozen=True, slots=True)
class BoardCell:
    """One figure: its rounded text, its exact value for sorting, and its tooltip.

    `whisker` are the places of 0, of both ends of the interval and of the value, in percent of the
    cell's width; empty where the figure has no interval.
    """

    column: BoardColumn
    text: str
    value: float | None
    tip: str
    whisker: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it is drawn; x positions are percent of the interval column."""

    row: Row
    order: int
    rank: str
    places: str
    odd: bool
    detail: str
    remark: str
    warned: bool
    score: str
    tip: str
    x: float | None
    x_low: float | None
    x_high: float | None
    cells: tuple[BoardCell, ...]
    link: str


@dataclass(frozen=True, slots=True)
class TableView:
    """The table of a section for one scorecard; `total` counts the rows that are not shown too."""

    name: str
    scorecard: str
    columns: tuple[BoardColumn, ...]
    wide: bool
    groups: tuple[tuple[str, int], ...]
    ticks: tuple[tuple[float, str], ...]
    floor_x: float | None
    floor_name: str
    ranked: tuple[Line, ...]
    apart: tuple[Line, ...]
    lead: str
    plots: tuple[tuple[str, Plot], ...]
    best: tuple[tuple[str, str, str], ...]
    unknown: int
    total: int


@dataclass(frozen=True, slots=True)
class PartView:
    """A section with its tables, one for each scorecard."""

    name: str
    part: SectionTables
    tables: tuple[TableView, ...]


def render(board: Leaderboard, scorecard: str = "v4") -> str:
    """Return the page, which first shows `scorecard`; every text from outside is escaped."""
    return "".join(render_parts(board, scorecard))


def render_parts(board: Leaderboard, scorecard: str) -> Iterator[str]:
    """Yield the page in parts."""
    css, script = asset("base.css", "board.css"), asset("board.js")
    kinds = sorted({row.kind for part in board.parts for row in part.tables[scorecard].rows})
    yield from _template().generate(
        board=board,
        parts=[_part(f"s{n}", part, board.links) for n, part in enumerate(board.parts, 1)],
        scorecards=list(CARDS),
        chosen=scorecard,
        kinds=kinds,
        css=Markup(css),
        script=Markup(script),
        policy=policy(css, script),
        version=__version__,
    )


@cache
def _template() -> Template:
    return environment(
        {"percent": _percent, "breakable": _breakable, "short": short_name}
    ).get_template("board.html")


def _breakable(name: str) -> Markup:
    """Return an escaped name that may wrap after a slash, a colon or a dash."""
    return Markup("<wbr>").join(BREAKS.split(visible(short_name(name))))


def _percent(share: float) -> str:
    return f"{share:.2f}%"


def _part(name: str, part: SectionTables, links: Mapping[str, str]) -> PartView:
    views = [_table(f"{name}-{n}", table, links) for n, table in enumerate(part.tables.values())]
    return PartView(name, part, tuple(views))


def _shown(table: RankedTable) -> RankedTable:
    """Return the rows of a table that the page shows: the first ones, and all floors."""

    def among(rows: Sequence[Row], room: int) -> tuple[Row, ...]:
        return tuple(row for n, row in enumerate(rows) if n < room or row.floor)

    room = MOST_ROWS - len(table.ranked)
    return replace(table, ranked=among(table.ranked, MOST_ROWS), apart=among(table.apart, room))


def _drawn(whole: Frontier, table: RankedTable) -> Frontier:
    """Return the frontier without the judges that are neither on it nor shown."""
    shown = {id(row) for row in (*table.ranked, *whole.best)}
    return replace(whole, drawn=tuple(row for row in whole.drawn if id(row) in shown))


def _table(name: str, whole: RankedTable, links: Mapping[str, str]) -> TableView:
    table = _shown(whole)
    ends = [end for row in table.rows if row.ci95 and row.score is not None for end in row.ci95]
    scores = [row.score for row in table.rows if row.score is not None]
    axis = linear_axis([*ends, *scores], most_intervals=6)
    columns = columns_of(table.scorecard, table.rows)
    times = Counter(row.name for row in table.rows)
    twice = {name for name, count in times.items() if count > 1}
    scales = {column.key: _scale(column, table.rows) for column in columns}
    drawing = _TableDrawing(table.scorecard, axis, columns, twice, links, scales)
    floor = max((r for r in table.ranked if r.floor), key=lambda r: r.score or 0.0, default=None)
    costs = _drawn(frontier(whole), table)
    drawable = len(costs.drawn) > 1 and any(cost_of(row) for row in costs.drawn)
    return TableView(
        name=name,
        scorecard=table.scorecard,
        columns=columns,
        wide=len(columns) > MOST_COLUMNS,
        groups=tuple((group, len(list(own))) for group, own in groupby(c.group for c in columns)),
        ticks=tuple((drawing.at(t), f"{t:g}".replace("-", "−")) for t in axis.ticks),
        floor_x=drawing.at(floor.score or 0.0) if floor else None,
        floor_name=floor.name if floor else "",
        ranked=tuple(drawing.line(row, n) for n, row in enumerate(table.ranked)),
        apart=tuple(drawing.line(row, n) for n, row in enumerate(table.apart)),
        lead=_lead(whole),
        plots=(
            ("wide", cost_plot(table, costs, *WIDE)),
            ("narrow", cost_plot(table, costs, *NARROW)),
        )
        if drawable
        else (),
        best=tuple((short_name(r.name), figure(r.score, 1), _price(r)) for r in costs.best),
        unknown=costs.unknown,
        total=len(whole.rows),
    )


@dataclass(frozen=True, slots=True)
class _TableDrawing:
    """What all lines of a table share."""

    scorecard: str
    axis: DrawnAxis
    columns: Sequence[BoardColumn]
    twice: set[str]
    links: Mapping[str, str]
    scales: Mapping[str, tuple[float, float]]

    def at(self, score: float) -> float:
        """Return a score's position in percent of the interval column."""
        return EDGE + self.axis.share(score) * (100 - 2 * EDGE)

    def line(self, row: Row, order: int) -> Line:
        """Return one row as it is drawn."""
        s, entry = row.standing, row.entry
        ends = row.ci95 if row.score is not None else None
        return Line(
            row=row,
            order=order,
            rank=str(s.rank) if s else "",
            places=_places(row),
            odd=bool(s and s.group % 2),
            detail=short_name(entry.run_id) if entry and row.name in self.twice else "",
            remark=_remark(row),
            warned=bool(row.alert or row.reading == DOES_NOT_READ),
            score=figure(row.score, 1),
            tip=_tip(row, self.scorecard),
            x=None if row.score is None else self.at(row.score),
            x_low=self.at(ends[0]) if ends else None,
            x_high=self.at(ends[1]) if ends else None,
            cells=tuple(_cell(row, column, self.scales[column.key]) for column in self.columns),
            link=self.links.get(entry.digest, "") if entry else "",
        )


def _places(row: Row) -> str:
    s = row.standing
    if s is None or s.low == s.high:
        return ""
    return f"{s.low}–{s.high}"


def _remark(row: Row) -> str:
    if row.floor and not row.unranked:
        return FLOOR_REMARKS.get(row.name, "floor: reads nothing")
    remark = row.remark
    if not row.alert and row.card and row.card.missing:
        without = "scored without " + ", ".join(row.card.missing).replace("_", " ")
        return "; ".join(filter(None, (without, remark)))
    return remark


def _tip(row: Row, scorecard: str) -> str:
    """Return the exact figures of a row's interval, one per line."""
    if row.score is None:
        return row.unranked
    lines = [f"Score {figure(row.score, 4)}"]
    if row.ci95:
        lines.append(f"95% interval {score_interval(row.score, row.ci95, 2)}, these writers")
    elif row.entry and f"{scorecard}.ci95" in row.entry.reasons:
        lines.append(f"No interval: {row.entry.reasons[f'{scorecard}.ci95']}")
    other = row.card.ci95_other_writers if row.card else None
    if other:
        lines.append(f"95% interval {interval(other, 2)}, other writers")
    s = row.standing
    if s:
        lines.append(f"Rank {s.rank}; its interval is {s.low} to {s.high}")
    return "\n".join(lines)


def _scale(column: BoardColumn, rows: Sequence[Row]) -> tuple[float, float]:
    """Return the least and the greatest end of a column's intervals, 0 among them."""
    found = [end for row in rows for end in column.ends(row) or ()]
    return min([0.0, *found]), max([0.0, *found])


def _whisker(
    value: float, ends: tuple[float, float], scale: tuple[float, float]
) -> tuple[float, ...]:
    """Return where 0, both ends and the value of a figure stand, in percent of its cell."""
    low, high = scale
    width = (high - low) or 1.0
    return tuple(round(EDGE + (x - low) / width * (100 - 2 * EDGE), 1) for x in (0, *ends, value))


def _cell(row: Row, column: BoardColumn, scale: tuple[float, float]) -> BoardCell:
    """Return a figure; its `tip` is "" where the page shows only the exact value."""
    value = column.value(row)
    if value is None:
        return BoardCell(column, ABSENT, None, "")
    ends = column.print_ends(row)
    tip = f"95% interval {ends}" if ends else ""
    if column.key == "coverage" and row.entry:
        tip = f"{covered(row.entry)}, {row.entry.coverage.asked} asked about"
        if is_tournament(row.entry):
            tip = (
                "the share of the matches that have a verdict, or of the ratings where that is less"
            )
    elif column.key == "cost":
        tip = "an embedded judge costs nothing" if row.floor else f"${value:.6f} for {_runs(row)}"
    interval = column.ends(row)
    whisker = _whisker(value, interval, scale) if interval else ()
    return BoardCell(column, column.text(row), value, tip, whisker)


def _runs(row: Row) -> str:
    """Say which runs a cost is of."""
    others = [entry.kind for entry in row.joined.entries]
    return "the run" if not others else f"the run and its {' and '.join(others)}"


def _price(row: Row) -> str:
    cost = cost_of(row)
    return "free" if cost == 0 else dollars(cost)


def _lead(table: RankedTable) -> str:
    """Say in one sentence which judge comes first."""
    first = [r for r in table.ranked if r.standing and r.standing.group == 1]
    first.sort(key=lambda r: r.standing.place if r.standing else 0)
    if not first:
        return ""
    if len(first) > 1 and not any(len(row.replicates) for row in first):
        reason = next(
            (row.entry.reasons.get(f"{table.scorecard}.ci95") for row in first if row.entry), ""
        )
        return f"There is no interval to tell these judges apart{f': {reason}' if reason else ''}."
    names = [short_name(row.name) for row in first]
    if len(names) == 1:
        others = sum(row.standing is not None for row in table.ranked) - 1
        return f"{names[0]} comes first." if others else ""
    if len(names) <= MOST_NAMED:
        listed = ", ".join(names[:-1]) + f" and {names[-1]}"
        return f"{listed} share the first rank: their scores do not differ significantly."
    return (
        f"{names[0]} has the highest score, and {len(names) - 1} others share its rank: their "
        "scores do not differ significantly."
    )
