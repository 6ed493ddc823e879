"""The map of mean scores by writer and criterion (or item)."""

from __future__ import annotations

import math

import matplotlib
import numpy as np

from judgemark.report.charts_canvas import MINUS, SMALL, Paper, Theme, ink_on, number
from judgemark.report.charts_fonts import Fonts
from judgemark.report.charts_tables import Grid

EDGE = 0.16
NAME_WIDTH, COLUMN_NAME_WIDTH = 2.3, 2.6
ROW_TWO_LINES, ROW = 0.37, 0.28
WIDE_CELL, NARROW_CELL = 0.42, 0.2
MOST_WIDE_CELLS = 45
SLANT = 52
KEY_HEIGHT, KEY_WIDTH = 0.6, 2.1
COLOURS = "viridis"


def grid_page(grid: Grid, theme: Theme) -> Paper:
    """Lay the map out, rows and columns in the given order."""
    fonts = Fonts([*grid.rows, *grid.columns])
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
    paper = Paper(
        left + max(body, right_end + 0.1) + EDGE,
        top + row * len(rows) + KEY_HEIGHT + EDGE,
        theme,
        fonts,
    )
    paper.keep_names(grid.rows, rows)
    paper.keep_names(grid.columns, columns)
    for n, label in enumerate(rows):
        paper.text(left - 0.1, top + (n + 0.5) * row, label, ha="right", va="center")
    for n, label in enumerate(columns):
        paper.slanted(left + (n + 0.5) * cell, top - 0.07, label, slant)
    low, high = _cells(paper, grid, (left, top, cell, row), printed=wide)
    _key(paper, left, top + row * len(rows) + 0.14, low, high, grid.unit)
    return paper


def _cells(
    paper: Paper, grid: Grid, place: tuple[float, float, float, float], *, printed: bool
) -> tuple[float, float]:
    """Draw the cells; return the least and the greatest value."""
    left, top, cell, row = place
    values = np.array([[math.nan if v is None else v for v in own] for own in grid.values])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    span = high - low or 1.0
    colours = matplotlib.colormaps[COLOURS]
    axes = paper.axes(left, top, cell * len(grid.columns), row * len(grid.rows))
    axes.pcolormesh(
        np.ma.masked_invalid(values),
        cmap=colours,
        vmin=low,
        vmax=low + span,
        edgecolors=paper.theme.paper,
        linewidth=0.6,
    )
    axes.set_ylim(len(grid.rows), 0)
    axes.set_xticks([])
    axes.set_yticks([])
    for (y, x), value in np.ndenumerate(values):
        gap = math.isnan(value)
        if printed or gap:
            axes.text(
                x + 0.5,
                y + 0.5,
                "–" if gap else _cell_text(value, max(abs(low), abs(high))),
                color=paper.theme.faint if gap else ink_on(colours((value - low) / span)),
                fontproperties=paper.fonts.properties(SMALL),
                ha="center",
                va="center",
            )
    return low, high


def _cell_text(value: float, largest: float) -> str:
    """Format a value with the same number of digits in all cells, as many as a cell holds."""
    if largest >= 1e4:
        return f"{value:.0e}".replace("e+0", "e").replace("-", MINUS)
    text = f"{value:.0f}" if largest >= 100 else f"{value:.1f}"
    return text.replace("-", MINUS)


def _key(paper: Paper, left: float, top: float, low: float, high: float, unit: str) -> None:
    """Draw the key of the colours."""
    axes = paper.axes(left, top, KEY_WIDTH, 0.12)
    axes.pcolormesh(np.linspace(0, 1, 64)[np.newaxis], cmap=COLOURS)
    axes.set_xticks([])
    axes.set_yticks([])
    paper.text(left, top + 0.27, number(low), size=SMALL)
    paper.text(left + KEY_WIDTH, top + 0.27, number(high), size=SMALL, ha="right")
    paper.text(left, top + 0.45, unit, size=SMALL, faint=True)
