"""A chart as marks on a sheet: laid out once, written as SVG for pages, drawn as PNG on demand.

All places and sizes are in inches from the top left corner, as `y` grows downwards.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from judgemark.report.labels import chart_labels, shortened

SMALL, NORMAL, TITLE = 8.5, 9.0, 10.5
"""Sizes of texts, in points."""

POINTS_PER_INCH = 72
LINE_HEIGHT = 1.22
_HALF_OF_CAPITALS = 0.36
_ASCENT = 0.78
_DESCENT = 0.24


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `edged` in the colour of the paper, which sets cells apart.

    `opacity` is 0..1.
    """

    x: float
    y: float
    width: float
    height: float
    colour: str
    edged: bool = False
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line; its `thickness` is in points, as are the dashes and the gaps of `dash`."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    thickness: float
    dash: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Dots:
    """Points of one size and colour; `diameter` is in points, `opacity` 0..1."""

    places: tuple[tuple[float, float], ...]
    colour: str
    diameter: float
    opacity: float


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text that begins, is centred or ends at `x`; `y` is its baseline.

    `anchor` is start, middle or end. `turn` is in degrees, counterclockwise around (x, y).
    """

    x: float
    y: float
    text: str
    size: float
    colour: str
    anchor: str
    bold: bool = False
    turn: float = 0.0


Mark = Box | Stroke | Dots | Words


class ChartFonts(Protocol):
    """Measures texts, and says which characters can be shown."""

    def inches(self, text: str, size: float = NORMAL, bold: bool = False) -> float:
        """Return the width of a text's widest line."""

    def labels(self, names: Sequence[str], width: float, lines: int = 2) -> tuple[str, ...]:
        """Return distinct labels for names, each of at most `lines` lines of `width` inches."""


class ScreenFonts:
    """Widths of texts where a browser chooses the fonts: those of a wide one, so that texts fit.

    A browser finds a font for any script, so that every character counts as shown.
    """

    def inches(self, text: str, size: float = NORMAL, bold: bool = False) -> float:
        """Implement `ChartFonts`; texts in bold are a ninth wider."""
        widest = max(sum(_width(c) for c in line) for line in text.split("\n"))
        return widest * size / POINTS_PER_INCH / 100 * (10 / 9 if bold else 1.0)

    def labels(self, names: Sequence[str], width: float, lines: int = 2) -> tuple[str, ...]:
        """Implement `ChartFonts`."""
        return chart_labels(names, width, lines, self.inches, lambda _: True)


@dataclass(slots=True)
class ChartSheet:
    """The marks of a chart, in the order in which they cover each other.

    `shortened` holds (label, full name) for every shortened name.
    """

    width: float
    height: float
    marks: list[Mark] = field(default_factory=list)
    shortened: tuple[tuple[str, str], ...] = ()

    def keep_names(self, names: Sequence[str], labels: Sequence[str]) -> None:
        """Remember which labels shorten their names, for the list of full names below the chart."""
        self.shortened += shortened(names, labels)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = NORMAL,
        bold: bool = False,
        colour: str = "ink",
        anchor: str = "start",
        va: str = "baseline",
        turn: float = 0.0,
    ) -> None:
        """Write one or more lines.

        `va` says what `y` is: their `baseline` (of a single line), `center`, `top` or `bottom`.
        Turned text stands on its own baseline.
        """
        lines = text.split("\n")
        height = size / POINTS_PER_INCH
        step = LINE_HEIGHT * height
        first = y
        if va == "center":
            first = y - (len(lines) - 1) / 2 * step + _HALF_OF_CAPITALS * height
        elif va == "top":
            first = y + _ASCENT * height
        elif va == "bottom":
            first = y - (len(lines) - 1) * step - _DESCENT * height
        for n, line in enumerate(lines):
            self.marks.append(Words(x, first + n * step, line, size, colour, anchor, bold, turn))

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: str,
        *,
        edged: bool = False,
        opacity: float = 1.0,
    ) -> None:
        """Fill a rectangle."""
        self.marks.append(Box(x, y, width, height, colour, edged, opacity))

    def stroke(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        colour: str,
        thickness: float,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """Draw a straight line; thickness, dashes and gaps are in points."""
        self.marks.append(Stroke(x1, y1, x2, y2, colour, thickness, dash))

    def dot(self, x: float, y: float, colour: str, diameter: float) -> None:
        """Draw one point; its diameter is in points."""
        self.marks.append(Dots(((x, y),), colour, diameter, 1.0))


# The widths of the characters from " " to "~" in DejaVu Sans, in hundredths of the size.
_WIDTHS = (
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
)  # fmt: skip
_OTHER_LETTER, _WIDE_LETTER = 72, 100


def _width(character: str) -> int:
    """Return the width of a character in hundredths of the size."""
    place = ord(character) - ord(" ")
    if 0 <= place < len(_WIDTHS):
        return _WIDTHS[place]
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    base = unicodedata.normalize("NFD", character)[0]
    if base != character:
        return _width(base)
    wide = unicodedata.east_asian_width(character) in "WF"
    return _WIDE_LETTER if wide else _OTHER_LETTER
