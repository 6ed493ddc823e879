"""How far apart a judge's scores set the writers: the components of every scorecard.

Each function takes a whole score table: g_w are the scores of writer w over all iterations and
items, n_w their number, m_w their mean, s_w their sample standard deviation. A writer without any
score is left out. All figures are in the table's own unit unless noted, and all raise
UndefinedFigure with a reason where the table does not define them. Where no other source is named,
it is the published code of Judgemark v2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.kendall import settled
from judgemark.metrics.quantiles import two_sided_normal
from judgemark.metrics.rank_statistics import kruskal_h, mean_wasserstein
from judgemark.table.score_table import Floats, ScoreTable

POOLED_VARIANCE_FLOOR = 1e-12
TOO_CLOSE = "the scores differ by too little: the squares of their differences cannot be computed"
_CELLS_AT_ONCE = 1 << 18


def kruskal_wallis(table: ScoreTable) -> float:
    """Return Kruskal-Wallis H, corrected for ties; 0 or more, higher = writers further apart.

    Grows with the number of scores N: about N at most. Undefined for fewer than two writers and
    when all scores are equal. Source: Kruskal and Wallis (1952).
    """
    groups = _two_or_more_groups(table)
    if np.ptp(np.concatenate(groups)) == 0:
        raise UndefinedFigure("all scores are equal")
    return kruskal_h(groups)


def epsilon_squared(table: ScoreTable) -> float:
    """Return Kruskal-Wallis H over N - 1: H without its growth with the number N of scores.

    0..1, higher = writers further apart. Undefined where H is. Source: Kelley (1935); Tomczak and
    Tomczak (2014).
    """
    return kruskal_wallis(table) / (int(np.count_nonzero(~np.isnan(table.values))) - 1)


@dataclass(frozen=True, slots=True)
class SumsOfSquares:
    """The sums of squares of the analysis of variance, for k writers and N scores."""

    between: float
    within: float
    writers: int
    scores: int
    within_varies: bool

    @property
    def mean_within(self) -> float:
        """MSW = SSW / (N - k), 0 or more; undefined where no writer has two scores."""
        if self.scores <= self.writers:
            raise UndefinedFigure("no writer has more than one score")
        return self.within / (self.scores - self.writers)


def _sums_of_squares(table: ScoreTable) -> SumsOfSquares:
    """Squared deviations between and within writers, 0 or more, in squared units of the table.

    Undefined below two writers, and where the scores differ by so little that such squares have no
    digits or vanish. Source: Fisher (1925).
    """
    groups = _two_or_more_groups(table)
    everything = np.concatenate(groups)
    if np.ptp(everything) == 0:
        return SumsOfSquares(0.0, 0.0, len(groups), len(everything), within_varies=False)
    _check_squares(everything)
    grand = _mean(everything)
    between = math.fsum(len(g) * (_mean(g) - grand) ** 2 for g in groups)
    # A constant group's deviations are 0, whatever the last bit of its mean.
    varied = [g for g in groups if np.ptp(g) > 0]
    within = math.fsum(float(np.sum((g - _mean(g)) ** 2)) for g in varied)
    counts = (len(groups), sum(map(len, groups)))
    return SumsOfSquares(between, within, *counts, within_varies=bool(varied))


def anova_f(table: ScoreTable) -> float:
    """Return the F of a one-way analysis of variance over writers; 0 or more, higher = further
    apart.

    Undefined for fewer than two writers, when no writer has two scores, and (as infinite) when no
    writer's scores differ, or differ by too little for their squares. Source: Fisher (1925).
    """
    sums = _sums_of_squares(table)
    if sums.mean_within == 0:
        if sums.within_varies:
            raise UndefinedFigure(TOO_CLOSE)
        raise UndefinedFigure("no writer's scores differ, so F has no bound")
    return sums.between / (sums.writers - 1) / sums.mean_within


def omega_squared(table: ScoreTable) -> float:
    """Return the share of variance between writers, (SSB - (k-1) MSW) / (SST + MSW).

    At most 1, higher = further apart, about 0 (and below it) where writers do not differ; does
    not grow with the number of scores. Undefined for fewer than two writers, when no writer has
    two scores, and when all scores are equal or differ by too little for their squares. Source:
    Hays (1963).
    """
    sums = _sums_of_squares(table)
    whole = sums.between + sums.within + sums.mean_within
    if whole == 0:
        raise UndefinedFigure("all scores are equal")
    return (sums.between - (sums.writers - 1) * sums.mean_within) / whole


def delta_matrix(table: ScoreTable) -> Floats:
    """Cliff's delta of every writer (row) against every other (column); shape (W, W), -1..1.

    (#(a > b) - #(a < b)) / (n_a n_b): positive where the row's writer scores higher, 0 on the
    diagonal. W counts the writers with scores, in the table's order; without any the shape is
    (0, 0). Source: Cliff (1993).
    """
    groups = _groups(table)
    if not groups:
        return np.zeros((0, 0))
    sizes = np.array([g.size for g in groups])
    levels, places = np.unique(np.concatenate(groups), return_inverse=True)
    owners = np.repeat(np.arange(len(groups)), sizes)
    up_to = np.zeros((len(groups), 1))
    wins = np.zeros((len(groups), len(groups)))
    step = min(len(levels), max(1, _CELLS_AT_ONCE // len(groups)))
    for first in range(0, len(levels), step):
        here = (places >= first) & (places < first + step)
        cells = owners[here] * step + places[here] - first
        own = np.bincount(cells, minlength=len(groups) * step).reshape(-1, step).astype(float)
        below = up_to + np.cumsum(own, axis=1)
        # A score counts twice for each one below it and once for each equal one.
        wins += own @ (2 * below - own).T
        up_to = below[:, -1:]
    products: Floats = np.outer(sizes, sizes).astype(float)
    deltas: Floats = (wins - products) / products
    return deltas


def cliffs_delta(table: ScoreTable) -> float:
    """Return the mean |Cliff's delta| over all pairs of writers; 0..1, higher = further apart.

    Looks at order alone, so no monotone change of scale moves it; biased upwards for small
    groups. Undefined for fewer than two writers. Source: the v4 leaderboard's page.
    """
    deltas = delta_matrix(table)
    if len(deltas) < 2:
        raise UndefinedFigure("fewer than two writers")
    return float(np.abs(deltas[np.triu_indices(len(deltas), k=1)]).mean())


def std_dev(table: ScoreTable) -> float:
    """Return the population standard deviation of the writers' means; 0 or more, higher = further
    apart.

    Undefined for fewer than two writers.
    """
    means = [_mean(g) for g in _two_or_more_groups(table)]
    return float(np.std(means))


def score_range(table: ScoreTable) -> float:
    """Return the best writer's mean minus the worst writer's; 0 or more, higher is further apart.

    Undefined for fewer than two writers.
    """
    means = [_mean(g) for g in _two_or_more_groups(table)]
    return max(means) - min(means)


def ci_overlap(table: ScoreTable, level: float) -> float:
    """Return how far the confidence intervals of neighbours in the ranking overlap; 0..1, lower is
    better.

    Each writer's interval at `level` (0..1) is m_w -+ z s_w / sqrt(n_w); per pair of neighbours
    the overlap as a share of either interval's width, averaged (0 for one of no width), then the
    mean over pairs. Undefined for fewer than two writers or where one has a single score.
    """
    z = two_sided_normal(level)
    bounds = []
    for g in _ranked(_two_or_more_groups(table)):
        half = z * _sample_deviation(g) / math.sqrt(len(g))
        bounds.append((_mean(g) - half, _mean(g) + half))
    shares = []
    for (low_a, high_a), (low_b, high_b) in pairwise(bounds):
        overlap = max(0.0, min(high_a, high_b) - max(low_a, low_b))
        widths = (high_a - low_a, high_b - low_b)
        shares.append(sum(overlap / w if w > 0 else 0.0 for w in widths) / 2)
    return sum(shares) / len(shares)


def cohens_d(table: ScoreTable) -> float:
    """Return the mean Cohen's d between neighbours in the ranking; 0 or more, higher = further
    apart.

    |m_a - m_b| over the root of ((n_a-1) v_a + (n_b-1) v_b) / (n_a+n_b-2), where v are
    *population* variances, as published; 0 where that pooled variance is 1e-12 or less. Undefined
    for fewer than two writers or where two neighbours have one score each.
    """
    ds = []
    for a, b in pairwise(_ranked(_two_or_more_groups(table))):
        freedom = len(a) + len(b) - 2
        if freedom == 0:
            raise UndefinedFigure("two neighbours in the ranking have one score each")
        pooled = ((len(a) - 1) * np.var(a) + (len(b) - 1) * np.var(b)) / freedom
        gap = abs(_mean(a) - _mean(b))
        ds.append(gap / math.sqrt(pooled) if pooled > POOLED_VARIANCE_FLOOR else 0.0)
    return sum(ds) / len(ds)


def average_ci95(table: ScoreTable) -> float:
    """Return the mean half-width of the writers' 95% intervals, 1.96 s_w / sqrt(n_w); lower is
    better.

    0 or more. Undefined without scores or where a writer has a single one.
    """
    halves = [1.96 * _sample_deviation(g) / math.sqrt(len(g)) for g in _some_groups(table)]
    return sum(halves) / len(halves)


def emd(table: ScoreTable) -> float:
    """Return the mean one-dimensional Wasserstein distance over all pairs of writers.

    0 or more, higher = further apart; undefined for fewer than two writers.
    """
    return mean_wasserstein(_two_or_more_groups(table))


def _check_squares(scores: Floats) -> None:
    """Raise UndefinedFigure where scores differ, but the square of their range is no full number.

    Ratios of such squares would be wrong, or 0 over 0 as if all scores were equal.
    """
    spread = float(np.ptp(scores))
    if spread > 0 and spread * spread < np.finfo(np.float64).tiny:
        raise UndefinedFigure(TOO_CLOSE)


def _groups(table: ScoreTable) -> list[Floats]:
    return [g for g in table.groups if g.size]


def _some_groups(table: ScoreTable) -> list[Floats]:
    groups = _groups(table)
    if not groups:
        raise UndefinedFigure("no scores")
    return groups


def _two_or_more_groups(table: ScoreTable) -> list[Floats]:
    groups = _some_groups(table)
    if len(groups) < 2:
        raise UndefinedFigure("one writer alone")
    return groups


def _mean(scores: Floats) -> float:
    # fsum is exact, so that the mean does not depend on the order of the items.
    return math.fsum(scores) / len(scores)


def _sample_deviation(scores: Floats) -> float:
    if len(scores) < 2:
        raise UndefinedFigure("a writer has a single score, which has no spread")
    return float(np.std(scores, ddof=1)) if np.ptp(scores) > 0 else 0.0


def _ranked(groups: Sequence[Floats]) -> list[Floats]:
    """Best mean first; equal means by spread and number, so that names do not decide."""
    means = settled(np.array([_mean(g) for g in groups]))
    spread = settled(np.array([np.std(g) for g in groups]))
    number = np.array([len(g) for g in groups])
    return [groups[i] for i in np.lexsort((-number, -spread, -means))]
