"""The reliability diagram: a pairwise judge's confidence against how often it is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from judgemark.errors import UndefinedFigure
from judgemark.report.charts_canvas import SMALL, Paper, Theme, drawn_chart
from judgemark.report.charts_fonts import Fonts
from judgemark.report.charts_tables import Chart

EDGE, LEFT_FOOT, BOTTOM_FOOT = 0.16, 0.62, 0.5
SIDE = 3.6
LARGEST = 190.0


def draw_reliability(
    bins: Sequence[Mapping[str, Any]], agrees: str = "the reference agrees"
) -> Chart:
    """Draw the bins of a reliability curve: each with its pairs, confidence and accuracy.

    `agrees` says in words what the share right is a share of.

    Raises UndefinedFigure where every bin is empty.
    """
    shown = [b for b in bins if b["n"]]
    if not shown:
        raise UndefinedFigure("no pair was judged")

    bins_in_words = "; ".join(
        f"{100 * b['confidence']:.0f}% sure, {100 * b['accuracy']['value']:.0f}% right"
        for b in shown
    )
    return drawn_chart(
        lambda theme: reliability_page(shown, theme, agrees),
        stem="reliability",
        title="Confidence against agreement",
        caption="The pairs are put into bins by the judge's confidence, the larger of P and 1 - P. "
        "The area of a point is proportional to its number of pairs; bars are 95% intervals. A "
        "well calibrated judge follows the dashed line.",
        alt=f"Reliability diagram of {len(shown)} bins: {bins_in_words}.",
    )


def reliability_page(bins: Sequence[Mapping[str, Any]], theme: Theme, agrees: str) -> Paper:
    """Lay the diagram out from bins that all hold at least one pair."""
    width = EDGE + LEFT_FOOT + SIDE + EDGE
    paper = Paper(width, EDGE + SIDE + BOTTOM_FOOT + EDGE, theme, Fonts([]))
    axes = paper.axes(EDGE + LEFT_FOOT, EDGE, SIDE, SIDE)
    axes.plot([0.5, 1], [0.5, 1], color=theme.faint, lw=1, ls=(0, (4, 3)), zorder=1)
    most = max(b["n"] for b in bins)
    for b in bins:
        _bin(axes, b, LARGEST * b["n"] / most, theme)
    axes.set_xlim(0.48, 1.02)
    axes.set_ylim(-0.03, 1.03)
    axes.xaxis.set_major_locator(MultipleLocator(0.1))
    axes.yaxis.set_major_locator(MultipleLocator(0.2))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}%"))
    axes.grid(color=theme.rule, lw=0.7, zorder=0)
    axes.set_axisbelow(True)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(paper.fonts.properties(SMALL))
    paper.upright(EDGE + 0.1, EDGE + SIDE / 2, agrees)
    middle = EDGE + LEFT_FOOT + SIDE / 2
    paper.text(middle, paper.height - EDGE, "the judge's confidence", faint=True, ha="center")
    return paper


def _bin(axes: Axes, b: Mapping[str, Any], area: float, theme: Theme) -> None:
    accuracy = b["accuracy"]
    if accuracy["ci95"]:
        axes.plot(
            [b["confidence"]] * 2, accuracy["ci95"], color=theme.point, lw=1.4, alpha=0.6, zorder=2
        )
    axes.scatter(
        [b["confidence"]], [accuracy["value"]], s=area, color=theme.point, linewidths=0, zorder=3
    )
