"""Properties of the figures that hold for any data: noise, rising scores, names, units, pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from benchmarks.coverage import CARDS, Effort, Spread
from benchmarks.run_streams import run_streams
from benchmarks.simulated import World
from judgemark.metrics.judge_comparison import Contender, compare
from judgemark.metrics.permutation_null import permutation_nulls
from judgemark.metrics.scorecard import FIGURES
from judgemark.metrics.scorecards import Scorecards, scorecards
from judgemark.table.score_table import Floats, ScoreTable

SHUFFLED = ("stability_tau", "score", "ci95")
"""What v2 and v2.1 owe to random draws, which follow the names."""


def inside_null(
    world: World, runs: int, seed: int, permutations: int, spread: Spread = map
) -> tuple[int, tuple[float, float]]:
    """The number of runs, and the share (0..1) whose v4 score is not above chance at the 5% level.

    For the raw and the calibrated table; 0.95 is right for a judge that finds no writer better.
    """
    found = list(spread(partial(null_run, world, seed, permutations), range(runs)))
    raw, calibrated = np.mean(found, axis=0) if found else (float("nan"),) * 2
    return len(found), (float(raw), float(calibrated))


def null_run(world: World, seed: int, permutations: int, run: int) -> Floats:
    """1 where the p value is above 0.05, else 0; raw and calibrated."""
    (rng,) = run_streams(seed, f"null {world}", run)
    table = world.table(rng)
    nulls = permutation_nulls(table, run, permutations)
    return np.array([float(n.p_value > 0.05) for n in nulls.values()])


def mean_scores(world: World, runs: int, effort: Effort, spread: Spread = map) -> Floats:
    """The mean score of each of CARDS over `runs` tables; shape (6,), or () without any run.

    Run k of worlds that differ in noise alone draws the same deviations, larger or smaller.
    """
    found = list(spread(partial(_scores, world, effort), range(runs)))
    means: Floats = np.mean(found, axis=0) if found else np.array(np.nan)
    return means


def _scores(world: World, effort: Effort, run: int) -> Floats:
    # The same stream for judges of every noise: their tables differ in noise alone.
    (rng,) = run_streams(effort.seed, "falling noise", run)
    table = world.table(rng)
    cards = _cards(table, world.reference, replace(effort, resamples=0))
    return np.array([cards.card(name, version).score for name, version in CARDS], dtype=float)


def rises(means: Sequence[Floats]) -> bool:
    """Whether each score is higher with every step to a less noisy judge."""
    return bool((np.diff(np.array(means), axis=0) > 0).all())


def moved_by_names(world: World, effort: Effort, run: int) -> float:
    """The greatest change of an exact figure when writers are renamed and items reordered."""
    (rng,) = run_streams(effort.seed, "names and units", run)
    table = world.table(rng)
    writers, items = rng.permutation(len(table.writers)), rng.permutation(len(table.items))
    shuffled = table.with_values(table.values[writers][:, :, items])
    known = dict(
        zip(table.writers, [world.reference[table.writers[w]] for w in writers], strict=True)
    )
    before = _cards(table, world.reference, effort)
    after = _cards(shuffled, known, effort)
    return _greatest_change(before, after, ("raw", "calibrated"), exact=True)


def moved_by_units(world: World, effort: Effort, run: int) -> float:
    """The greatest change of a calibrated figure when scores are rescaled, a x + b with a > 0."""
    (rng,) = run_streams(effort.seed, "names and units", run)
    table = world.table(rng)
    rescaled = table.with_values(table.values * rng.uniform(0.1, 10) + rng.uniform(-50, 50))
    before = _cards(table, world.reference, effort)
    after = _cards(rescaled, world.reference, effort)
    return _greatest_change(before, after, ("calibrated",), exact=False)


def _greatest_change(
    before: Scorecards, after: Scorecards, versions: Sequence[str], *, exact: bool
) -> float:
    ours, theirs = (dict(_figures(cards, versions, exact=exact)) for cards in (before, after))
    if ours.keys() != theirs.keys():
        return float("inf")
    return max(abs(ours[key] - theirs[key]) for key in ours)


def _figures(
    cards: Scorecards, versions: Sequence[str], *, exact: bool
) -> Iterator[tuple[tuple[str, str, str], float]]:
    for name in ("v2", "v2.1", "v4"):
        for version in versions:
            card = cards.card(name, version)
            drawn = SHUFFLED if exact and name != "v4" else SHUFFLED[:1] if exact else ()
            for figure in (*FIGURES, "separability", "score"):
                value = getattr(card, figure)
                if value is not None and figure not in drawn:
                    yield (name, version, figure), value
            if card.ci95 is not None and "ci95" not in drawn:
                yield (name, version, "ci95 low"), card.ci95.low
                yield (name, version, "ci95 high"), card.ci95.high


@dataclass(frozen=True, slots=True)
class PairedCoverage:
    """Two judges of the same samples, over many runs; per card of CARDS.

    `covered`: the share of runs (0..1) whose interval covers the true difference; `rejected`:
    that with p < 0.05, which should be 0.05 where the judges are equally good.
    """

    first: World
    second: World
    runs: int
    covered: tuple[float, ...]
    rejected: tuple[float, ...]
    truth: tuple[float, ...]


def paired_coverage(
    first: World, second: World, runs: int, effort: Effort, spread: Spread = map
) -> PairedCoverage | None:
    """Compare two judges `runs` times; None without any run.

    Two of the same world differ by 0 in truth, others by the mean difference over the runs.
    """
    found = np.array(list(spread(partial(paired_run, first, second, effort), range(runs))))
    if not len(found):
        return None
    truth = np.zeros(len(CARDS)) if first == second else found[:, :, 0].mean(axis=0)
    covered = (found[:, :, 1] <= truth) & (truth <= found[:, :, 2])
    rejected = found[:, :, 3] < 0.05
    return PairedCoverage(
        first,
        second,
        len(found),
        tuple(covered.mean(axis=0).tolist()),
        tuple(rejected.mean(axis=0).tolist()),
        tuple(truth.tolist()),
    )


def paired_run(first: World, second: World, effort: Effort, run: int) -> Floats:
    """Difference, ends of its interval, p-value for each of CARDS; shape (6, 4)."""
    texts, again, *judges = run_streams(effort.seed, f"pairs {first}", run, 4)
    again.bit_generator.state = texts.bit_generator.state  # both judges read the same texts
    ours = first.table(texts, judges[0])
    theirs = second.table(again, judges[1])
    result = compare(
        Contender(ours, ours),
        Contender(theirs, theirs),
        first.reference,
        seed=run,
        shuffles=effort.shuffles,
        resamples=effort.resamples,
    )
    found = np.full((len(CARDS), 4), np.nan)
    for n, (name, version) in enumerate(CARDS):
        one = result.differences[name][version]
        if one.difference is not None and one.ci95 is not None and one.p_value is not None:
            found[n] = (one.difference, one.ci95.low, one.ci95.high, one.p_value)
    return found


def _cards(table: ScoreTable, reference: Mapping[str, float], effort: Effort) -> Scorecards:
    return scorecards(
        table,
        table,
        reference,
        shuffles=effort.shuffles,
        resamples=effort.resamples,
        seed=effort.seed,
    )
