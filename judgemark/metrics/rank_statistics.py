"""Statistics of ranks on numpy alone: importing `scipy.stats` takes longer than scoring a run.

Each function gives scipy's number to the last digits; the tests compare them. Arguments are rows
without gaps.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from judgemark.table.score_table import Floats


def mid_ranks(values: Floats) -> Floats:
    """Return the ranks 1..n of a row, equal values sharing the mean of theirs; shape (n,).

    As `scipy.stats.rankdata` does.
    """
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    ranks: Floats = (last - (times - 1) / 2)[place]
    return ranks


def kruskal_h(groups: Sequence[Floats]) -> float:
    """Kruskal and Wallis's (1952) H of two or more groups, corrected for ties; 0 or more.

    The groups must not be empty, and not all values may be equal. As `scipy.stats.kruskal` does.
    """
    everything = np.concatenate(groups)
    n = len(everything)
    _, place, times = np.unique(everything, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(times) - (times - 1) / 2)[place]
    ends = np.cumsum([len(group) for group in groups])[:-1]
    between = sum(float(own.sum()) ** 2 / len(own) for own in np.split(ranks, ends))
    ties = 1.0 - float((times.astype(np.float64) ** 3 - times).sum()) / (float(n) ** 3 - n)
    return (12.0 / (n * (n + 1)) * between - 3.0 * (n + 1)) / ties


def kendall_tau_b(first: Floats, second: Floats) -> float:
    """Return Kendall's (1945) tau-b of two rows of the same things; -1..1, 1 is the same order.

    Neither row may be all ties. As `scipy.stats.kendalltau` does, by going through all pairs.
    """
    a, b = np.triu_indices(len(first), k=1)
    x, y = np.sign(first[a] - first[b]), np.sign(second[a] - second[b])
    agreement, untied = float(x @ y), (float(x @ x), float(y @ y))
    tau = agreement / np.sqrt(untied[0]) / np.sqrt(untied[1])
    return float(np.clip(tau, -1.0, 1.0))


def spearman_rho(first: Floats, second: Floats) -> float:
    """Return Spearman's (1904) rank correlation of two rows; -1..1, 1 is the same order.

    Neither row may be all ties. As `scipy.stats.spearmanr` does.
    """
    rho = np.corrcoef(mid_ranks(first), mid_ranks(second))[0, 1]
    return float(np.clip(rho, -1.0, 1.0))


def theil_sen_line(x: Floats, y: Floats) -> tuple[float, float]:
    """Return the slope and the intercept of the line of Theil (1950) and Sen (1968).

    The slope is the median over all pairs of points with different x, of which there must be one;
    the intercept is median(y) - slope * median(x). As `scipy.stats.theilslopes` does.
    """
    a, b = np.triu_indices(len(x), k=1)
    runs = x[b] - x[a]
    apart = runs != 0
    slope = float(np.median((y[b] - y[a])[apart] / runs[apart]))
    return slope, float(np.median(y) - slope * np.median(x))


def wasserstein(first: Floats, second: Floats) -> float:
    """Return the one-dimensional Wasserstein distance of two rows; 0 or more, in their unit.

    The area between their cumulative shares. As `scipy.stats.wasserstein_distance` does.
    """
    a, b = np.sort(first), np.sort(second)
    if len(a) == len(b):
        return float(np.abs(a - b).mean())
    values = np.sort(np.concatenate([a, b]))
    shares = [np.searchsorted(row, values[:-1], side="right") / len(row) for row in (a, b)]
    return float(np.abs(shares[0] - shares[1]) @ np.diff(values))


def mean_wasserstein(groups: Sequence[Floats]) -> float:
    """Return the mean of `wasserstein` over all pairs of two or more groups; 0 or more.

    In groups of one size the k-th values of each are compared with each other. Of W ascending
    numbers (r + 1) (W - 1 - r) pairs lie on both sides of the gap behind the r-th, r = 0..W-2, so
    that the sum of |a - b| over all pairs needs the gaps alone.
    """
    count = len(groups)
    pairs = count * (count - 1) / 2
    if len({len(group) for group in groups}) == 1:
        by_rank = np.sort(np.sort(np.stack(groups), axis=1), axis=0)
        below = np.arange(1.0, count)
        return float((below * (count - below)) @ np.diff(by_rank, axis=0).mean(axis=1) / pairs)
    total = sum(
        wasserstein(groups[i], groups[j]) for i in range(count) for j in range(i + 1, count)
    )
    return total / pairs
