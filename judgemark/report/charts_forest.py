"""The forest plot of probes: each contrast's effect, its interval and its threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from judgemark.errors import UndefinedFigure
from judgemark.report.charts_sheet import SMALL, ChartFonts, ChartSheet
from judgemark.report.charts_tables import Chart
from judgemark.report.charts_ticks import numbers_within, round_numbers, tick
from judgemark.report.sheet_chart import sheet_chart

EDGE, ROW, FOOT = 0.16, 0.32, 0.55
NAME_WIDTH, PLOT_WIDTH = 2.4, 3.3
DIAMETER, RIM = 7.2, 1.4
"""Of a point and of the ring of a hollow one, in points."""

BAND = 0.55


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One contrast, in the unit of the axis: its effect, its interval and its threshold.

    `found` is True for an effect that was found, False for "no effect", None for neither.
    """

    name: str
    effect: float
    low: float
    high: float
    threshold: float
    found: bool | None


def draw_forest(rows: Sequence[ForestRow], unit: str) -> Chart:
    """Draw the contrasts in the given order, from top to bottom.

    Raises UndefinedFigure where no contrast has an interval.
    """
    if not rows:
        raise UndefinedFigure("no contrast has an interval")
    found = [row for row in rows if row.found]
    shown = "; ".join(f"{row.name} {tick(round(row.effect, 2))}" for row in found)
    said = f"Found: {shown}." if found else "No effect was found."
    return sheet_chart(
        partial(forest_page, rows, unit),
        [row.name for row in rows],
        stem="probes",
        title="Effects of what should not matter",
        caption="Each point is the mean effect of one change, and its bar the 95% interval. The "
        "grey band is the size below which an effect does not matter. Filled orange points were "
        "found after correction for the number of contrasts; hollow ones were not.",
        alt=f"Forest plot of {len(rows)} effects in {unit}. {said} The table above holds the "
        "numbers.",
    )


def forest_page(rows: Sequence[ForestRow], unit: str, fonts: ChartFonts) -> ChartSheet:
    """Lay the plot out from rows that all have an interval."""
    names = [row.name for row in rows]
    labels = fonts.labels(names, NAME_WIDTH, lines=1)
    left, top = EDGE + max(fonts.inches(label) for label in labels) + 0.14, EDGE
    bottom = top + ROW * len(rows)
    sheet = ChartSheet(left + PLOT_WIDTH + EDGE, bottom + FOOT)
    sheet.keep_names(names, labels)
    ends = [end for row in rows for end in (row.low, row.high, -row.threshold, row.threshold)]
    room = 0.06 * (max(ends) - min(ends)) or 1.0
    low, high = min(ends) - room, max(ends) + room

    def across(value: float) -> float:
        return left + (value - low) / (high - low) * PLOT_WIDTH

    for value in numbers_within(round_numbers(low, high, 6), low, high):
        sheet.stroke(across(value), top, across(value), bottom, "rule", 0.7)
        label = tick(value)
        sheet.text(across(value), bottom + 0.05, label, size=SMALL, anchor="middle", va="top")
    for n, row in enumerate(rows):
        start, width = across(-row.threshold), across(row.threshold) - across(-row.threshold)
        sheet.box(start, top + (n + 0.12) * ROW, width, 0.76 * ROW, "rule", opacity=BAND)
    sheet.stroke(across(0.0), top, across(0.0), bottom, "faint", 1.0)
    for n, (row, label) in enumerate(zip(rows, labels, strict=True)):
        middle = top + (n + 0.5) * ROW
        sheet.text(left - 0.14, middle, label, anchor="end", va="center")
        colour = "line" if row.found else "point"
        sheet.stroke(across(row.low), middle, across(row.high), middle, colour, 1.8)
        sheet.dot(across(row.effect), middle, colour, DIAMETER)
        if not row.found:
            sheet.dot(across(row.effect), middle, "paper", DIAMETER - 2 * RIM)
    unit_at = left + PLOT_WIDTH / 2
    sheet.text(unit_at, sheet.height - EDGE, f"effect, {unit}", colour="faint", anchor="middle")
    return sheet
