"""How uncertain the headline scores are, and about which population.

There are two questions with two answers. Resampling or leaving out *items* is about these writers
on other writing prompts; leaving out *writers* is about other writers, and gives intervals that are
several times wider. The methods are those whose intervals had their nominal coverage in simulations
of judged tables; percentile and BCa intervals did not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.interval_ends import Interval
from judgemark.metrics.quantiles import expit, logit, two_sided_t
from judgemark.table.score_table import Floats

LEVEL = 0.95
FEWEST_VALID = 0.5
"""The share of resamples that must be scorable for their spread to be used."""

MOST_OVERSTATED = 2.0
"""An estimated overstatement beyond this, or below 1 over it, is treated as noise of the draws."""

UNLIMITED_ITEMS = "the score of these writers with unlimited items"
UNLIMITED_ITEMS_CALIBRATED = f"{UNLIMITED_ITEMS}, on the calibration fitted to this run"
ITEM_SETS_OF_THIS_SIZE = "the expected score of these writers on item sets of this size"
UNLIMITED_WRITERS = "the score with unlimited other writers, on these items"
WRITER_SETS_OF_THIS_SIZE = "the expected score of other sets of as many writers, on these items"


def jackknife_t(
    estimate: float, without: Floats, *, estimand: str, clusters: str, corrected: bool
) -> Interval:
    """Return a 95% interval computed by leaving out one cluster at a time.

    Args:
        estimate: the score of the whole table.
        without: the scores without each of the n clusters (n,), in the unit of the score.
        clusters: the name of the clusters, "items" or "writers".
        corrected: whether the interval is centred on the score minus the jackknife bias (n-1) (mean
            - theta). That is right for a score that has a limit as clusters are added, and wrong
            for one that grows with them.

    The interval is theta -+ t(n-1) se with se^2 = (n-1)/n sum (theta_i - mean)^2. Undefined for
    fewer than two clusters, and where leaving one out leaves no score. Source: Quenouille (1956),
    Tukey (1958).
    """
    n = len(without)
    half = _jackknife_half(without, clusters)
    centre = estimate
    if corrected:
        centre -= (n - 1) * (float(without.mean()) - estimate)
    method = f"jackknife-t over {clusters}" + (", bias-corrected" if corrected else "")
    return Interval(
        centre - half,
        centre + half,
        estimand,
        method,
        n,
        LEVEL,
        corrected=centre if corrected else None,
    )


def bounded_jackknife_t(
    estimate: float, without: Floats, *, most: float, estimand: str, clusters: str
) -> Interval:
    """Return a 95% interval of a score in 0..`most` by leaving out one cluster at a time.

    It is the `jackknife_t` of logit(score / most) without bias correction, mapped back, so that its
    ends lie inside the range and it is longer towards the middle of the range. Where the score or a
    leave-one-out score is outside (0, most) and has no logit, it is the plain jackknife-t, clipped
    to the range (and to the score, which can lie below 0); `method` says which. Arguments and
    conditions are those of `jackknife_t`. Source: Efron & Tibshirani (1993), An Introduction to the
    Bootstrap, section 12.6, for intervals on a transformed scale; the logit was chosen by
    simulation (docs/validation.md).
    """
    half = _jackknife_half(without, clusters)
    n, name = len(without), f"jackknife-t over {clusters}"
    if min(estimate, *without) > 0 and max(estimate, *without) < most:
        middle = logit(estimate / most)
        half = _jackknife_half(
            np.array([logit(share) for share in (without / most).tolist()]), clusters
        )
        low, high = (float(most * expit(middle + side)) for side in (-half, half))
        return Interval(low, high, estimand, f"{name}, on the logit scale", n, LEVEL)
    low = max(estimate - half, min(0.0, estimate))
    high = min(estimate + half, most)
    return Interval(low, high, estimand, f"{name}, clipped to the range", n, LEVEL)


def _jackknife_half(without: Floats, clusters: str) -> float:
    """Half the width of a jackknife-t interval; raises UndefinedFigure as `jackknife_t` does."""
    n = len(without)
    if n < 2:
        raise UndefinedFigure(f"fewer than two {clusters}")
    if np.isnan(without).any():
        raise UndefinedFigure(f"without one of the {clusters} the score is undefined")
    error = math.sqrt((n - 1) / n * float(((without - without.mean()) ** 2).sum()))
    return t_quantile(n - 1) * error


def resampled_t(
    estimate: float,
    replicates: Floats,
    *,
    items: int,
    seed: int,
    twins: Floats | None = None,
    nested: Floats | None = None,
) -> Interval:
    """Return a 95% interval around the score, computed by resampling items.

    It is theta -+ t(I-1) sqrt(I/(I-1)) SE, where I is the number of items and SE is `spread` of the
    `replicates` (resamples,); void replicates (NaN) are left out and counted. It is not corrected
    for bias: H grows with the number of pieces, so that there is no limit to correct towards. Where
    `nested` is given, the variance SE^2 is divided by its `overstatement`. Undefined for fewer than
    two items, and where more than half of the resamples are void or fewer than two are valid.
    Source: Efron (1979); t and the factor were chosen by simulation (docs/validation.md).
    """
    if items < 2:
        raise UndefinedFigure("fewer than two items")
    void = int(np.count_nonzero(np.isnan(replicates)))
    valid = len(replicates) - void
    if valid < max(2, FEWEST_VALID * len(replicates)):
        raise UndefinedFigure(f"{void} of {len(replicates)} item resamples could not be scored")
    shared = _shared_variance(replicates, replicates if twins is None else twins)
    overstated = 1.0
    if nested is not None:
        overstated = overstatement(shared, variance_within(nested), items)
    error = spread(replicates, twins) / math.sqrt(overstated)
    half = t_quantile(items - 1) * math.sqrt(items / (items - 1)) * error
    return Interval(
        estimate - half,
        estimate + half,
        ITEM_SETS_OF_THIS_SIZE,
        "resampled t over items",
        items,
        LEVEL,
        seed=seed,
        resamples=len(replicates),
        void=void,
        overstated=overstated,
    )


def spread(replicates: Floats, twins: Floats | None = None) -> float:
    """Return the standard error of a score from its replicates (resamples,); void ones are NaN.

    Without `twins` it is their standard deviation. Each replicate has one stability shuffle, whose
    noise is not in the score itself, the mean of many shuffles. `twins` are the same resamples
    under another shuffle: their covariance with the replicates is the variance that resampling
    alone makes. With few resamples this estimate can be 0 or below; the standard deviation is used
    then, noise included. The result is 0 or more, in the unit of the score; at least two replicates
    must be valid. Source: Efron (1979); the twins are ours.
    """
    if twins is not None:
        shared = _shared_variance(replicates, twins)
        if shared > 0:
            return math.sqrt(shared)
    return float(replicates[~np.isnan(replicates)].std(ddof=1))


def _shared_variance(replicates: Floats, twins: Floats) -> float:
    """Return the covariance of replicates and twins, points squared.

    It is 0 for fewer than two in common.
    """
    both = ~np.isnan(replicates + twins)
    return float(np.cov(replicates[both], twins[both])[0, 1]) if both.sum() > 1 else 0.0


def variance_within(nested: Floats) -> float:
    """Return the mean variance of a score between two resamples of one resample, E[(x - y)^2] / 2.

    `nested` (2, n) has x - y of n such pairs under two stability shuffles. The square is the
    product of both, which share no noise of a shuffle. In points squared; NaN where all are void.
    """
    products = nested[0] * nested[1]
    valid = products[~np.isnan(products)]
    return float(valid.mean()) / 2 if valid.size else float("nan")


def overstatement(variance: float, within: float, items: int) -> float:
    """Return the factor, 1/2 to 2, by which resampling items makes a variance too large.

    The nested bootstrap applies resampling to its own resamples. `variance` is that of a score over
    resamples of the table, and `within` is the mean variance over resamples of one such resample.
    The resample takes the place of the table, so that `variance`, times (I-1)/I, is the value that
    `within` should have. A draw has some items twice and lacks others, which changes figures that
    count orders or are cut off at the ends of a band more than other items would. The factor is 1
    where the draws are too few to estimate it (either variance at 0 or below). Source: Davison &
    Hinkley (1997), Bootstrap Methods and their Application, section 3.9.
    """
    if not (variance > 0 and within > 0):
        return 1.0
    found = within * items / (items - 1) / variance
    return min(max(found, 1 / MOST_OVERSTATED), MOST_OVERSTATED)


def scaled(interval: Interval, factor: float) -> Interval:
    """Return the same interval in another unit; `factor` is above 0."""
    corrected = None if interval.corrected is None else interval.corrected * factor
    low, high = interval.low * factor, interval.high * factor
    return replace(interval, low=low, high=high, corrected=corrected)


@dataclass(frozen=True, slots=True)
class IntervalOrReason:
    """An interval, or the reason why there is none."""

    interval: Interval | None
    reason: str = ""

    @staticmethod
    def of(make: Callable[[], Interval]) -> IntervalOrReason:
        """Return the interval that `make` returns, or the reason of its UndefinedFigure."""
        try:
            return IntervalOrReason(make())
        except UndefinedFigure as undefined:
            return IntervalOrReason(None, str(undefined))

    def scaled(self, factor: float) -> IntervalOrReason:
        """Return the same interval in another unit, or the same reason."""
        if self.interval is None:
            return self
        return IntervalOrReason(scaled(self.interval, factor))


def t_quantile(freedom: int, level: float = LEVEL) -> float:
    """Return the quantile of Student's t that bounds a two-sided interval at `level` (0..1)."""
    return two_sided_t(freedom, level)
