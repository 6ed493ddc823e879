"""The score of a piece in an arm: on one range, whatever the ends of its scale, not rounded."""

from __future__ import annotations

import pytest

from judgemark.records import Class, Criterion, Failure, Rubric, Verdict
from judgemark.run.stored_probe import piece_score

NAMES = ("a", "b", "c", "d", "e")
CRITERIA = tuple(Criterion(name, name == "e") for name in NAMES)


def scored(value: float, worst: float, rubric: Rubric) -> float | None:
    scores = dict.fromkeys(NAMES[:4], value) | {"e": worst}
    return piece_score(Verdict(Class.OK, scores=scores), rubric)


def test_equal_use_of_two_scales_is_an_equal_score() -> None:
    # Four at 7 of 10 and a fault of 3, which counts as 7; and the same on 0..20 and 1..5.
    assert scored(7, 3, Rubric(0, 10, CRITERIA)) == pytest.approx(7.0)
    assert scored(14, 6, Rubric(0, 20, CRITERIA)) == pytest.approx(7.0)
    assert scored(3.8, 2.2, Rubric(1, 5, CRITERIA)) == pytest.approx(7.0)


def test_a_score_is_not_rounded() -> None:
    # (4 x 7 + 6.999) / 5 = 6.9998
    assert scored(7, 3.001, Rubric(0, 10, CRITERIA)) == pytest.approx(6.9998, abs=1e-9)


def test_one_number_is_mapped_from_its_declared_range_or_stays() -> None:
    verdict = Verdict(Class.OK, value=30.0)
    assert piece_score(verdict, Rubric(0, 10, None, (0.0, 100.0))) == pytest.approx(3.0)
    assert piece_score(verdict, Rubric(0, 10)) == 30.0


def test_too_few_criteria_and_a_failure_are_no_score() -> None:
    assert piece_score(Verdict(Class.OK, scores={"a": 5.0}), Rubric(0, 10, CRITERIA)) is None
    assert piece_score(Failure(Class.REFUSED, "no"), Rubric(0, 10, CRITERIA)) is None
