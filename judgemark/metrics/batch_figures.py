"""The components of the scorecards for a batch of tables; each result has shape (B,).

Definitions, units, ranges, directions and sources are those of `separability` and
`order_agreement`. Where those raise UndefinedFigure the number here is NaN. It is NaN as well where
a writer has no score, while there such a writer is left out. Only `reference_tau` uses the writers
that have a mean.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from judgemark.metrics.kendall import pair_signs, settled
from judgemark.metrics.quantiles import two_sided_normal
from judgemark.metrics.separability import POOLED_VARIANCE_FLOOR
from judgemark.metrics.table_batch import NO_SPREAD, Batch, Ints, Moments, divided
from judgemark.table.score_table import Floats


def kruskal_wallis(batch: Batch) -> Floats:
    """H per table, from the ranks of its levels."""
    if batch.shape[1] < 2:
        return np.full(batch.shape[0], np.nan)
    counts, up_to = batch.counts.astype(np.float64), batch.up_to.astype(np.float64)
    total = up_to[:, -1]
    ranks = up_to - (counts - 1) / 2
    sums = batch.look_up(ranks).sum(axis=(2, 3))
    sizes = batch.sizes.sum(axis=2)
    spread = divided(sums**2, sizes).sum(axis=1)
    uncorrected = divided(12 * spread, total * (total + 1)) - 3 * (total + 1)
    ties = divided((counts * (counts**2 - 1)).sum(axis=1), total**3 - total)
    return divided(uncorrected, np.where(ties < 1, 1 - ties, 0.0))


def omega_squared(moments: Moments) -> Floats:
    """Omega squared per table."""
    tables, writers = moments.means.shape
    if writers < 2:
        return np.full(tables, np.nan)
    total = moments.sizes.sum(axis=1)
    grand = divided((moments.sizes * moments.means).sum(axis=1), total)
    between = (moments.sizes * (moments.means - grand[:, None]) ** 2).sum(axis=1)
    within = moments.deviations.sum(axis=1)
    mean_within = divided(within, total - writers)
    whole = between + within + mean_within
    floor = total * (NO_SPREAD * moments.magnitude[:, 0]) ** 2
    return divided(between - (writers - 1) * mean_within, np.where(whole > floor, whole, 0.0))


def cliffs_delta(batch: Batch) -> Floats:
    """Return the mean |Cliff's delta| per table."""
    tables, writers = batch.shape[:2]
    if writers < 2:
        return np.full(tables, np.nan)
    found = np.empty(tables)
    for rows, deltas in delta_matrices(batch):
        found[rows] = np.abs(deltas).sum(axis=(1, 2)) / (writers * (writers - 1))
    return found


def delta_matrices(batch: Batch) -> Iterator[tuple[slice, Floats]]:
    """Yield Cliff's delta of every writer against every other, for some tables at a time.

    Each step gives the rows of these tables and their matrices (b, writers, writers), defined as in
    `separability.delta_matrix`. With c_b(u) the number of scores of writer b up to level u, 2 #(a >
    b) + #(a = b) is the sum over a's scores of c_b(u) + c_b(u - 1).
    """
    sizes, number = batch.sizes.sum(axis=2), batch.exact_number
    itself = np.arange(batch.shape[1])
    for rows, own in batch.histograms():
        # Added up as whole numbers, which is several times faster, and multiplied as floating ones.
        twice_below = 2 * np.cumsum(own, axis=2) - own
        wins = own.astype(number) @ np.swapaxes(twice_below.astype(number), 1, 2)
        n = sizes[rows]
        deltas = divided(wins.astype(np.float64), n[:, :, None] * n[:, None, :]) - 1
        deltas[:, itself, itself] = 0.0
        yield rows, deltas


def std_dev(moments: Moments) -> Floats:
    """Return the population standard deviation of writers' means per table."""
    spread: Floats = moments.means.std(axis=1)
    return spread if moments.means.shape[1] > 1 else np.full(len(spread), np.nan)


def score_range(moments: Moments) -> Floats:
    """Return the best writer's mean minus the worst writer's mean, per table."""
    width: Floats = np.ptp(moments.means, axis=1)
    return width if moments.means.shape[1] > 1 else np.full(len(width), np.nan)


def average_ci95(moments: Moments) -> Floats:
    """Return the mean half-width of writers' 95% intervals per table."""
    halves: Floats = (1.96 * _standard_errors(moments)).mean(axis=1)
    return halves


