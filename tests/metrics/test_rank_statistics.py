"""Statistics of ranks: small cases by hand, and scipy's own numbers on many drawn rows."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import kendalltau, kruskal, rankdata, spearmanr, theilslopes, wasserstein_distance

from judgemark.metrics import rank_statistics as ranks
from judgemark.table.score_table import Floats

EXACT = 1e-12


def drawn(seed: int, n: int, digits: int) -> tuple[Floats, Floats]:
    """Two rows that go together a little; few digits make ties."""
    rng = np.random.default_rng(seed)
    x = rng.normal(5, 2, n)
    return x.round(digits), (x / 2 + rng.normal(0, 1, n)).round(digits)


def test_equal_values_share_the_mean_of_their_ranks() -> None:
    assert ranks.mid_ranks(np.array([3.0, 1.0, 3.0, 7.0])).tolist() == [2.5, 1.0, 2.5, 4.0]


def test_the_line_through_the_median_of_all_slopes() -> None:
    # slopes (1-0)/1, (9-0)/2, (9-1)/1 = 1, 4.5, 8: the median is 4.5; 1 - 4.5 * 1 = -3.5
    line = ranks.theil_sen_line(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 9.0]))
    assert line == (4.5, -3.5)


def test_the_mean_distance_of_all_pairs_of_groups() -> None:
    # |1-2| and |5-5| -> 0.5; 1 to 4 and 5 to 9 -> 3.5; 2 to 4 and 5 to 9 -> 3: mean 7 / 3
    groups = [np.array([1.0, 5.0]), np.array([5.0, 2.0]), np.array([4.0, 9.0])]
    assert ranks.mean_wasserstein(groups) == pytest.approx(7 / 3)
    assert ranks.mean_wasserstein([groups[0] / 10] * 4) == 0


@pytest.mark.parametrize("digits", [0, 1, 15])
@pytest.mark.parametrize("n", [3, 4, 31, 120])
def test_rows_give_scipys_numbers(n: int, digits: int) -> None:
    for seed in range(5):
        x, y = drawn(seed, n, digits)
        assert ranks.mid_ranks(x).tolist() == rankdata(x).tolist()
        if np.ptp(x) == 0 or np.ptp(y) == 0:
            continue
        tau, rho = ranks.kendall_tau_b(x, y), ranks.spearman_rho(x, y)
        assert tau == pytest.approx(kendalltau(x, y).statistic, rel=EXACT, abs=EXACT)
        assert rho == pytest.approx(spearmanr(x, y).statistic, rel=EXACT, abs=EXACT)
        with np.errstate(invalid="ignore"):
            line = theilslopes(y, x)
        assert ranks.theil_sen_line(x, y) == pytest.approx(line[:2], rel=EXACT, abs=EXACT)


@pytest.mark.parametrize("digits", [0, 1, 15])
@pytest.mark.parametrize("sizes", [(5, 5, 5, 5), (2, 9, 40), (96, 96)])
def test_groups_give_scipys_numbers(sizes: tuple[int, ...], digits: int) -> None:
    groups = [drawn(seed, n, digits)[1] for seed, n in enumerate(sizes)]
    assert ranks.kruskal_h(groups) == pytest.approx(kruskal(*groups).statistic, rel=EXACT)
    distances = [wasserstein_distance(a, b) for a, b in combinations(groups, 2)]
    assert ranks.mean_wasserstein(groups) == pytest.approx(np.mean(distances), rel=EXACT)
    one_by_one = [ranks.wasserstein(a, b) for a, b in combinations(groups, 2)]
    assert one_by_one == pytest.approx(distances, rel=EXACT, abs=EXACT)
