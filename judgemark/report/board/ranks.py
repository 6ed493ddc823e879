"""Ranks of judges on the same items, with what the data leave open. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judgemark.metrics.intervals import FEWEST_VALID, LEVEL
from judgemark.metrics.table import Floats

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Standing:
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


def standings(scores: Sequence[float], differ: Bools) -> tuple[Standing, ...]:
    """Rank judges by score, higher is better; the answer is in the order given.

    `differ` (n, n) says which two are surely apart (`surely_differ`). A tie group is adjacent
    places that are all tied with their first; the next place opens a new one. Equal scores stand
    in the order given.
    """
    order = sorted(range(len(scores)), key=lambda n: (-scores[n], n))
    better = [sum(differ[n, m] and scores[m] > scores[n] for m in order) for n in order]
    worse = [sum(differ[n, m] and scores[m] < scores[n] for m in order) for n in order]
    found: dict[int, Standing] = {}
    group, first = 0, 0
    for place, n in enumerate(order, 1):
        if place == 1 or differ[order[first], n]:
            group, first = group + 1, place - 1
        rank = first + 1
        low = min(rank, 1 + better[place - 1])
        found[n] = Standing(place, rank, low, len(order) - worse[place - 1], group)
    return tuple(found[n] for n in range(len(order)))


def surely_differ(scores: Sequence[float], replicates: Floats, items: int) -> Bools:
    """For which pairs the 95% interval of the paired difference leaves out 0; shape (n, n).

    `replicates` (n, resamples) are the scores on shared item resamples, NaN where void. The
    interval is that of `metrics.compare.paired`: d -+ t(I-1) sqrt(I/(I-1)) SE of the differences
    between replicates, I the number of items. Where it is undefined (fewer than two items, more
    than half of the resamples void) a pair does not surely differ. Each pair is held to 95% by
    itself, not all of them at once.
    """
    from scipy.special import stdtrit

    count, resamples = replicates.shape
    if items < 2 or count < 2 or resamples < 2:
        return np.zeros((count, count), dtype=np.bool_)
    half = float(stdtrit(items - 1, 0.5 + LEVEL / 2)) * math.sqrt(items / (items - 1))
    errors = np.sqrt(_variance_of_differences(replicates))
    given = np.array(scores, dtype=np.float64)
    apart: Bools = np.abs(given[:, None] - given[None, :]) > half * errors
    return apart


def _variance_of_differences(replicates: Floats) -> Floats:
    """Sample variances of all row differences, (n, n); infinite where too few are valid."""
    valid = ~np.isnan(replicates)
    there = valid.astype(np.float64)
    filled = np.where(valid, replicates, 0.0)
    middle = filled.sum(axis=1, keepdims=True) / np.maximum(there.sum(axis=1, keepdims=True), 1.0)
    centred = np.where(valid, replicates - middle, 0.0)
    both = there @ there.T
    sums = centred @ there.T
    squares = (centred**2) @ there.T
    total = squares + squares.T - 2 * centred @ centred.T
    enough = both >= max(2.0, FEWEST_VALID * replicates.shape[1])
    shared = np.where(enough, both, 2.0)
    variance = (total - (sums - sums.T) ** 2 / shared) / (shared - 1)
    found: Floats = np.where(enough, np.maximum(variance, 0.0), np.inf)
    return found
