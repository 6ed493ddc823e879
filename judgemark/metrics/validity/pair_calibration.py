"""Calibration of a pairwise judge's probabilities: Brier score, calibration error, reliability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.validity.known_pair import AnsweredPair
from judgemark.metrics.validity.reading import FEWEST_CLUSTERS
from judgemark.metrics.validity.shares import PairEstimate, clustered_share

BINS = 10

_OTHER_PAIRS = "the share of this judge at this confidence, on unlimited other pairs"


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """One bin of the reliability curve: confidence max(P, 1-P) against the share right.

    Confidence is 0.5..1 and accuracy 0..1, both None in an empty bin; the closer they are, the
    better calibrated the judge is. Source: DeGroot and Fienberg (1983).
    """

    low: float
    high: float
    n: int
    confidence: float | None
    accuracy: PairEstimate | None


@dataclass(frozen=True, slots=True)
class PairCalibration:
    """How well P agrees with the known truth, over `n` answered pairs.

    `brier` is the mean of (1 - P(better))^2, 0..1, lower is better, and 0.25 for a constant 0.5
    (Brier 1950). `ece` is the expected calibration error, 0..1, lower is better, biased upwards
    where bins hold few pairs (Naeini et al. 2015).
    """

    n: int
    brier: float
    ece: float
    reliability: tuple[ReliabilityBin, ...]


@dataclass(frozen=True, slots=True)
class MarginBand:
    """The accuracy on pairs whose margin lies in low..high points; the last end is included."""

    low: float
    high: float
    n: int
    accuracy: PairEstimate | None


def calibrate_pairs(answered: Sequence[AnsweredPair]) -> PairCalibration:
    """Calibration over the pairs that have a verdict; UndefinedFigure where there is none."""
    probabilities = [a.p_better for a in answered if a.p_better is not None]
    clusters = [a.pair.cluster for a in answered if a.p_better is not None]
    if not probabilities:
        raise UndefinedFigure("no known pair has a verdict")
    brier = sum((1.0 - p) ** 2 for p in probabilities) / len(probabilities)
    bins = reliability_curve(probabilities, clusters)
    return PairCalibration(len(probabilities), brier, calibration_error(probabilities), bins)


def calibration_error(p_better: Sequence[float]) -> float:
    """Return the mean over pairs of |confidence - share right|, computed by bins; 0..1, lower is
    better."""
    gaps = np.zeros(BINS)
    for p in p_better:
        gaps[_confidence_bin(p)] += _confidence(p) - _right(p)
    return float(np.abs(gaps).sum()) / len(p_better)


def _confidence_bin(p_better: float) -> int:
    """Return the bin 0..BINS-1 of a probability, by its confidence."""
    return min(BINS - 1, int(round((_confidence(p_better) - 0.5) * 2 * BINS, 9)))


def reliability_curve(
    p_better: Sequence[float],
    clusters: Sequence[str],
    *,
    estimand: str = _OTHER_PAIRS,
    fewest: int = FEWEST_CLUSTERS,
    named: str = "clusters",
) -> tuple[ReliabilityBin, ...]:
    """Return the bins of the reliability curve, from P(better) of each pair and the pair's cluster.

    Intervals are those of `shares.clustered_share`, which takes the last three arguments.
    """
    places = [_confidence_bin(p) for p in p_better]
    found = []
    for k in range(BINS):
        here = [n for n, place in enumerate(places) if place == k]
        right = [_right(p_better[n]) for n in here]
        grouped = [clusters[n] for n in here]
        confidence = sum(_confidence(p_better[n]) for n in here)
        accuracy = (
            clustered_share(right, grouped, estimand=estimand, fewest=fewest, named=named)
            if here
            else None
        )
        low, high = 0.5 + k / (2 * BINS), 0.5 + (k + 1) / (2 * BINS)
        mean_confidence = confidence / len(here) if here else None
        found.append(ReliabilityBin(low, high, len(here), mean_confidence, accuracy))
    return tuple(found)


def by_margin(answered: Sequence[AnsweredPair], edges: Sequence[float]) -> tuple[MarginBand, ...]:
    """Accuracy by how much the better text is better; `edges` are ascending, in points.

    Pairs without a margin, outside the edges or without a verdict are left out.
    """
    found = []
    for low, high in pairwise(edges):
        last = high == edges[-1]
        here = [
            (right, a.pair.cluster)
            for a in answered
            if (right := a.right) is not None
            and (margin := a.pair.margin) is not None
            and low <= margin
            and (margin < high or (last and margin == high))
        ]
        accuracy = None
        if here:
            accuracy = clustered_share(
                [right for right, _ in here],
                [cluster for _, cluster in here],
                estimand=_OTHER_PAIRS,
                fewest=FEWEST_CLUSTERS,
                named="clusters",
            )
        found.append(MarginBand(low, high, len(here), accuracy))
    return tuple(found)


def _confidence(p_better: float) -> float:
    return max(p_better, 1.0 - p_better)


def _right(p_better: float) -> float:
    return 0.5 if p_better == 0.5 else float(p_better > 0.5)
