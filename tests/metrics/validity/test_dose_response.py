"""Dose tau by hand: its direction, ties, and the interval over pieces."""

from __future__ import annotations

import math

import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics.validity.dose_response import (
    DoseSeries,
    dose_tau,
    pairwise_series,
    series_tau,
)

T4 = 2.7764451051977987  # 97.5% quantile of Student's t with 4 degrees of freedom
T14 = 2.1447866879169273  # and with 14


def series(*scores: float, piece: str = "p", kind: str = "k") -> DoseSeries:
    return DoseSeries(piece, kind, {float(n): score for n, score in enumerate(scores)})


def test_a_score_that_falls_with_every_step_is_minus_one() -> None:
    assert series_tau(series(8, 6, 5, 1)) == pytest.approx(-1.0)
    assert series_tau(series(1, 2, 3, 4)) == pytest.approx(1.0)


def test_ties_are_those_of_tau_b_and_all_tied_is_0() -> None:
    # 8 7 7 5: of six pairs five fall and one ties: -5 / sqrt(6 * 5).
    assert series_tau(series(8, 7, 7, 5)) == pytest.approx(-5 / math.sqrt(30))
    assert series_tau(series(7, 7, 7, 7)) == 0.0


def test_a_pairwise_judge_scores_by_one_minus_p_of_the_undamaged() -> None:
    found = pairwise_series("p", "k", {1.0: 0.7, 2.0: 0.8, 3.0: 0.95})
    assert found.scores == pytest.approx({0.0: 0.5, 1.0: 0.3, 2.0: 0.2, 3.0: 0.05})
    assert series_tau(found) == pytest.approx(-1.0)


def test_the_mean_and_its_interval_are_over_pieces() -> None:
    # Five pieces with tau -1, -1, -1, 0 and (-1 + 1) / 2 = 0 over two kinds: mean -.6,
    # deviation sqrt((3 * .16 + 2 * .36) / 4) = sqrt(.3). The lower end would be -1.28.
    found = dose_tau(
        [series(3, 2, 1, 0, piece=str(n)) for n in range(3)]
        + [series(5, 5, 5, 5, piece="3")]
        + [series(3, 2, 1, 0, piece="4"), series(0, 1, 2, 3, piece="4", kind="other")]
    )
    assert found.value == pytest.approx(-0.6)
    assert found.n == 5
    half = T4 * math.sqrt(0.3 / 5)
    assert found.interval is not None
    assert -0.6 - half < -1.0
    assert found.interval.ends() == pytest.approx([-1.0, -0.6 + half])


def test_an_interval_inside_the_range_is_as_wide_on_both_sides() -> None:
    # Fifteen pieces of tau -1, -1, -1, 0, 0 as above: mean -.6, deviation sqrt(15 / 14 * .24).
    found = dose_tau(
        [series(3, 2, 1, 0, piece=f"{n:02}") for n in range(9)]
        + [series(5, 5, 5, 5, piece=str(n)) for n in range(10, 16)]
    )
    half = T14 * math.sqrt(0.24 / 14)
    assert found.interval is not None
    assert found.interval.ends() == pytest.approx([-0.6 - half, -0.6 + half])


def test_the_upper_end_is_cut_as_well() -> None:
    rising = [series(0, 1, 2, 3, piece=str(n)) for n in range(4)]
    found = dose_tau([*rising, series(5, 5, 5, 5, piece="4")])
    # Mean .8, deviation sqrt(.2): the ends would be .245 and 1.355.
    assert found.interval is not None
    assert found.interval.ends() == pytest.approx([0.8 - T4 * 0.2, 1.0])


def test_few_pieces_have_no_interval_and_a_single_severity_no_tau() -> None:
    found = dose_tau([series(2, 1), series(3)])
    assert (found.n, found.interval) == (1, None)
    assert "at least 5" in found.reason
    with pytest.raises(UndefinedFigure):
        dose_tau([series(3)])
