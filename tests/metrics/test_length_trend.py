"""Scores against length."""

from __future__ import annotations

import numpy as np
import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics.length_trend import length_trend


def test_one_outlier_does_not_change_the_line() -> None:
    # y = 1 + 2 x but for the last point: of 10 pairwise slopes the 6 among the others are 2
    trend = length_trend([0, 1, 2, 3, 4], [1, 3, 5, 7, 100])
    assert trend.slope == pytest.approx(2)
    assert trend.rho == pytest.approx(1)  # the ranks still agree
    assert trend.n == 5


def test_longer_can_be_worse() -> None:
    assert length_trend([100, 200, 300], [9, 5, 4]).rho == pytest.approx(-1)


@pytest.mark.parametrize(
    ("lengths", "scores", "reason"),
    [
        ([10, 20], [1, 2], "fewer than 3 pieces"),
        ([10, 10, 10], [1, 2, 3], "all lengths are equal"),
        ([10, 20, 30], [4, 4, 4], "all scores are equal"),
    ],
)
def test_an_undefined_trend_says_why(
    lengths: list[float], scores: list[float], reason: str
) -> None:
    with pytest.raises(UndefinedFigure, match=reason):
        length_trend(lengths, scores)


def test_many_points_give_the_line_of_evenly_spread_ones() -> None:
    lengths = np.arange(5000.0)
    trend = length_trend(lengths.tolist(), (3 + 0.5 * lengths).tolist())
    assert trend.n == 5000
    assert trend.slope == pytest.approx(0.5)


def test_many_ties_in_lengths_and_scores_give_a_line_without_a_warning() -> None:
    # Two lengths and two scores: the slopes between points of different lengths are 0 or 0.6,
    # 2 x 9 of them 0.6 and 2 x 1 of them 0, so the median is 0.6.
    trend = length_trend([91, 91, *[92] * 10], [1199.2, 1199.2, 1199.2, *[1199.8] * 9])
    assert trend.slope == pytest.approx(0.6)
