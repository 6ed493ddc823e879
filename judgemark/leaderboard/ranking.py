"""Ranks of judges on the same items, with what the data leave open. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judgemark.metrics.interval_methods import FEWEST_VALID, LEVEL
from judgemark.table.score_table import Floats

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class JudgeRank:
    """Where a judge stands among n; 1 is best.

    `place` counts by score alone. `rank` is the place of the first of its tie `group` (1, 2, ...).
    From `low` to `high` are the places that the paired differences leave open: 1 + the judges that
    are surely better, n - those that are surely worse; `rank` always lies within.
    """

    place: int
    rank: int
    low: int
    high: int
    group: int


def standings(scores: Sequence[float], differ: Bools) -> tuple[JudgeRank, ...]:
    """Rank judges by score, higher is better; the answer is in the order given.

    `differ` (n, n) says which two are surely apart (`surely_differ`). A tie group is adjacent
    places that are all tied with their first; the next place opens a new one. Equal scores stand
    in the order given.
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


def surely_differ(
    scores: Sequence[float], replicates: Floats, items: int, twins: Floats | None = None
) -> Bools:
    """For which pairs the 95% interval of the paired difference leaves out 0; shape (n, n).

    `replicates` (n, resamples) are the scores on shared item resamples, NaN where void, `twins`
    those under other stability shuffles. The interval is that of `metrics.compare.paired`:
    d -+ t(I-1) sqrt(I/(I-1)) SE of the differences between replicates, I the number of items.
    Where it is undefined (fewer than two items, more than half of the resamples void) a pair does
    not surely differ. Each pair is held to 95% by itself, not all of them at once.
    """
    from scipy.special import stdtrit

    count, resamples = replicates.shape
    if items < 2 or count < 2 or resamples < 2:
        return np.zeros((count, count), dtype=np.bool_)
    half = float(stdtrit(items - 1, 0.5 + LEVEL / 2)) * math.sqrt(items / (items - 1))
    variance = _covariance_of_differences(replicates, replicates)
    if twins is not None:
        shared = _covariance_of_differences(replicates, twins)
        variance = np.where((shared > 0) & np.isfinite(shared), shared, variance)
    given = np.array(scores, dtype=np.float64)
    distance = np.abs(given[:, None] - given[None, :])
    apart: Bools = distance > half * np.sqrt(np.maximum(variance, 0.0))
    return apart


def _covariance_of_differences(ones: Floats, others: Floats) -> Floats:
    """Sample covariances of x_i - x_j with y_i - y_j over resamples, for all i and j; (n, n).

    x are the rows of `ones`, y those of `others`. Infinite where fewer than half of the resamples
    are valid.
    """
    valid = ~np.isnan(ones + others)
    there = valid.astype(np.float64)
    x, y = _centred(ones, there), _centred(others, there)
    if valid.all():
        # The usual case, for which one product is enough.
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


def _centred(rows: Floats, there: Floats) -> Floats:
    """The rows about their means, 0 where void: small numbers keep their digits."""
    filled = np.where(there > 0, rows, 0.0)
    middle = filled.sum(axis=1, keepdims=True) / np.maximum(there.sum(axis=1, keepdims=True), 1.0)
    centred: Floats = (filled - middle) * there
    return centred
