"""The dose-response picture: what judge and counting make of rising damage, a panel per kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from judgemark.errors import UndefinedFigure
from judgemark.report.charts_sheet import POINTS_PER_INCH, SMALL, ChartFonts, ChartSheet
from judgemark.report.charts_tables import Chart
from judgemark.report.charts_ticks import numbers_within
from judgemark.report.sheet_chart import sheet_chart

EDGE, GAP = 0.16, 0.3
PANEL_WIDTH, PANEL_HEIGHT = 2.1, 1.35
LEFT_FOOT, BOTTOM_FOOT = 0.68, 0.42
LEGEND, HEAD, SWATCH = 0.34, 0.24, 0.38
MOST_COLUMNS = 5
JUDGE, COUNTER, COIN = "this judge", "the best counting rule", "a coin"


@dataclass(frozen=True, slots=True)
class _Look:
    """How a line is drawn; `mark` is the size of the marks at its places, 0 for none, in points."""

    colour: str
    thickness: float
    dash: tuple[float, float] | None = None
    mark: float = 0.0
    square: bool = False


_JUDGE = _Look("point", 1.8, mark=5.0)
_COUNTER = _Look("line", 1.5, dash=(6, 3), mark=4.5, square=True)
_COIN = _Look("faint", 1.0, dash=(1, 2))


@dataclass(frozen=True, slots=True)
class DosePanel:
    """One kind of damage: shares (0..1) by mean severity (0..1), from the undamaged piece on.

    `judge` and `counter` are how often the damaged version is preferred to its undamaged piece;
    `counter` is empty where no counting rule could be chosen.
    """

    name: str
    severity: tuple[float, ...]
    judge: tuple[float, ...]
    counter: tuple[float, ...]


def draw_doses(panels: Sequence[DosePanel]) -> Chart:
    """Draw the panels in the given order, all on the same axes.

    Raises UndefinedFigure where no kind has an answer.
    """
    shown = [panel for panel in panels if len(panel.severity) > 1]
    if not shown:
        raise UndefinedFigure("no kind of damage has an answer")
    ends = "; ".join(
        f"{panel.name}: {100 * panel.judge[-1]:.0f}%"
        + (f", counting {100 * panel.counter[-1]:.0f}%" if panel.counter else "")
        for panel in shown
    )
    return sheet_chart(
        partial(doses_page, shown),
        [panel.name for panel in shown],
        stem="doses",
        title="More damage, less liked?",
        caption="How often the damaged version is preferred to its undamaged piece, by how much of "
        "the piece is damaged. Without damage it is 50%. A judge that notices the damage falls "
        "towards 0%, and further with more damage. The dashed line is the best counting rule on "
        "the same pairs, chosen on other pieces: where it falls as far, the kind shows nothing.",
        alt=f"Line charts of {len(shown)} kinds of damage. Preferred at the highest level: {ends}.",
    )


def doses_page(panels: Sequence[DosePanel], fonts: ChartFonts) -> ChartSheet:
    """Lay the panels out."""
    columns = min(MOST_COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    step = HEAD + PANEL_HEIGHT + GAP
    names = (JUDGE, COUNTER, COIN)
    legend = sum(fonts.inches(name, SMALL) + 2 * SWATCH for name in names)
    most_of_panels = columns * (PANEL_WIDTH + GAP) - GAP
    width = EDGE + LEFT_FOOT + max(most_of_panels, legend) + EDGE
    sheet = ChartSheet(width, EDGE + LEGEND + rows * step - GAP + BOTTOM_FOOT + EDGE)
    _legend(sheet, fonts)
    most = max(max(panel.severity) for panel in panels)
    for n, panel in enumerate(panels):
        left = EDGE + LEFT_FOOT + (n % columns) * (PANEL_WIDTH + GAP)
        top = EDGE + LEGEND + (n // columns) * step
        sheet.text(left, top + HEAD - 0.07, panel.name)
        labelled = (n % columns == 0, n + columns >= len(panels))
        _panel(sheet, (left, top + HEAD), panel, most, labelled)
    middle = EDGE + LEGEND + HEAD + PANEL_HEIGHT / 2
    sheet.text(EDGE + 0.14, middle, "version preferred", colour="faint", anchor="middle", turn=90)
    foot = sheet.height - EDGE
    sheet.text(EDGE + LEFT_FOOT, foot, "share of the piece damaged", colour="faint")
    return sheet


def _legend(sheet: ChartSheet, fonts: ChartFonts) -> None:
    x, y = EDGE + LEFT_FOOT, EDGE + (LEGEND - 0.1) / 2
    for name, look in ((JUDGE, _JUDGE), (COUNTER, _COUNTER), (COIN, _COIN)):
        _line(sheet, [(x, y), (x + 0.3, y)], look)
        sheet.text(x + SWATCH, y, name, size=SMALL, va="center")
        x += 2 * SWATCH + fonts.inches(name, SMALL)


def _panel(
    sheet: ChartSheet,
    corner: tuple[float, float],
    panel: DosePanel,
    most: float,
    labelled: tuple[bool, bool],
) -> None:
    """Draw one panel; `labelled` says whether its vertical and horizontal axis have numbers."""
    left, top = corner
    right, bottom = left + PANEL_WIDTH, top + PANEL_HEIGHT

    def across(severity: float) -> float:
        return left + severity / (1.04 * most) * PANEL_WIDTH

    def up(share: float) -> float:
        return bottom - share * PANEL_HEIGHT

    for value in numbers_within([n / 5 for n in range(6)], 0.0, 1.04 * most):
        sheet.stroke(across(value), top, across(value), bottom, "rule", 0.7)
        if labelled[1]:
            label = f"{100 * value:.0f}%"
            sheet.text(across(value), bottom + 0.06, label, size=SMALL, anchor="middle", va="top")
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        sheet.stroke(left, up(value), right, up(value), "rule", 0.7)
        if labelled[0]:
            label = f"{100 * value:.0f}%"
            sheet.text(left - 0.06, up(value), label, size=SMALL, anchor="end", va="center")
    _line(sheet, [(left, up(0.5)), (right, up(0.5))], _COIN)
    for shares, look in ((panel.counter, _COUNTER), (panel.judge, _JUDGE)):
        if shares:
            pairs = zip(panel.severity, shares, strict=True)
            _line(sheet, [(across(x), up(y)) for x, y in pairs], look)


def _line(sheet: ChartSheet, places: Sequence[tuple[float, float]], look: _Look) -> None:
    for (x1, y1), (x2, y2) in pairwise(places):
        sheet.stroke(x1, y1, x2, y2, look.colour, look.thickness, look.dash)
    side = look.mark / POINTS_PER_INCH
    for x, y in places:
        if look.square:
            sheet.box(x - side / 2, y - side / 2, side, side, look.colour)
        elif look.mark:
            sheet.dot(x, y, look.colour, look.mark)
