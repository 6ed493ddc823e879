"""How sure the headline scores are, and of what.

Two questions have two answers. Resampling or leaving out *items* speaks of these writers on other
writing prompts; leaving out *writers* speaks of other writers, and is several times wider. The
methods are those whose intervals covered what they claim to in simulations of judged tables
(percentile and BCa intervals did not).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.interval_ends import Interval
from judgemark.table.score_table import Floats

LEVEL = 0.95
FEWEST_VALID = 0.5
"""The share of resamples that must be scorable for their spread to say something."""

MOST_OVERSTATED = 2.0
"""A measured overstatement beyond this, or below 1 over it, is noise of the draws."""

UNLIMITED_ITEMS = "the score of these writers with unlimited items"
UNLIMITED_ITEMS_CALIBRATED = f"{UNLIMITED_ITEMS}, on the calibration fitted to this run"
ITEM_SETS_OF_THIS_SIZE = "the expected score of these writers on item sets of this size"
UNLIMITED_WRITERS = "the score with unlimited other writers, on these items"
WRITER_SETS_OF_THIS_SIZE = "the expected score of other sets of as many writers, on these items"


def jackknife_t(
    estimate: float, without: Floats, *, estimand: str, clusters: str, corrected: bool
) -> Interval:
    """A 95% interval from leaving out one cluster at a time.

    `estimate` is the score of the whole table, `without` (n,) the scores without each of its n
    clusters (`clusters`: items or writers), in the unit of the score. The interval is
    theta -+ t(n-1) se with se^2 = (n-1)/n sum (theta_i - mean)^2, about theta less the jackknife
    bias (n-1) (mean - theta) if `corrected`: right for a score that has a limit as clusters grow,
    wrong for one that grows with them. Undefined for fewer than two clusters and where leaving
    one out leaves no score. Source: Quenouille (1956), Tukey (1958).
    """
    n = len(without)
    if n < 2:
        raise UndefinedFigure(f"fewer than two {clusters}")
    if np.isnan(without).any():
        raise UndefinedFigure(f"without one of the {clusters} the score is undefined")
    mean = float(without.mean())
    centre = estimate - (n - 1) * (mean - estimate) if corrected else estimate
    error = math.sqrt((n - 1) / n * float(((without - mean) ** 2).sum()))
    half = t_quantile(n - 1) * error
    method = f"jackknife-t over {clusters}" + (", bias-corrected" if corrected else "")
    return Interval(centre - half, centre + half, estimand, method, n, LEVEL)


def resampled_t(
    estimate: float,
    replicates: Floats,
    *,
    items: int,
    seed: int,
    twins: Floats | None = None,
    within: float | None = None,
) -> Interval:
    """A 95% interval from resampling items, about the score as it is.

    theta -+ t(I-1) sqrt(I/(I-1)) SE, where SE is `spread` of the `replicates` (resamples,), void
    ones (NaN) left out and counted, and I the number of items. Not corrected for bias: H grows
    with the number of pieces, so that there is no limit to correct towards. Where `within` is
    given, the variance SE^2 is divided by its `overstatement`. Undefined for fewer than two items
    and when more than half of the resamples are void or fewer than two valid. Source: Efron
    (1979); t and the factor were chosen by simulation (docs/validation.md).
    """
    if items < 2:
        raise UndefinedFigure("fewer than two items")
    void = int(np.count_nonzero(np.isnan(replicates)))
    valid = len(replicates) - void
    if valid < max(2, FEWEST_VALID * len(replicates)):
        raise UndefinedFigure(f"{void} of {len(replicates)} item resamples could not be scored")
    shared = _shared_variance(replicates, replicates if twins is None else twins)
    overstated = 1.0 if within is None else overstatement(shared, within, items)
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
    """The standard error of a score, from its replicates (resamples,); void ones are NaN.

    Their standard deviation; but one stability shuffle per resample puts noise into a replicate
    that is not in the score, the mean of many shuffles. `twins` are the same resamples under
    another shuffle: the covariance with them is the variance that resampling alone makes. Where
    so few resamples put it at 0 or below, the standard deviation stands, noise and all. 0 or
    more, in the unit of the score; at least two replicates must be valid. Source: Efron (1979),
    the twins are ours.
    """
    if twins is not None:
        shared = _shared_variance(replicates, twins)
        if shared > 0:
            return math.sqrt(shared)
    return float(replicates[~np.isnan(replicates)].std(ddof=1))


def _shared_variance(replicates: Floats, twins: Floats) -> float:
    """The covariance of replicates and twins, points squared; 0 for fewer than two in common."""
    both = ~np.isnan(replicates + twins)
    return float(np.cov(replicates[both], twins[both])[0, 1]) if both.sum() > 1 else 0.0


def overstatement(variance: float, within: float, items: int) -> float:
    """How many times too large resampling items makes a variance; 1/2 to 2, 1 is just right.

    Resampling is tried on itself. `variance` is that of a score over resamples of the table, and
    `within` the mean variance over resamples of one such resample: the resample stands for the
    table, `variance` for the truth that it should find, (I-1)/I of it as ever. A draw holds some
    items twice and lacks others, which moves figures that count orders or are cut off at the
    ends of a band by more than other items would. 1 where the draws are too few to say (either
    variance at 0 or below). Source: the nested bootstrap of Davison & Hinkley (1997), Bootstrap
    Methods and their Application, section 3.9.
    """
    if not (variance > 0 and within > 0):
        return 1.0
    found = within * items / (items - 1) / variance
    return min(max(found, 1 / MOST_OVERSTATED), MOST_OVERSTATED)


def scaled(interval: Interval, factor: float) -> Interval:
    """The same interval in another unit; `factor` is above 0."""
    return replace(interval, low=interval.low * factor, high=interval.high * factor)


@dataclass(frozen=True, slots=True)
class IntervalOrReason:
    """An interval, or the reason why there is none."""

    interval: Interval | None
    reason: str = ""

    @staticmethod
    def of(make: Callable[[], Interval]) -> IntervalOrReason:
        """What `make` makes; UndefinedFigure becomes the reason."""
        try:
            return IntervalOrReason(make())
        except UndefinedFigure as undefined:
            return IntervalOrReason(None, str(undefined))

    def scaled(self, factor: float) -> IntervalOrReason:
        """The same in another unit."""
        if self.interval is None:
            return self
        return IntervalOrReason(scaled(self.interval, factor))


def t_quantile(freedom: int, level: float = LEVEL) -> float:
    """Return the quantile of Student's t that bounds a two-sided interval at `level` (0..1)."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + level) / 2))
