from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kendalltau

from judgemark.errors import UndefinedFigure
from judgemark.metrics.kendall import mean_tau_between, pair_signs, settled, tau_b


def test_tau_b_with_a_tie() -> None:
    # pairs (1,2) (1,3) (2,3): x rises in all, y in two and ties in one
    # 2 / sqrt(3 * 2) = 0.8165
    got = tau_b(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 2.0]))
    assert got == pytest.approx(2 / 6**0.5)


def test_an_order_of_ties_is_undefined() -> None:
    with pytest.raises(UndefinedFigure, match="all writers tie"):
        tau_b(np.array([1.0, 1.0]), np.array([1.0, 2.0]))
    with pytest.raises(UndefinedFigure, match="fewer than two"):
        tau_b(np.array([1.0]), np.array([1.0]))


def test_the_last_bit_does_not_break_a_tie() -> None:
    means = np.array([0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1, 0.7])
    assert means[0] != means[1]
    assert settled(means)[0] == settled(means)[1]


def test_signs_of_a_gap_are_0() -> None:
    # pairs in the order (0,1) (0,2) (1,2)
    assert pair_signs(np.array([3.0, np.nan, 1.0])).tolist() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize("tied", [False, True])
def test_many_taus_equal_scipys_one_by_one(tied: bool) -> None:
    means = np.random.default_rng(1).normal(size=(20, 4, 7))
    if tied:
        means = means.round(0)
    got = mean_tau_between(pair_signs(means))
    for k in range(20):
        pairs = [kendalltau(means[k, a], means[k, b])[0] for a in range(4) for b in range(a + 1, 4)]
        assert got[k] == pytest.approx(np.mean(pairs), abs=1e-12)


def test_a_tau_among_many_that_is_undefined_is_nan() -> None:
    means = np.array([[[1.0, 1.0], [1.0, 2.0]], [[2.0, 1.0], [1.0, 2.0]]])
    taus = mean_tau_between(pair_signs(means))
    assert np.isnan(taus[0]) and taus[1] == -1.0
