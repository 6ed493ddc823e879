"""Score against cost: which judges no other beats on both. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from judgemark.leaderboard import axis_scale as scale
from judgemark.leaderboard.columns import cost_of
from judgemark.leaderboard.section_rows import RankedTable, Row

MOST_WHISKERS = 40
MOST_LETTERS = 26
_LETTER = 7.0
"""The width of a letter in pixels, about: labels keep clear of each other, roughly is enough."""

_LINE = 16.0


@dataclass(frozen=True, slots=True)
class Point:
    """A judge on the plot; pixels. `label` is "" for one without room or off the frontier."""

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
    """One drawing in pixels: axes, points, the frontier's line and the best floor's level."""

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


@dataclass(frozen=True, slots=True)
class Frontier:
    """The judges with a known cost, cheapest first, and those that no other beats on both."""

    drawn: tuple[Row, ...]
    best: tuple[Row, ...]
    unknown: int


def frontier(table: RankedTable) -> Frontier:
    """The ranked judges of a table by cost; floors do not compete."""
    judges = [row for row in table.ranked if not row.floor]
    drawn = sorted((row for row in judges if cost_of(row) is not None), key=_cheapest_first)
    best: list[Row] = []
    for row in drawn:
        if not best or (row.score or 0.0) > (best[-1].score or 0.0):
            best.append(row)
    return Frontier(tuple(drawn), tuple(best), len(judges) - len(drawn))


def _cheapest_first(row: Row) -> tuple[float, float]:
    return cost_of(row) or 0.0, -(row.score or 0.0)


def plot(table: RankedTable, found: Frontier, width: float, height: float) -> Plot:
    """Lay the plot out in a box of `width` by `height` pixels."""
    paid = [cost for row in found.drawn if (cost := cost_of(row))]
    free = len(paid) < len(found.drawn)
    x_scale = scale.costs(paid)
    floor = max((r for r in table.ranked if r.floor), key=lambda r: r.score or 0.0, default=None)
    whiskers = len(found.drawn) <= MOST_WHISKERS
    y_scale = scale.linear(_heights(found.drawn, floor, whiskers))
    left, right, top, bottom = 46.0, width - 14.0, 14.0, height - 44.0
    gutter = 84.0 if free and (x_scale.log or not paid) else 12.0

    def x_of(cost: float) -> float:
        if cost == 0 and (x_scale.log or not paid):
            return left + 26.0
        return left + gutter + x_scale.share(cost) * (right - left - gutter - 12.0)

    def y_of(score: float) -> float:
        return bottom - y_scale.share(score) * (bottom - top)

    points = [
        Point(
            row,
            cost_of(row) or 0.0,
            x_of(cost_of(row) or 0.0),
            y_of(row.score or 0.0),
            y_of(row.ci95[0]) if whiskers and row.ci95 else None,
            y_of(row.ci95[1]) if whiskers and row.ci95 else None,
            row in found.best,
        )
        for row in found.drawn
    ]
    x_ticks = [(x_of(t), _dollars(t)) for t in x_scale.ticks] if paid else []
    if free and (x_scale.log or not paid):
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
        tuple((y_of(t), f"{t:g}".replace("-", "−")) for t in y_scale.ticks),
        tuple(_labelled(points, box)),
        _stairs([p for p in points if p.frontier], right),
        (y_of(floor.score or 0.0), floor.name) if floor else None,
    )


def _heights(rows: Sequence[Row], floor: Row | None, whiskers: bool) -> list[float]:
    values = [row.score or 0.0 for row in rows]
    if whiskers:
        values += [end for row in rows if row.ci95 for end in row.ci95]
    return [*values, floor.score or 0.0] if floor else values


def _stairs(best: Sequence[Point], right: float) -> str:
    """The frontier: flat until the next better judge can be paid."""
    path = ""
    for point in best:
        path += f"H{point.x:.1f}V{point.y:.1f}" if path else f"M{point.x:.1f} {point.y:.1f}"
    return f"{path}H{right:.1f}" if path else ""


def _dollars(value: float) -> str:
    return f"${value:g}"


def _labelled(points: Sequence[Point], box: tuple[float, float, float, float]) -> list[Point]:
    """Names beside the frontier's points, where they hide neither a point nor another name."""
    taken = [(p.x - 6, p.y - 6, p.x + 6, p.y + 6) for p in points]
    labelled: dict[int, Point] = {}
    for n, point in sorted(enumerate(points), key=lambda pair: -(pair[1].row.score or 0.0)):
        if not point.frontier:
            continue
        text = _short(point.row.name)
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
            if inside and place[3] <= box[3] and not any(_overlap(place, other) for other in taken):
                taken.append(place)
                labelled[n] = replace(point, label=text, label_x=x, label_y=y, anchor=anchor)
                break
    return [labelled.get(n, point) for n, point in enumerate(points)]


def _short(name: str) -> str:
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 9]}…{name[-8:]}"


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
