"""Accuracies on pairs as points on one axis, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from judgemark.errors import UndefinedFigure
from judgemark.report.charts_sheet import SMALL, ChartFonts, ChartSheet
from judgemark.report.charts_tables import Chart
from judgemark.report.sheet_chart import sheet_chart

EDGE, FOOT, ROW = 0.16, 0.34, 0.3
NAME_WIDTH, AXIS_WIDTH, NUMBER_WIDTH = 2.3, 3.9, 0.6
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_ROOM = 0.02


@dataclass(frozen=True, slots=True)
class SharePoint:
    """A share of pairs, 0..1, with the ends of its interval where it has one.

    The `main` one is drawn stronger than those that it is compared with.
    """

    name: str
    share: float
    ends: tuple[float, float] | None = None
    main: bool = False


def draw_shares(points: Sequence[SharePoint], *, stem: str, title: str, caption: str) -> Chart:
    """Draw one row for each point, in the given order, on an axis of 0 to 100%.

    A dashed line marks 50%. Raises UndefinedFigure where there is no point.
    """
    if not points:
        raise UndefinedFigure("no share is known")
    alt = "; ".join(f"{point.name} {100 * point.share:.0f}%" for point in points)
    return sheet_chart(
        partial(shares_page, points),
        [point.name for point in points],
        stem=stem,
        title=title,
        caption=caption,
        alt=f"Accuracy on these pairs: {alt}.",
    )


def shares_page(points: Sequence[SharePoint], fonts: ChartFonts) -> ChartSheet:
    """Lay the chart out."""
    names = [point.name for point in points]
    labels = fonts.labels(names, NAME_WIDTH)
    row = ROW + 0.09 if any("\n" in label for label in labels) else ROW
    left, top = EDGE + max(fonts.inches(label) for label in labels) + 0.12, EDGE
    bottom, right = top + row * len(points), left + AXIS_WIDTH + NUMBER_WIDTH
    sheet = ChartSheet(right + EDGE, bottom + FOOT + EDGE)
    sheet.keep_names(names, labels)

    def across(share: float) -> float:
        return left + (share + _ROOM) / (1 + 2 * _ROOM) * AXIS_WIDTH

    for value in _TICKS:
        sheet.stroke(across(value), top, across(value), bottom, "rule", 0.7)
        label = f"{100 * value:.0f}%"
        sheet.text(across(value), bottom + 0.05, label, size=SMALL, anchor="middle", va="top")
    sheet.stroke(across(0.5), top, across(0.5), bottom, "faint", 1.0, (4, 3))
    for n, (point, label) in enumerate(zip(points, labels, strict=True)):
        middle = top + (n + 0.5) * row
        colour = "point" if point.main else "line"
        sheet.text(left - 0.12, middle, label, anchor="end", va="center")
        if point.ends is not None:
            low, high = point.ends
            sheet.stroke(across(low), middle, across(high), middle, colour, 1.8)
        sheet.dot(across(point.share), middle, colour, 8.0 if point.main else 6.0)
        sheet.text(right, middle, f"{100 * point.share:.1f}%", anchor="end", va="center")
    return sheet
