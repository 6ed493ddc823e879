"""Circles in round robins: beside a quarter, and beside a Bradley-Terry fit with noise."""

from itertools import combinations

import numpy as np
import pytest

from judgemark.probes.circles import BY_CHANCE, Preferences, count_circles, expected_share

NAMES = "abcdef"


def by_strength(strength: dict[str, float], noise: float, rng: np.random.Generator) -> Preferences:
    return {
        (one, two): float(1 / (1 + np.exp(-(strength[one] - strength[two] + noise * rng.normal()))))
        for one, two in combinations(strength, 2)
    }


def test_a_circle_of_three_is_one_and_its_fit_expects_a_quarter() -> None:
    circle = {("a", "b"): 0.9, ("b", "c"): 0.9, ("c", "a"): 0.9}
    found = count_circles({"item": [circle]}, seed=0)
    assert found.observed == (1.0,)
    # All strengths are equal, and only noise is left: a quarter of triples, with 400 draws.
    assert found.expected[0] == pytest.approx(BY_CHANCE, abs=0.08)


def test_an_order_without_noise_has_no_circles_and_expects_none() -> None:
    rng = np.random.default_rng(0)
    order = by_strength({name: n / 2 for n, name in enumerate(NAMES)}, 0.0, rng)
    found = count_circles({"item": [order]}, seed=0)
    assert found.observed == (0.0,)
    assert found.expected == (0.0,)


def test_a_round_robin_that_is_not_full_is_left_out() -> None:
    part = {("a", "b"): 0.9, ("b", "c"): 0.9}
    assert count_circles({"item": [part]}, seed=0).observed == ()


def test_noise_around_strengths_makes_as_many_circles_as_the_fit_expects() -> None:
    rng = np.random.default_rng(1)
    excess = []
    for _ in range(120):
        strength = dict(zip(NAMES, rng.normal(size=6), strict=True))
        found = count_circles({"item": [by_strength(strength, 1.0, rng)]}, seed=0)
        excess.append(found.observed[0] - found.expected[0])
    error = float(np.std(excess)) / 120**0.5
    assert abs(np.mean(excess)) < 0.02 + 2.6 * error


def test_a_judge_that_prefers_in_a_ring_has_more_circles_than_the_fit() -> None:
    """Texts alternate in a ring: each beats the next three, as in rock, paper, scissors."""
    rng = np.random.default_rng(2)
    ring = {
        (NAMES[i], NAMES[j]): 0.8 if (j - i) % 6 <= 2 else 0.2 for i, j in combinations(range(6), 2)
    }
    shares = count_circles({"item": [ring]}, seed=0)
    assert shares.observed[0] > shares.expected[0]
    assert expected_share(ring, rng) <= 0.3
