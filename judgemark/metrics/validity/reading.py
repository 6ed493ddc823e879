"""Does a judge read? Compares its accuracy on known pairs with counting and with chance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.interval_ends import Interval
from judgemark.metrics.interval_methods import LEVEL, t_quantile
from judgemark.metrics.validity.counting_rules import (
    CrossFitted,
    cross_fit,
    pair_differences,
    twin_of,
)
from judgemark.metrics.validity.known_pair import AnsweredPair, KnownPair
from judgemark.metrics.validity.shares import PairEstimate, clustered_share, too_few
from judgemark.table.score_table import Floats

FEWEST_CLUSTERS = 5
"""With fewer clusters than this, figures have no intervals and reading is not assessed."""

COUNTABLE = 0.60
"""Where the counter is above this share, counting alone gets far."""

_OTHER_PAIRS = "the figure of this judge on unlimited other clusters of such pairs"


@dataclass(frozen=True, slots=True)
class RuleEstimate:
    """A counting rule by name, the number of folds that chose it (0 for a twin), and its share."""

    name: str
    folds: int
    accuracy: PairEstimate


@dataclass(frozen=True, slots=True)
class Margin:
    """How far a judge is above something, as a fraction, with its interval.

    `p` is the one-sided p value of a margin of 0 or less; None without an interval.
    """

    estimate: PairEstimate
    p: float | None

    @property
    def low(self) -> float | None:
        """The lower end of the interval; None where there is none."""
        return self.estimate.interval.low if self.estimate.interval else None


@dataclass(frozen=True, slots=True)
class Reading:
    """The figures of a judge on known pairs of one source.

    `pairs` counts all known pairs, `missing` those without a verdict, and `clusters` those of the
    pairs with one. Shares are 0..1 and higher is better; figures that are not defined are None, and
    `reasons` says why, by the name of the figure.
    """

    pairs: int
    missing: int
    clusters: int
    accuracy: PairEstimate | None
    counter: RuleEstimate | None
    twin: RuleEstimate | None
    margin: Margin | None
    over_half: Margin | None
    over_twin: Margin | None
    reasons: Mapping[str, str]

    @property
    def chance_corrected(self) -> float | None:
        """2 accuracy - 1: 1 where all answers are right, 0 for random answers, -1 where all are
        wrong."""
        return None if self.accuracy is None else 2.0 * self.accuracy.value - 1.0

    @property
    def smallest_lower_end(self) -> float | None:
        """The smallest lower end of the three margins, a fraction; None where one is undefined."""
        ends = [m.low if m else None for m in self._margins]
        known = [end for end in ends if end is not None]
        return min(known) if len(known) == len(ends) else None

    @property
    def reads(self) -> bool | None:
        """Whether the margins over counter, half and twin all have lower ends above 0.

        None where known pairs are absent or too few clusters have a verdict.
        """
        low = self.smallest_lower_end
        return None if low is None else low > 0

    @property
    def p(self) -> float | None:
        """The one-sided p value of all three margins together: the largest of the three.

        Source: the intersection-union test of Berger (1982).
        """
        values = [m.p for m in self._margins if m is not None and m.p is not None]
        return max(values) if len(values) == len(self._margins) else None

    @property
    def countable(self) -> bool | None:
        """Whether the counter is above `COUNTABLE` on these pairs."""
        return None if self.counter is None else self.counter.accuracy.value > COUNTABLE

    @property
    def _margins(self) -> tuple[Margin | None, Margin | None, Margin | None]:
        return self.margin, self.over_half, self.over_twin


@dataclass(frozen=True, slots=True, eq=False)
class CountedPairs:
    """Known pairs of one source with the answers of counting, the same for every judge.

    `differences` has shape (pairs, features); `counter` is None with the `reason` where no rule
    could be chosen.
    """

    pairs: tuple[KnownPair, ...]
    differences: Floats
    seed: int
    counter: CrossFitted | None
    reason: str = ""


def count_pairs(
    pairs: Sequence[KnownPair], features: Mapping[str, Floats], seed: int = 0
) -> CountedPairs:
    """Cross-fit the counting rules on known pairs.

    `features` are those of every text by sha256, from `counting_rules.features_of`.
    """
    listed = tuple(pairs)
    differences = pair_differences(listed, features)
    try:
        counter = cross_fit(differences, [pair.cluster for pair in listed], seed)
    except UndefinedFigure as undefined:
        return CountedPairs(listed, differences, seed, None, str(undefined))
    return CountedPairs(listed, differences, seed, counter)


def read_pairs(
    answered: Sequence[AnsweredPair], features: Mapping[str, Floats], seed: int = 0
) -> Reading:
    """Measure a judge on known pairs of one source: `count_pairs`, then `read_counted`."""
    counted = count_pairs([one.pair for one in answered], features, seed)
    return read_counted(counted, [one.right for one in answered])


def read_counted(counted: CountedPairs, right: Sequence[float | None]) -> Reading:
    """Measure a judge by its answer on each counted pair: 1, 0, 0.5, or None where it is missing.

    The counting rule was chosen on all known pairs, including those that the judge did not answer,
    and is scored on the pairs that it answered. Figures that the pairs do not define are None;
    nothing is raised.
    """
    judged: Floats = np.array([value for value in right if value is not None], dtype=float)
    has_verdict = np.array([value is not None for value in right], dtype=bool)
    pairs = len(counted.pairs)
    if not len(judged):
        reason = "no known pair has a verdict" if pairs else "there are no known pairs"
        return _nothing(pairs, reason)
    clusters = [p.cluster for p, has in zip(counted.pairs, has_verdict, strict=True) if has]
    reasons: dict[str, str] = {}
    counter = counter_margin = None
    if counted.counter is None:
        reasons |= dict.fromkeys(("counter", "margin"), counted.reason)
    else:
        reached = counted.counter.answers[has_verdict]
        rule = counted.counter
        counter = RuleEstimate(rule.name, rule.folds, _share(reached, clusters))
        counter_margin = margin_over(judged, reached, clusters)
    twin = twin_of(judged, counted.differences[has_verdict], clusters, counted.seed)
    if len(set(clusters)) < FEWEST_CLUSTERS:
        reasons["intervals"] = _few(clusters)
    return Reading(
        pairs=pairs,
        missing=pairs - len(judged),
        clusters=len(set(clusters)),
        accuracy=_share(judged, clusters),
        counter=counter,
        twin=RuleEstimate(twin.name, 0, _share(twin.answers, clusters)),
        margin=counter_margin,
        over_half=margin_over(judged, np.full(len(judged), 0.5), clusters),
        over_twin=margin_over(judged, twin.answers, clusters),
        reasons=reasons,
    )


def margin_over(judged: Floats, other: Floats, clusters: Sequence[str]) -> Margin:
    """Return how much more often the judge's answers (pairs,) are right than other answers
    (pairs,).

    With D_c the sum over cluster c of their differences, n_c its pairs and C clusters, the interval
    is margin ± t(C-1) sqrt(C/(C-1) sum (D_c - margin n_c)^2) / sum n_c: a ratio of cluster totals
    (Cochran 1977, Sampling Techniques, section 6.3). It is not cut to the range of a margin (-1..1;
    over one half -0.5..0.5): the project's contract (VALIDITY.md) fixes the formula. Below
    `FEWEST_CLUSTERS` clusters there is no interval, and the reason is given.
    """
    differences = judged - other
    margin = float(differences.mean())
    names, place = np.unique(np.asarray(clusters), return_inverse=True)
    count = len(names)
    if count < FEWEST_CLUSTERS:
        return Margin(PairEstimate(margin, len(judged), reason=_few(clusters)), None)
    rest = np.bincount(place, weights=differences - margin)
    error = math.sqrt(count / (count - 1) * float(rest @ rest)) / len(judged)
    half = t_quantile(count - 1) * error
    interval = Interval(
        margin - half, margin + half, _OTHER_PAIRS, "t over cluster totals", count, LEVEL
    )
    return Margin(PairEstimate(margin, len(judged), interval), _p_above(margin, error, count - 1))


def _p_above(margin: float, error: float, freedom: int) -> float:
    from scipy.special import stdtr

    # Where every cluster says the same, only the sign is left to tell.
    if error < 1e-12:
        return 0.0 if margin > 1e-12 else 1.0
    return float(stdtr(freedom, -margin / error))


def _share(values: Floats, clusters: Sequence[str]) -> PairEstimate:
    return clustered_share(
        values.tolist(), clusters, estimand=_OTHER_PAIRS, fewest=FEWEST_CLUSTERS, named="clusters"
    )


def _few(clusters: Sequence[str]) -> str:
    return too_few(len(set(clusters)), FEWEST_CLUSTERS, "clusters")


def _nothing(pairs: int, reason: str) -> Reading:
    names = ("accuracy", "counter", "twin", "margin", "over_half", "over_twin")
    return Reading(
        pairs, pairs, 0, None, None, None, None, None, None, dict.fromkeys(names, reason)
    )
