"""Ranks of judges on the same items, with intervals of the ranks. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judgemark.metrics.interval_methods import FEWEST_VALID, MOST_OVERSTATED, t_quantile
from judgemark.table.score_table import Floats

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class JudgeRank:
    """A judge's rank among n judges; 1 is best.

    `place` is its position by score alone. `group` numbers the tie groups (1, 2, ...), and `rank`
    is the place of the first judge of its group. `low` and `high` are the interval of the rank:
    1 + the number of significantly better judges, and n - the number of significantly worse ones.
    The interval always contains `rank`.
    """

    place: int
    rank: int
    low: int
    high: int
    group: int


def standings(scores: Sequence[float], differ: Bools) -> tuple[JudgeRank, ...]:
    """Rank judges by score, higher is better; return their standings in the order given.

    `differ` (n, n) says which pairs differ significantly (`significantly_differ`). A tie group
    consists of adjacent places that are all tied with the first of the group; the next place
    begins a new group. Judges with equal scores keep the order given.
    """
    order = sorted(range(len(scores)), key=lambda n: (-scores[n], n))
    found: dict[int, JudgeRank] = {}
    group, first = 0, 0
    for place, n in enumerate(order, 1):
        if place == 1 or differ[order[first], n]:
            group, first = group + 1, place - 1
        rank = first + 1
        apart = [m for m in order if differ[n, m]]
        better = sum(scores[m] > scores[n] for m in apart)
        worse = sum(scores[m] < scores[n] for m in apart)
        low, high = min(rank, 1 + better), len(order) - worse
        found[n] = JudgeRank(place, rank, low, high, group)
    return tuple(found[n] for n in range(len(order)))


def significantly_differ(
    scores: Sequence[float],
    replicates: Floats,
    items: int,
    twins: Floats | None = None,
    nested: Floats | None = None,
) -> Bools:
    """Return for which pairs the 95% interval of the paired difference excludes 0; (n, n).

    `replicates` (n, resamples) are the scores on shared item resamples, NaN where a resample has
    no score; `twins` are the scores with other stability shuffles; `nested` (n, 2, pairs) is what
    `interval_methods.variance_within` takes of each judge. The interval is that of
    `judge_comparison.paired`: d -+ t(I-1) sqrt(I/(I-1)) SE of the differences between replicates,
    where I is the number of items, SE^2 divided by its overstatement. Where it is undefined (fewer
    than two items, or more than half of the resamples without a score) a pair does not differ. The
    95% applies to each pair, not to all pairs at once.
    """
    count, resamples = replicates.shape
    if items < 2 or count < 2 or resamples < 2:
        return np.zeros((count, count), dtype=np.bool_)
    half = t_quantile(items - 1) * math.sqrt(items / (items - 1))
    shared = variance = _covariance_of_differences(replicates, replicates)
    if twins is not None:
        shared = _covariance_of_differences(replicates, twins)
        variance = np.where((shared > 0) & np.isfinite(shared), shared, variance)
    if nested is not None and nested.shape[2]:
        variance = variance / _overstated(shared, nested, items)
    given = np.array(scores, dtype=np.float64)
    distance = np.abs(given[:, None] - given[None, :])
    apart: Bools = distance > half * np.sqrt(np.maximum(variance, 0.0))
    return apart


def _covariance_of_differences(ones: Floats, others: Floats) -> Floats:
    """Return the covariances of x_i - x_j with y_i - y_j over resamples, for all i, j; (n, n).

    x are the rows of `ones`, and y those of `others`. A covariance is infinite where fewer than
    half of the resamples are valid.
    """
    valid = ~np.isnan(ones + others)
    there = valid.astype(np.float64)
    x, y = _centred(ones, there), _centred(others, there)
    if valid.all():
        # In the usual case, one matrix product is enough.
        shared = x @ y.T / (ones.shape[1] - 1)
        own = np.diag(shared)
        spread: Floats = own[:, None] + own[None, :] - shared - shared.T
        return spread
    both = there @ there.T
    enough = both >= max(2.0, FEWEST_VALID * ones.shape[1])
    count = np.where(enough, both, 2.0)
    own, cross = (x * y) @ there.T, x @ y.T
    products = own + own.T - cross - cross.T
    sums = [rows @ there.T for rows in (x, y)]
    correction = (sums[0] - sums[0].T) * (sums[1] - sums[1].T) / count
    found: Floats = np.where(enough, (products - correction) / (count - 1), np.inf)
    return found


def _overstated(variance: Floats, nested: Floats, items: int) -> Floats:
    """Return `interval_methods.overstatement` of all differences; (n, n), 1 where undefined."""
    there = np.where(np.isnan(nested).any(axis=1), 0.0, 1.0)
    ones: Floats = np.where(there > 0, nested[:, 0], 0.0)
    others: Floats = np.where(there > 0, nested[:, 1], 0.0)
    own, cross = (ones * others) @ there.T, ones @ others.T
    count = there @ there.T
    products = own + own.T - cross - cross.T
    within = products / np.maximum(count, 1.0) / 2
    fair = (variance > 0) & np.isfinite(variance) & (within > 0) & (count > 0)
    found = within * items / (items - 1) / np.where(fair, variance, 1.0)
    limited: Floats = np.clip(found, 1 / MOST_OVERSTATED, MOST_OVERSTATED)
    return np.where(fair, limited, 1.0)


def _centred(rows: Floats, there: Floats) -> Floats:
    """Subtract the means of the rows, which keeps precision; missing values become 0."""
    filled = np.where(there > 0, rows, 0.0)
    middle = filled.sum(axis=1, keepdims=True) / np.maximum(there.sum(axis=1, keepdims=True), 1.0)
    centred: Floats = (filled - middle) * there
    return centred
