"""How scores change with length: a rank correlation, and a line that outliers do not affect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.rank_statistics import spearman_rho, theil_sen_line

MOST_POINTS = 2000
"""The Theil-Sen slope uses every pair of points; beyond this many, evenly spread points are
used."""


@dataclass(frozen=True, slots=True)
class Trend:
    """Score against length, over the `n` pieces of one writer.

    rho: Spearman's (1904), -1..1; above 0 longer pieces score higher, 0 is no trend. slope (score
    per unit of length) and intercept: the line of Theil (1950) and Sen (1968), the median of all
    pairwise slopes.
    """

    n: int
    rho: float
    slope: float
    intercept: float


def length_trend(lengths: Sequence[float], scores: Sequence[float]) -> Trend:
    """Return the trend of scores over lengths, two sequences of the same pieces in the same order.

    Raises UndefinedFigure for fewer than three pieces, lengths or scores that are all equal.
    """
    x = np.asarray(lengths, dtype=np.float64)
    y = np.asarray(scores, dtype=np.float64)
    if len(x) < 3:
        raise UndefinedFigure("fewer than 3 pieces")
    if np.ptp(x) == 0:
        raise UndefinedFigure("all lengths are equal")
    if np.ptp(y) == 0:
        raise UndefinedFigure("all scores are equal")
    order = np.argsort(x, kind="stable")
    picked = order[np.linspace(0, len(x) - 1, min(len(x), MOST_POINTS)).astype(int)]
    slope, intercept = theil_sen_line(x[picked], y[picked])
    return Trend(len(x), spearman_rho(x, y), slope, intercept)
