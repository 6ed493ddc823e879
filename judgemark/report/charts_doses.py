"""The dose-response picture: what judge and counting make of rising damage, a panel per kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from judgemark.errors import UndefinedFigure
from judgemark.report.charts_canvas import SMALL, Paper, Theme, drawn_chart
from judgemark.report.charts_fonts import Fonts
from judgemark.report.charts_tables import Chart

EDGE, GAP = 0.16, 0.3
PANEL_WIDTH, PANEL_HEIGHT = 2.1, 1.35
LEFT_FOOT, BOTTOM_FOOT = 0.68, 0.42
LEGEND, HEAD = 0.34, 0.24
MOST_COLUMNS = 5
JUDGE, COUNTER, COIN = "this judge", "the best counting rule", "a coin"


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
    return drawn_chart(
        lambda theme: doses_page(shown, theme),
        stem="doses",
        title="More damage, less liked?",
        caption="How often the damaged version is preferred to its undamaged piece, by how much of "
        "the piece is damaged. Without damage it is 50%. A judge that notices the damage falls "
        "towards 0%, and further with more damage. The dashed line is the best counting rule on "
        "the same pairs, chosen on other pieces: where it falls as far, the kind shows nothing.",
        alt=f"Line charts of {len(shown)} kinds of damage. Preferred at the highest level: {ends}.",
    )


def doses_page(panels: Sequence[DosePanel], theme: Theme) -> Paper:
    """Lay the panels out."""
    columns = min(MOST_COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    step = HEAD + PANEL_HEIGHT + GAP
    least = 4.6  # the legend's width
    width = max(EDGE + LEFT_FOOT + columns * (PANEL_WIDTH + GAP) - GAP + EDGE, least)
    height = EDGE + LEGEND + rows * step - GAP + BOTTOM_FOOT + EDGE
    paper = Paper(width, height, theme, Fonts([]))
    _legend(paper)
    most = max(max(panel.severity) for panel in panels)
    for n, panel in enumerate(panels):
        left = EDGE + LEFT_FOOT + (n % columns) * (PANEL_WIDTH + GAP)
        top = EDGE + LEGEND + (n // columns) * step
        paper.text(left, top + HEAD - 0.07, panel.name)
        axes = paper.axes(left, top + HEAD, PANEL_WIDTH, PANEL_HEIGHT)
        _lines(axes, panel, most, theme)
        _ticks(axes, paper, left_labels=n % columns == 0, bottom_labels=n + columns >= len(panels))
    middle = EDGE + LEGEND + HEAD + PANEL_HEIGHT / 2
    paper.upright(EDGE + 0.1, middle, "version preferred")
    paper.text(EDGE + LEFT_FOOT, paper.height - EDGE, "share of the piece damaged", faint=True)
    return paper


def _legend(paper: Paper) -> None:
    theme = paper.theme
    axes = paper.axes(EDGE, EDGE, paper.width - 2 * EDGE, LEGEND - 0.1)
    axes.set_xlim(0, paper.width - 2 * EDGE)
    axes.set_ylim(0, 1)
    axes.set_axis_off()
    left = LEFT_FOOT
    for name, style in (
        (JUDGE, {"color": theme.point, "lw": 1.8, "marker": "o", "ms": 4}),
        (COUNTER, {"color": theme.line, "lw": 1.5, "ls": (0, (4, 2)), "marker": "s", "ms": 3.5}),
        (COIN, {"color": theme.faint, "lw": 1.0, "ls": (0, (1, 2))}),
    ):
        axes.plot([left, left + 0.3], [0.5, 0.5], **style)  # type: ignore[arg-type]
        paper.text(EDGE + left + 0.38, EDGE + (LEGEND - 0.1) / 2, name, size=SMALL, va="center")
        left += 0.38 + paper.fonts.inches(name, SMALL) + 0.3


def _lines(axes: Axes, panel: DosePanel, most: float, theme: Theme) -> None:
    axes.axhline(0.5, color=theme.faint, lw=1.0, ls=(0, (1, 2)), zorder=1)
    if panel.counter:
        axes.plot(
            panel.severity, panel.counter, color=theme.line, lw=1.5, ls=(0, (4, 2)), marker="s",
            ms=3.5, zorder=2, clip_on=False,
        )  # fmt: skip
    axes.plot(
        panel.severity, panel.judge, color=theme.point, lw=1.8, marker="o", ms=4, zorder=3,
        clip_on=False,
    )  # fmt: skip
    axes.set_xlim(0, most * 1.04)
    axes.set_ylim(0, 1)


def _ticks(axes: Axes, paper: Paper, *, left_labels: bool, bottom_labels: bool) -> None:
    axes.xaxis.set_major_locator(MultipleLocator(0.2))
    axes.yaxis.set_major_locator(MultipleLocator(0.25))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}%"))
    axes.tick_params(labelleft=left_labels, labelbottom=bottom_labels)
    axes.grid(color=paper.theme.rule, lw=0.7, zorder=0)
    axes.set_axisbelow(True)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(paper.fonts.properties(SMALL))
