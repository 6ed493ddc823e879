"""The map of mean scores by writer and criterion (or item)."""

from __future__ import annotations

import math

from judgemark.report.charts_colours import ink_upon, mean_colour
from judgemark.report.charts_sheet import SMALL, ChartFonts, ChartSheet
from judgemark.report.charts_tables import Grid
from judgemark.report.charts_ticks import MINUS, number

EDGE = 0.16
NAME_WIDTH, COLUMN_NAME_WIDTH = 2.3, 2.6
ROW_TWO_LINES, ROW = 0.37, 0.28
WIDE_CELL, NARROW_CELL = 0.42, 0.2
MOST_WIDE_CELLS = 45
SLANT = 52
KEY_HEIGHT, KEY_WIDTH, KEY_STEPS = 0.6, 2.1, 32


def grid_page(grid: Grid, fonts: ChartFonts) -> ChartSheet:
    """Lay the map out, rows and columns in the given order."""
    rows = fonts.labels(grid.rows, NAME_WIDTH)
    columns = fonts.labels(grid.columns, COLUMN_NAME_WIDTH, lines=1)
    row = ROW_TWO_LINES if any("\n" in label for label in rows) else ROW
    wide = len(columns) <= MOST_WIDE_CELLS
    cell = WIDE_CELL if wide else NARROW_CELL
    names_width = max(fonts.inches(label) for label in rows) + 0.1
    longest = max(fonts.inches(label) for label in columns)
    slant = 0 if longest < 0.9 * cell else SLANT if wide else 90
    head = longest * math.sin(math.radians(slant)) + 0.22
    lean = math.cos(math.radians(slant))
    right_end = max(
        (n + 0.5) * cell + fonts.inches(label) * lean for n, label in enumerate(columns)
    )
    left, top = EDGE + names_width, EDGE + head
    body = max(cell * len(columns), KEY_WIDTH, fonts.inches(grid.unit, SMALL))
    sheet = ChartSheet(
        left + max(body, right_end + 0.1) + EDGE, top + row * len(rows) + KEY_HEIGHT + EDGE
    )
    sheet.keep_names(grid.rows, rows)
    sheet.keep_names(grid.columns, columns)
    for n, label in enumerate(rows):
        sheet.text(left - 0.1, top + (n + 0.5) * row, label, anchor="end", va="center")
    for n, label in enumerate(columns):
        x = left + (n + 0.5) * cell + (0.04 if slant == 90 else 0.0)
        sheet.text(x, top - 0.07, label, anchor="start" if slant else "middle", turn=slant)
    low, high = _cells(sheet, grid, (left, top, cell, row), printed=wide)
    _key(sheet, left, top + row * len(rows) + 0.14, (low, high), grid.unit)
    return sheet


def _cells(
    sheet: ChartSheet, grid: Grid, place: tuple[float, float, float, float], *, printed: bool
) -> tuple[float, float]:
    """Draw the cells; return the least and the greatest value."""
    left, top, cell, row = place
    values = [value for own in grid.values for value in own if value is not None]
    low, high = min(values), max(values)
    span = high - low or 1.0
    for y, own in enumerate(grid.values):
        for x, value in enumerate(own):
            corner = (left + x * cell, top + y * row)
            middle = (corner[0] + cell / 2, corner[1] + row / 2)
            if value is None:
                sheet.text(*middle, "–", size=SMALL, colour="faint", anchor="middle", va="center")
                continue
            colour = mean_colour((value - low) / span)
            sheet.box(*corner, cell, row, colour, edged=True)
            if printed:
                shown, ink = _cell_text(value, max(abs(low), abs(high))), ink_upon(colour)
                sheet.text(*middle, shown, size=SMALL, colour=ink, anchor="middle", va="center")
    return low, high


def _cell_text(value: float, largest: float) -> str:
    """Format a value with the same number of digits in all cells, as many as a cell holds."""
    if largest >= 1e4:
        return f"{value:.0e}".replace("e+0", "e").replace("-", MINUS)
    text = f"{value:.0f}" if largest >= 100 else f"{value:.1f}"
    return text.replace("-", MINUS)


def _key(sheet: ChartSheet, left: float, top: float, ends: tuple[float, float], unit: str) -> None:
    """Draw the key of the colours."""
    step = KEY_WIDTH / KEY_STEPS
    for n in range(KEY_STEPS):
        # A little wider than a step, so that no gap shows between neighbours.
        width = step if n == KEY_STEPS - 1 else step + 0.01
        sheet.box(left + n * step, top, width, 0.12, mean_colour(n / (KEY_STEPS - 1)))
    sheet.text(left, top + 0.27, number(ends[0]), size=SMALL)
    sheet.text(left + KEY_WIDTH, top + 0.27, number(ends[1]), size=SMALL, anchor="end")
    sheet.text(left, top + 0.45, unit, size=SMALL, colour="faint")
