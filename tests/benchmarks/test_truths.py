from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.coverage import Effort
from benchmarks.simulated import World
from benchmarks.truths import (
    inside_null,
    mean_scores,
    moved_by_names,
    moved_by_units,
    paired_coverage,
    rises,
)

EFFORT = Effort(seed=1, shuffles=20, resamples=40)
WORLD = World(writers=6, items=12, iterations=2, omega_squared=0.4)
WORLDS = (
    WORLD,
    World(8, 10, 3, 0.1, gaps=0.1),
    World(5, 8, 2, 0.3, step=0.5),
)

pytestmark = pytest.mark.slow


def test_names_and_order_move_no_exact_figure() -> None:
    assert max(moved_by_names(world, EFFORT, run) for world in WORLDS for run in range(3)) < 1e-9


def test_units_move_no_calibrated_figure() -> None:
    assert max(moved_by_units(world, EFFORT, run) for world in WORLDS for run in range(3)) < 1e-9


def test_scores_rise_as_noise_falls() -> None:
    world = World(10, 20, 3, 0.5)
    means = [mean_scores(world.with_noise(n), 6, EFFORT) for n in (4, 2, 1, 0.5)]
    assert rises(means)
    assert not rises(means[::-1])
    assert not rises([means[0], means[0]])


def test_pure_noise_lies_inside_its_null_and_a_judge_that_sees_something_does_not() -> None:
    noise = World(8, 12, 2, 0.0, shares=(0.2, 0.0, 0.8))
    # 95% of 100 runs, and four standard errors (2.2 runs each) to either side.
    runs, shares = inside_null(noise, 100, seed=1, permutations=200)
    assert runs == 100
    assert all(0.86 <= share <= 1 for share in shares)
    assert max(inside_null(replace(noise, omega_squared=0.3), 20, 1, 200)[1]) == 0


def test_steady_tastes_are_chance() -> None:
    # Iterations shuffled by themselves call 10 to 55% of such judges better than chance.
    tastes = World(10, 20, 3, 0.0)
    assert all(share >= 0.86 for share in inside_null(tastes, 100, seed=1, permutations=200)[1])


def test_pairs_of_judges_are_compared() -> None:
    same = paired_coverage(WORLD, WORLD, 30, EFFORT)
    assert same is not None and same.truth == (0, 0, 0, 0, 0, 0)
    # 95% of 30 runs are 28.5; four standard errors below are 23.7.
    assert min(same.covered) >= 23 / 30
    np.testing.assert_allclose(np.add(same.covered, same.rejected), 1)
    worse = paired_coverage(WORLD, WORLD.with_noise(3), 10, EFFORT)
    assert worse is not None and min(worse.truth) > 0
    assert worse.rejected[0] > 0.5
