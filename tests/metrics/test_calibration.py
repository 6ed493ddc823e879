from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import UndefinedFigure
from judgemark.metrics.calibration import Landmarks, calibrate, calibrated, landmarks
from judgemark.table.score_table import ScoreTable
from tests.metrics.golden import RUNS, golden, golden_table, needs_golden


def one_writer(*scores: float) -> ScoreTable:
    items = tuple(f"i{n}" for n in range(len(scores)))
    return ScoreTable(("w",), ("1",), items, np.array([[scores]], dtype=float))


def test_landmarks_are_interpolated_percentiles() -> None:
    # sorted 1 2 3 4: Q1 lies at place 0.75 -> 1.75, the median at 1.5 -> 2.5, Q3 at 2.25 -> 3.25
    marks = landmarks(one_writer(4.0, 2.0, 1.0, 3.0))
    assert marks.as_list() == [1.0, 1.75, 2.5, 3.25, 4.0]


def test_landmarks_go_to_0_3_5_7_10_and_between_them_lies_a_line() -> None:
    marks = Landmarks(0.0, 2.0, 4.0, 6.0, 8.0)
    scores = np.array([0.0, 2.0, 4.0, 6.0, 8.0, 1.0, 7.0])
    # 1 lies halfway 0..2 -> 1.5; 7 halfway 6..8 -> 8.5
    assert calibrate(scores, marks).tolist() == [0.0, 3.0, 5.0, 7.0, 10.0, 1.5, 8.5]


def test_the_outer_segments_extrapolate() -> None:
    marks = Landmarks(0.0, 2.0, 4.0, 6.0, 8.0)
    # below: 3 per 2 -> -1.5; above: 3 per 2 -> 13
    assert calibrate(np.array([-1.0, 10.0]), marks).tolist() == [-1.5, 13.0]


def test_a_score_on_two_landmarks_belongs_to_the_lowest_segment() -> None:
    marks = Landmarks(0.0, 2.0, 2.0, 6.0, 8.0)
    # 2 ends the segment 0..2 -> 3, though it is the median too; 2.4 lies in 2..6: 5 + 2 * 0.1
    assert calibrate(np.array([2.0, 2.4]), marks) == pytest.approx([3.0, 5.2])


def test_a_segment_of_no_width_maps_to_its_lower_output() -> None:
    marks = Landmarks(2.0, 2.0, 2.0, 6.0, 6.0)
    # 2 lies in the segment 2..2 -> 0; 6 ends 2..6 -> 7; beyond, 6..6 gives its lower output 7
    assert calibrate(np.array([2.0, 6.0, 9.0]), marks).tolist() == [0.0, 7.0, 7.0]


def test_equal_scores_become_0_and_gaps_stay_gaps() -> None:
    table = calibrated(one_writer(5.0, np.nan, 5.0))
    assert table.values[0, 0, [0, 2]].tolist() == [0.0, 0.0]
    assert np.isnan(table.values[0, 0, 1])


def test_a_table_without_scores_has_no_landmarks() -> None:
    with pytest.raises(UndefinedFigure, match="no scores"):
        landmarks(ScoreTable((), (), (), np.empty((0, 0, 0))))


scores = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30)


@settings(max_examples=100, deadline=None)
@given(scores)
def test_calibration_keeps_the_order_within_0_to_10(values: list[float]) -> None:
    got = calibrated(one_writer(*sorted(values))).values.ravel()
    assert np.all(np.diff(got) >= -1e-9)
    assert got.min() >= 0 and got.max() <= 10 + 1e-9


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=2, max_size=30), st.sampled_from([0.5, 2.0, 8.0]))
def test_calibration_does_not_depend_on_unit_and_origin(values: list[int], factor: float) -> None:
    before = calibrated(one_writer(*map(float, values))).values
    after = calibrated(one_writer(*(3.0 + factor * v for v in values))).values
    assert after == pytest.approx(before, abs=1e-9)


@needs_golden
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("rule", ["v2", "v2.1"])
def test_the_golden_runs(run: str, rule: str) -> None:
    table = golden_table(run, rule)
    expected = golden(run)["expected"][rule]
    assert landmarks(table).as_list() == pytest.approx(expected["landmarks"], abs=1e-12)
    table = calibrated(table)
    for w, writer in enumerate(table.writers):
        for t, iteration in enumerate(table.iterations):
            wanted = expected["calibrated"]["item_scores"][writer][iteration]
            got = dict(zip(table.items, table.values[w, t].tolist(), strict=True))
            assert got == pytest.approx(wanted, abs=1e-9)
