"""Thresholds that the figures of a run must reach."""

from __future__ import annotations

import pytest

from judgemark.errors import UsageError
from judgemark.scoring.thresholds import NAMES, threshold
from tests.leaderboard.board_data import composed

RESULT = composed("a", 80.0).result


def test_a_figure_is_compared_with_a_limit() -> None:
    assert threshold(RESULT, "v4", 80.0).reached
    assert not threshold(RESULT, "v4", 80.1).reached
    assert threshold(RESULT, "cost", 0.5, at_most=True).reached
    assert not threshold(RESULT, "cost", 0.4, at_most=True).reached


def test_the_lower_end_of_an_interval_can_be_a_threshold() -> None:
    assert threshold(RESULT, "v4_low", 77.0).value == 77.0


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("scorecards.v4.raw.omega_squared", 80.0 / 133),
        ("scorecards.v2.1.calibrated.stability_tau", 0.87),
        ("floors.lexical.score", 71.7),
        ("coverage.scored", 960),
        ("scorecards.v4.raw.ci95.1", 83.0),
    ],
)
def test_any_number_of_the_result_can_be_a_key(path: str, value: float) -> None:
    assert threshold(RESULT, path, 0.0).value == pytest.approx(value)


def test_a_figure_that_is_not_there_never_reaches_and_says_why() -> None:
    flat = composed("flat", None).result
    checked = threshold(flat, "v4", 0.0)
    assert not checked.reached
    assert checked.reason == "all scores are equal"
    assert not threshold(flat, "v4_low", 0.0).reached
    assert threshold(RESULT, "icc", 0.0).reason == "not available"
    assert threshold(RESULT, "icc", 0.0, at_most=True).reached is False


@pytest.mark.parametrize("key", ["nope", "judge.spec", "scorecards.v4", "scorecards.v4.raw.nope"])
def test_an_unknown_key_lists_those_there_are(key: str) -> None:
    with pytest.raises(UsageError) as caught:
        threshold(RESULT, key, 0.0)
    assert f'no figure "{key}"' in str(caught.value)
    assert all(name in str(caught.value) for name in NAMES)


def test_a_figure_without_its_section_is_absent_not_unknown() -> None:
    assert threshold({**RESULT, "reference": None}, "kendall_tau", 0.0).value is None
