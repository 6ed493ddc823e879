"""Many tables at once: the same scores resampled, or with a writer or an item left out.

All tables of a batch have the same distinct scores, the *levels*. What depends on order alone
(ranks, quantiles, distances between distributions) is counted per level, and a calibration is a
second set of levels per table. The plain definitions are in `separability`, `order_agreement`,
`stability` and `calibration`; everything here equals them, table by table, where every writer has a
score.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from judgemark.metrics.calibration import OUTPUTS, QUANTILES
from judgemark.table.score_table import Floats, ScoreTable

Ints = NDArray[np.intp]

NO_SPREAD = 1e-12
"""Deviations below this share of the largest score are rounding, not spread."""

EXACT_IN_SINGLE = 1 << 24
"""Whole numbers up to here are exact in single precision."""

CELLS_AT_ONCE = 1 << 18
"""How many scores or counts are worked on at once: a bound on memory that changes no figure."""


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """One table as places among its distinct scores.

    `levels` (U,) ascend; `codes` (writers, items, iterations) point into them, and to U where
    there is a gap.
    """

    levels: Floats
    codes: Ints

    @staticmethod
    def of(table: ScoreTable) -> Coded:
        """Code a table."""
        by_item = np.swapaxes(table.values, 1, 2)
        there = ~np.isnan(by_item)
        levels, places = np.unique(by_item[there], return_inverse=True)
        codes = np.full(by_item.shape, len(levels), dtype=np.intp)
        codes[there] = places
        return Coded(levels, codes)

    def whole(self) -> Batch:
        """Return the table itself, as a batch of one."""
        return Batch(self.levels, self.codes[np.newaxis])

    def with_items(
        self, picks: Ints, cells_at_once: int = CELLS_AT_ONCE
    ) -> Iterator[tuple[slice, Batch]]:
        """Yield the tables of the items at `picks` (tables, items) in batches, with their rows."""
        writers = np.arange(len(self.codes))[None, :, None]
        for rows in self._batches(len(picks), picks.shape[1], cells_at_once):
            yield rows, Batch(self.levels, self.codes[writers, picks[rows, None, :]])

    def with_writers(self, picks: Ints) -> Iterator[tuple[slice, Batch]]:
        """Yield the tables of the writers at `picks` (tables, writers) in batches, with their
        rows."""
        for rows in self._batches(len(picks), self.codes.shape[1], CELLS_AT_ONCE):
            yield rows, Batch(self.levels, self.codes[picks[rows]])

    def _batches(self, tables: int, items: int, cells_at_once: int) -> Iterator[slice]:
        size = len(self.codes) * items * self.codes.shape[2]
        step = max(1, cells_at_once // max(1, size))
        for first in range(0, tables, step):
            yield slice(first, min(first + step, tables))


@dataclass(frozen=True, eq=False)
class Batch:
    """B tables; `codes` has shape (B, writers, items, iterations)."""

    levels: Floats
    codes: Ints

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(B, writers, items, iterations)."""
        tables, writers, items, iterations = self.codes.shape
        return tables, writers, items, iterations

    @cached_property
    def places(self) -> Ints:
        """The codes as flat places in an array of shape (B, U + 1), a row per table."""
        rows = np.arange(len(self.codes)) * (len(self.levels) + 1)
        places: Ints = self.codes + rows[:, None, None, None]
        return places

    @cached_property
    def counts(self) -> Ints:
        """How often each level occurs in each table; (B, U)."""
        width = len(self.levels) + 1
        counts = np.bincount(self.places.ravel(), minlength=len(self.codes) * width)
        counted: Ints = counts.reshape(-1, width)[:, :-1]
        return counted

    @cached_property
    def up_to(self) -> Ints:
        """How many scores each table has up to each level; (B, U)."""
        up_to: Ints = np.cumsum(self.counts, axis=1)
        return up_to

    @cached_property
    def gaps(self) -> NDArray[np.bool_] | None:
        """Where there is no score, (B, writers, items, iterations); None if there is nowhere."""
        gaps = self.codes == len(self.levels)
        return gaps if gaps.any() else None

    @cached_property
    def sizes(self) -> Floats:
        """Scores per writer and iteration; (B, writers, iterations)."""
        tables, writers, items, iterations = self.shape
        if self.gaps is None:
            return np.full((tables, writers, iterations), float(items))
        there: Floats = items - self.gaps.sum(axis=2).astype(np.float64)
        return there

    def histograms(self, cells_at_once: int = CELLS_AT_ONCE) -> Iterator[tuple[slice, Ints]]:
        """Yield how often each writer scored each level, (b, writers, U), some tables at a time."""
        tables, writers = self.shape[:2]
        width = len(self.levels) + 1
        step = max(1, cells_at_once // (writers * width))
        for first in range(0, tables, step):
            codes = self.codes[first : first + step]
            row = np.arange(len(codes) * writers).reshape(len(codes), writers, 1, 1)
            counts = np.bincount(
                (codes + row * width).ravel(), minlength=len(codes) * writers * width
            ).reshape(len(codes), writers, width)
            yield slice(first, first + len(codes)), counts[:, :, :-1]

    @property
    def exact_number(self) -> type[np.floating[Any]]:
        """The fastest numbers in which products of two writers' counts of scores are exact."""
        _, _, items, iterations = self.shape
        return np.float32 if 2 * (items * iterations) ** 2 < EXACT_IN_SINGLE else np.float64

    @property
    def small_codes(self) -> NDArray[np.unsignedinteger[Any]]:
        """The codes in few bytes, (B, writers, items, iterations): they sort many times faster."""
        return self.codes.astype(np.uint16 if len(self.levels) < 1 << 16 else np.uint32)

    def look_up(self, by_level: Floats, places: Ints | None = None) -> Floats:
        """Return a number per level and table (B, U) put where the scores stand; gaps become 0.

        The answer has the shape of the codes, or that of other `places`.
        """
        padded = np.zeros((len(self.codes), len(self.levels) + 1))
        padded[:, :-1] = by_level
        found: Floats = np.take(padded.ravel(), self.places if places is None else places)
        return found

    def raw_levels(self) -> Floats:
        """Return the levels themselves, a row per table; (B, U)."""
        raw: Floats = np.broadcast_to(self.levels, (len(self.codes), len(self.levels)))
        return raw

    def calibrated_levels(self) -> Floats:
        """Return each table's calibrated levels, its landmarks fitted to its own scores; (B, U).

        Of levels that a table does not hold, only those between its ends mean anything.
        """
        marks = self.landmarks()
        # Levels ascend, so that those between two landmarks stand together: a number per landmark
        # and a count of levels say all.
        ends = np.searchsorted(self.levels, marks[:, 1:4].ravel(), side="right").reshape(-1, 3)
        counts = np.diff(ends, axis=1, prepend=0, append=len(self.levels)).ravel()
        shape = (len(marks), len(self.levels))

        def by_level(each: Floats) -> Floats:
            spread: Floats = np.repeat(each.ravel(), counts).reshape(shape)
            return spread

        widths = np.diff(marks, axis=1)
        above, width = self.levels - by_level(marks[:, :-1]), by_level(widths)
        share = np.divide(above, width, out=np.zeros(shape), where=width > 0)
        rises, starts = np.diff(OUTPUTS), np.array(OUTPUTS[:-1])
        share *= by_level(np.broadcast_to(rises, widths.shape))
        calibrated: Floats = share + by_level(np.broadcast_to(starts, widths.shape))
        return calibrated

    def landmarks(self) -> Floats:
        """Return the minimum, quartiles and maximum of each table, interpolated as numpy does.

        The shape is (B, 5).
        """
        total = self.up_to[:, -1]
        # One ascending row of counts: a table's own stretch begins where the last one's ended.
        stretch = np.arange(len(total)) * (int(total.max()) + 1)
        ascending = (self.up_to + stretch[:, None]).ravel()
        last = len(self.levels) - 1
        marks = np.empty((len(total), len(QUANTILES)))
        for n, quantile in enumerate(QUANTILES):
            place = quantile * (total - 1)
            below = np.floor(place).astype(np.intp)
            ends = []
            for index in (below, np.minimum(below + 1, total - 1)):
                found = np.searchsorted(ascending, index + stretch, side="right")
                level = found - np.arange(len(total)) * len(self.levels)
                ends.append(self.levels[np.clip(level, 0, last)])
            marks[:, n] = ends[0] + (ends[1] - ends[0]) * (place - below)
        return marks


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Each writer's number of scores, mean and squared deviations; (B, writers).

    `by_iteration` (B, iterations, writers) has the means of each iteration. NaN where a writer
    has no score. `magnitude` (B, 1) is the largest mean's size, what rounding is measured by.
    """

    sizes: Floats
    means: Floats
    deviations: Floats
    by_iteration: Floats
    magnitude: Floats

    @staticmethod
    def of(batch: Batch, by_level: Floats) -> Moments:
        """Return the moments of a batch under a number per level and table."""
        tables, writers, items, iterations = batch.shape
        scores = batch.look_up(by_level)
        flat = scores.reshape(tables, writers, items * iterations)
        sums = per_iteration(scores)
        sizes = batch.sizes.sum(axis=2)
        means = divided(sums.sum(axis=2), sizes)
        scores -= np.nan_to_num(means)[:, :, None, None]
        if batch.gaps is not None:
            scores[batch.gaps] = 0.0
        squares = np.einsum("bwn,bwn->bw", flat, flat)
        magnitude = np.abs(np.nan_to_num(means)).max(axis=1, keepdims=True, initial=0.0)
        squares[squares <= sizes * (NO_SPREAD * magnitude) ** 2] = 0.0
        squares[sizes == 0] = np.nan
        by_iteration = np.swapaxes(divided(sums, batch.sizes), 1, 2)
        return Moments(sizes, means, squares, by_iteration, magnitude)


def per_iteration(scores: Floats) -> Floats:
    """Sums over items; (B, writers, items, iterations) gives (B, writers, iterations)."""
    tables, writers, items, iterations = scores.shape
    # Products with a block of identities: adding along a middle axis is many times slower. They
    # stay small, table by table, as one large product would wait for cores that others hold.
    adder = np.tile(np.eye(iterations), (items, 1))
    sums: Floats = scores.reshape(tables, writers, items * iterations) @ adder
    return sums


def divided(above: Floats, below: Floats) -> Floats:
    """Return the quotient, NaN where the divisor is 0."""
    quotient: Floats = np.divide(
        above, below, out=np.full(np.broadcast_shapes(above.shape, below.shape), np.nan),
        where=below != 0,
    )  # fmt: skip
    return quotient
