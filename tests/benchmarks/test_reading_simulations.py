"""The simulations themselves: planted strength, who reads, and that seeds decide."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.reading_simulations import (
    COIN,
    COMBINATION,
    COUNTER,
    PairWorld,
    counter_accuracy,
    false_readings,
    found_readers,
    margin_coverage,
    our_cluster_variance,
    planted_counter,
)
from judgemark.metrics.validity.counting_rules import RULES, pair_differences, rule_answers
from judgemark.metrics.validity.pair_planner import DEFAULT_VARIANCE


def test_the_planted_feature_has_its_planted_accuracy() -> None:
    world = PairWorld(400, 5, countable=1, strength=2.0)
    pairs, features = world.draw(np.random.default_rng(1))
    shares = rule_answers(pair_differences(pairs, features)).mean(axis=0)
    # The first feature in its first direction is planted; the others tell nothing.
    assert shares[0] == pytest.approx(planted_counter(world, 1), abs=0.03)
    assert np.abs(shares[2:] - 0.5).max() < 0.06
    assert counter_accuracy(world, 1) == pytest.approx(shares[0], abs=0.005)


def test_without_countable_features_counting_is_at_chance() -> None:
    assert planted_counter(PairWorld(1, 1), 1) == pytest.approx(0.5, abs=0.01)


def test_judges_that_count_are_not_found_and_readers_are() -> None:
    world = PairWorld(24, 3)
    found = false_readings(world, 2, seed=1)
    assert [found[name].judges for name in (COIN, COMBINATION, COUNTER)] == [2, 2, 2 * len(RULES)]
    assert found[COUNTER].read == 0
    assert found_readers(world, 0.98, 2, seed=1).share == 1.0


def test_the_same_seed_gives_the_same_coverage() -> None:
    world = PairWorld(12, 2, strength=3.0)
    first, again = (margin_coverage(world, 0.9, 0.1, 3, seed=4) for _ in range(2))
    assert first == again


def test_the_planner_plans_with_about_what_our_own_samples_show() -> None:
    found = our_cluster_variance(5, seed=1)
    assert found.between == pytest.approx(DEFAULT_VARIANCE.between, abs=0.04)
    assert found.within == pytest.approx(DEFAULT_VARIANCE.within, abs=0.12)
