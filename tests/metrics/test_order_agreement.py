from __future__ import annotations

import numpy as np
import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics.calibration import calibrated
from judgemark.metrics.order_agreement import (
    pearson,
    reference_pearson,
    reference_tau,
    writer_means,
)
from tests.metrics.golden import RUNS, golden, golden_table, needs_golden
from tests.metrics.tables import table_of

NAN = float("nan")
# three writers, two iterations, two items
TABLE = table_of([[[1, 3], [2, 2]], [[4, 4], [1, 1]], [[5, 7], [3, NAN]]])


def test_writer_means_leave_gaps_out() -> None:
    assert writer_means(TABLE, 0).tolist() == [2.0, 4.0, 6.0]
    assert writer_means(TABLE, 1).tolist() == [2.0, 1.0, 3.0]
    # w02: (5 + 7 + 3) / 3
    assert writer_means(TABLE).tolist() == [2.0, 2.5, 5.0]


def test_tau_is_taken_per_iteration() -> None:
    # iteration 1: 2 < 4 < 6 agrees in all three pairs; iteration 2: 2 > 1 < 3 in two of three
    # (1 + 1/3) / 2
    reference = {"w00": 10.0, "w01": 20.0, "w02": 30.0, "someone": 5.0}
    assert reference_tau(TABLE, reference) == pytest.approx((1 + 1 / 3) / 2)
    # r: 1 in iteration 1; (2, 1, 3) with (10, 20, 30): 10 / sqrt(2 * 200) = 0.5
    assert reference_pearson(TABLE, reference) == pytest.approx(0.75)


def test_writers_without_a_reference_take_no_part() -> None:
    assert reference_tau(TABLE, {"w00": 1.0, "w02": 2.0}) == 1.0
    with pytest.raises(UndefinedFigure, match="fewer than two writers have a reference"):
        reference_tau(TABLE, {"w00": 1.0, "unknown": 2.0})


def test_an_iteration_of_ties_is_left_out() -> None:
    table = table_of([[[1], [4]], [[2], [4]]])
    assert reference_tau(table, {"w00": 1.0, "w01": 2.0}) == 1.0


def test_all_ties_are_undefined() -> None:
    equal = table_of([[[1], [4]], [[1], [4]]])
    with pytest.raises(UndefinedFigure, match="tie"):
        reference_tau(equal, {"w00": 1.0, "w01": 2.0})
    with pytest.raises(UndefinedFigure, match="tie"):
        reference_pearson(TABLE, {"w00": 1.0, "w01": 1.0})
    with pytest.raises(UndefinedFigure, match="fewer than two"):
        pearson(np.array([1.0]), np.array([1.0]))


@needs_golden
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("rule", ["v2", "v2.1"])
@pytest.mark.parametrize("version", ["raw", "calibrated"])
def test_the_golden_runs(run: str, rule: str, version: str) -> None:
    table = golden_table(run, rule)
    if version == "calibrated":
        table = calibrated(table)
    reference = golden(run)["reference"]
    expected = golden(run)["expected"][rule][version]
    assert reference_tau(table, reference) == pytest.approx(expected["kendall_tau"], abs=1e-9)
    assert reference_pearson(table, reference) == pytest.approx(expected["pearson_r"], abs=1e-9)
