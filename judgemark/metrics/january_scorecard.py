"""The scorecard under which the table of January 2025 was published (v2-jan).

It needs no single pieces: only the writers' counts, means and deviations, and four named
components. Source: the public Judgemark v2 repository, state of 31 January 2025.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from judgemark.errors import UndefinedFigure
from judgemark.metrics.composite import WEIGHTS, Band
from judgemark.metrics.quantiles import two_sided_normal
from judgemark.metrics.separability import POOLED_VARIANCE_FLOOR

STABILITY = Band(0.4, 1.0)
REFERENCE = Band(0.1, 1.0)
MODULATION = Band(0.0, 0.4)
OVERLAP_LEVEL = 0.99
OVERLAP_STRETCH = 1.5

SEPARABILITY_BANDS: Mapping[str, Band] = {
    "kw_stat": Band(0.0, 1500.0),
    "overlap_magnitude": Band(0.0, 26.0, inverted=True),
    "std_dev": Band(0.0, 2.2),
    "score_range": Band(0.0, 8.0),
    "average_ci95": Band(0.15, 0.45, inverted=True),
    "emd": Band(0.0, 4.0),
}


@dataclass(frozen=True, slots=True)
class WriterSummary:
    """One writer's scores in short: their number, mean and sample standard deviation."""

    n: int
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class JanuaryComponents:
    """The components that the scorecard needs beside the writers, as a published table gives
    them."""

    kw_stat: float
    kendall_tau: float
    emd: float
    stability_tau: float


def january_score(
    writers: Sequence[WriterSummary], components: JanuaryComponents
) -> tuple[float, float]:
    """Return the v2-jan score, 0..100, and its separability, 0..1; higher is better.

    Raw and calibrated tables have the same constants. Raises UndefinedFigure for fewer than two
    writers and where a writer has fewer than two scores.
    """
    if len(writers) < 2:
        raise UndefinedFigure("one writer alone")
    if any(w.n < 2 for w in writers):
        raise UndefinedFigure("a writer has a single score, which has no spread")
    ranked = sorted(writers, key=lambda w: w.mean, reverse=True)
    figures = {
        "kw_stat": components.kw_stat,
        "overlap_magnitude": overlap_magnitude(ranked),
        "std_dev": _deviation_of_means(ranked),
        "score_range": ranked[0].mean - ranked[-1].mean,
        "average_ci95": sum(1.96 * w.sd / math.sqrt(w.n) for w in ranked) / len(ranked),
        "emd": components.emd,
    }
    shares = {name: float(band.share(figures[name])) for name, band in SEPARABILITY_BANDS.items()}
    shares["average_ci95"] *= float(MODULATION.share(neighbours_d(ranked)))
    separability = sum(shares.values()) / len(shares)
    parts = {
        "stability_tau": float(STABILITY.share(components.stability_tau)),
        "kendall_tau": float(REFERENCE.share(components.kendall_tau)),
        "separability": separability,
    }
    score = sum(WEIGHTS[name] * share for name, share in parts.items()) / sum(WEIGHTS.values())
    return 100.0 * score, separability


def overlap_magnitude(ranked: Sequence[WriterSummary]) -> float:
    """Return the summed overlap of neighbours' intervals, in score points; lower is better.

    Each writer's interval is m_w ± 1.5 z s_w / sqrt(n_w) with z at 99%; `ranked` is sorted by mean,
    best first.
    """
    reach = OVERLAP_STRETCH * two_sided_normal(OVERLAP_LEVEL)
    bounds = [
        (w.mean - reach * w.sd / math.sqrt(w.n), w.mean + reach * w.sd / math.sqrt(w.n))
        for w in ranked
    ]
    return sum(
        max(0.0, min(high, high_next) - max(low, low_next))
        for (low, high), (low_next, high_next) in pairwise(bounds)
    )


def neighbours_d(ranked: Sequence[WriterSummary]) -> float:
    """Return the mean Cohen's d between neighbours, as `separability.cohens_d` has it from single
    scores."""
    found = []
    for a, b in pairwise(ranked):
        squares = (a.n - 1) * _population_variance(a) + (b.n - 1) * _population_variance(b)
        pooled = squares / (a.n + b.n - 2)
        gap = abs(a.mean - b.mean)
        found.append(gap / math.sqrt(pooled) if pooled > POOLED_VARIANCE_FLOOR else 0.0)
    return sum(found) / len(found)


def _population_variance(writer: WriterSummary) -> float:
    return writer.sd**2 * (writer.n - 1) / writer.n


def _deviation_of_means(writers: Sequence[WriterSummary]) -> float:
    mean = math.fsum(w.mean for w in writers) / len(writers)
    return math.sqrt(math.fsum((w.mean - mean) ** 2 for w in writers) / len(writers))
