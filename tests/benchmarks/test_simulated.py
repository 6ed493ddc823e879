from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import sqrt
from statistics import NormalDist

import numpy as np
import pytest

from benchmarks.simulated import World, true_v4
from judgemark.metrics.calibration import Landmarks, calibrate
from judgemark.metrics.composite import v4_score
from judgemark.metrics.separability import cliffs_delta, omega_squared


def test_fine_scores_have_the_truth_of_the_normal_distribution() -> None:
    # Within writers the variance is 1, between them 0.25 / (1 - 0.25) = 1/3: omega^2 = 0.25.
    # delta of two normals d apart, each of variance 1: 2 Phi(d / sqrt 2) - 1.
    world = World(writers=5, items=12, iterations=2, omega_squared=0.25)
    assert world.qualities.var() == pytest.approx(1 / 3)
    phi = NormalDist().cdf
    pairs = combinations(sorted(world.qualities, reverse=True), 2)
    deltas = [2 * phi((a - b) / sqrt(2)) - 1 for a, b in pairs]
    expected = float(v4_score(0.25, sum(deltas) / len(deltas)))
    assert true_v4(world) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("step", [0.01, 1.0])
def test_a_very_large_table_comes_to_the_truth(step: float) -> None:
    world = World(writers=6, items=8000, iterations=2, omega_squared=0.4, step=step)
    table = world.table(np.random.default_rng(0))
    score = float(v4_score(omega_squared(table), cliffs_delta(table)))
    assert score == pytest.approx(true_v4(world), abs=0.8)


@pytest.mark.parametrize("step", [0.01, 1.0])
def test_calibration_by_given_landmarks_has_a_truth_too(step: float) -> None:
    # Landmarks of a small run, held fast while items are added.
    marks = Landmarks(3.0, 6.0, 6.8, 7.0, 9.0)
    world = World(writers=6, items=8000, iterations=2, omega_squared=0.4, step=step)
    table = world.table(np.random.default_rng(0))
    fitted = table.with_values(calibrate(table.values, marks))
    score = float(v4_score(omega_squared(fitted), cliffs_delta(fitted)))
    assert score == pytest.approx(true_v4(world, marks), abs=0.8)
    assert abs(true_v4(world, marks) - true_v4(world)) > 0.1


def test_a_noisier_judge_of_the_same_writers_has_a_lower_truth() -> None:
    world = World(writers=6, items=12, iterations=2, omega_squared=0.5)
    noisy = world.with_noise(2)
    assert np.array_equal(noisy.qualities, world.qualities)
    assert true_v4(noisy) < true_v4(world)


def test_writers_stand_in_name_order_and_the_reference_knows_their_quality() -> None:
    world = World(writers=7, items=500, iterations=2, omega_squared=0.9, gaps=0.1)
    table = world.table(np.random.default_rng(0))
    assert list(table.writers) == sorted(table.writers)
    means = np.nanmean(table.values, axis=(1, 2))
    known = [world.reference[w] for w in table.writers]
    assert np.array_equal(np.argsort(means), np.argsort(known))
    assert np.isnan(table.values).mean() == pytest.approx(0.1, abs=0.02)


def test_pure_noise_has_a_true_score_of_0() -> None:
    assert true_v4(replace(World(6, 12, 2, 0.0), step=0.5)) == pytest.approx(0, abs=1e-9)
