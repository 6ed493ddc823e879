"""Mean scores of the writers, raw and calibrated, beside the judge's use of its scale."""

from __future__ import annotations

from collections.abc import Sequence

from judgemark.report.charts_colours import share_colour
from judgemark.report.charts_sheet import SMALL, TITLE, ChartFonts, ChartSheet
from judgemark.report.charts_tables import MeanEstimate, ScaleUse, WriterBar
from judgemark.report.charts_ticks import number, numbers_within, round_numbers, tick

EDGE, GAP, HEAD, FOOT = 0.16, 0.34, 0.48, 0.26
NAME_WIDTH, BARS_WIDTH, NUMBER_WIDTH = 2.3, 2.1, 0.5
CELL_WIDTH, LEAST_HEAT_WIDTH = 0.34, 3.4
TOTAL_GAP = 0.24
TOTAL_LABEL = "all writers"
BAR_SHARE, CAP = 0.66, 0.035


def scores_page(
    bars: Sequence[WriterBar], use: ScaleUse | None, fonts: ChartFonts, raw_from: float = 0.0
) -> ChartSheet:
    """Lay the chart out, one row per writer in the given order.

    The raw bars begin at `raw_from`: 0, or for ratings the rating that everyone began with.
    """
    labels = fonts.labels([bar.name for bar in bars], NAME_WIDTH)
    row = 0.37 if any("\n" in label for label in labels) else 0.28
    names_width = max(fonts.inches(label) for label in labels) + 0.1
    panels = [
        (title, colour, means, origin)
        for title, colour, means, origin in (
            ("Raw mean", "raw", [bar.raw for bar in bars], raw_from),
            ("Calibrated mean", "calibrated", [bar.calibrated for bar in bars], 0.0),
        )
        if any(means)
    ]
    panel_width = BARS_WIDTH + NUMBER_WIDTH + GAP
    heat_width = 0.0 if use is None else max(LEAST_HEAT_WIDTH, CELL_WIDTH * len(use.combined))
    left, top = EDGE + names_width, EDGE + HEAD
    overhang = 0.0 if use is None else fonts.inches(use.ticks[-1], SMALL) / 2
    width = left + len(panels) * panel_width + heat_width + max(EDGE, overhang + 0.04)
    ticks_height = 0.0 if use is None else _ticks_height(use, heat_width, fonts)
    sheet = ChartSheet(width, top + row * (len(bars) + 1) + TOTAL_GAP + FOOT + ticks_height)
    sheet.keep_names([bar.name for bar in bars], labels)
    for n, label in enumerate(labels):
        sheet.text(left - 0.1, top + (n + 0.5) * row, label, anchor="end", va="center")
    for title, colour, means, origin in panels:
        _bars_panel(sheet, (left, top, row * len(bars)), (title, colour), means, origin)
        left += panel_width
    if use is not None:
        place = (left, top, heat_width)
        _use_panel(sheet, place, row, [bar.name for bar in bars], use, tilted=ticks_height > 0)
    return sheet


def _bars_panel(
    sheet: ChartSheet,
    place: tuple[float, float, float],
    look: tuple[str, str],
    means: Sequence[MeanEstimate | None],
    origin: float,
) -> None:
    left, top, height = place
    title, colour = look
    sheet.text(left, EDGE + 0.14, title, size=TITLE, bold=True)
    if any(estimate is not None and estimate.low is not None for estimate in means):
        sheet.text(left, EDGE + 0.32, "with 95% interval", size=SMALL, colour="faint")
    low, high = _limits([e for e in means if e is not None], origin)

    def across(value: float) -> float:
        return left + (value - low) / (high - low) * BARS_WIDTH

    for value in numbers_within(round_numbers(low, high, 4), low, high):
        sheet.stroke(across(value), top, across(value), top + height, "rule", 0.8)
        sheet.text(
            across(value), top + height + 0.05, tick(value), size=SMALL, anchor="middle", va="top"
        )
    row = height / len(means)
    for n, estimate in enumerate(means):
        middle = top + (n + 0.5) * row
        if estimate is None:
            sheet.text(left + 0.05, middle, "no score", size=SMALL, colour="faint", va="center")
            continue
        ends = sorted((across(origin), across(estimate.mean)))
        sheet.box(ends[0], middle - row * BAR_SHARE / 2, ends[1] - ends[0], row * BAR_SHARE, colour)
        if estimate.low is not None and estimate.high is not None:
            _interval(sheet, across(estimate.low), across(estimate.high), middle)
        sheet.text(
            left + BARS_WIDTH + NUMBER_WIDTH,
            middle,
            number(estimate.mean),
            anchor="end",
            va="center",
        )
    sheet.stroke(across(origin), top, across(origin), top + height, "faint", 1.0)


