"""The plot of score against cost on the leaderboard page, laid out in pixels. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from judgemark.leaderboard.columns import cost_of
from judgemark.leaderboard.cost_frontier import Frontier
from judgemark.leaderboard.section_rows import RankedTable, Row
from judgemark.report.charts_axis import cost_axis, linear_axis

MOST_INTERVALS = 40
MOST_LETTERS = 26
_LETTER = 7.0
"""About the width of a letter in pixels, so that labels can be kept apart."""

_LINE = 16.0


@dataclass(frozen=True, slots=True)
class Point:
    """A judge on the plot, in pixels; only judges on the frontier with room for it have a label."""

    row: Row
    cost: float
    x: float
    y: float
    y_low: float | None
    y_high: float | None
    frontier: bool
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot in pixels: axes, points, the frontier as an SVG path, the best floor's level."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    points: tuple[Point, ...]
    line: str
    floor: tuple[float, str] | None


def cost_plot(table: RankedTable, frontier: Frontier, width: float, height: float) -> Plot:
    """Lay out the plot of a table and its frontier in `width` by `height` pixels."""
    paid = [cost for row in frontier.drawn if (cost := cost_of(row))]
    free = len(paid) < len(frontier.drawn)
    x_axis = cost_axis(paid)
    floor = max((r for r in table.ranked if r.floor), key=lambda r: r.score or 0.0, default=None)
    intervals = len(frontier.drawn) <= MOST_INTERVALS
    y_axis = linear_axis(_drawn_scores(frontier.drawn, floor, intervals))
    left, right, top, bottom = 46.0, width - 14.0, 14.0, height - 44.0
    gutter = 84.0 if free and (x_axis.log or not paid) else 12.0

    def x_of(cost: float) -> float:
        if cost == 0 and (x_axis.log or not paid):
            return left + 26.0
        return left + gutter + x_axis.share(cost) * (right - left - gutter - 12.0)

    def y_of(score: float) -> float:
        return bottom - y_axis.share(score) * (bottom - top)

    points = [
        Point(
            row,
            cost_of(row) or 0.0,
            x_of(cost_of(row) or 0.0),
            y_of(row.score or 0.0),
            y_of(row.ci95[0]) if intervals and row.ci95 else None,
            y_of(row.ci95[1]) if intervals and row.ci95 else None,
            row in frontier.best,
        )
        for row in frontier.drawn
    ]
    x_ticks = [(x_of(t), _dollars(t)) for t in x_axis.ticks] if paid else []
    if free and (x_axis.log or not paid):
        x_ticks.insert(0, (left + 26.0, "free"))
    box = (left, top, right, bottom)
    return Plot(
        width,
        height,
        left,
        right,
        top,
        bottom,
        tuple(x_ticks),
        tuple((y_of(t), f"{t:g}".replace("-", "−")) for t in y_axis.ticks),
        tuple(_labelled(points, box)),
        _frontier_path([p for p in points if p.frontier], right),
        (y_of(floor.score or 0.0), floor.name) if floor else None,
    )


def _drawn_scores(rows: Sequence[Row], floor: Row | None, intervals: bool) -> list[float]:
    values = [row.score or 0.0 for row in rows]
    if intervals:
        values += [end for row in rows if row.ci95 for end in row.ci95]
    return [*values, floor.score or 0.0] if floor else values


def _frontier_path(best: Sequence[Point], right: float) -> str:
    """Return the frontier as an SVG path: level up to the cost of the next better judge."""
    path = ""
    for point in best:
        path += f"H{point.x:.1f}V{point.y:.1f}" if path else f"M{point.x:.1f} {point.y:.1f}"
    return f"{path}H{right:.1f}" if path else ""


def _dollars(value: float) -> str:
    return f"${value:g}"


def _labelled(points: Sequence[Point], box: tuple[float, float, float, float]) -> list[Point]:
    """Label the points of the frontier where a name covers neither a point nor another name."""
    covered = [(p.x - 6, p.y - 6, p.x + 6, p.y + 6) for p in points]
    labelled: dict[int, Point] = {}
    for n, point in sorted(enumerate(points), key=lambda pair: -(pair[1].row.score or 0.0)):
        if not point.frontier:
            continue
        text = _shortened(point.row.name)
        width = len(text) * _LETTER
        for x, y, anchor in (
            (point.x - 9, point.y - 8, "end"),
            (point.x + 9, point.y - 8, "start"),
            (point.x + 9, point.y + 17, "start"),
            (point.x - 9, point.y + 17, "end"),
        ):
            start = x - width if anchor == "end" else x
            place = (start, y - _LINE + 3, start + width, y + 3)
            inside = place[0] >= box[0] and place[2] <= box[2] and place[1] >= box[1] - 12
            if (
                inside
                and place[3] <= box[3]
                and not any(_overlap(place, other) for other in covered)
            ):
                covered.append(place)
                labelled[n] = replace(point, label=text, label_x=x, label_y=y, anchor=anchor)
                break
    return [labelled.get(n, point) for n, point in enumerate(points)]


def _shortened(name: str) -> str:
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 9]}…{name[-8:]}"


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
