"""A share of pairs, with an interval that accounts for pairs of one cluster being alike."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from judgemark.metrics.interval_ends import Interval
from judgemark.metrics.interval_methods import LEVEL, t_quantile


@dataclass(frozen=True, slots=True)
class PairEstimate:
    """A figure over `n` pairs with its 95% interval; `reason` says why it has none."""

    value: float
    n: int
    interval: Interval | None = None
    reason: str = ""


def clustered_share(
    values: Sequence[float], clusters: Sequence[str], *, estimand: str, fewest: int, named: str
) -> PairEstimate:
    """Return a share in 0..1 of at least one pair, with a Wilson interval on the effective number.

    `values` are 0..1 and `clusters` names the cluster of each; `named` is what the clusters are, in
    the plural. Pairs of one cluster are alike, so their number is divided by the design effect (the
    variance between clusters over that of independent pairs, at least 1), and Student's t of the
    clusters replaces 1.96. Where all values are equal the design effect cannot be estimated, and
    the number of clusters is used as the number of pairs. Unlike a symmetric interval, it has a
    width where all pairs are right. With fewer than `fewest` clusters there is no interval, and the
    reason is given. Source: Wilson (1927) with the survey correction of Dean and Pagano (2015).
    """
    n, p = len(values), sum(values) / len(values)
    sums: dict[str, float] = defaultdict(float)
    for cluster, value in zip(clusters, values, strict=True):
        sums[cluster] += value - p
    count = len(sums)
    if count < max(2, fewest):
        return PairEstimate(p, n, reason=too_few(count, fewest, named))
    plain = p * (1 - p) / n
    spread = count / (count - 1) * sum(s * s for s in sums.values()) / n**2
    effective = n / max(1.0, spread / plain) if plain > 0 else float(count)
    low, high = wilson(p, effective, t_quantile(count - 1))
    method = f"Wilson on the effective number of pairs, clustered by {named}"
    return PairEstimate(p, n, Interval(low, high, estimand, method, count, LEVEL))


def too_few(count: int, fewest: int, named: str) -> str:
    """Return why there is no interval: `count` clusters where at least `fewest` are needed."""
    return f"{count} {named}, and an interval needs at least {max(2, fewest)}"


def wilson(p: float, n: float, quantile: float) -> tuple[float, float]:
    """Return the ends of Wilson's (1927) score interval for a share p of n > 0, both within 0..1.

    `quantile` is that of the normal, or of Student's t.
    """
    q = quantile**2 / n
    centre = (p + q / 2) / (1 + q)
    half = math.sqrt(p * (1 - p) * q + q**2 / 4) / (1 + q)
    return max(0.0, centre - half), min(1.0, centre + half)
