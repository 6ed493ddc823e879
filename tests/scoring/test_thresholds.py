"""Bars that a run must reach."""

from __future__ import annotations

import pytest

from judgemark.errors import UsageError
from judgemark.scoring.thresholds import NAMES, bar
from tests.leaderboard.board_data import composed

RESULT = composed("a", 80.0).result


def test_a_figure_is_held_against_a_bar() -> None:
    assert bar(RESULT, "v4", 80.0).reached
    assert not bar(RESULT, "v4", 80.1).reached
    assert bar(RESULT, "cost", 0.5, at_most=True).reached
    assert not bar(RESULT, "cost", 0.4, at_most=True).reached


def test_the_lower_end_of_an_interval_can_be_a_bar() -> None:
    assert bar(RESULT, "v4_low", 77.0).value == 77.0


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
    assert bar(RESULT, path, 0.0).value == pytest.approx(value)


def test_a_figure_that_is_not_there_never_reaches_and_says_why() -> None:
    flat = composed("flat", None).result
    held = bar(flat, "v4", 0.0)
    assert not held.reached
    assert held.reason == "all scores are equal"
    assert not bar(flat, "v4_low", 0.0).reached
    assert bar(RESULT, "icc", 0.0).reason == "not available"
    assert bar(RESULT, "icc", 0.0, at_most=True).reached is False


@pytest.mark.parametrize("key", ["nope", "judge.spec", "scorecards.v4", "scorecards.v4.raw.nope"])
def test_an_unknown_key_lists_those_there_are(key: str) -> None:
    with pytest.raises(UsageError) as caught:
        bar(RESULT, key, 0.0)
    assert f'no figure "{key}"' in str(caught.value)
    assert all(name in str(caught.value) for name in NAMES)


def test_a_figure_without_its_section_is_absent_not_unknown() -> None:
    assert bar({**RESULT, "reference": None}, "kendall_tau", 0.0).value is None
