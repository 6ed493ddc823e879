"""Soft Bradley-Terry: a closed form, symmetries, limits, and a comparison with Elo."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import NotConverged, UndefinedFigure, UsageError
from judgemark.metrics.kendall import tau_b
from judgemark.tournaments.bradley_terry import distinct_verdicts, fit, intervals
from judgemark.tournaments.play import play, tournament
from judgemark.tournaments.tournament_settings import Match, Option, Settings
from tests.tournaments.judges import needs_golden, simulated

NAMES = ("a", "b", "c", "d")
PAIRS = tuple(combinations(NAMES, 2))
POINTS = 400 / math.log(10)


def meeting(first: str, second: str, item: int = 0) -> Match:
    return Match(0, 1, f"{item:02d}", "1", first, second)


def test_two_writers_in_closed_form() -> None:
    # Strengths +t and -t, difference d = 2t. At the optimum s(d) - P + ridge * t = 0.
    # d = 1, ridge 0.1: s(1) = 0.731059, P = 0.731059 + 0.1 * 0.5 = 0.781059.
    # Ratings: 1200 +- 400 / ln 10 * 0.5 = 1200 +- 86.8589.
    verdicts = distinct_verdicts([meeting("a", "b")], [1 / (1 + math.exp(-1)) + 0.05])
    ratings = fit(verdicts, ridge=0.1).ratings
    assert ratings == pytest.approx({"a": 1286.8589, "b": 1113.1411}, abs=1e-4)


def test_exact_preferences_give_back_the_strengths_behind_them() -> None:
    strength = {"a": 2.0, "b": 0.5, "c": -0.5, "d": -2.0}
    chances = [1 / (1 + math.exp(strength[y] - strength[x])) for x, y in PAIRS]
    found = fit(distinct_verdicts([meeting(*p) for p in PAIRS], chances), ridge=1e-9).ratings
    for writer, theta in strength.items():
        assert found[writer] == pytest.approx(1200 + POINTS * theta, abs=1e-3)


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6), st.permutations(range(6)))
@settings(max_examples=40, deadline=None)
def test_neither_order_nor_naming_matters_and_ratings_are_centred(
    chances: list[float], order: list[int]
) -> None:
    matches = [meeting(*pair) for pair in PAIRS]
    ratings = fit(distinct_verdicts(matches, chances)).ratings
    shuffled = distinct_verdicts([matches[k] for k in order], [chances[k] for k in order])
    assert fit(shuffled).ratings == ratings
    swapped = [meeting(m.second, m.first) for m in matches]
    mirrored = distinct_verdicts(swapped, [1 - p for p in chances])
    assert fit(mirrored).ratings == pytest.approx(dict(ratings), abs=1e-4)
    assert sum(ratings.values()) == pytest.approx(4 * 1200)


def test_a_pair_that_meets_again_counts_once_and_a_missing_verdict_not_at_all() -> None:
    once = distinct_verdicts([meeting("a", "b")], [0.9])
    thrice = distinct_verdicts([meeting("a", "b")] * 3 + [meeting("a", "c")], [0.9] * 3 + [None])
    assert fit(thrice).ratings == fit(once).ratings
    assert len(thrice.preference) == 1


def test_a_writer_who_wins_everything_stays_finite() -> None:
    verdicts = distinct_verdicts([meeting(*p) for p in PAIRS], [1.0] * 6)
    for ridge in (0.1, 0.5):
        ratings = list(fit(verdicts, ridge).ratings.values())
        assert ratings == sorted(ratings, reverse=True)
        assert math.isfinite(ratings[0])


def test_what_cannot_be_fitted_raises() -> None:
    verdicts = distinct_verdicts([meeting(*p) for p in PAIRS], [1.0] * 6)
    with pytest.raises(NotConverged, match="did not converge in 1 steps"):
        fit(verdicts, most_steps=1)
    with pytest.raises(UsageError, match="ridge"):
        fit(verdicts, ridge=0.0)
    with pytest.raises(UndefinedFigure, match="no match has a verdict"):
        distinct_verdicts([meeting("a", "b")], [None])


def test_intervals_hold_the_rating_and_narrow_with_more_items() -> None:
    def widths(items: int) -> float:
        rng = np.random.default_rng(1)
        matches = [meeting(*pair, item=item) for item in range(items) for pair in PAIRS]
        chances = [0.5 + 0.4 * float(rng.uniform(-1, 1)) for _ in matches]
        verdicts = distinct_verdicts(matches, chances)
        found = intervals(verdicts, resamples=60)
        ratings = fit(verdicts).ratings
        bounds = {writer: ends for writer, ends in found.bounds.items() if ends is not None}
        assert bounds.keys() == ratings.keys()
        assert all(low < ratings[w] < high for w, (low, high) in bounds.items())
        assert intervals(verdicts, resamples=60) == found  # seeded
        return float(np.mean([high - low for low, high in bounds.values()]))

    # Standard errors go with 1 / sqrt(items): 40 items against 10 should halve them.
    assert widths(40) < 0.7 * widths(10)


def test_intervals_need_items_and_writers_that_stay() -> None:
    with pytest.raises(UndefinedFigure, match="single item"):
        intervals(distinct_verdicts([meeting(*p) for p in PAIRS], [0.6] * 6))
    # Each pair of writers has one item of its own: a resample of two items keeps both pairs
    # with probability 1/2 only.
    split = distinct_verdicts([meeting("a", "b", 0), meeting("c", "d", 1)], [0.6, 0.6])
    with pytest.raises(UndefinedFigure, match="leave a writer without a verdict"):
        intervals(split, resamples=200, seed=1)
    # With a third item that all have met on, fewer are void, and they are counted.
    wide = distinct_verdicts(
        [meeting("a", "b", 0), meeting("c", "d", 1), *(meeting(*p, item=2) for p in PAIRS)],
        [0.6] * 8,
    )
    assert 0 < intervals(wide, resamples=100).void < 50


@needs_golden
@pytest.mark.parametrize(
    "chosen",
    [
        Settings(option=Option.BOOTSTRAP, bootstraps=1),
        pytest.param(Settings(), marks=pytest.mark.slow),
    ],
    ids=["bootstrap", "swiss"],
)
def test_it_recovers_the_true_order_better_than_elo_on_the_same_matches(chosen: Settings) -> None:
    wins = 0
    for seed in range(10):
        drawn = simulated(seed)
        result = play(tournament(drawn.places, chosen), drawn.judge)
        strengths = fit(distinct_verdicts(result.matches, result.preferences)).ratings
        elo = {line.writer: line.rating for line in result.leaderboard}
        latent, by_fit, by_elo = (
            np.array([source[writer] for writer in drawn.writers])
            for source in (drawn.latent, strengths, elo)
        )
        wins += tau_b(by_fit, latent) > tau_b(by_elo, latent)
    assert wins >= 9


def test_a_writer_on_one_item_has_a_rating_without_an_interval() -> None:
    matches = [meeting(*pair, item=item) for item in range(10) for pair in PAIRS]
    guest = "zoe"
    verdicts = distinct_verdicts(
        [*matches, meeting("a", guest, item=3)], [0.6] * len(matches) + [0.2]
    )
    found = intervals(verdicts, resamples=60)
    assert found.bounds[guest] is None
    assert all(ends is not None for writer, ends in found.bounds.items() if writer != guest)
