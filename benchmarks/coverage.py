"""Do the intervals have their nominal coverage of what they are about?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.run_streams import run_streams
from benchmarks.simulated import World, true_v4
from judgemark.metrics.calibration import landmarks
from judgemark.metrics.interval_methods import resampled_t
from judgemark.metrics.scorecards import scorecards
from judgemark.table.score_table import Floats

CARDS = (
    ("v4", "raw"),
    ("v4", "calibrated"),
    ("v2", "raw"),
    ("v2", "calibrated"),
    ("v2.1", "raw"),
    ("v2.1", "calibrated"),
)
"""The scores whose intervals are checked, in the order of all arrays here."""

Spread = Callable[[Callable[[int], Floats], Iterable[int]], Iterable[Floats]]
"""Like `map`: applies a function to run numbers, perhaps in several processes."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much each run draws, and the seed of all runs."""

    seed: int
    shuffles: int
    resamples: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of runs (0..1) whose interval covers its estimand, per card of CARDS.

    `plain` is the same for v2 and v2.1 with the plain standard deviation of the resamples as
    standard error (NaN for v4, which is not resampled). `truth` is the estimand (the mean of
    those that depend on the run) and `score` the mean score over runs, on the scale of the
    scorecard; `undefined` counts runs without an interval, which count as not covering.
    """

    world: World
    runs: int
    covered: tuple[float, ...]
    plain: tuple[float, ...]
    truth: tuple[float, ...]
    score: tuple[float, ...]
    undefined: tuple[int, ...]


def measure_coverage(
    world: World, runs: int, effort: Effort, spread: Spread = map
) -> Coverage | None:
    """Draw and score `runs` tables of a world and count; None without any run."""
    found = np.array(list(spread(partial(scored_run, world, effort), range(runs))))
    if not len(found):
        return None
    return count_covered(world, found)


def scored_run(world: World, effort: Effort, run: int) -> Floats:
    """For each of CARDS the score, the ends of its interval, those of the plain one, the truth.

    Shape (6, 6), NaN where there is none. The truth is the estimand where it is known beforehand
    (v4, with unlimited items); NaN: the expected score, which is known from all runs.
    """
    (rng,) = run_streams(effort.seed, f"coverage {world}", run)
    table = world.table(rng)
    cards = scorecards(
        table,
        table,
        world.reference,
        shuffles=effort.shuffles,
        resamples=effort.resamples,
        seed=run,
    )
    found = np.full((len(CARDS), 6), np.nan)
    for n, (name, version) in enumerate(CARDS):
        card = cards.card(name, version)
        if card.score is not None:
            found[n, 0] = card.score
        if card.ci95 is not None:
            found[n, 1:3] = card.ci95.ends()
        if name == "v4":
            found[n, 5] = true_v4(world, landmarks(table) if version == "calibrated" else None)
        elif card.score is not None:
            replicates = cards.replicates[name, version]
            plain = resampled_t(card.score, replicates, items=world.items, seed=run)
            found[n, 3:5] = plain.ends()
    return found


def count_covered(world: World, found: Floats) -> Coverage:
    """Count over `found` (runs, 6, 6), as `scored_run` gives it."""
    means = np.nanmean(found[:, :, 0], axis=0)
    truth = np.where(np.isnan(found[:, :, 5]), means, found[:, :, 5])
    inside, plain = (
        ((found[:, :, n] <= truth) & (truth <= found[:, :, n + 1])).mean(axis=0) for n in (1, 3)
    )
    plain[[name == "v4" for name, _ in CARDS]] = np.nan
    return Coverage(
        world,
        len(found),
        tuple(inside.tolist()),
        tuple(plain.tolist()),
        tuple(truth.mean(axis=0).tolist()),
        tuple(means.tolist()),
        tuple(np.isnan(found[:, :, 1:3]).any(axis=2).sum(axis=0).tolist()),
    )
