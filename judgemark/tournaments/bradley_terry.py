"""Soft Bradley-Terry: strengths from all matches at once, whatever order they were played in.

R. A. Bradley and M. E. Terry, Rank Analysis of Incomplete Block Designs, Biometrika 39 (1952),
with a probability in the place of a win: the logistic likelihood of the outcome P, minus a ridge
that keeps a writer who wins everything finite. Ratings from here are on Elo's scale but not
comparable with published Elo figures.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judgemark.errors import NotConverged, UndefinedFigure, UsageError
from judgemark.metrics.interval_methods import t_quantile
from judgemark.table.score_table import Floats, mean
from judgemark.tournaments.tournament_settings import Match, stream

Ints = NDArray[np.intp]

RIDGE = 0.1
"""The penalty on strengths in log-odds: half of it is multiplied by the sum of their squares."""
GRADIENT_LEFT = 1e-6
"""The largest slope left at an optimum, in wins per meeting of one pair."""
CENTRE = 1200.0
POINTS_PER_LOG_ODDS = 400.0 / math.log(10.0)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Distinct pairwise verdicts as arrays of shape (n,); `first`, `second` index `writers`.

    `cluster` indexes `items`, `preference` is P(first is better), 0..1.
    """

    writers: tuple[str, ...]
    items: tuple[str, ...]
    first: Ints
    second: Ints
    cluster: Ints
    preference: Floats


@dataclass(frozen=True, slots=True)
class BradleyTerry:
    """A fit: `ratings` by writer, in Elo points centred at 1200, higher is better.

    `verdicts` is the number of distinct verdicts that were fitted, `steps` the number of steps that
    the optimiser took.
    """

    ratings: Mapping[str, float]
    ridge: float
    verdicts: int
    steps: int


@dataclass(frozen=True, slots=True)
class RatingIntervals:
    """`bounds` (low, high) by writer in Elo points, from resampling items; None where unknown.

    They are unknown for a writer whose verdicts are all on one item, since no resample shows how
    other items would change its rating. `void` resamples left a writer without a verdict and were
    not used.
    """

    bounds: Mapping[str, tuple[float, float] | None]
    level: float
    resamples: int
    void: int
    seed: int


def distinct_verdicts(matches: Sequence[Match], preferences: Sequence[float | None]) -> Verdicts:
    """Return the verdicts of matches, with each pair of pieces once and without missing verdicts.

    A pair that meets again (in small fields, or in bootstraps) brings no new evidence, so its
    verdict counts once. The result is sorted, so that no figure depends on the order of matches.
    Raises UndefinedFigure where no verdict is left.
    """
    found: dict[tuple[str, str, str, str], list[float]] = defaultdict(list)
    for match, preference in zip(matches, preferences, strict=True):
        if preference is not None:
            found[match.item, match.iteration, match.first, match.second].append(preference)
    if not found:
        raise UndefinedFigure("no match has a verdict")
    keys = sorted(found)
    items = tuple(sorted({item for item, _, _, _ in keys}))
    writers = tuple(sorted({writer for key in keys for writer in key[2:]}))
    at_item = {item: n for n, item in enumerate(items)}
    at = {writer: n for n, writer in enumerate(writers)}
    return Verdicts(
        writers,
        items,
        np.array([at[first] for _, _, first, _ in keys], dtype=np.intp),
        np.array([at[second] for _, _, _, second in keys], dtype=np.intp),
        np.array([at_item[item] for item, _, _, _ in keys], dtype=np.intp),
        np.array([mean(found[key]) for key in keys]),
    )


def fit(verdicts: Verdicts, ridge: float = RIDGE, most_steps: int = 100) -> BradleyTerry:
    """Return soft Bradley-Terry ratings, pooled over items.

    The fit maximises sum[P log s(d) + (1 - P) log s(-d)] - ridge / 2 * sum(theta^2), where d is the
    difference of two strengths theta in log-odds and s the logistic function. Ratings are 1200 +
    400 / ln 10 * (theta - mean theta). With a positive ridge the problem is strictly concave and
    has one optimum. Raises UsageError for a ridge that is not positive, and NotConverged where the
    optimum is not reached in `most_steps`.
    """
    if not (math.isfinite(ridge) and ridge > 0):
        raise UsageError(f"the ridge must be a positive number, not {ridge}")
    weights = np.ones(len(verdicts.preference))
    start = np.zeros(len(verdicts.writers))
    theta, steps = _optimum(verdicts, weights, ridge, start, most_steps)
    ratings = dict(zip(verdicts.writers, _as_ratings(theta).tolist(), strict=True))
    return BradleyTerry(ratings, ridge, len(verdicts.preference), steps)


