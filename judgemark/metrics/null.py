"""What chance alone scores: the permutation null of the v4 score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judgemark.errors import UndefinedFigure
from judgemark.metrics.composite import v4_score
from judgemark.metrics.table import Floats, ScoreTable

PERMUTATIONS = 1000
STREAM = 4
"""Keeps these draws apart from others that start from the same seed."""

BATCH_CELLS = 250_000
"""Histogram cells per batch: small enough to stay in cache, and without effect on the draws."""

EXACT_IN_SINGLE = 2**24
"""Whole numbers up to here are exact in single precision."""

Ints = NDArray[np.int64]
Counts = NDArray[np.float32] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PermutationNull:
    """The v4 score of `n` tables whose writers were permuted within each (item, iteration).

    `observed`, `mean` and `p95` (95th percentile, linear interpolation) are on the scale of the
    v4 score, 0..133 (omega squared can take them a little below 0). `p_value` is the share of
    permutations at or above the observed score, (b + 1) / (n + 1), in 1/(n + 1)..1; the lower,
    the less can chance explain the score.
    """

    observed: float
    mean: float
    p95: float
    p_value: float
    n: int
    seed: int


def permutation_null(table: ScoreTable, seed: int, n: int = PERMUTATIONS) -> PermutationNull:
    """Hold the v4 score of a table (writers, iterations, items) against chance.

    mean |Cliff's delta| is above 0 even for a judge of pure noise, the more so the fewer pieces
    a writer has: the null says by how much. The p-value counts the observed table as one of the
    permutations (Phipson & Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9:39).

    Raises UndefinedFigure as `null_scores` does.
    """
    layout = _Layout.of(table)
    observed = float(_v4(layout.observed[np.newaxis], layout, layout.room(1))[0])
    scores = _draw(layout, seed, n)
    # Permutations that equal the observed table must count as reaching it despite rounding.
    reached = int(np.count_nonzero(scores >= observed - 1e-9))
    return PermutationNull(
        observed=observed,
        mean=float(scores.mean()),
        p95=float(np.percentile(scores, 95)),
        p_value=(reached + 1) / (n + 1),
        n=n,
        seed=seed,
    )


def null_scores(table: ScoreTable, seed: int, n: int = PERMUTATIONS) -> Floats:
    """The v4 scores (0..133) of `n` permuted tables; shape (n,).

    Within each (item, iteration) the scores are dealt anew to the writers who have one there;
    gaps stay where they are, and a writer without any score takes no part. Without gaps the
    draws do not depend on the writers' names.

    Raises UndefinedFigure for fewer than two writers, one score per writer at most, or scores
    that are all equal.
    """
    return _draw(_Layout.of(table), seed, n)


@dataclass(frozen=True, slots=True, eq=False)
class _Layout:
    """A table as levels (ranks of its distinct scores), seat by seat.

    A seat is a place in the table that has a score. `dealt` (cells, writers) holds the sorted
    levels of each (iteration, item), its first `present[cell]` places filled; `seats` picks them
    (flat indices into a row of cells) so that each writer's seats lie together, beginning at
    `starts`. `scores` are the distinct scores, centred; `sst` is their total sum of squares.
    """

    dealt: Ints
    filled: NDArray[np.bool_]
    seats: Ints
    writer: Ints
    sizes: Ints
    starts: Ints
    scores: Floats
    sst: float
    observed: Ints

    @staticmethod
    def of(table: ScoreTable) -> _Layout:
        scored = table.values[~np.isnan(table.values).all(axis=(1, 2))]
        writers = len(scored)
        if writers < 2:
            raise UndefinedFigure("the null needs at least two writers")
        cells = scored.reshape(writers, -1).T
        present = ~np.isnan(cells)
        sizes = present.sum(axis=0)
        if sizes.sum() <= writers:
            raise UndefinedFigure("the null needs more than one score per writer")
        distinct, levels = np.unique(cells[present], return_inverse=True)
        if len(distinct) < 2:
            raise UndefinedFigure("all scores are equal")
        filled = np.arange(writers) < present.sum(axis=1)[:, np.newaxis]
        dealt = np.full(cells.shape, len(distinct), dtype=np.int64)
        dealt[present] = levels
        writer = np.nonzero(present)[1]
        by_writer = np.argsort(writer, kind="stable")
        centred = distinct - cells[present].mean()
        return _Layout(
            dealt=np.sort(dealt, axis=1),
            filled=filled,
            seats=np.flatnonzero(filled)[by_writer],
            writer=writer[by_writer],
            sizes=sizes,
            starts=np.cumsum(sizes) - sizes,
            scores=centred,
            sst=float((centred[levels] ** 2).sum()),
            observed=levels[by_writer],
        )

    def room(self, n: int) -> Counts:
        """Working memory for a batch of at most `n` tables, asked for once: two histograms of
        shape (batch, writers, levels), in single precision where that counts exactly.
        """
        cells = len(self.sizes) * len(self.scores)
        shape = (2, min(n, max(1, BATCH_CELLS // cells)), len(self.sizes), len(self.scores))
        if 2 * int(self.sizes.max()) ** 2 < EXACT_IN_SINGLE:
            return np.empty(shape, dtype=np.float32)
        return np.empty(shape, dtype=np.float64)


def _draw(layout: _Layout, seed: int, n: int) -> Floats:
    room = layout.room(n)
    scores = np.empty(n)
    done = 0
    for levels in _permuted(layout, seed, n, room.shape[1]):
        scores[done : done + len(levels)] = _v4(levels, layout, room)
        done += len(levels)
    return scores


def _permuted(layout: _Layout, seed: int, n: int, batch: int) -> Iterator[Ints]:
    """The levels by seat of each permuted table, in batches of shape (b, seats)."""
    rng = np.random.default_rng((seed, STREAM))
    for start in range(0, n, batch):
        size = min(batch, n - start)
        keys = rng.random((size, *layout.dealt.shape), dtype=np.float32)
        keys[:, ~layout.filled] = 2  # above every key: a gap is dealt to no one
        order = np.argsort(keys, axis=-1)
        levels = np.take_along_axis(layout.dealt[np.newaxis], order, axis=-1)
        yield levels.reshape(size, -1)[:, layout.seats]


def _v4(levels: Ints, layout: _Layout, room: Counts) -> Floats:
    """v4 scores (b,) of tables given as levels by seat (b, seats)."""
    return v4_score(_omega_squared(levels, layout), _mean_abs_delta(levels, layout, room))


def _omega_squared(levels: Ints, layout: _Layout) -> Floats:
    """From writers' sums alone: a permutation leaves the total sum of squares as it is."""
    writers = len(layout.sizes)
    sums = np.add.reduceat(layout.scores[levels], layout.starts, axis=1)
    ssb = (sums**2 / layout.sizes).sum(axis=1)
    msw = (layout.sst - ssb) / (levels.shape[1] - writers)
    omega: Floats = (ssb - (writers - 1) * msw) / (layout.sst + msw)
    return omega


def _mean_abs_delta(levels: Ints, layout: _Layout, room: Counts) -> Floats:
    """From counts per writer and level: with c_b the running count of b up to a level,
    2 #(a > b) + #(a = b) is the sum over a's pieces of 2 c_b - (b's count at that level).
    """
    tables, writers, depth = len(levels), len(layout.sizes), len(layout.scores)
    row = np.arange(tables)[:, np.newaxis] * writers + layout.writer
    counts = np.bincount((row * depth + levels).ravel(), minlength=tables * writers * depth)
    own, below = room[0, :tables], room[1, :tables]
    own[...] = counts.reshape(own.shape)
    np.cumsum(own, axis=-1, out=below)
    below *= 2
    below -= own
    wins = (own @ below.transpose(0, 2, 1)).astype(np.float64)
    delta = np.abs(wins / np.outer(layout.sizes, layout.sizes) - 1)
    mean_delta: Floats = delta.sum(axis=(1, 2)) / (writers * (writers - 1))
    return mean_delta
