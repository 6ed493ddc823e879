"""Do the intervals cover what they say they are about?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from benchmarks.simulated import World, true_v4
from judgemark.metrics.calibration import calibrated
from judgemark.metrics.composite import v4_score
from judgemark.metrics.intervals import resampled_t
from judgemark.metrics.scorecards import scorecards
from judgemark.metrics.separability import cliffs_delta, omega_squared
from judgemark.metrics.table import Floats

CARDS = (
    ("v4", "raw"),
    ("v4", "calibrated"),
    ("v2", "raw"),
    ("v2", "calibrated"),
    ("v2.1", "raw"),
    ("v2.1", "calibrated"),
)
"""The scores whose intervals are checked, in the order of all arrays here."""

MANY_ITEMS = 4000
LARGE_TABLES = 4

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

    `one_shuffle` is the same for v2 and v2.1 with the noise of a single stability shuffle left in
    the standard error (NaN for v4, which takes no shuffle). `truth` is the estimand and `score`
    the mean score over runs, on the scale of the scorecard; `undefined` counts runs without an
    interval, which count as not covering.
    """

    world: World
    runs: int
    covered: tuple[float, ...]
    one_shuffle: tuple[float, ...]
    truth: tuple[float, ...]
    score: tuple[float, ...]
    undefined: tuple[int, ...]


def measure_coverage(world: World, runs: int, effort: Effort, spread: Spread = map) -> Coverage:
    """Draw and score `runs` tables of a world and count."""
    found = np.array(list(spread(partial(scored_run, world, effort), range(runs))))
    return count_covered(world, found, true_scores(world, effort.seed))


def scored_run(world: World, effort: Effort, run: int) -> Floats:
    """For each of CARDS the score, the ends of its interval, and those of the interval that a
    single shuffle makes; shape (6, 5), NaN where there is none.
    """
    table = world.table(np.random.default_rng([effort.seed, world.writers, world.items, run]))
    cards = scorecards(
        table,
        table,
        world.reference,
        shuffles=effort.shuffles,
        resamples=effort.resamples,
        seed=run,
    )
    found = np.full((len(CARDS), 5), np.nan)
    for n, (name, version) in enumerate(CARDS):
        card = cards.card(name, version)
        if card.score is not None:
            found[n, 0] = card.score
        if card.ci95 is not None:
            found[n, 1:3] = card.ci95.ends()
        if card.score is not None and name != "v4":
            noisy = resampled_t(
                card.score, cards.replicates[name, version], items=world.items, seed=run
            )
            found[n, 3:] = noisy.ends()
    return found


def true_scores(world: World, seed: int) -> tuple[float | None, ...]:
    """The estimands that are known beforehand; None: the expected score, known from the runs.

    Of calibrated v4, whose landmarks have no closed form, the mean score of tables of so many
    items that their number hardly matters.
    """
    large = replace(world, items=MANY_ITEMS)
    scores = []
    for n in range(LARGE_TABLES):
        table = calibrated(large.table(np.random.default_rng([seed, n])))
        scores.append(float(v4_score(omega_squared(table), cliffs_delta(table))))
    return (true_v4(world), sum(scores) / len(scores), None, None, None, None)


def count_covered(world: World, found: Floats, known: Sequence[float | None]) -> Coverage:
    """Count over `found` (runs, 6, 5), as `scored_run` gives it."""
    means = np.nanmean(found[:, :, 0], axis=0)
    truth = np.array([m if k is None else k for k, m in zip(known, means, strict=True)])
    inside, noisy = (
        ((found[:, :, n] <= truth) & (truth <= found[:, :, n + 1])).mean(axis=0) for n in (1, 3)
    )
    noisy[[name == "v4" for name, _ in CARDS]] = np.nan
    return Coverage(
        world,
        len(found),
        tuple(inside.tolist()),
        tuple(noisy.tolist()),
        tuple(truth.tolist()),
        tuple(means.tolist()),
        tuple(np.isnan(found[:, :, 1:3]).any(axis=2).sum(axis=0).tolist()),
    )
