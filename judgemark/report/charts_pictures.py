"""Pictures of charts as PNG files, drawn from their marks with matplotlib where someone asks."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence

import matplotlib
import numpy as np
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import EllipseCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from judgemark.report.charts_colours import DARK_COLOURS, LIGHT_COLOURS, ChartColours
from judgemark.report.charts_fonts import Fonts
from judgemark.report.charts_sheet import Box, ChartFonts, ChartSheet, Dots, Mark, Stroke
from judgemark.report.charts_tables import ChartPictures
from judgemark.report.palette import in_few_colours

DPI = 144
MOST_PIXELS = 60_000
"""The renderer refuses a side of 2**16 pixels."""

_EDGE = 0.6


def pictures_of(build: Callable[[ChartFonts], ChartSheet], names: Sequence[str]) -> ChartPictures:
    """Lay a sheet out in the fonts that are installed, and draw it for light and for dark pages.

    A user's matplotlibrc must not reach the pictures, so that they look alike everywhere.
    Combining marks that follow a letter of another font are drawn as boxes, and matplotlib's
    warning about each of them is silenced. `names` are the texts from outside.
    """
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        for message in (r"Glyph \d+ .*missing from", "Matplotlib currently does not support"):
            warnings.filterwarnings("ignore", message=message)
        fonts = Fonts(names)
        sheet = build(fonts)
        light, dark = (_picture(sheet, fonts, c) for c in (LIGHT_COLOURS, DARK_COLOURS))
    return ChartPictures(light, dark, fonts.undrawn)


def _picture(sheet: ChartSheet, fonts: Fonts, colours: ChartColours) -> bytes:
    """Return the sheet as PNG in 256 colours, a third of the size; the bytes are stable."""
    figure = drawn(sheet, fonts, colours)
    figure.set_dpi(min(DPI, MOST_PIXELS / max(sheet.width, sheet.height)))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    file = io.BytesIO()
    in_few_colours(pixels).save(file, "png")
    # Its reference cycles would keep the pixels until the garbage collector comes.
    figure.clear()
    FigureCanvasBase(figure)  # replaces the canvas, which holds the pixels
    return file.getvalue()


def drawn(sheet: ChartSheet, fonts: Fonts, colours: ChartColours) -> Figure:
    """Return a figure with an artist for each mark."""
    figure = Figure(figsize=(sheet.width, sheet.height), facecolor=colours.paper)
    FigureCanvasAgg(figure)
    for order, mark in enumerate(sheet.marks):
        _draw(figure, mark, order, (sheet, fonts, colours))
    return figure


def _draw(
    figure: Figure, mark: Mark, order: int, how: tuple[ChartSheet, Fonts, ChartColours]
) -> None:
    sheet, fonts, colours = how
    colour = colours.of(mark.colour)

    def at(x: float, y: float) -> tuple[float, float]:
        return x / sheet.width, 1 - y / sheet.height

    if isinstance(mark, Box):
        edge = {"edgecolor": colours.paper, "linewidth": _EDGE} if mark.edged else {"linewidth": 0}
        size = (mark.width / sheet.width, mark.height / sheet.height)
        corner = at(mark.x, mark.y + mark.height)
        box = Rectangle(corner, *size, facecolor=colour, zorder=order, alpha=mark.opacity, **edge)
        box.set_transform(figure.transFigure)
        figure.add_artist(box)
    elif isinstance(mark, Stroke):
        (x1, y1), (x2, y2) = at(mark.x1, mark.y1), at(mark.x2, mark.y2)
        line = Line2D([x1, x2], [y1, y2], color=colour, linewidth=mark.thickness, zorder=order)
        line.set_transform(figure.transFigure)
        line.set_solid_capstyle("butt")
        if mark.dash is not None:
            # Matplotlib counts dashes in thicknesses of the line.
            line.set_linestyle((0, tuple(length / mark.thickness for length in mark.dash)))
            line.set_dash_capstyle("butt")
        figure.add_artist(line)
    elif isinstance(mark, Dots):
        size_of_each = [mark.diameter] * len(mark.places)
        dots = EllipseCollection(
            size_of_each, size_of_each, np.zeros(len(mark.places)), units="points",
            offsets=np.array([at(x, y) for x, y in mark.places]),
            offset_transform=figure.transFigure, facecolors=colour, linewidths=0,
            alpha=mark.opacity, zorder=order,
        )  # fmt: skip
        figure.add_artist(dots)
    else:
        aligned = {"start": "left", "middle": "center", "end": "right"}[mark.anchor]
        figure.text(
            *at(mark.x, mark.y), mark.text, color=colour, zorder=order,
            fontproperties=fonts.properties(mark.size, mark.bold), ha=aligned, va="baseline",
            rotation=mark.turn, rotation_mode="anchor", parse_math=False,
        )  # fmt: skip
