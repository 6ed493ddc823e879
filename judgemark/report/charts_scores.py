"""Mean scores of the writers, raw and calibrated, beside the judge's use of its scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from judgemark.report.charts_canvas import SMALL, TITLE, Paper, Theme, ink_on, number, tick
from judgemark.report.charts_fonts import Fonts
from judgemark.report.charts_tables import MeanEstimate, ScaleUse, WriterBar

EDGE, GAP, HEAD, FOOT = 0.16, 0.34, 0.48, 0.26
NAME_WIDTH, BARS_WIDTH, NUMBER_WIDTH = 2.3, 2.1, 0.5
CELL_WIDTH, LEAST_HEAT_WIDTH = 0.34, 3.4
TOTAL_GAP = 0.24
TOTAL_LABEL = "all writers"


def scores_page(bars: Sequence[WriterBar], use: ScaleUse | None, theme: Theme) -> Paper:
    """Lay the chart out, one row per writer in the given order."""
    fonts = Fonts([bar.name for bar in bars])
    labels = fonts.labels([bar.name for bar in bars], NAME_WIDTH)
    row = 0.37 if any("\n" in label for label in labels) else 0.28
    names_width = max(fonts.inches(label) for label in labels) + 0.1
    panels = [
        (title, colour, means)
        for title, colour, means in (
            ("Raw mean", theme.raw, [bar.raw for bar in bars]),
            ("Calibrated mean", theme.calibrated, [bar.calibrated for bar in bars]),
        )
        if any(means)
    ]
    panel_width = BARS_WIDTH + NUMBER_WIDTH + GAP
    heat_width = 0.0 if use is None else max(LEAST_HEAT_WIDTH, CELL_WIDTH * len(use.combined))
    left, top = EDGE + names_width, EDGE + HEAD
    overhang = 0.0 if use is None else fonts.inches(use.ticks[-1], SMALL) / 2
    width = left + len(panels) * panel_width + heat_width + max(EDGE, overhang + 0.04)
    ticks_height = 0.0 if use is None else _ticks_height(use, heat_width, fonts)
    paper = Paper(
        width, top + row * (len(bars) + 1) + TOTAL_GAP + FOOT + ticks_height, theme, fonts
    )
    paper.keep_names([bar.name for bar in bars], labels)
    for n, label in enumerate(labels):
        paper.text(left - 0.1, top + (n + 0.5) * row, label, ha="right", va="center")
    for title, colour, means in panels:
        _bars_panel(paper, (left, top, row * len(bars)), title, colour, means)
        left += panel_width
    if use is not None:
        _use_panel(paper, (left, top, heat_width), row, [bar.name for bar in bars], use)
    return paper


def _bars_panel(
    paper: Paper,
    place: tuple[float, float, float],
    title: str,
    colour: str,
    means: Sequence[MeanEstimate | None],
) -> None:
    left, top, height = place
    paper.text(left, EDGE + 0.14, title, size=TITLE, bold=True)
    paper.text(left, EDGE + 0.32, "with 95% interval", size=SMALL, faint=True)
    ink = paper.theme.ink
    axes = paper.axes(left, top, BARS_WIDTH, height)
    axes.set_ylim(len(means) - 0.5, -0.5)
    for n, estimate in enumerate(means):
        if estimate is None:
            paper.text(
                left + 0.05,
                top + (n + 0.5) * height / len(means),
                "no score",
                size=SMALL,
                faint=True,
                va="center",
            )
            continue
        axes.barh(n, estimate.mean, height=0.66, color=colour, zorder=2)
        if estimate.low is not None and estimate.high is not None:
            ends = [estimate.low, estimate.high]
            axes.plot(ends, [n, n], color=ink, lw=1.4, marker="|", ms=5, mew=1.4, zorder=3)
        paper.text(
            left + BARS_WIDTH + NUMBER_WIDTH,
            top + (n + 0.5) * height / len(means),
            number(estimate.mean),
            ha="right",
            va="center",
        )
    _number_axis(axes, [e for e in means if e is not None], paper)


def _number_axis(axes: Axes, means: Sequence[MeanEstimate], paper: Paper) -> None:
    """Set limits that include zero, all bars and all intervals, and draw a few labelled lines."""
    ends = [end for e in means for end in (e.mean, e.low, e.high) if end is not None]
    low, high = min(0.0, *ends), max(0.0, *ends)
    if low == high:
        high = 1.0
    room = (high - low) * 0.03
    axes.set_xlim(low - (room if low < 0 else 0), high + room)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(tick))
    axes.set_yticks([])
    axes.grid(axis="x", color=paper.theme.rule, lw=0.8, zorder=0)
    axes.set_axisbelow(True)
    axes.axvline(0, color=paper.theme.faint, lw=1, zorder=4)
    for label in axes.get_xticklabels():
        label.set_fontproperties(paper.fonts.properties(SMALL))


def _use_panel(
    paper: Paper,
    place: tuple[float, float, float],
    row: float,
    names: Sequence[str],
    use: ScaleUse,
) -> None:
    left, top, width = place
    columns = len(use.combined)
    shares = [use.shares.get(name, (0.0,) * columns) for name in names]
    peak = max(max(own) for own in (*shares, use.combined)) or 1.0
    kind = "value" if len(use.ticks) == columns else "interval"
    paper.text(left, EDGE + 0.14, "Use of the scale", size=TITLE, bold=True)
    paper.text(left, EDGE + 0.32, f"% of {use.of} per {kind}", size=SMALL, faint=True)
    height = row * len(names)
    total_top = top + height + TOTAL_GAP
    _heat(paper, paper.axes(left, top, width, height), shares, peak)
    total = paper.axes(left, total_top, width, row)
    _heat(paper, total, [use.combined], peak)
    paper.text(left - 0.1, total_top + row / 2, TOTAL_LABEL, ha="right", va="center")
    cell = width / columns
    first = 0.5 if kind == "value" else 0.0
    tilted = _ticks_height(use, width, paper.fonts) > 0
    for n, label in enumerate(use.ticks):
        paper.figure.text(
            (left + (n + first) * cell) / paper.width,
            1 - (total_top + row + 0.06) / paper.height,
            label,
            color=paper.theme.ink,
            fontproperties=paper.fonts.properties(SMALL),
            ha="center",
            va="top",
            rotation=90 if tilted else 0,
        )


def _ticks_height(use: ScaleUse, width: float, fonts: Fonts) -> float:
    """Return the height of the labels where they must be upright to fit side by side, else 0."""
    widest = max(fonts.inches(label, SMALL) for label in use.ticks)
    return widest if widest > 0.9 * width / len(use.combined) else 0.0


def _heat(paper: Paper, axes: Axes, shares: Sequence[Sequence[float]], peak: float) -> None:
    """Draw cells with their percentages; those that round to zero stay blank."""
    cells = np.array(shares)
    colours = paper.theme.shares
    axes.pcolormesh(
        cells, cmap=colours, vmin=0, vmax=peak, edgecolors=paper.theme.paper, linewidth=0.6
    )
    axes.set_ylim(len(cells), 0)
    axes.set_xticks([])
    axes.set_yticks([])
    for (y, x), share in np.ndenumerate(cells):
        shown = f"{100 * share:.0f}"
        if shown != "0":
            axes.text(
                x + 0.5,
                y + 0.5,
                shown,
                color=ink_on(colours(share / peak)),
                fontproperties=paper.fonts.properties(SMALL),
                ha="center",
                va="center",
            )
