"""The charts of a run: tables in, pictures out. Only the charts modules import matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from judgemark.errors import UndefinedFigure
from judgemark.report.charts_canvas import Paper, Theme, draw_both, number
from judgemark.report.charts_grid import grid_page
from judgemark.report.charts_lengths import lengths_page
from judgemark.report.charts_scores import scores_page
from judgemark.report.labels import printable
from judgemark.run.files import write_bytes
from judgemark.scoring.chart_data import INVERTED, Chart, Grid, LengthPanel, ScaleUse, WriterBar

CSS_PIXELS_PER_INCH = 96


def draw_scores(bars: Sequence[WriterBar], use: ScaleUse | None) -> Chart:
    """Bars of raw and calibrated means beside the use of the scale; best raw mean on top.

    The raw and the calibrated panel have axes of their own, since their scales may differ.
    Raises UndefinedFigure where no writer has a mean.
    """
    ranked = sorted(bars, key=lambda b: (-b.raw.mean if b.raw else float("inf"), b.name))
    scored = [(bar.name, bar.raw.mean) for bar in ranked if bar.raw]
    if not scored:
        raise UndefinedFigure("no writer has a score")
    (best, most), (worst, least) = scored[0], scored[-1]
    counted = "score" if use is None else use.of.removesuffix("s")

    def build(theme: Theme) -> Paper:
        return scores_page(ranked, use, theme)

    light, dark, svg, paper = draw_both(build)
    return Chart(
        stem="scores",
        title="Writers, and the judge's use of its scale",
        caption="Mean score of each writer, raw and calibrated, with its 95% interval. Beside it "
        f"the share of each {counted} as given, in percent: a judge that uses few values, or "
        "the same ones for every writer, tells writers apart less well.",
        alt=f"The raw means of {len(scored)} writers fall from {number(most)} "
        f"({printable(best)}) to {number(least)} ({printable(worst)}). "
        "The table of writers holds the numbers.",
        light=light,
        dark=dark,
        svg=svg,
        width=_pixels(paper.width),
        height=_pixels(paper.height),
        shortened=paper.shortened,
    )


def draw_lengths(panels: Sequence[LengthPanel], unit: str = "characters") -> Chart:
    """Length against score, one panel per writer in the given order, all on the same axes.

    Raises UndefinedFigure where there is no piece at all.
    """
    shown = [panel for panel in panels if panel.lengths]
    if not shown:
        raise UndefinedFigure("no scored pieces")

    def build(theme: Theme) -> Paper:
        return lengths_page(shown, unit, theme)

    light, dark, svg, paper = draw_both(build)
    rhos = [panel.trend.rho for panel in shown if panel.trend is not None]
    alt = f"Scatter plots of score against length for {len(shown)} writers. "
    if rhos:
        alt += f"Spearman's rho lies between {min(rhos):+.2f} and {max(rhos):+.2f}."
    else:
        alt += "Spearman's rho is undefined for all of them."
    return Chart(
        stem="lengths",
        title="Length against score",
        caption="Each point is one piece. The line is the Theil-Sen line, rho is Spearman's: "
        "above 0, longer pieces of that writer score higher.",
        alt=alt,
        light=light,
        dark=dark,
        svg=svg,
        width=_pixels(paper.width),
        height=_pixels(paper.height),
        shortened=paper.shortened,
    )


def draw_grid(grid: Grid) -> Chart:
    """Mean score of each writer on each criterion or item; best overall mean on top.

    Raises UndefinedFigure where every cell is a gap.
    """
    if not any(value is not None for row in grid.values for value in row):
        raise UndefinedFigure(f"no scores by {grid.what}")
    order = sorted(range(len(grid.rows)), key=lambda n: (-grid.overall[n], grid.rows[n]))
    ranked = Grid(
        tuple(grid.rows[n] for n in order),
        grid.columns,
        tuple(grid.values[n] for n in order),
        tuple(grid.overall[n] for n in order),
        grid.what,
        grid.unit,
    )

    def build(theme: Theme) -> Paper:
        return grid_page(ranked, theme)

    light, dark, svg, paper = draw_both(build)
    values = [value for row in grid.values for value in row if value is not None]
    inverted = any(column.endswith(INVERTED) for column in grid.columns)
    return Chart(
        stem="grid",
        title=f"Writers by {grid.what}",
        caption=f"Mean score of each writer on each {grid.what}, the best writer on top."
        + (
            " Negative criteria (inv.) are inverted: higher is better everywhere."
            if inverted
            else ""
        ),
        alt=f"A map of {len(grid.rows)} writers by {len(grid.columns)} columns, one for each "
        f"{grid.what}, with mean scores from {number(min(values))} to {number(max(values))}.",
        light=light,
        dark=dark,
        svg=svg,
        width=_pixels(paper.width),
        height=_pixels(paper.height),
        shortened=paper.shortened,
    )


def save_charts(charts: Sequence[Chart], folder: Path) -> None:
    """Write each chart as STEM.png, STEM-dark.png and, where small, STEM.svg into a folder.

    Raises UsageError where the folder cannot be written.
    """
    for chart in charts:
        write_bytes(folder / f"{chart.stem}.png", chart.light)
        write_bytes(folder / f"{chart.stem}-dark.png", chart.dark)
        if chart.svg is not None:
            write_bytes(folder / f"{chart.stem}.svg", chart.svg)


def _pixels(inches: float) -> int:
    return round(inches * CSS_PIXELS_PER_INCH)
