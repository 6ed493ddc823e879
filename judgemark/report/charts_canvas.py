"""What the charts are drawn with that matplotlib lays out: a page in inches, and its files."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from judgemark.report.charts_colours import DARK_COLOURS as DARK
from judgemark.report.charts_colours import LIGHT_COLOURS as LIGHT
from judgemark.report.charts_colours import ChartColours as Theme
from judgemark.report.charts_fonts import NORMAL, Fonts
from judgemark.report.charts_tables import Chart
from judgemark.report.charts_ticks import tick
from judgemark.report.labels import shortened
from judgemark.report.palette import in_few_colours

__all__ = [
    "DARK",
    "LIGHT",
    "NORMAL",
    "SMALL",
    "TITLE",
    "Fonts",
    "Paper",
    "Theme",
    "drawn_chart",
    "tick",
]

DPI = 144
CSS_PIXELS_PER_INCH = 96
MOST_PIXELS = 60_000
"""The renderer refuses a side of 2**16 pixels."""

MOST_SVG_BYTES = 400_000
SMALL, TITLE = 8.5, 10.5
LINE_HEIGHT = 1.22
_MOST_SHOWN = 12


class Paper:
    """A figure laid out in inches from its top left corner."""

    def __init__(self, width: float, height: float, theme: Theme, fonts: Fonts) -> None:
        self.width, self.height, self.theme, self.fonts = width, height, theme, fonts
        self.shortened: tuple[tuple[str, str], ...] = ()
        self.figure = Figure(figsize=(width, height), facecolor=theme.paper)
        FigureCanvasAgg(self.figure)

    def keep_names(self, names: Sequence[str], labels: Sequence[str]) -> None:
        """Remember which labels shorten their names, for the list of full names below the chart."""
        self.shortened += shortened(names, labels)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Add axes without ticks and frame; all measures are inches from the top left corner."""
        axes = self.figure.add_axes(
            (
                left / self.width,
                1 - (top + height) / self.height,
                width / self.width,
                height / self.height,
            )
        )
        axes.set_facecolor(self.theme.paper)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(length=0, colors=self.theme.ink, labelsize=SMALL)
        return axes

    def text(
        self,
        left: float,
        bottom: float,
        text: str,
        *,
        size: float = NORMAL,
        bold: bool = False,
        faint: bool = False,
        ha: str = "left",
        va: str = "baseline",
    ) -> None:
        """Write one or more lines of text; `bottom` is their baseline unless `va` differs."""
        self.figure.text(
            left / self.width,
            1 - bottom / self.height,
            text,
            color=self.theme.faint if faint else self.theme.ink,
            fontproperties=self.fonts.properties(size, bold),
            ha=ha,
            va=va,
            linespacing=LINE_HEIGHT,
            parse_math=False,
        )

    def slanted(self, left: float, bottom: float, text: str, degrees: float) -> None:
        """Write a column's label, which rises from `left`, `bottom` at an angle (0 is level)."""
        self.figure.text(
            left / self.width,
            1 - bottom / self.height,
            text,
            color=self.theme.ink,
            fontproperties=self.fonts.properties(NORMAL),
            rotation=degrees,
            rotation_mode="anchor",
            ha="left" if degrees else "center",
            va="center" if degrees == 90 else "baseline",
            parse_math=False,
        )

    def upright(self, left: float, middle: float, text: str) -> None:
        """Write the name of a vertical axis, rotated by 90 degrees."""
        self.figure.text(
            left / self.width,
            1 - middle / self.height,
            text,
            color=self.theme.faint,
            fontproperties=self.fonts.properties(NORMAL),
            rotation=90,
            ha="center",
            va="center",
            parse_math=False,
        )

    def png(self) -> bytes:
        """Return the page as PNG in 256 colours, a third of the size; the bytes are stable."""
        dpi = min(DPI, MOST_PIXELS / max(self.width, self.height))
        self.figure.set_dpi(dpi)
        canvas = FigureCanvasAgg(self.figure)
        canvas.draw()  # type: ignore[no-untyped-call]
        pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        file = io.BytesIO()
        in_few_colours(pixels).save(file, "png")
        return file.getvalue()

    def svg(self) -> bytes | None:
        """Return the page as SVG, or None where that is larger than MOST_SVG_BYTES."""
        self.figure.set_dpi(72)
        file = io.BytesIO()
        with matplotlib.rc_context({"svg.hashsalt": "judgemark", "svg.fonttype": "path"}):
            self.figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
        return file.getvalue() if file.tell() <= MOST_SVG_BYTES else None

    def discard(self) -> None:
        """Free the drawing at once: its reference cycles would wait for the garbage collector."""
        self.figure.clear()
        FigureCanvasBase(self.figure)  # replaces the canvas, which holds the pixels


def drawn_chart(
    build: Callable[[Theme], Paper], *, stem: str, title: str, caption: str, alt: str
) -> Chart:
    """Draw a page in both themes, as PNG and (light, where it is small) as SVG.

    A user's matplotlibrc must not reach the charts, so that they look alike everywhere.
    Combining marks that follow a letter of another font are drawn as boxes, and matplotlib's
    warning about each of them is silenced.

    Args:
        build: lays the page out in the colours of a theme; it is called once for each theme.
        stem: names the chart's files and its place in the report.
        title: the heading above the chart.
        caption: the sentences below the chart.
        alt: what the chart shows, for readers who cannot see it.
    """
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        for message in (r"Glyph \d+ .*missing from", "Matplotlib currently does not support"):
            warnings.filterwarnings("ignore", message=message)
        page = build(LIGHT)
        light, svg = page.png(), page.svg()
        page.discard()
        dark_page = build(DARK)
        dark = dark_page.png()
        dark_page.discard()
    undrawn = page.fonts.undrawn
    if undrawn:
        caption += f" {undrawn_told(undrawn)}"
    return Chart(
        stem=stem,
        title=title,
        caption=caption,
        alt=alt,
        light=light,
        dark=dark,
        svg=svg,
        width=round(page.width * CSS_PIXELS_PER_INCH),
        height=round(page.height * CSS_PIXELS_PER_INCH),
        shortened=page.shortened,
        undrawn=undrawn,
    )


def undrawn_told(characters: str) -> str:
    """Return a sentence about characters that no installed font draws."""
    shown = characters if len(characters) <= _MOST_SHOWN else f"{characters[:_MOST_SHOWN]} …"
    return (
        f"No font that is installed here draws these characters of names: {shown} They are boxes "
        "in the chart; install a font for their script (Noto Sans CJK, for one) and make the "
        "report again."
    )
