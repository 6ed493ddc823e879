"""Does a judge's score fall as damage rises? Kendall's tau of severity and score."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.interval_ends import Interval
from judgemark.metrics.interval_methods import LEVEL, t_quantile
from judgemark.metrics.kendall import tau_b
from judgemark.metrics.validity.shares import PairEstimate, too_few
from judgemark.table.score_table import Floats

FEWEST_PIECES = 5
"""With fewer pieces than this dose tau has no interval."""

_LEAST, _MOST = -1.0, 1.0


@dataclass(frozen=True, slots=True)
class DoseSeries:
    """One source piece under one kind of damage: the judge's score by severity.

    `scores` maps each severity that has a verdict (0 is the undamaged piece) to the item score,
    higher is better. See `pairwise_series` for judges that compare.
    """

    piece: str
    kind: str
    scores: Mapping[float, float]


def pairwise_series(piece: str, kind: str, p_undamaged: Mapping[float, float]) -> DoseSeries:
    """Return the series of a pairwise judge, from P(the undamaged piece is better) by severity
    above 0.

    The score of a damaged piece is 1 - P(undamaged), and that of the undamaged one 0.5.
    """
    return DoseSeries(piece, kind, {0.0: 0.5, **{s: 1.0 - p for s, p in p_undamaged.items()}})


def series_tau(series: DoseSeries) -> float:
    """Return Kendall's tau-b of severity and score, -1..1; -1 where every step lowers the score.

    It is 0 where all scores tie. Raises UndefinedFigure for fewer than two severities.
    """
    if len(series.scores) < 2:
        raise UndefinedFigure("fewer than two severities have a score")
    severities = np.array(sorted(series.scores))
    scores = np.array([series.scores[s] for s in severities])
    if np.ptp(scores) == 0:
        return 0.0
    return tau_b(severities, scores)


def dose_tau(series: Sequence[DoseSeries]) -> PairEstimate:
    """Return the mean over pieces of `series_tau`, with a 95% t interval over pieces; -1 is best.

    A piece with several kinds counts once, with the mean of its kinds. Series with fewer than two
    severities are left out; raises UndefinedFigure where no series is left. The interval is cut to
    -1..1: no mean of taus lies beyond, so that it contains the true mean as often as before. Below
    `FEWEST_PIECES` pieces there is no interval, and the reason is given.
    """
    by_piece: dict[str, list[float]] = defaultdict(list)
    for one in series:
        if len(one.scores) >= 2:
            by_piece[one.piece].append(series_tau(one))
    if not by_piece:
        raise UndefinedFigure("no piece has scores at two severities")
    means: Floats = np.array([sum(taus) / len(taus) for _, taus in sorted(by_piece.items())])
    n, value = len(means), float(means.mean())
    if n < FEWEST_PIECES:
        return PairEstimate(value, n, reason=too_few(n, FEWEST_PIECES, "pieces"))
    half = t_quantile(n - 1) * float(means.std(ddof=1)) / math.sqrt(n)
    estimand = "the mean tau of this judge over unlimited other pieces"
    low, high = max(_LEAST, value - half), min(value + half, _MOST)
    interval = Interval(low, high, estimand, "t over pieces, cut to -1..1", n, LEVEL)
    return PairEstimate(value, n, interval)
