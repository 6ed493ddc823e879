"""Length against score: one small panel per writer, all on the same axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from judgemark.report.charts_sheet import SMALL, ChartFonts, ChartSheet, Dots
from judgemark.report.charts_tables import LengthPanel
from judgemark.report.charts_ticks import MINUS, numbers_within, round_numbers, tick

EDGE, GAP = 0.16, 0.22
PANEL_WIDTH, PANEL_HEIGHT = 2.25, 1.5
LEFT_FOOT, BOTTOM_FOOT = 0.66, 0.42
NAME_LINE, RHO_LINE = 0.155, 0.2
MOST_COLUMNS = 5
DIAMETER = 3.3
_X_PLACES = 0.12
"""Numbers this near to a panel's side (as a share of it) would touch those of its neighbour."""

PanelLimits = tuple[tuple[float, float], tuple[float, float]]
Scales = tuple[Callable[[float], float], Callable[[float], float]]
"""Put a length across the sheet, and a score down it."""


def lengths_page(panels: Sequence[LengthPanel], unit: str, fonts: ChartFonts) -> ChartSheet:
    """Lay the panels out in the given order; all share the same axes."""
    labels = fonts.labels([panel.name for panel in panels], PANEL_WIDTH)
    columns = _columns(len(panels))
    rows = -(-len(panels) // columns)
    head = NAME_LINE * max(label.count("\n") + 1 for label in labels) + RHO_LINE
    step = head + PANEL_HEIGHT + GAP
    width = EDGE + LEFT_FOOT + columns * PANEL_WIDTH + (columns - 1) * GAP + EDGE
    sheet = ChartSheet(width, EDGE + rows * step - GAP + BOTTOM_FOOT + EDGE)
    sheet.keep_names([panel.name for panel in panels], labels)
    limits = (
        _limits([x for p in panels for x in p.lengths]),
        _limits([y for p in panels for y in p.scores]),
    )
    for n, (panel, label) in enumerate(zip(panels, labels, strict=True)):
        left = EDGE + LEFT_FOOT + (n % columns) * (PANEL_WIDTH + GAP)
        top = EDGE + (n // columns) * step
        sheet.text(left, top + head - RHO_LINE, label, va="bottom")
        rho = _rho(panel)
        sheet.text(left, top + head - 0.03, rho, size=SMALL, colour="faint", va="bottom")
        shown = (n % columns == 0, n + columns >= len(panels))
        _panel(sheet, (left, top + head), panel, limits, shown)
    sheet.text(
        EDGE + 0.12,
        EDGE + head + PANEL_HEIGHT / 2,
        "score",
        colour="faint",
        anchor="middle",
        turn=90,
    )
    words = f"length of the piece ({unit})"
    sheet.text(EDGE + LEFT_FOOT, sheet.height - EDGE, words, colour="faint")
    return sheet


def _columns(n: int) -> int:
    """Return the number of columns: few panels share the rows evenly, many fill wide rows."""
    if n <= MOST_COLUMNS:
        return n if n <= 3 else -(-n // 2)
    return min(MOST_COLUMNS, max(3, -(-n // -(-n // MOST_COLUMNS))))


def _limits(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = (high - low or abs(high) or 1.0) * 0.05
    return low - room, high + room


def _rho(panel: LengthPanel) -> str:
    n = len(panel.lengths)
    if panel.trend is None:
        return f"rho undefined: {panel.reason}"
    return f"rho = {panel.trend.rho:+.2f}, {n} pieces".replace("-", MINUS)


def _panel(
    sheet: ChartSheet,
    corner: tuple[float, float],
    panel: LengthPanel,
    limits: PanelLimits,
    shown: tuple[bool, bool],
) -> None:
    """Draw one panel; `shown` says whether it has numbers at its left and below it."""
    left, top = corner
    (x_low, x_high), (y_low, y_high) = limits
    bottom = top + PANEL_HEIGHT

    def across(x: float) -> float:
        return left + (x - x_low) / (x_high - x_low) * PANEL_WIDTH

    def up(y: float) -> float:
        return bottom - (y - y_low) / (y_high - y_low) * PANEL_HEIGHT

    for value in numbers_within(round_numbers(x_low, x_high, 4), x_low, x_high):
        x = across(value)
        sheet.stroke(x, top, x, bottom, "rule", 0.7)
        if shown[1] and _X_PLACES < (x - left) / PANEL_WIDTH < 1 - _X_PLACES:
            sheet.text(x, bottom + 0.05, tick(value), size=SMALL, anchor="middle", va="top")
    for value in numbers_within(round_numbers(y_low, y_high, 4), y_low, y_high):
        sheet.stroke(left, up(value), left + PANEL_WIDTH, up(value), "rule", 0.7)
        if shown[0]:
            sheet.text(left - 0.05, up(value), tick(value), size=SMALL, anchor="end", va="center")
    sheet.stroke(left, top, left, bottom, "faint", 0.8)
    sheet.stroke(left, bottom, left + PANEL_WIDTH, bottom, "faint", 0.8)
    places = tuple((across(x), up(y)) for x, y in zip(panel.lengths, panel.scores, strict=True))
    opacity = 0.75 if len(places) <= 100 else 0.5
    sheet.marks.append(Dots(places, "point", DIAMETER, opacity))
    if panel.trend is not None:
        _line(sheet, panel, (y_low, y_high), (across, up))


def _line(
    sheet: ChartSheet, panel: LengthPanel, limits: tuple[float, float], place: Scales
) -> None:
    """Draw the trend from the shortest to the longest piece, as far as it is in the panel."""
    trend = panel.trend
    if trend is None:
        return
    ends = [min(panel.lengths), max(panel.lengths)]
    if trend.slope:
        inside = sorted((limit - trend.intercept) / trend.slope for limit in limits)
        ends = [max(ends[0], inside[0]), min(ends[1], inside[1])]
    if ends[0] < ends[1]:
        (x1, y1), (x2, y2) = ((x, trend.intercept + trend.slope * x) for x in ends)
        across, up = place
        sheet.stroke(across(x1), up(y1), across(x2), up(y2), "line", 1.8)
