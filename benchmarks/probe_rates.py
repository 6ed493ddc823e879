"""How often probes accuse a fair judge, and find and measure what sways a judge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.coverage import Spread
from benchmarks.probe_simulations import Judge
from judgemark.table.score_table import Floats

FAIR = ""
"""In place of the contrast that sways the judge: none does."""


@dataclass(frozen=True, slots=True)
class ProbeRates:
    """Shares (0..1) over `runs` of one judge.

    `accused`: a contrast that does not sway it was found. `found`: the one that does was found.
    `covered`: its interval holds the true effect. The last two are NaN for a fair judge.
    """

    name: str
    runs: int
    accused: float
    found: float
    covered: float


def probe_rates(
    name: str, judge: Judge, key: str, truth: float, runs: int, seed: int, spread: Spread = map
) -> ProbeRates | None:
    """Probe a judge `runs` times, which the contrast `key` moves by `truth`; None without a run."""
    found = np.array(list(spread(partial(probed_run, judge, key, truth, seed), range(runs))))
    if not len(found):
        return None
    accused, detected, covered = (float(share) for share in found.mean(axis=0))
    return ProbeRates(name, len(found), accused, detected, covered)


def probed_run(judge: Judge, key: str, truth: float, seed: int, run: int) -> Floats:
    """Whether anything else was found, whether `key` was, and whether its interval is right."""
    findings = judge.probed(np.random.SeedSequence(seed, spawn_key=(run,)))
    accused = any(f.found for f in findings if f.key != key)
    mine = next((f for f in findings if f.key == key), None)
    if mine is None:
        return np.array([float(accused), np.nan, np.nan])
    inside = mine.ci95 is not None and mine.ci95[0] <= truth <= mine.ci95[1]
    return np.array([float(accused), float(mine.found is True), float(inside)])
