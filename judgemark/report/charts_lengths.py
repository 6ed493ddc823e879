"""Length against score, one panel per writer."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from judgemark.report.charts_canvas import MINUS, SMALL, Paper, Theme, tick
from judgemark.report.charts_fonts import Fonts
from judgemark.report.charts_tables import LengthPanel

EDGE, GAP = 0.16, 0.22
PANEL_WIDTH, PANEL_HEIGHT = 2.25, 1.5
LEFT_FOOT, BOTTOM_FOOT = 0.66, 0.42
NAME_LINE, RHO_LINE = 0.155, 0.2
MOST_COLUMNS = 5


def lengths_page(panels: Sequence[LengthPanel], unit: str, theme: Theme) -> Paper:
    """Lay the panels out in the given order; all share the same axes."""
    fonts = Fonts([panel.name for panel in panels])
    labels = fonts.labels([panel.name for panel in panels], PANEL_WIDTH)
    columns = _columns(len(panels))
    rows = -(-len(panels) // columns)
    head = NAME_LINE * max(label.count("\n") + 1 for label in labels) + RHO_LINE
    step = head + PANEL_HEIGHT + GAP
    width = EDGE + LEFT_FOOT + columns * PANEL_WIDTH + (columns - 1) * GAP + EDGE
    paper = Paper(width, EDGE + rows * step - GAP + BOTTOM_FOOT + EDGE, theme, fonts)
    paper.keep_names([panel.name for panel in panels], labels)
    limits = (
        _limits([x for p in panels for x in p.lengths]),
        _limits([y for p in panels for y in p.scores]),
    )
    for n, (panel, label) in enumerate(zip(panels, labels, strict=True)):
        left = EDGE + LEFT_FOOT + (n % columns) * (PANEL_WIDTH + GAP)
        top = EDGE + (n // columns) * step
        paper.text(left, top + head - RHO_LINE, label, va="bottom")
        paper.text(left, top + head - 0.03, _rho(panel), size=SMALL, faint=True, va="bottom")
        axes = paper.axes(left, top + head, PANEL_WIDTH, PANEL_HEIGHT)
        _scatter(axes, panel, limits, paper)
        _ticks(axes, paper, left_labels=n % columns == 0, bottom_labels=n + columns >= len(panels))
    paper.upright(EDGE + 0.1, EDGE + head + PANEL_HEIGHT / 2, "score")
    paper.text(EDGE + LEFT_FOOT, paper.height - EDGE, f"length of the piece ({unit})", faint=True)
    return paper


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


def _scatter(
    axes: Axes,
    panel: LengthPanel,
    limits: tuple[tuple[float, float], tuple[float, float]],
    paper: Paper,
) -> None:
    n = len(panel.lengths)
    axes.scatter(
        panel.lengths,
        panel.scores,
        s=11,
        color=paper.theme.point,
        linewidths=0,
        alpha=0.75 if n <= 100 else 0.5,
        zorder=2,
    )
    if panel.trend is not None:
        ends = [min(panel.lengths), max(panel.lengths)]
        line = [panel.trend.intercept + panel.trend.slope * x for x in ends]
        axes.plot(ends, line, color=paper.theme.line, lw=1.8, zorder=3)
    axes.set_xlim(*limits[0])
    axes.set_ylim(*limits[1])


def _ticks(axes: Axes, paper: Paper, *, left_labels: bool, bottom_labels: bool) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(4, prune="both"))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(tick))
    axes.tick_params(labelleft=left_labels, labelbottom=bottom_labels)
    axes.grid(color=paper.theme.rule, lw=0.7, zorder=0)
    axes.set_axisbelow(True)
    for side in ("left", "bottom"):
        axes.spines[side].set(visible=True, color=paper.theme.faint, linewidth=0.8)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(paper.fonts.properties(SMALL))