def ci_overlap(moments: Moments, level: float) -> Floats:
    """Return the mean overlap of neighbours' intervals at `level` per table."""
    tables, writers = moments.means.shape
    if writers < 2:
        return np.full(tables, np.nan)
    halves = two_sided_normal(level) * _standard_errors(moments)
    order = _ranking(moments)
    means, halves = (np.take_along_axis(a, order, axis=1) for a in (moments.means, halves))
    low, high = means - halves, means + halves
    overlap = np.minimum(high[:, 1:], high[:, :-1]) - np.maximum(low[:, 1:], low[:, :-1])
    overlap = np.maximum(overlap, 0.0)
    share = np.zeros_like(overlap)
    for width in (2 * halves[:, 1:], 2 * halves[:, :-1]):
        share += np.where(width == 0, 0.0, divided(overlap, width)) / 2
    shares: Floats = share.mean(axis=1)
    return shares


def cohens_d(moments: Moments) -> Floats:
    """Return the mean Cohen's d of neighbours in the ranking per table."""
    tables, writers = moments.means.shape
    if writers < 2:
        return np.full(tables, np.nan)
    order = _ranking(moments)
    means, sizes, deviations = (
        np.take_along_axis(a, order, axis=1)
        for a in (moments.means, moments.sizes, moments.deviations)
    )
    weighted = (sizes - 1) * divided(deviations, sizes)
    pooled = divided(weighted[:, 1:] + weighted[:, :-1], sizes[:, 1:] + sizes[:, :-1] - 2)
    apart = np.abs(np.diff(means, axis=1))
    counts = np.where(np.isnan(pooled), np.nan, (pooled > POOLED_VARIANCE_FLOOR).astype(float))
    ds = counts * divided(apart, np.sqrt(np.maximum(pooled, POOLED_VARIANCE_FLOOR)))
    found: Floats = ds.mean(axis=1)
    return found


def emd_weights(batch: Batch) -> Floats:
    """Return weights (B, U) whose sum with rising levels (B, U) is the mean EMD of writer pairs.

    The sum of |a - b| over all pairs of W sorted numbers is sum (2 r - W + 1) x_r, r = 0..W-1.
    Where two writers have equally many scores, their EMD is the mean of |a - b| over their sorted
    scores. Otherwise it is the area between their cumulative shares, level by level.
    """
    tables, writers, items, iterations = batch.shape
    depth = len(batch.levels)
    if writers < 2:
        return np.full((tables, depth), np.nan)
    signs = 2.0 * np.arange(writers) - writers + 1
    pairs = writers * (writers - 1) / 2
    if batch.gaps is None:
        n = items * iterations
        by_place = np.sort(batch.small_codes.reshape(tables, writers, n), axis=2)
        by_rank = np.sort(np.swapaxes(by_place, 1, 2), axis=2)
        row = np.arange(tables)[:, None, None] * (depth + 1)
        total = np.bincount(
            (by_rank + row).ravel(),
            weights=np.tile(signs, tables * n),
            minlength=tables * (depth + 1),
        )
        return total.reshape(tables, depth + 1)[:, :-1] / (n * pairs)
    sizes = batch.sizes.sum(axis=2)
    weights = np.empty((tables, depth))
    for rows, own in batch.histograms():
        shares = divided(np.cumsum(own, axis=2).astype(np.float64), sizes[rows, :, None])
        apart = np.sort(np.swapaxes(shares, 1, 2), axis=2) @ signs / pairs
        weights[rows] = np.diff(apart, axis=1, prepend=0.0) * -1
    return weights


def reference_tau(moments: Moments, known: Floats) -> Floats:
    """Return the mean tau-b with reference scores per table; `known` has shape (B or 1, writers),
    NaN = none.

    The mean is over the iterations in which tau is defined.
    """
    means = np.where(np.isnan(known)[:, None, :], np.nan, moments.by_iteration)
    ours, theirs = pair_signs(means), pair_signs(known)[:, None, :]
    first, second = np.triu_indices(means.shape[2], k=1)
    both = ~np.isnan(means[:, :, first] - means[:, :, second])
    agreement = (ours * theirs).sum(axis=2, dtype=np.float64)
    untied = np.abs(ours).sum(axis=2, dtype=np.float64)
    untied_there = (np.abs(theirs) * both).sum(axis=2, dtype=np.float64)
    tau = divided(agreement, np.sqrt(untied * untied_there))
    defined = ~np.isnan(tau)
    return divided(np.where(defined, tau, 0.0).sum(axis=1), defined.sum(axis=1).astype(np.float64))


def _ranking(moments: Moments) -> Ints:
    """Return the places of writers (B, writers): best mean first, equal means by spread and
    number."""
    spread = np.sqrt(divided(moments.deviations, moments.sizes))
    keys = (-moments.sizes, -settled(spread), -settled(moments.means))
    order: Ints = np.lexsort(keys, axis=-1)
    return order


def _standard_errors(moments: Moments) -> Floats:
    freedom = np.where(moments.sizes > 1, moments.sizes - 1, 0.0)
    return np.sqrt(divided(divided(moments.deviations, freedom), moments.sizes))
