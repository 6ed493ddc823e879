from __future__ import annotations

import numpy as np

from benchmarks.coverage import CARDS, Coverage, Effort
from benchmarks.simulated import World
from benchmarks.truths import PairedCoverage
from benchmarks.validate import NOISES, SETTINGS, unmoved
from benchmarks.validation_page import Check, Findings, Made, Noise, Rising, checks, page

WORLD = World(6, 12, 2, 0.4)
MADE = Made("make validate", 1, "2026-01-02", 3.2, "100 shuffles", "1,000 shuffles")


def covering(share: float) -> Coverage:
    n = len(CARDS)
    return Coverage(WORLD, 1000, (share,) * n, (1.0,) * n, (50.0,) * n, (51.0,) * n, (0,) * n)


def findings(
    shares: tuple[float, ...], inside: float = 0.95, rising: bool = True, moved: float = 1e-12
) -> Findings:
    steps = Rising(WORLD, (2.0, 1.0), (np.ones(6), np.ones(6) * 2), 10, rising)
    pair = PairedCoverage(WORLD, WORLD, 1000, (0.94,) * 6, (0.06,) * 6, (0.0,) * 6)
    noise = (Noise(WORLD, 1000, (inside, 0.95), True), Noise(WORLD, 1000, (0.5, 0.5), False))
    coverage = tuple(covering(s) for s in shares)
    return Findings(coverage, coverage[:1], noise, (steps,), moved, 0.0, 5, (pair,))


def verdicts(found: list[Check]) -> list[bool]:
    return [check.kept for check in found]


def test_the_settings_are_those_that_were_asked_for() -> None:
    assert len(SETTINGS) >= 12
    for world in SETTINGS:
        assert 6 <= world.writers <= 31 and 12 <= world.items <= 32
        assert world.iterations in (2, 3) and world.omega_squared >= 0.08
    assert {6, 31} <= {w.writers for w in SETTINGS} and {12, 32} <= {w.items for w in SETTINGS}
    assert all(world.omega_squared == 0 and world.shares[1] == 0 for world in NOISES)


def test_claims_hold_or_do_not() -> None:
    assert all(verdicts(checks(findings((0.95,) * 12))))
    # Every setting must be covered, too often as little as too seldom; 11 settings are too few.
    assert verdicts(checks(findings((0.95,) * 11)))[:6] == [False] * 6
    assert verdicts(checks(findings((0.95,) * 12 + (0.99,))))[:6] == [False] * 6
    assert verdicts(checks(findings((0.95,) * 12 + (0.89,))))[:6] == [False] * 6
    assert verdicts(checks(findings((0.90,) * 12 + (0.98,))))[:6] == [True] * 6
    good = (0.95,) * 12
    assert verdicts(checks(findings(good, inside=0.91)))[6:] == [False, True, True, True]
    assert verdicts(checks(findings(good, rising=False)))[6:] == [True, False, True, True]
    assert verdicts(checks(findings(good, moved=1e-8)))[6:] == [True, True, False, True]


def test_the_page_shows_what_misses() -> None:
    text = page(findings((0.95,) * 11 + (0.99,), inside=0.9), MADE)
    assert "Made by `make validate` on 2026-01-02, seed 1, 3 minutes" in text
    assert "11 of 12 settings; 95.0 to 99.0%" in text
    assert "| 6 x 12 x 2, 0.40 | **99.0** | **99.0** |" in text
    assert "| 6 x 12 x 2, 0.40 | 95.0 | 95.0 |" in text
    assert "| **90.0** | 95.0 |" in text
    # What is no judge of pure noise has no bound to miss.
    assert "| 50.0 | 50.0 |" in text
    assert "| the same: p < 0.05 | 6.0 |" in text


def test_names_and_units_change_no_figure_in_a_small_validation() -> None:
    names, units, tables = unmoved(Effort(1, 10, 20), 1)
    assert tables == 5
    assert names < 1e-9 and units < 1e-9
