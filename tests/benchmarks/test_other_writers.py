from __future__ import annotations

import numpy as np
import pytest

from benchmarks.coverage import Effort
from benchmarks.other_writers import measure_other_writers
from benchmarks.probe_rates import probe_rates
from benchmarks.probe_simulations import SwayedScorer
from benchmarks.run_streams import run_streams
from benchmarks.simulated import World

WORLD = World(8, 12, 2, 0.4)


def test_each_run_has_new_writers_on_the_same_items() -> None:
    one, other = (WORLD.other_writers(rng) for rng in run_streams(1, "writers", 0, 2))
    assert one[0].items == other[0].items
    assert set(one[1]) == set(other[1])
    assert one[1] != other[1]
    # 8 qualities of deviation sqrt(.4 / .6) = .82: their mean differs from 0 by less than 4 x .29.
    assert abs(np.mean(list(one[1].values()))) < 1.16


@pytest.mark.slow
def test_the_interval_for_other_writers_covers_in_a_small_simulation() -> None:
    found = measure_other_writers(WORLD, 60, Effort(1, 20, 0))
    assert found is not None
    # 95% of 60 runs are 57; four standard errors below are 50.
    assert min(found.covered) >= 50 / 60
    assert not np.isnan(found.plain[:2]).any() and np.isnan(found.plain[2:]).all()


@pytest.mark.slow
def test_a_fair_judge_is_left_alone_and_a_swayed_one_found() -> None:
    fair = probe_rates("fair", SwayedScorer(), "", 0.0, 20, 1)
    key = "padding.paragraph"
    swayed = probe_rates("swayed", SwayedScorer(sways={key: 0.8}), key, 0.8, 20, 1)
    assert fair is not None and swayed is not None
    assert fair.accused <= 0.2 and np.isnan(fair.found)
    assert swayed.found >= 0.9 and swayed.covered >= 0.75
