"""The forest plot of probes: each contrast's effect, its interval and its threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from judgemark.errors import UndefinedFigure
from judgemark.report.charts_canvas import SMALL, Paper, Theme, drawn_chart, tick
from judgemark.report.charts_fonts import Fonts
from judgemark.report.charts_tables import Chart

EDGE, ROW, FOOT = 0.16, 0.32, 0.55
NAME_WIDTH, PLOT_WIDTH = 2.4, 3.3
POINT_SIZE = 34.0


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
    return drawn_chart(
        lambda theme: forest_page(rows, unit, theme),
        stem="probes",
        title="Effects of what should not matter",
        caption="Each point is the mean effect of one change, and its bar the 95% interval. The "
        "grey band is the size below which an effect does not matter. Filled orange points were "
        "found after correction for the number of contrasts; hollow ones were not.",
        alt=f"Forest plot of {len(rows)} effects in {unit}. {said} The table above holds the "
        "numbers.",
    )


def forest_page(rows: Sequence[ForestRow], unit: str, theme: Theme) -> Paper:
    """Lay the plot out from rows that all have an interval."""
    fonts = Fonts([row.name for row in rows])
    labels = fonts.labels([row.name for row in rows], NAME_WIDTH, lines=1)
    names_width = max(fonts.inches(label) for label in labels) + 0.14
    left, height = EDGE + names_width, ROW * len(rows)
    paper = Paper(left + PLOT_WIDTH + EDGE, EDGE + height + FOOT, theme, fonts)
    paper.keep_names([row.name for row in rows], labels)
    axes = paper.axes(left, EDGE, PLOT_WIDTH, height)
    for n, (row, label) in enumerate(zip(rows, labels, strict=True)):
        paper.text(left - 0.14, EDGE + (n + 0.5) * ROW, label, ha="right", va="center")
        _row(axes, n + 0.5, row, theme)
    ends = [end for row in rows for end in (row.low, row.high, -row.threshold, row.threshold)]
    room = 0.06 * (max(ends) - min(ends))
    axes.set_xlim(min(ends) - room, max(ends) + room)
    axes.set_ylim(len(rows), 0)
    axes.axvline(0, color=theme.faint, lw=1, zorder=2)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(tick))
    axes.grid(axis="x", color=theme.rule, lw=0.7, zorder=0)
    axes.set_axisbelow(True)
    for mark in axes.get_xticklabels():
        mark.set_fontproperties(fonts.properties(SMALL))
    paper.text(left + PLOT_WIDTH / 2, paper.height - EDGE, f"effect, {unit}", faint=True,
               ha="center")  # fmt: skip
    return paper


def _row(axes: Axes, at: float, row: ForestRow, theme: Theme) -> None:
    band = Rectangle((-row.threshold, at - 0.38), 2 * row.threshold, 0.76)
    band.set(facecolor=theme.rule, alpha=0.55, linewidth=0, zorder=1)
    axes.add_patch(band)
    colour = theme.line if row.found else theme.point
    axes.plot([row.low, row.high], [at, at], color=colour, lw=1.8, zorder=3)
    axes.scatter(
        [row.effect],
        [at],
        s=POINT_SIZE,
        facecolor=colour if row.found else theme.paper,
        edgecolor=colour,
        linewidths=1.4,
        zorder=4,
    )
