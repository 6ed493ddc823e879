from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.coverage import CARDS, Effort, count_covered, measure_coverage, scored_run
from benchmarks.simulated import World, true_v4

WORLD = World(writers=6, items=12, iterations=2, omega_squared=0.4)
EFFORT = Effort(seed=1, shuffles=30, resamples=60)

pytestmark = pytest.mark.slow


def test_what_counts_as_covered() -> None:
    # Truth 10 is known of the first card: [9, 11] and [10, 12] cover it, [11, 12] does not, and
    # a run without an interval neither: 2 of 4. The second card has a truth of its own in each
    # run, 0 1 3 4: all lie inside. Of the others the mean score 2.5 is to be covered: [0, 3]
    # alone does.
    found = np.full((4, len(CARDS), 6), np.nan)
    found[:, :, 0] = np.array([1.0, 2, 3, 4])[:, np.newaxis]
    found[:3, 0, 1:3] = [[9, 11], [10, 12], [11, 12]]
    found[:, 1:, 1:3] = np.array([[0.0, 3], [0, 1], [3, 4], [4, 5]])[:, np.newaxis]
    found[:, 1:, 3:5] = [0.0, 5.0]
    found[:, 0, 5] = 10
    found[:, 1, 5] = [0, 1, 3, 4]
    result = count_covered(WORLD, found)
    assert result.runs == 4
    assert result.covered == (0.5, 1, 0.25, 0.25, 0.25, 0.25)
    assert result.truth == (10, 2, 2.5, 2.5, 2.5, 2.5)
    assert result.undefined == (1, 0, 0, 0, 0, 0)
    # v4 is not resampled; what plain resampling adds covers all of the others here.
    assert all(math.isnan(share) for share in result.plain[:2])
    assert result.plain[2:] == (1, 1, 1, 1)


def test_intervals_cover_in_a_small_simulation() -> None:
    result = measure_coverage(WORLD, 50, EFFORT)
    assert result is not None
    assert result.undefined == (0, 0, 0, 0, 0, 0)
    # 95% of 50 runs are 47.5; four standard errors below are 41.3.
    assert min(result.covered) >= 41 / 50
    # A single shuffle's noise makes plain intervals wider, and what covers less is no wider.
    for plain, share in zip(result.plain[2:], result.covered[2:], strict=True):
        assert plain >= share


def test_each_run_brings_its_own_truth_of_calibrated_v4() -> None:
    truths = np.array([scored_run(WORLD, EFFORT, run)[:, 5] for run in range(3)])
    assert (truths[:, 0] == true_v4(WORLD)).all()
    # The landmarks differ from run to run, and the scale with them, but not by much.
    assert len(set(truths[:, 1])) == 3
    assert truths[:, 1] == pytest.approx(true_v4(WORLD), abs=3)
    assert np.isnan(truths[:, 2:]).all()
