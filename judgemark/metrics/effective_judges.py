"""How many independent judges an ensemble is worth, from the correlation of its members' errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.interval_ends import Interval
from judgemark.metrics.random_streams import Stream, stream_of
from judgemark.metrics.resampling import RESAMPLES
from judgemark.table.score_table import Floats, Ints, ScoreTable

FEWEST_CLUSTERS = 5
"""With fewer clusters of errors than this there is no interval."""

FEWEST_FREE = 10
"""Residuals with fewer degrees of freedom than this say nothing about correlations."""

_LEVEL = 0.95
_MOST_ROUNDS = 200
_SETTLED = 1e-10
_NO_SPREAD = 1e-18


@dataclass(frozen=True, slots=True, eq=False)
class MemberErrors:
    """The errors of the members of an ensemble on the same cases.

    `values` has shape (members, cases), in any unit that is the same within a member. `clusters`
    (cases,) numbers what the cases have in common (an item, a source piece), from 0; intervals
    resample clusters.
    """

    values: Floats
    clusters: Ints


@dataclass(frozen=True, slots=True)
class EffectiveJudges:
    """The effective number of judges of an ensemble.

    `number` lies between 1 (all members make the same errors) and `members` (their errors have
    nothing in common). `correlation` is the mean Pearson correlation of the members' errors over
    all pairs of members, -1..1, lower is better. `cases` counts the errors of each member.
    `ci95` resamples clusters; None where there are fewer than `FEWEST_CLUSTERS`.
    """

    members: int
    number: float
    correlation: float
    cases: int
    clusters: int
    ci95: Interval | None

    def to_json(self) -> dict[str, object]:
        """Return the fields as plain values, the interval as [low, high]."""
        return {
            "number": self.number,
            "ci95": self.ci95.ends() if self.ci95 else None,
            "correlation": self.correlation,
            "cases": self.cases,
            "clusters": self.clusters,
        }


def effective_judges(errors: MemberErrors, seed: int = 0) -> EffectiveJudges:
    """Return the effective number of judges, k / (1 + (k - 1) max(rho, 0)) for k members.

    rho is the mean correlation of errors over the pairs of members that have one: a member whose
    errors are all equal (it is always right, or always wrong in the same way) has no correlation
    with anybody, and its pairs are left out. Negative means count as 0, so that the number is never
    above k. Undefined for one member, for fewer than two cases, and where no pair of members has
    a correlation. The interval is the percentile bootstrap over clusters.

    Source: the effective sample size of Kish (1965, Survey Sampling, section 8.2) with the
    correlation of judges' errors in place of that within clusters, as by Kohli (2026, "Nine Judges,
    Two Effective Votes", arXiv 2605.29800).
    """
    members, cases = errors.values.shape
    if members < 2:
        raise UndefinedFigure("one judge alone has no errors in common with another")
    if cases < 2:
        raise UndefinedFigure(f"{cases} cases that all members judged; a correlation needs two")
    names, place = np.unique(errors.clusters, return_inverse=True)
    sums = _ClusterSums.of(errors.values, place, len(names))
    rho = float(sums.mean_correlation(np.ones((1, len(names))))[0])
    if np.isnan(rho):
        raise UndefinedFigure("no two members have errors that differ from case to case")
    interval = None
    if len(names) >= FEWEST_CLUSTERS:
        interval = _interval(sums, len(names), members, seed)
    return EffectiveJudges(members, _effective(rho, members), rho, cases, len(names), interval)


def _effective(rho: float, members: int) -> float:
    return members / (1 + (members - 1) * max(rho, 0.0))


def _interval(sums: _ClusterSums, clusters: int, members: int, seed: int) -> Interval | None:
    rng = stream_of(seed, Stream.MEMBER_ERRORS)
    drawn = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=RESAMPLES)
    rhos = sums.mean_correlation(drawn.astype(np.float64))
    numbers = [_effective(rho, members) for rho in rhos[~np.isnan(rhos)].tolist()]
    if not numbers:
        return None
    low, high = np.percentile(numbers, [50 * (1 - _LEVEL), 50 * (1 + _LEVEL)])
    estimand = "the effective number of these judges on other cases of the kind"
    return Interval(float(low), float(high), estimand, "percentile bootstrap", clusters, _LEVEL)


@dataclass(frozen=True, slots=True, eq=False)
class _ClusterSums:
    """Counts (C,), sums (C, k) and sums of products (C, k, k) of errors by cluster."""

    counts: Floats
    sums: Floats
    products: Floats

    @staticmethod
    def of(values: Floats, place: Ints, clusters: int) -> _ClusterSums:
        # Correlations do not depend on the origin, and centred values round less.
        centred = values - values.mean(axis=1, keepdims=True)
        members = len(centred)
        sums = np.zeros((clusters, members))
        products = np.zeros((clusters, members, members))
        np.add.at(sums, place, centred.T)
        np.add.at(products, place, np.einsum("ic,jc->cij", centred, centred))
        return _ClusterSums(np.bincount(place, minlength=clusters).astype(float), sums, products)

    def mean_correlation(self, weights: Floats) -> Floats:
        """Return the mean correlation over pairs of members for each row of weights (B, C)."""
        counts = weights @ self.counts
        means = (weights @ self.sums) / counts[:, None]
        moments = np.einsum("bc,cij->bij", weights, self.products) / counts[:, None, None]
        covariance = moments - means[:, :, None] * means[:, None, :]
        # Where a member has no spread, rounding may leave a little less than none.
        variance = np.maximum(np.einsum("bii->bi", covariance), 0.0)
        size = np.sqrt(variance[:, :, None] * variance[:, None, :])
        usable = (variance[:, :, None] > _NO_SPREAD) & (variance[:, None, :] > _NO_SPREAD)
        first, second = np.triu_indices(variance.shape[1], 1)
        kept = usable[:, first, second]
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.where(kept, covariance[:, first, second] / size[:, first, second], 0.0)
            found: Floats = np.clip(each, -1, 1).sum(axis=1) / kept.sum(axis=1)
        return np.where(kept.any(axis=1), found, np.nan)


def residual_errors(tables: Sequence[ScoreTable]) -> MemberErrors:
    """Return what is left of each member's scores without its means of writers and of items.

    `tables` have the same axes and the same gaps. The scores of a member are fitted by
    writer + item, by least squares; what remains is noise for the comparison of writers. Real
    differences between the pieces of one writer remain too and are the same for every member, so
    that these errors correlate more than the members' own: an effective number that is made of
    them is too low rather than too high. (The deviations from the mean of the other members would
    not do: what all members have in common cancels in them, so that k independent judges and k
    copies with a little noise both give a correlation of -1 / (k - 1).)

    Undefined for fewer than `FEWEST_FREE` degrees of freedom.
    """
    known = ~np.isnan(tables[0].values)
    writers, _, items = np.nonzero(known)
    free = len(items) - len(set(writers.tolist())) - len(set(items.tolist())) + 1
    if free < FEWEST_FREE:
        raise UndefinedFigure(
            f"{len(items)} common pieces leave {max(free, 0)} scores free once the means of "
            f"writers and items are taken out; at least {FEWEST_FREE} are needed"
        )
    values = np.array([table.values[known] for table in tables])
    # What counts as no spread depends on the size of a member's scores.
    values = np.ldexp(values, -np.frexp(np.abs(values).max(axis=1, keepdims=True))[1])
    return MemberErrors(_without_means(values, writers, items), items)


def _without_means(values: Floats, writers: Ints, items: Ints) -> Floats:
    """Fit writer + item by alternating projections, which converge to least squares."""
    rest: Floats = values - values.mean(axis=1, keepdims=True)
    for _ in range(_MOST_ROUNDS):
        before = rest
        for groups in (writers, items):
            rest = rest - _group_means(rest, groups)
        if np.abs(rest - before).max(initial=0.0) < _SETTLED:
            break
    return rest


def _group_means(values: Floats, groups: Ints) -> Floats:
    sizes = np.maximum(np.bincount(groups), 1)
    means = np.array([np.bincount(groups, weights=row) / sizes for row in values])
    found: Floats = means[:, groups]
    return found


def answer_errors(right: Sequence[Sequence[float | None]], clusters: Sequence[str]) -> MemberErrors:
    """Return the errors on known pairs that all members answered.

    `right` (members, pairs) is 1 for a right answer, 0 for a wrong one, 0.5 for equal scores and
    None for a pair without an answer; the error is 1 minus that. `clusters` names what pairs have
    in common.
    """
    kept = [n for n, row in enumerate(zip(*right, strict=True)) if None not in row]
    values = np.array([[1.0 - (row[n] or 0.0) for n in kept] for row in right], dtype=float)
    names = sorted({clusters[n] for n in kept})
    number = {name: place for place, name in enumerate(names)}
    places = np.array([number[clusters[n]] for n in kept], dtype=np.intp)
    return MemberErrors(values.reshape(len(right), len(kept)), places)
