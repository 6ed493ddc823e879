"""Do the intervals for other writers cover what other writers would score?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.coverage import CARDS, Effort, Spread
from benchmarks.run_streams import run_streams
from benchmarks.simulated import World
from judgemark.metrics.interval_methods import jackknife_t
from judgemark.metrics.resampling import ResampledTable, scores_without_each_writer
from judgemark.metrics.scorecards import scorecards
from judgemark.table.score_table import Floats


@dataclass(frozen=True, slots=True)
class OtherWriters:
    """The share of runs (0..1) whose interval for other writers covers their expected score.

    Per card of CARDS; `plain` is that of the bias-corrected jackknife without the logit, for v4
    alone (NaN for the others). `score` are the mean scores, which are to be covered.
    """

    world: World
    runs: int
    covered: tuple[float, ...]
    plain: tuple[float, ...]
    score: tuple[float, ...]


def measure_other_writers(
    world: World, runs: int, effort: Effort, spread: Spread = map
) -> OtherWriters | None:
    """Draw writers, judge them on items that stay the same, and count; None without any run."""
    found = np.array(list(spread(partial(other_writers_run, world, effort), range(runs))))
    if not len(found):
        return None
    truth = np.nanmean(found[:, :, 0], axis=0)
    inside, plain = (
        ((found[:, :, n] <= truth) & (truth <= found[:, :, n + 1])).mean(axis=0) for n in (1, 3)
    )
    plain[[name != "v4" for name, _ in CARDS]] = np.nan
    return OtherWriters(
        world, len(found), tuple(inside.tolist()), tuple(plain.tolist()), tuple(truth.tolist())
    )


def other_writers_run(world: World, effort: Effort, run: int) -> Floats:
    """For each of CARDS the score and the ends of its interval and of the plain one; (6, 5)."""
    (rng,) = run_streams(effort.seed, f"other writers {world}", run)
    table, reference = world.other_writers(rng)
    cards = scorecards(table, table, reference, shuffles=effort.shuffles, resamples=0, seed=run)
    source = ResampledTable(table, {}, None, v4=True)
    without = scores_without_each_writer(source, effort.shuffles, run)
    found = np.full((len(CARDS), 5), np.nan)
    for n, (name, version) in enumerate(CARDS):
        card = cards.card(name, version)
        if card.score is None or card.ci95_other_writers is None:
            continue
        found[n, :3] = (card.score, *card.ci95_other_writers.ends())
        if name == "v4":
            left = without[name, version]
            plain = jackknife_t(card.score, left, estimand="", clusters="writers", corrected=True)
            found[n, 3:] = plain.ends()
    return found
