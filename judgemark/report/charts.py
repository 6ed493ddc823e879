"""The charts of a run, drawn from plain tables, and their files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from judgemark.errors import UndefinedFigure
from judgemark.report.charts_grid import grid_page
from judgemark.report.charts_lengths import lengths_page
from judgemark.report.charts_scores import scores_page
from judgemark.report.charts_tables import (
    INVERTED,
    Chart,
    Grid,
    LengthPanel,
    ScaleUse,
    WriterBar,
)
from judgemark.report.charts_ticks import number
from judgemark.report.labels import printable
from judgemark.report.sheet_chart import sheet_chart
from judgemark.run.files import write_bytes


def draw_scores(bars: Sequence[WriterBar], use: ScaleUse | None, raw_from: float = 0.0) -> Chart:
    """Draw bars of raw and calibrated means beside the use of the scale, best raw mean on top.

    The raw and the calibrated panel have axes of their own, since their scales may differ.
    Raises UndefinedFigure where no writer has a mean.
    """
    ranked = sorted(bars, key=lambda b: (-b.raw.mean if b.raw else float("inf"), b.name))
    scored = [(bar.name, bar.raw.mean) for bar in ranked if bar.raw]
    if not scored:
        raise UndefinedFigure("no writer has a score")
    (best, most), (worst, least) = scored[0], scored[-1]
    counted = "score" if use is None else use.of.removesuffix("s")
    sure = any(m is not None and m.low is not None for b in bars for m in (b.raw, b.calibrated))

    return sheet_chart(
        partial(scores_page, ranked, use, raw_from=raw_from),
        [bar.name for bar in ranked],
        stem="scores",
        title="Writers, and the judge's use of its scale",
        caption="Mean score of each writer, raw and calibrated"
        + (", with its 95% interval. Beside it " if sure else ". Beside it ")
        + f"the share of each {counted} as given, in percent: a judge that uses few values, or "
        "the same ones for every writer, tells writers apart less well."
        + (f" Raw bars begin at {number(raw_from)}, where each rating began." if raw_from else ""),
        alt=f"The raw means of {len(scored)} writers fall from {number(most)} "
        f"({printable(best)}) to {number(least)} ({printable(worst)}). "
        "The table of writers holds the numbers.",
    )


def draw_lengths(panels: Sequence[LengthPanel], unit: str = "characters") -> Chart:
    """Draw length against score, one panel per writer in the given order, all on the same axes.

    Raises UndefinedFigure where there is no piece at all.
    """
    shown = [panel for panel in panels if panel.lengths]
    if not shown:
        raise UndefinedFigure("no scored pieces")

    rhos = [panel.trend.rho for panel in shown if panel.trend is not None]
    alt = f"Scatter plots of score against length for {len(shown)} writers. "
    if rhos:
        alt += f"Spearman's rho lies between {min(rhos):+.2f} and {max(rhos):+.2f}."
    else:
        alt += "Spearman's rho is undefined for all of them."
    return sheet_chart(
        partial(lengths_page, shown, unit),
        [panel.name for panel in shown],
        stem="lengths",
        title="Length against score",
        caption="Each point is one piece. The line is the Theil-Sen line and rho is Spearman's "
        "rank correlation: where it is above 0, longer pieces of that writer score higher.",
        alt=alt,
    )


def draw_grid(grid: Grid) -> Chart:
    """Draw the mean score of each writer on each criterion or item, best overall mean on top.

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

    values = [value for row in grid.values for value in row if value is not None]
    inverted = any(column.endswith(INVERTED) for column in grid.columns)
    return sheet_chart(
        partial(grid_page, ranked),
        [*grid.rows, *grid.columns],
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
    )


def save_charts(charts: Sequence[Chart], folder: Path) -> None:
    """Write charts as STEM.svg into a folder; they follow the theme of the reader's system.

    `save_pictures` draws them as PNG. Raises UsageError where the folder cannot be written.
    """
    for chart in charts:
        write_bytes(folder / f"{chart.stem}.svg", chart.svg)


def save_pictures(charts: Sequence[Chart], folder: Path) -> tuple[list[Path], str]:
    """Write each chart as STEM.png and STEM-dark.png into a folder.

    Returns the files, and the characters of names that no installed font draws. Raises UsageError
    where the folder cannot be written.
    """
    files, undrawn = [], set()
    for chart in charts:
        drawn = chart.pictures()
        undrawn |= set(drawn.undrawn)
        for ending, data in (("", drawn.light), ("-dark", drawn.dark)):
            files.append(folder / f"{chart.stem}{ending}.png")
            write_bytes(files[-1], data)
    return files, "".join(sorted(undrawn))
