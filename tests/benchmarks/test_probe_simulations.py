"""Planted truths: what sways a simulated judge is found at its size, and a fair one is left alone.

Counts are judged with the 99% allowance of the binomial distribution.
"""

import numpy as np
import pytest

from benchmarks.probe_simulations import (
    ASKED,
    SwayedComparer,
    SwayedScorer,
    accused_rate,
    cleared_rate,
    covered_rate,
    detected_rate,
)


def test_a_fair_scorer_is_accused_in_at_most_five_percent() -> None:
    # 60 runs at 5%: 8 with 99%.
    assert accused_rate(SwayedScorer(), 60, 1).found <= 8


def test_a_fair_comparer_is_accused_in_at_most_five_percent() -> None:
    assert accused_rate(SwayedComparer(), 60, 2).found <= 8


def test_a_judge_with_words_only_is_not_accused_of_changes_that_noise_makes() -> None:
    """Close pieces and much noise: favourites change all the time, in either order alike."""
    assert accused_rate(SwayedComparer(noise=1.5, taste=0.3), 60, 3).found <= 8


@pytest.mark.parametrize(
    "key",
    [
        "padding.paragraph",
        "attribution.famous",
        "scale.0-20",
        "injection.order",
        "criteria.reversed",
    ],
)
def test_what_sways_a_scorer_is_found_at_its_size(key: str) -> None:
    judge = SwayedScorer(sways={key: 0.8})
    # Error sqrt(2 x .16 + .04) / sqrt(24) = .12: .8 is found nearly always.
    assert detected_rate(judge, key, 25, 4).found >= 24
    # 25 intervals at 95%: 20 with 99%.
    assert covered_rate(judge, key, 0.8, 25, 4).found >= 20


@pytest.mark.parametrize("key", ["position.first", "padding.paragraph", "injection.note"])
def test_what_sways_a_comparer_is_found(key: str) -> None:
    assert detected_rate(SwayedComparer(sways={key: 0.8}), key, 25, 5).found >= 24


def test_a_strong_first_place_changes_more_favourites_than_noise() -> None:
    judge = SwayedComparer(sways={"position.first": 1.5})
    assert detected_rate(judge, "position.flips", 25, 6).found >= 24


def test_a_quiet_fair_judge_is_cleared() -> None:
    judge = SwayedScorer(noise=0.1)
    # Error .1 sqrt(2 / 24) = .029; the 90% interval lies within .3.
    assert cleared_rate(judge, "padding.paragraph", 20, 7).found >= 18


def test_runs_can_be_spread_over_processes_with_the_same_outcome() -> None:
    def backwards(apply, seeds):  # type: ignore[no-untyped-def]
        return [apply(seed) for seed in list(seeds)[::-1]]

    judge = SwayedScorer(sways={"format.markup": 0.25})
    plain = detected_rate(judge, "format.markup", 12, 8)
    assert detected_rate(judge, "format.markup", 12, 8, backwards) == plain


def test_every_probe_that_asks_is_simulated() -> None:
    keys = {f.key for f in SwayedScorer().probed(np.random.SeedSequence(0))}
    assert {key.partition(".")[0] for key in keys} == {probe.key for probe in ASKED["rubric"]}
