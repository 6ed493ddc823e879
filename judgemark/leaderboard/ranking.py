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

BLOCK = 512
"""How many judges are compared with all others at a time."""


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
    given = np.array(scores, dtype=np.float64)
    found: dict[int, JudgeRank] = {}
    group, first = 0, 0
    for place, n in enumerate(order, 1):
        if place == 1 or differ[order[first], n]:
            group, first = group + 1, place - 1
        rank = first + 1
        apart = given[differ[n]]
        better = int(np.count_nonzero(apart > given[n]))
        worse = int(np.count_nonzero(apart < given[n]))
        low, high = min(rank, 1 + better), len(order) - worse
        found[n] = JudgeRank(place, rank, low, high, group)
    return tuple(found[n] for n in range(len(order)))


def significantly_differ(
    scores: Sequence[float],
    replicates: Floats,
    items: int,
    twins: Floats | None = None,
    nested: Floats | None = None,
    *,
    of: slice = slice(None),
) -> Bools:
    """Return for which pairs the 95% interval of the paired difference excludes 0; (n, n).

    `replicates` (n, resamples) are the scores on shared item resamples, NaN where a resample has
    no score; `twins` are the scores with other stability shuffles; `nested` (n, 2, pairs) is what
    `interval_methods.variance_within` takes of each judge. The interval is that of
    `judge_comparison.paired`: d -+ t(I-1) sqrt(I/(I-1)) SE of the differences between replicates,
    where I is the number of items, SE^2 divided by its overstatement. Where it is undefined (fewer
    than two items, or more than half of the resamples without a score) a pair does not differ. The
    95% applies to each pair, not to all pairs at once.

    With `of`, only the pairs of these judges with all others are compared; (k, n). The work is done
    in blocks of rows, so that what it needs beside the answer does not grow with n squared.
    """
    count, resamples = replicates.shape
    chosen = range(count)[of]
    found = np.zeros((len(chosen), count), dtype=np.bool_)
    if items < 2 or count < 2 or resamples < 2:
        return found
    half = t_quantile(items - 1) * math.sqrt(items / (items - 1))
    given = np.array(scores, dtype=np.float64)
    own = _Resampled.of(replicates)
    same = twins is None or np.array_equal(replicates, twins, equal_nan=True)
    shared = own if twins is None or same else _Resampled.of(replicates, twins)
    for start in range(0, len(chosen), BLOCK):
        part = chosen[start : start + BLOCK]
        rows = slice(part[0], part[-1] + 1)
        # Where all are compared with all, the other half of the pairs is known by then.
        columns = slice(part[0] if len(chosen) == count else 0, count)
        variance = shared.covariances(rows, columns)
        fair = (variance > 0) & np.isfinite(variance)
        within = variance
        if shared is not own and not fair.all():
            variance = np.where(fair, variance, own.covariances(rows, columns))
        if nested is not None and nested.shape[2]:
            variance = variance / _overstated(within, nested, items, rows, columns)
        distance = np.abs(given[rows, None] - given[None, columns])
        apart = distance > half * np.sqrt(np.maximum(variance, 0.0))
        found[start : start + BLOCK, columns] = apart
        if len(chosen) == count:
            found[columns, rows] = apart.T
    return found


@dataclass(frozen=True, slots=True)
class _Resampled:
    """Two tables of scores on the same resamples, centred; `there` says which are valid."""

    x: Floats
    y: Floats
    there: Floats

    @staticmethod
    def of(ones: Floats, others: Floats | None = None) -> _Resampled:
        """Prepare the tables; without `others`, they are one."""
        there = (~np.isnan(ones if others is None else ones + others)).astype(np.float64)
        x = _centred(ones, there)
        return _Resampled(x, x if others is None else _centred(others, there), there)

    def covariances(self, rows: slice, columns: slice) -> Floats:
        """Return the covariances of x_i - x_j with y_i - y_j over resamples; (rows, columns).

        A covariance is infinite where fewer than half of the resamples are valid.
        """
        x, y, there = self.x, self.y, self.there
        resamples = x.shape[1]
        cross, back = _crossed(x, y, rows, columns)
        if there.all():
            # In the usual case, one matrix product is enough.
            cross, back = cross / (resamples - 1), back / (resamples - 1)
            if rows == columns:
                own = mine = np.diag(cross)
            else:
                own, mine = (
                    (x[part] * y[part]).sum(axis=1) / (resamples - 1) for part in (rows, columns)
                )
            spread: Floats = own[:, None] + mine[None, :] - cross - back
            return spread
        both = there[rows] @ there[columns].T
        enough = both >= max(2.0, FEWEST_VALID * resamples)
        count = np.where(enough, both, 2.0)
        products = np.add(*_crossed(x * y, there, rows, columns)) - cross - back
        correction = np.subtract(*_crossed(x, there, rows, columns))
        correction = correction * np.subtract(*_crossed(y, there, rows, columns)) / count
        found: Floats = np.where(enough, (products - correction) / (count - 1), np.inf)
        return found


def _crossed(ones: Floats, others: Floats, rows: slice, columns: slice) -> tuple[Floats, Floats]:
    """Return the products of one_i with other_j, and of other_i with one_j; (rows, columns)."""
    cross = ones[rows] @ others[columns].T
    if rows == columns:
        return cross, cross.T
    return cross, cross if ones is others else others[rows] @ ones[columns].T


def _overstated(
    variance: Floats, nested: Floats, items: int, rows: slice, columns: slice
) -> Floats:
    """Return `interval_methods.overstatement` of differences; (rows, columns), 1 if undefined."""
    there = np.where(np.isnan(nested).any(axis=1), 0.0, 1.0)
    ones: Floats = np.where(there > 0, nested[:, 0], 0.0)
    others: Floats = np.where(there > 0, nested[:, 1], 0.0)
    count = there[rows] @ there[columns].T
    cross, back = _crossed(ones, others, rows, columns)
    products = np.add(*_crossed(ones * others, there, rows, columns)) - cross - back
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