def _interval(sheet: ChartSheet, low: float, high: float, middle: float) -> None:
    sheet.stroke(low, middle, high, middle, "ink", 1.4)
    for end in (low, high):
        sheet.stroke(end, middle - CAP, end, middle + CAP, "ink", 1.4)


def _limits(means: Sequence[MeanEstimate], origin: float) -> tuple[float, float]:
    """Return limits that include the origin, all bars and all intervals."""
    ends = [end for e in means for end in (e.mean, e.low, e.high) if end is not None]
    low, high = min(origin, *ends), max(origin, *ends)
    if low == high:
        high = low + 1.0
    room = (high - low) * 0.03
    return low - (room if low < origin else 0), high + room


def _use_panel(
    sheet: ChartSheet,
    place: tuple[float, float, float],
    row: float,
    names: Sequence[str],
    use: ScaleUse,
    *,
    tilted: bool,
) -> None:
    left, top, width = place
    columns = len(use.combined)
    shares = [use.shares.get(name, (0.0,) * columns) for name in names]
    peak = max(max(own) for own in (*shares, use.combined)) or 1.0
    kind = "value" if len(use.ticks) == columns else "interval"
    sheet.text(left, EDGE + 0.14, "Use of the scale", size=TITLE, bold=True)
    said = f"% of {use.of} per {kind}"
    sheet.text(left, EDGE + 0.32, said, size=SMALL, colour="faint")
    total_top = top + row * len(names) + TOTAL_GAP
    cell = (width / columns, row)
    _heat(sheet, (left, top), cell, shares, peak)
    _heat(sheet, (left, total_top), cell, [use.combined], peak)
    sheet.text(left - 0.1, total_top + row / 2, TOTAL_LABEL, anchor="end", va="center")
    first = 0.5 if kind == "value" else 0.0
    for n, label in enumerate(use.ticks):
        x, y = left + (n + first) * cell[0], total_top + row + 0.06
        if tilted:
            sheet.text(x + 0.04, y + 0.01, label, size=SMALL, anchor="end", turn=90)
        else:
            sheet.text(x, y, label, size=SMALL, anchor="middle", va="top")


def _ticks_height(use: ScaleUse, width: float, fonts: ChartFonts) -> float:
    """Return the height of the labels where they must be upright to fit side by side, else 0."""
    widest = max(fonts.inches(label, SMALL) for label in use.ticks)
    return widest if widest > 0.9 * width / len(use.combined) else 0.0


def _heat(
    sheet: ChartSheet,
    corner: tuple[float, float],
    cell: tuple[float, float],
    shares: Sequence[Sequence[float]],
    peak: float,
) -> None:
    """Draw cells with their percentages; those that round to zero stay blank."""
    for y, own in enumerate(shares):
        for x, share in enumerate(own):
            colour = share_colour(share / peak)
            left, top = corner[0] + x * cell[0], corner[1] + y * cell[1]
            sheet.box(left, top, *cell, colour, edged=True)
            shown = f"{100 * share:.0f}"
            if shown != "0":
                sheet.text(
                    left + cell[0] / 2,
                    top + cell[1] / 2,
                    shown,
                    size=SMALL,
                    colour=f"on-{colour}",
                    anchor="middle",
                    va="center",
                )
