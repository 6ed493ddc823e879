"""The rules against published figures: a synthetic judge, identities, and real scores."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from judgemark.metrics.composite import v4_score, v4_unscaled
from judgemark.metrics.kendall import tau_b
from judgemark.tournaments.play import play, tournament
from judgemark.tournaments.rating_separability import separation
from judgemark.tournaments.tournament_settings import Match, Option, Settings
from tests.tournaments.judges import GOLDEN, SHARED, needs_golden, recipe, simulated

OPTIONS = {"A": Option.ISOLATED, "B": Option.BOOTSTRAP}
SEEDS = (0, 1, 2)
REAL = SHARED / "real" / "item_scores_0_100.json"
POINTS_PER_LOG_ODDS = 10.0
"""How far apart, on 0..100, two real pieces stand for odds of e to one."""


@cache
def figures(letter: str) -> dict[str, float]:
    """The mean of three simulations of one option, under the names of the recipe's file."""
    found: dict[str, list[float]] = {}
    for seed in SEEDS:
        drawn = simulated(seed)
        chosen = Settings(option=OPTIONS[letter], seed=seed)
        result = play(tournament(drawn.places, chosen), drawn.judge)
        assert result.match_count == {"A": 8000, "B": 10000}[letter]
        for standing in result.standings:
            assert sum(standing.ratings.values()) == pytest.approx(101 * 1200, abs=1e-6)
        figure = separation(result.table)
        board = result.leaderboard
        one = {
            "omega_squared": figure.omega_squared,
            "cliffs_delta": figure.cliffs_delta,
            "combined_over_0.75": figure.combined,
            "max": board[0].rating,
            "min": board[-1].rating,
        }
        if letter == "B":
            squares = [line.spread**2 for line in board if line.spread is not None]
            one["rms_std"] = math.sqrt(statistics.fmean(squares))
        for name, value in one.items():
            found.setdefault(name, []).append(value)
    return {name: statistics.fmean(values) for name, values in found.items()}


@needs_golden
@pytest.mark.parametrize(
    "source", ["published", "mean_of_3_simulations_of_an_independent_implementation"]
)
@pytest.mark.parametrize("letter", ["A", "B"])
def test_the_synthetic_judge_lands_within_the_tolerances(letter: str, source: str) -> None:
    target, tolerance = recipe()[source][letter], recipe()["tolerance"][letter]
    ours = figures(letter)
    assert set(ours) == set(target) == set(tolerance)
    misses = {n: (ours[n], target[n]) for n in target if abs(ours[n] - target[n]) > tolerance[n]}
    assert misses == {}


@needs_golden
def test_the_published_identities_hold_for_the_combined_score() -> None:
    published = json.loads((GOLDEN / "published_pairwise.json").read_text("utf-8"))
    # omega squared and |delta| are rounded to 3 digits: 50 (0.0005 + 0.0005) = 0.05, and the
    # combined score to 2: 0.005 more.
    for judge in published["judges"]:
        for option in (judge["option_a"], judge["option_b"]):
            if option is not None:
                ours = v4_unscaled(option["omega_squared"], option["cliffs_delta"])
                assert float(ours) == pytest.approx(option["combined"], abs=0.055)
    # Here 4 digits: 50 (0.00005 + 0.00005) / 0.75 + 0.005 = 0.012.
    for option in published["reference_judge"].values():
        ours = v4_score(option["omega_squared"], option["cliffs_delta"])
        assert float(ours) == pytest.approx(option["combined_over_0.75"], abs=0.012)


@pytest.mark.skipif(not REAL.is_file(), reason="no real scores beside this checkout (../shared)")
@pytest.mark.parametrize("option", [Option.ISOLATED, Option.FULL])
@pytest.mark.parametrize("seed", SEEDS)
def test_real_scores_come_back_as_an_order_of_writers(option: Option, seed: int) -> None:
    scores = json.loads(REAL.read_text("utf-8"))
    held = [(w, t, i) for w, rows in scores.items() for t, row in rows.items() for i in row]
    assert len(held) == 10 * 32 * 3

    def judge(wave: Sequence[Match]) -> list[float | None]:
        lead = [
            scores[m.first][m.iteration][m.item] - scores[m.second][m.iteration][m.item]
            for m in wave
        ]
        return [1 / (1 + math.exp(-points / POINTS_PER_LOG_ODDS)) for points in lead]

    result = play(tournament(held, Settings(option=option, seed=seed)), judge)
    ratings = {line.writer: line.rating for line in result.leaderboard}
    means = {
        w: statistics.fmean(s for r in rows.values() for s in r.values())
        for w, rows in scores.items()
    }
    writers = sorted(means)
    ours, theirs = (np.array([row[w] for w in writers]) for row in (ratings, means))
    assert tau_b(ours, theirs) >= 0.9
