"""What the charts draw: plain tables that are made from scores without knowing any judge."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.length_trend import Trend, length_trend
from judgemark.records import Criterion
from judgemark.report.charts_ticks import round_numbers
from judgemark.table.score_table import Floats, ScoreTable

MOST_COLUMNS = 26
"""A scale with more values is put into bins, so that each cell has room for its share."""

BINS = 12
INVERTED = " (inv.)"
"""The mark of a negative criterion, whose scores are shown inverted."""


@dataclass(frozen=True, slots=True)
class MeanEstimate:
    """A mean with its 95% interval, which is None for a single piece."""

    mean: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class WriterBar:
    """One writer's mean score before and after calibration; None where it is undefined."""

    name: str
    raw: MeanEstimate | None
    calibrated: MeanEstimate | None


@dataclass(frozen=True, slots=True)
class ScaleUse:
    """How the judge used its scale: the share of scores in each column, per writer and overall.

    `ticks` names the columns, or their edges where there is one tick more than columns. The
    shares of each writer and the `combined` shares lie in 0..1 and sum to 1. `of` says what was
    counted.
    """

    ticks: tuple[str, ...]
    shares: Mapping[str, tuple[float, ...]]
    combined: tuple[float, ...]
    of: str = "criterion scores"


@dataclass(frozen=True, slots=True)
class LengthPanel:
    """One writer's pieces: lengths, scores, and their trend or the reason why it is undefined."""

    name: str
    lengths: tuple[float, ...]
    scores: tuple[float, ...]
    trend: Trend | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Mean scores by writer (rows) and criterion or item (columns).

    `values` holds one tuple per row, with None for a gap, and `overall` each row's overall mean,
    by which the chart sorts its rows. `what` names the columns ("criterion"), and `unit` the
    numbers.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    overall: tuple[float, ...]
    what: str
    unit: str


@dataclass(frozen=True, slots=True)
class ChartPictures:
    """A chart as PNG for light and for dark pages.

    `undrawn` are the characters of names that no installed font draws.
    """

    light: bytes
    dark: bytes
    undrawn: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of marks.

    `stem` names its files, and `alt` describes it for readers who cannot see it. `width` and
    `height` are CSS pixels. `shortened` holds (label, full name) for every shortened name.
    `inline` is an SVG element that follows the theme of the page, `svg` is the same as a file, and
    `pictures` draws it as PNG.
    """

    stem: str
    title: str
    caption: str
    alt: str
    svg: bytes
    width: int
    height: int
    shortened: tuple[tuple[str, str], ...]
    inline: str
    pictures: Callable[[], ChartPictures] = field(compare=False)


def scale_use(
    scores: Mapping[str, Sequence[float]],
    scale: tuple[float, float] | None,
    of: str = "criterion scores",
) -> ScaleUse:
    """Count each writer's scores per value of the scale, or per bin.

    `scores` holds each writer's scores as given (not inverted, without gaps). `scale` is the
    (least, greatest) score that could be given, None where there is no such range. A whole-number
    scale gets one column for each value that is possible or was given, up to 26 columns. Any
    other scale gets about 12 bins of a round width. Raises UndefinedFigure without scores.
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
    """Return a writer's panel from the lengths and scores of the same pieces, in one order."""
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
    """Return mean inverted scores of shape (writers, criteria) as a grid; NaN is a gap.

    Negative criteria are marked as inverted; `overall` holds each writer's mean score.
    """
    columns = [f"{c.name}{INVERTED}" if c.negative else c.name for c in criteria]
    return _grid(writers, columns, means, overall, "criterion", "mean score")


def item_grid(table: ScoreTable, what: str = "item") -> Grid:
    """Return the mean scores of writers on items, for judges without criteria.

    `what` names the table's last axis: bootstraps stand in the place of items.
    """
    counts = (~np.isnan(table.values)).sum(axis=1)
    means = np.full(counts.shape, np.nan)
    np.divide(np.nansum(table.values, axis=1), counts, out=means, where=counts > 0)
    overall = {
        writer: float(scores.mean())
        for writer, scores in zip(table.writers, table.groups, strict=True)
        if scores.size
    }
    return _grid(table.writers, table.items, means, overall, what, "mean score")


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
    """Return the edges of about BINS bins, 1, 2 or 5 times a power of ten wide.

    Scores that differ only by rounding get a range of their own size, so they share a bin.
    """
    largest = max(1.0, abs(low), abs(high))
    if high - low < 1e-9 * largest:
        high = low + largest
    rounding = 1e-9 * (high - low) / BINS
    edges = round_numbers(low + rounding, high - rounding, BINS, (1.0, 2.0, 5.0, 10.0))
    return [round(edge, 12) for edge in edges]


def _shares(places: Sequence[int], columns: int) -> tuple[float, ...]:
    counts = [0] * columns
    for place in places:
        counts[place] += 1
    return tuple(n / len(places) if places else 0.0 for n in counts)


def _short(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")
