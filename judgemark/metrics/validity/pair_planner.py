"""How many known pairs are needed to show a margin, and what asking about them costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.errors import UndefinedFigure, UsageError
from judgemark.metrics.interval_methods import LEVEL, t_quantile
from judgemark.metrics.validity.reading import FEWEST_CLUSTERS
from judgemark.table.score_table import Floats

POWER = 0.80
"""The probability with which the planned clusters must show the margin, where it is real."""

MOST_CLUSTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class ClusterVariance:
    """The variance of (judge right - counter right), split into two parts, both 0 or more.

    `between` is that of the clusters' true means, `within` that of single pairs of a cluster. The
    mean of a cluster of n pairs has the variance between + within / n.
    """

    between: float
    within: float

    def of_mean(self, pairs_per_cluster: float) -> float:
        """Return the variance of the mean of one cluster."""
        return self.between + self.within / pairs_per_cluster


DEFAULT_VARIANCE = ClusterVariance(between=0.05, within=0.35)
"""What is planned with where there is no pilot.

Rounded up from what `benchmarks.reading_simulations.our_cluster_variance` finds for a simulated
reader of accuracy .82 on our own samples, where the counter is above one half.
"""


@dataclass(frozen=True, slots=True)
class PairPlan:
    """The number of clusters, pairs and questions for a margin, and dollars where prices are known.

    `power` is the probability that these clusters show the margin where it is real.
    """

    margin: float
    clusters: int
    pairs: int
    questions: int
    dollars: float | None
    power: float


def plan_pairs(
    margin: float,
    *,
    pairs_per_cluster: float = 1,
    questions_per_cluster: float = 2,
    dollars_per_question: float | None = None,
    variance: ClusterVariance = DEFAULT_VARIANCE,
) -> PairPlan:
    """Return the smallest number of clusters that shows a margin with 80% power, and the cost.

    `margin` is a fraction above 0, such as .1 for ten points above the counter. A margin is shown
    where its 95% t interval over clusters lies above 0; the power is that of the noncentral t.
    Raises UsageError for a margin that is not above 0 and at most 1, and UndefinedFigure where a
    million clusters would not be enough.
    """
    if not 0 < margin <= 1:
        raise UsageError(f"a margin to plan for must be above 0 and at most 1, not {margin:g}")
    deviation = math.sqrt(variance.of_mean(pairs_per_cluster))
    low, high = FEWEST_CLUSTERS - 1, FEWEST_CLUSTERS
    while power_of(margin, high, deviation) < POWER:
        low, high = high, 2 * high
        if high > MOST_CLUSTERS:
            raise UndefinedFigure("a million clusters would not show this margin")
    while high - low > 1:
        middle = (low + high) // 2
        if power_of(margin, middle, deviation) < POWER:
            low = middle
        else:
            high = middle
    questions = math.ceil(high * questions_per_cluster)
    dollars = None if dollars_per_question is None else questions * dollars_per_question
    power = power_of(margin, high, deviation)
    pairs = math.ceil(high * pairs_per_cluster)
    return PairPlan(margin, high, pairs, questions, dollars, power)


def smallest_margin(
    clusters: int, pairs_per_cluster: float, variance: ClusterVariance = DEFAULT_VARIANCE
) -> float | None:
    """Return the smallest margin, a fraction, that this number of clusters shows with 80% power.

    None where there are too few clusters for an interval, or where even a margin of 1 would not be
    shown.
    """
    deviation = math.sqrt(variance.of_mean(pairs_per_cluster))
    if clusters < FEWEST_CLUSTERS or power_of(1.0, clusters, deviation) < POWER:
        return None
    low, high = 0.0, 1.0
    while high - low > 1e-4:
        middle = (low + high) / 2
        if power_of(middle, clusters, deviation) < POWER:
            low = middle
        else:
            high = middle
    return high


def power_of(margin: float, clusters: int, deviation: float) -> float:
    """Return the probability (0..1) that a real margin has its 95% t interval above 0.

    It is that of the noncentral t. `deviation` is the standard deviation of the clusters' means, 0
    or more.
    """
    from scipy.stats import nct

    if deviation == 0:
        return 1.0
    return float(
        nct.sf(t_quantile(clusters - 1, LEVEL), clusters - 1, margin * clusters**0.5 / deviation)
    )


def pilot_variance(
    judged: Sequence[float], other: Sequence[float], clusters: Sequence[str]
) -> ClusterVariance:
    """Return the cluster variance from a pilot's answers (pairs,) and those of its counter
    (pairs,).

    By analysis of variance (Searle, Casella and McCulloch 1992, Variance Components, 3.6);
    `between` is cut at 0. Raises UndefinedFigure below `FEWEST_CLUSTERS` clusters. Where every
    cluster has one pair, all of the variance is within.
    """
    differences: Floats = np.asarray(judged, dtype=float) - np.asarray(other, dtype=float)
    names, place = np.unique(np.asarray(clusters), return_inverse=True)
    count, total = len(names), len(differences)
    if count < FEWEST_CLUSTERS:
        raise UndefinedFigure(f"a pilot needs at least {FEWEST_CLUSTERS} clusters, not {count}")
    sizes = np.bincount(place)
    means = np.bincount(place, weights=differences) / sizes
    if total == count:
        return ClusterVariance(0.0, float(differences.var(ddof=1)))
    within = float(((differences - means[place]) ** 2).sum()) / (total - count)
    among = float((sizes * (means - differences.mean()) ** 2).sum()) / (count - 1)
    typical = (total - float((sizes**2).sum()) / total) / (count - 1)
    return ClusterVariance(max(0.0, (among - within) / typical), within)
