"""What the charts draw: plain tables that are made from scores without knowing any judge."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.length_trend import Trend, length_trend
from judgemark.records import Criterion
from judgemark.table.score_table import Floats, ScoreTable

MOST_COLUMNS = 26
"""More values than these are put into bins, so that every share can be printed in its cell."""

BINS = 12
INVERTED = " (inv.)"
"""Marks a negative criterion, whose scores are shown inverted."""


@dataclass(frozen=True, slots=True)
class MeanEstimate:
    """A mean with its 95% interval; None where it has none (a single piece)."""

    mean: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class WriterBar:
    """One writer's mean score before and after calibration; None where there is none."""

    name: str
    raw: MeanEstimate | None
    calibrated: MeanEstimate | None


@dataclass(frozen=True, slots=True)
class ScaleUse:
    """How the judge used its scale: per writer and in all, the share of scores per column.

    `ticks` names the columns, or their edges where there is one tick more than columns. Each
    writer's shares, and `combined`, lie in 0..1 and sum to 1. `of` says what was counted.
    """

    ticks: tuple[str, ...]
    shares: Mapping[str, tuple[float, ...]]
    combined: tuple[float, ...]
    of: str = "criterion scores"


@dataclass(frozen=True, slots=True)
class LengthPanel:
    """One writer's pieces: length and score of each, and their trend or why there is none."""

    name: str
    lengths: tuple[float, ...]
    scores: tuple[float, ...]
    trend: Trend | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Mean scores by writer (rows) and criterion or item (columns).

    `values` holds one tuple per row, None for a gap; `overall` each row's overall mean, by
    which the drawer sorts the rows. `what` names the columns ("criterion"), `unit` the numbers.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    overall: tuple[float, ...]
    what: str
    unit: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: PNG bytes for light and dark pages, SVG (light) where it is small.

    `stem` names its files, `alt` tells what it shows to who cannot see it, `width` and `height`
    are CSS pixels. `shortened` holds (label, full name) for every name it does not spell out.
    """

    stem: str
    title: str
    caption: str
    alt: str
    light: bytes
    dark: bytes
    svg: bytes | None
    width: int
    height: int
    shortened: tuple[tuple[str, str], ...]


def scale_use(
    scores: Mapping[str, Sequence[float]],
    scale: tuple[float, float] | None,
    of: str = "criterion scores",
) -> ScaleUse:
    """Count each writer's scores per value of the scale, or per bin.

    `scores` holds each writer's scores as given (not inverted, gaps left out); `scale` the
    (least, greatest) score that could be given, None where there is no such range. Whole-number
    scales of up to 26 values get a column for each value, half points and the like included
    while they are few; all else gets about 12 bins of a round width. Raises UndefinedFigure
    where there is no score at all.
    """
    everything = [score for own in scores.values() for score in own]
    if not everything:
        raise UndefinedFigure("no scores")
    values = _columns(everything, scale)
    if values is not None:
        place = {value: n for n, value in enumerate(values)}
        where = {writer: [place[s] for s in own] for writer, own in scores.items()}
        ticks, columns = tuple(_short(v) for v in values), len(values)
    else:
        low, high = scale or (min(everything), max(everything))
        edges = _edges(min(low, *everything), max(high, *everything))
        columns = len(edges) - 1
        step = edges[1] - edges[0]
        where = {
            writer: [min(max(int((s - edges[0]) / step + 1e-9), 0), columns - 1) for s in own]
            for writer, own in scores.items()
        }
        ticks = tuple(_short(edge) for edge in edges)
    shares = {writer: _shares(own, columns) for writer, own in where.items()}
    combined = _shares([n for own in where.values() for n in own], columns)
    return ScaleUse(ticks, shares, combined, of)


def length_panel(name: str, lengths: Sequence[float], scores: Sequence[float]) -> LengthPanel:
    """A writer's panel: two sequences of the same pieces in the same order."""
    try:
        trend, reason = length_trend(lengths, scores), ""
    except UndefinedFigure as why:
        trend, reason = None, str(why)
    return LengthPanel(name, tuple(lengths), tuple(scores), trend, reason)


def criterion_grid(
    writers: Sequence[str],
    criteria: Sequence[Criterion],
    means: Floats,
    overall: Mapping[str, float],
) -> Grid:
    """Mean inverted scores of shape (writers, criteria) as a grid; NaN is a gap.

    Negative criteria are marked as inverted; `overall` holds each writer's mean score.
    """
    columns = [f"{c.name}{INVERTED}" if c.negative else c.name for c in criteria]
    return _grid(writers, columns, means, overall, "criterion", "mean score")


def item_grid(table: ScoreTable) -> Grid:
    """Mean scores of a table's writers on its items, for judges without criteria."""
    counts = (~np.isnan(table.values)).sum(axis=1)
    means = np.full(counts.shape, np.nan)
    np.divide(np.nansum(table.values, axis=1), counts, out=means, where=counts > 0)
    overall = {
        writer: float(scores.mean())
        for writer, scores in zip(table.writers, table.groups, strict=True)
        if scores.size
    }
    return _grid(table.writers, table.items, means, overall, "item", "mean score")


def _grid(
    rows: Sequence[str],
    columns: Sequence[str],
    means: Floats,
    overall: Mapping[str, float],
    what: str,
    unit: str,
) -> Grid:
    kept = [n for n, row in enumerate(rows) if row in overall]
    return Grid(
        rows=tuple(rows[n] for n in kept),
        columns=tuple(columns),
        values=tuple(tuple(None if math.isnan(v) else float(v) for v in means[n]) for n in kept),
        overall=tuple(overall[rows[n]] for n in kept),
        what=what,
        unit=unit,
    )


def _columns(scores: Sequence[float], scale: tuple[float, float] | None) -> list[float] | None:
    if scale is None or not all(float(end).is_integer() for end in scale):
        return None
    if scale[1] - scale[0] >= MOST_COLUMNS:
        return None
    values = sorted({float(v) for v in range(int(scale[0]), int(scale[1]) + 1)} | set(scores))
    return values if len(values) <= MOST_COLUMNS else None


def _edges(low: float, high: float) -> list[float]:
    """Edges of about BINS bins whose width is 1, 2 or 5 times a power of ten.

    Scores that differ in their last digits alone have no edges between them: they share a bin.
    """
    from matplotlib.ticker import MaxNLocator

    largest = max(1.0, abs(low), abs(high))
    if high - low < 1e-9 * largest:
        high = low + largest
    rounding = 1e-9 * (high - low) / BINS
    locator = MaxNLocator(BINS, steps=(1, 2, 5, 10))
    edges = locator.tick_values(low + rounding, high - rounding)
    return [round(float(edge), 12) for edge in edges]


def _shares(places: Sequence[int], columns: int) -> tuple[float, ...]:
    counts = [0] * columns
    for place in places:
        counts[place] += 1
    return tuple(n / len(places) if places else 0.0 for n in counts)


def _short(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")
