"""How often a pairwise judge names the piece that a reference calls better.

It is agreement with that reference, which is another judge and not the truth. Source, where none
is named: section 3 of the card of selfhypnosis-ai/Qwen3.5-4B-Creative-Writing-Judge, "the card".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.interval_ends import Interval
from judgemark.metrics.interval_methods import jackknife_t
from judgemark.metrics.validity.drawn_pairs import PairRules, ScoredPiece, eligible_pairs
from judgemark.metrics.validity.known_pair import KnownPair
from judgemark.metrics.validity.pair_calibration import (
    ReliabilityBin,
    calibration_error,
    reliability_curve,
)
from judgemark.metrics.validity.shares import PairEstimate, clustered_share
from judgemark.table.score_table import Floats

BUCKETS = 5
_OTHER_ITEMS = "the figure of this judge on unlimited other items"


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass of a pair: P(A), and the letter of the token really produced (None for neither).

    `mass` is the captured probability of both letters, None for a verdict in words. `censored` says
    that one letter's log-probability is known only as an upper bound.
    """

    p_a: float
    produced: str | None
    mass: float | None = None
    censored: bool = False


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A known pair with both passes: the better text as A, and as B."""

    pair: KnownPair
    as_a: Pass
    as_b: Pass

    @property
    def p_better(self) -> float:
        """P(the better text), averaged over both passes; 0..1, higher is better."""
        return (self.as_a.p_a + (1.0 - self.as_b.p_a)) / 2.0

    @property
    def strict(self) -> float:
        """1 where the produced token names the better text in both orders, else 0."""
        return float(self.as_a.produced == "A" and self.as_b.produced == "B")

    @property
    def consistent(self) -> float:
        """1 where P favours the same text in both orders, else 0; a tie favours neither."""
        return float((self.as_a.p_a - 0.5) * (self.as_b.p_a - 0.5) < 0)

    @property
    def right(self) -> float:
        """1 where the averaged P favours the better text, 0.5 for a tie, else 0."""
        p = self.p_better
        return 0.5 if p == 0.5 else float(p > 0.5)


@dataclass(frozen=True, slots=True)
class Bucket:
    """The figures of the pairs whose margin lies in low..high points (the last end included).

    Ranges and directions are those of `Classification`; None where no pair lies there.
    """

    low: float
    high: float
    n: int
    strict: PairEstimate | None
    accuracy: PairEstimate | None
    consistency: PairEstimate | None
    target_mass: PairEstimate | None


@dataclass(frozen=True, slots=True)
class Classification:
    """The figures of the card; each is a share in 0..1, and higher is better unless noted.

    `target_mass` is the mean P(better) over all passes, and `non_target_mass` is 1 minus it (lower
    is better). `captured_mass` is the mean probability that fell on the letters at all, None where
    a verdict came in words. `censored` is the share of passes with a log-probability that is known
    only as an upper bound (lower is better). `ece` is the expected calibration error (lower is
    better). `missing` counts the pairs with a failed pass, which are left out.
    """

    n: int
    missing: int
    strict: PairEstimate
    consistency: PairEstimate
    target_mass: PairEstimate
    non_target_mass: PairEstimate
    accuracy: PairEstimate
    captured_mass: PairEstimate | None
    censored: float
    ece: PairEstimate
    buckets: tuple[Bucket, ...]
    reliability: tuple[ReliabilityBin, ...]


def classify(judged: Sequence[JudgedPair], missing: int, rules: PairRules) -> Classification:
    """Return all figures over the judged pairs.

    Raises UndefinedFigure where there are no pairs. With a single item no figure has an interval.
    """
    if not judged:
        raise UndefinedFigure("no pair has a verdict in both orders")
    target = mean_estimate(judged, lambda j: j.p_better)
    masses = [p.mass for j in judged for p in (j.as_a, j.as_b)]
    passes = 2 * len(judged)
    return Classification(
        n=len(judged),
        missing=missing,
        strict=share_estimate(judged, lambda j: j.strict),
        consistency=share_estimate(judged, lambda j: j.consistent),
        target_mass=target,
        non_target_mass=mean_estimate(judged, lambda j: 1.0 - j.p_better),
        accuracy=share_estimate(judged, lambda j: j.right),
        captured_mass=None if None in masses else mean_estimate(judged, _captured),
        censored=sum(p.censored for j in judged for p in (j.as_a, j.as_b)) / passes,
        ece=_calibration_error(judged),
        buckets=_buckets(judged, rules),
        reliability=reliability_curve(
            [j.p_better for j in judged],
            [j.pair.item for j in judged],
            estimand=_OTHER_ITEMS,
            fewest=2,
            named="items",
        ),
    )


def _captured(judged: JudgedPair) -> float:
    return ((judged.as_a.mass or 0.0) + (judged.as_b.mass or 0.0)) / 2.0


ValueOfPair = Callable[[JudgedPair], float]


def share_estimate(judged: Sequence[JudgedPair], value: ValueOfPair) -> PairEstimate:
    """Return a share in 0..1 of at least one pair, clustered by item: `shares.clustered_share`.

    With a single item there is no interval; the reason is given instead.
    """
    return clustered_share(
        [value(j) for j in judged],
        [j.pair.item for j in judged],
        estimand=_OTHER_ITEMS,
        fewest=2,
        named="items",
    )


def mean_estimate(judged: Sequence[JudgedPair], value: ValueOfPair) -> PairEstimate:
    """Return a mean in 0..1 of at least one pair, with a jackknife-t interval over items.

    The interval is cut to 0..1. With a single item there is none, and the reason is given instead.
    Source: `interval_methods.jackknife_t`.
    """
    return _jackknifed(judged, lambda some: sum(value(j) for j in some) / len(some))


def _jackknifed(
    judged: Sequence[JudgedPair], figure: Callable[[Sequence[JudgedPair]], float]
) -> PairEstimate:
    items = sorted({j.pair.item for j in judged})
    value = figure(judged)
    if len(items) < 2:
        return PairEstimate(value, len(judged), reason="one item only")
    without: Floats = np.array(
        [figure([j for j in judged if j.pair.item != item]) for item in items]
    )
    found = jackknife_t(value, without, estimand=_OTHER_ITEMS, clusters="items", corrected=False)
    low, high = max(0.0, found.low), min(1.0, found.high)
    return PairEstimate(
        value, len(judged), Interval(low, high, found.estimand, found.method, found.n, found.level)
    )


def _buckets(judged: Sequence[JudgedPair], rules: PairRules) -> tuple[Bucket, ...]:
    edges = np.linspace(rules.margin_min, rules.margin_max, BUCKETS + 1)
    judged = [j for j in judged if j.pair.margin is not None]
    # Differences of decimal numbers: a margin of 6 must not fall into the bucket below it.
    margins = np.round(np.array([j.pair.margin for j in judged], dtype=float), 9)
    at = np.clip(np.searchsorted(np.round(edges, 9), margins, side="right") - 1, 0, BUCKETS - 1)
    found = []
    for k in range(BUCKETS):
        here = [j for j, b in zip(judged, at, strict=True) if b == k]
        found.append(
            Bucket(
                float(edges[k]),
                float(edges[k + 1]),
                len(here),
                share_estimate(here, lambda j: j.strict) if here else None,
                share_estimate(here, lambda j: j.right) if here else None,
                share_estimate(here, lambda j: j.consistent) if here else None,
                mean_estimate(here, lambda j: j.p_better) if here else None,
            )
        )
    return tuple(found)


def _calibration_error(judged: Sequence[JudgedPair]) -> PairEstimate:
    """Expected calibration error: mean |confidence - share right| over pairs, by bins.

    0..1, lower better; biased upwards where bins hold few pairs. Source: Naeini et al. (2015).
    """

    return _jackknifed(judged, lambda some: calibration_error([j.p_better for j in some]))


def reference_repeat_agreement(
    repeats: Sequence[Sequence[ScoredPiece]], rules: PairRules
) -> PairEstimate:
    """Return how often the reference agrees with itself at this margin, the ceiling of agreement.

    `repeats` holds, for each repetition of the reference, the pieces with their scores. The pairs
    that pass the filters in one repetition are looked up in each other repetition: 1 where it
    orders them the same way, 0.5 where it ties them, else 0. Raises UndefinedFigure for fewer than
    two repetitions, and where no pair of one repetition is scored in another.
    """
    if len(repeats) < 2:
        raise UndefinedFigure("the reference scored each piece once: its repeatability is unknown")
    places = [{(p.item, p.writer, p.iteration): p.score for p in pieces} for pieces in repeats]
    found: list[JudgedPair] = []
    for n, pieces in enumerate(repeats):
        for pair in eligible_pairs(pieces, rules):
            for m, other in enumerate(places):
                scores = [
                    other.get((pair.item, p.writer, p.iteration)) for p in (pair.better, pair.worse)
                ]
                if m == n or scores[0] is None or scores[1] is None:
                    continue
                p = 0.5 + 0.5 * float(np.sign(scores[0] - scores[1]))
                found.append(JudgedPair(pair, Pass(p, None), Pass(1.0 - p, None)))
    if not found:
        raise UndefinedFigure("no pair at this margin was scored by the reference twice")
    return share_estimate(found, lambda j: j.right)
