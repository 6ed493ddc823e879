"""Shares of pairs put right as points on one axis, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from judgemark.errors import UndefinedFigure
from judgemark.report.charts_canvas import SMALL, Paper, Theme, drawn_chart
from judgemark.report.charts_fonts import Fonts
from judgemark.report.charts_tables import Chart

EDGE, FOOT, ROW = 0.16, 0.34, 0.3
NAME_WIDTH, AXIS_WIDTH, NUMBER_WIDTH = 2.9, 3.9, 0.6


@dataclass(frozen=True, slots=True)
class SharePoint:
    """A share of pairs, 0..1, with the ends of its interval where it has one.

    The `main` one is drawn stronger than those that it is compared with.
    """

    name: str
    share: float
    ends: tuple[float, float] | None = None
    main: bool = False


def draw_shares(points: Sequence[SharePoint], *, stem: str, title: str, caption: str) -> Chart:
    """Draw one row for each point, in the given order, on an axis of 0 to 100%.

    A dashed line marks 50%. Raises UndefinedFigure where there is no point.
    """
    if not points:
        raise UndefinedFigure("no share is known")
    alt = "; ".join(f"{point.name} {100 * point.share:.0f}%" for point in points)
    return drawn_chart(
        lambda theme: shares_paper(points, theme),
        stem=stem,
        title=title,
        caption=caption,
        alt=f"Shares of pairs put right: {alt}.",
    )


def shares_paper(points: Sequence[SharePoint], theme: Theme) -> Paper:
    """Lay the chart out in the colours of a theme."""
    names = [point.name for point in points]
    fonts = Fonts(names)
    labels = fonts.labels(names, NAME_WIDTH)
    row = ROW + 0.09 if any("\n" in label for label in labels) else ROW
    left = EDGE + max(fonts.inches(label) for label in labels) + 0.12
    height = row * len(points)
    paper = Paper(
        left + AXIS_WIDTH + NUMBER_WIDTH + EDGE, EDGE + height + FOOT + EDGE, theme, fonts
    )
    paper.keep_names(names, labels)
    axes = paper.axes(left, EDGE, AXIS_WIDTH, height)
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(len(points) - 0.5, -0.5)
    axes.axvline(0.5, color=theme.faint, lw=1, ls=(0, (4, 3)), zorder=1)
    for n, (point, label) in enumerate(zip(points, labels, strict=True)):
        middle = EDGE + (n + 0.5) * row
        colour = theme.point if point.main else theme.line
        paper.text(left - 0.12, middle, label, ha="right", va="center")
        if point.ends is not None:
            axes.plot(point.ends, [n, n], color=colour, lw=1.8, alpha=0.75, zorder=2)
        size = 62 if point.main else 38
        axes.scatter([point.share], [n], s=size, color=colour, linewidths=0, zorder=3)
        shown = f"{100 * point.share:.1f}%"
        right = left + AXIS_WIDTH + NUMBER_WIDTH
        paper.text(right, middle, shown, ha="right", va="center")
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    axes.set_xticks(ticks, [f"{100 * tick:.0f}%" for tick in ticks])
    axes.set_yticks([])
    axes.grid(axis="x", color=theme.rule, lw=0.7, zorder=0)
    axes.set_axisbelow(True)
    for tick in axes.get_xticklabels():
        tick.set_fontproperties(fonts.properties(SMALL))
    return paper