def intervals(
    verdicts: Verdicts,
    ridge: float = RIDGE,
    *,
    resamples: int = 200,
    level: float = 0.95,
    seed: int = 42,
    most_steps: int = 100,
) -> RatingIntervals:
    """Intervals of the ratings: rating +- t(I - 1) * sqrt(I / (I - 1)) * SE over I items.

    SE is the standard deviation of ratings refitted on items drawn with replacement; the factor
    makes up for few clusters. Resample k depends on the seed and the sorted item names alone. A
    resample that leaves a writer without a verdict is void and counted. Raises UndefinedFigure
    for fewer than two items or where less than half of the resamples can be used, NotConverged
    as `fit` does.
    """
    count = len(verdicts.items)
    if count < 2:
        raise UndefinedFigure("ratings of a single item have no interval over items")
    centre = fit(verdicts, ridge, most_steps)
    start = (np.array(list(centre.ratings.values())) - CENTRE) / POINTS_PER_LOG_ODDS
    rng = stream(seed, "bradley-terry", *verdicts.items)
    refits: list[Floats] = []
    for _ in range(resamples):
        copies = np.bincount(rng.integers(count, size=count), minlength=count)
        weights = copies[verdicts.cluster].astype(np.float64)
        if _everyone_plays(verdicts, weights):
            theta, _ = _optimum(verdicts, weights, ridge, start, most_steps)
            refits.append(_as_ratings(theta))
    void = resamples - len(refits)
    if len(refits) < max(2, resamples / 2):
        raise UndefinedFigure(f"{void} of {resamples} resamples leave a writer without a verdict")
    spread = np.std(np.stack(refits), axis=0, ddof=1)
    half = t_quantile(count - 1, level) * math.sqrt(count / (count - 1)) * spread
    several = _on_several_items(verdicts)
    bounds = {
        writer: (rating - width, rating + width) if known else None
        for (writer, rating), width, known in zip(
            centre.ratings.items(), half.tolist(), several, strict=True
        )
    }
    return RatingIntervals(bounds, level, resamples, void, seed)


def _on_several_items(verdicts: Verdicts) -> list[bool]:
    """Return for each writer whether it has verdicts on at least two items."""
    met: list[set[int]] = [set() for _ in verdicts.writers]
    for side in (verdicts.first, verdicts.second):
        for writer, item in zip(side.tolist(), verdicts.cluster.tolist(), strict=True):
            met[writer].add(item)
    return [len(items) > 1 for items in met]


def _as_ratings(theta: Floats) -> Floats:
    ratings: Floats = CENTRE + POINTS_PER_LOG_ODDS * (theta - theta.mean())
    return ratings


def _everyone_plays(verdicts: Verdicts, weights: Floats) -> bool:
    size = len(verdicts.writers)
    played = np.bincount(verdicts.first, weights, size) + np.bincount(
        verdicts.second, weights, size
    )
    return bool((played > 0).all())


def _optimum(
    verdicts: Verdicts, weights: Floats, ridge: float, start: Floats, most_steps: int
) -> tuple[Floats, int]:
    """Return the strengths (log-odds) at the optimum and the steps taken; raises NotConverged.

    The root of the gradient is sought, not the least loss: where the loss is so flat that its last
    digits are rounding, the gradient still points to the optimum.
    """
    from scipy.optimize import root
    from scipy.special import expit

    size = len(verdicts.writers)
    played = _by_pair(verdicts, weights)
    won = _by_pair(verdicts, weights * verdicts.preference)
    wins = won + (played - won).T
    meetings = played + played.T
    first, second = np.nonzero(np.triu(meetings))
    n, w = meetings[first, second], wins[first, second]

    def gradient(theta: Floats) -> Floats:
        surprise = n * expit(theta[first] - theta[second]) - w
        towards, away = np.bincount(first, surprise, size), np.bincount(second, surprise, size)
        slope: Floats = towards - away + ridge * theta
        return slope

    def curvature(theta: Floats) -> Floats:
        chance = expit(theta[first] - theta[second])
        laplacian = np.zeros((size, size))
        laplacian[first, second] = laplacian[second, first] = -n * chance * (1.0 - chance)
        laplacian[np.diag_indices(size)] = ridge - laplacian.sum(axis=1)
        return laplacian

    end = root(
        gradient,
        start,
        jac=curvature,
        method="lm",
        options={"maxiter": most_steps, "xtol": 1e-10, "ftol": 1e-10},
    )
    theta: Floats = np.asarray(end.x, dtype=np.float64)
    left = float(np.abs(gradient(theta)).max())
    if not left <= GRADIENT_LEFT * max(1.0, float(n.max())):
        raise NotConverged(
            f"the Bradley-Terry fit did not converge in {most_steps} steps"
            f" (gradient {left:.2g}): {end.message}"
        )
    return theta, int(end.nfev)


def _by_pair(verdicts: Verdicts, weights: Floats) -> Floats:
    """Return the weights summed into a (writers, writers) matrix: first in rows, second in
    columns."""
    size = len(verdicts.writers)
    pair = verdicts.first * size + verdicts.second
    flat = np.bincount(pair, weights, size * size).astype(np.float64)
    return flat.reshape(size, size)
