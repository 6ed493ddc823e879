"""Simulates judged tables of known truth, and compares the figures with it.

`python -m benchmarks.validate` takes minutes and writes docs/validation.md; it exits 1 where a
claim does not hold.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

# Runs go to processes of their own: threads inside them would only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.coverage import Effort, Spread, measure_coverage
from benchmarks.simulated import World
from benchmarks.truths import (
    inside_null,
    mean_scores,
    moved_by_names,
    moved_by_units,
    paired_coverage,
    rises,
)
from benchmarks.validation_page import Findings, Made, Noise, Rising, checks, page
from judgemark.table.score_table import Floats

PAGE = Path(__file__).resolve().parents[1] / "docs" / "validation.md"
USUAL = {"shuffles": 1000, "resamples": 1000}
BY_PROMPT = (0.45, 0.20, 0.35)

SETTINGS = (
    World(6, 12, 2, 0.10),
    World(6, 12, 3, 0.50),
    World(6, 32, 2, 0.30),
    World(6, 32, 3, 0.08),
    World(10, 12, 2, 0.50),
    World(10, 20, 3, 0.20),
    World(10, 32, 3, 0.70),
    World(17, 12, 3, 0.10),
    World(17, 20, 2, 0.30),
    World(17, 32, 3, 0.50),
    World(31, 12, 2, 0.70),
    World(31, 20, 3, 0.10),
    World(31, 32, 3, 0.75),
    World(10, 20, 3, 0.40, shares=BY_PROMPT),
    World(10, 20, 3, 0.40, step=1.0),
    World(10, 20, 3, 0.40, gaps=0.1),
    World(8, 24, 3, 0.60),
    World(14, 16, 2, 0.15),
    World(24, 28, 2, 0.35),
    World(12, 18, 3, 0.25, step=0.5),
)
"""Chosen before anything was measured: the corners and the middle, then other kinds of scores.

The last four were added when the methods stood, so that nothing was chosen by them.
"""

SETTLED = (SETTINGS[0], SETTINGS[4])

NOISE_ALONE = (0.2, 0.0, 0.8)
NOISES = (
    World(6, 12, 2, 0.0, NOISE_ALONE),
    World(10, 20, 3, 0.0, NOISE_ALONE),
    World(17, 20, 2, 0.0, NOISE_ALONE),
    World(31, 12, 2, 0.0, NOISE_ALONE),
    World(31, 32, 3, 0.0, NOISE_ALONE),
    World(10, 20, 3, 0.0, NOISE_ALONE, step=1.0),
    World(10, 20, 3, 0.0, NOISE_ALONE, gaps=0.1),
)
TASTES = (World(6, 12, 2, 0.0), World(10, 20, 3, 0.0))

RISING = (World(10, 20, 3, 0.5), World(17, 12, 2, 0.3))
FALLING_NOISE = (4.0, 2.8, 2.0, 1.4, 1.0, 0.7, 0.5, 0.35)

PAIRS = (
    (World(10, 12, 2, 0.50), 1.0),
    (World(17, 20, 3, 0.30), 1.0),
    (World(10, 12, 2, 0.50), 1.5),
    (World(17, 20, 3, 0.60), 2.0),
)


def find(
    runs: int, effort: Effort, spread: Spread, say: Callable[[str], None] = lambda _: None
) -> Findings:
    """Measure everything, with `runs` runs per setting."""
    coverage, noise, rising, paired = [], [], [], []
    fewer = max(2, runs // 4)
    for world in SETTINGS:
        say(f"coverage: {world}")
        coverage.append(measure_coverage(world, runs, effort, spread))
    for world in SETTLED:
        say(f"coverage with all draws: {world}")
        coverage.append(measure_coverage(world, fewer, replace(effort, **USUAL), spread))
    for world in (*NOISES, *TASTES):
        say(f"null: {world}")
        inside = inside_null(world, runs, effort.seed, 1000, spread)
        noise.append(Noise(world, runs, inside, world in NOISES))
    few = max(2, runs // 10)
    for world in RISING:
        say(f"falling noise: {world}")
        means = tuple(mean_scores(world.with_noise(n), few, effort, spread) for n in FALLING_NOISE)
        rising.append(Rising(world, FALLING_NOISE, means, few, rises(means)))
    say("names and units")
    names, units, tables = unmoved(effort, max(1, runs // 100))
    for world, times in PAIRS:
        say(f"pairs: {world}")
        paired.append(paired_coverage(world, world.with_noise(times), fewer, effort, spread))
    return Findings(
        tuple(coverage[: len(SETTINGS)]),
        tuple(coverage[len(SETTINGS) :]),
        tuple(noise),
        tuple(rising),
        names,
        units,
        tables,
        tuple(paired),
    )


def unmoved(effort: Effort, runs: int) -> tuple[float, float, int]:
    """The greatest change by names and order, that by units, and the number of tables."""
    worlds = (SETTINGS[0], SETTINGS[5], *SETTINGS[-3:])
    places = [(world, run) for world in worlds for run in range(runs)]
    names = max(moved_by_names(world, effort, run) for world, run in places)
    units = max(moved_by_units(world, effort, run) for world, run in places)
    return names, units, len(places)


@contextmanager
def processes(count: int) -> Iterator[Spread]:
    """Spreads runs over `count` processes; the order of results is that of the runs."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:

        def spread(function: Callable[[int], Floats], runs: Iterable[int]) -> Iterable[Floats]:
            return pool.map(function, runs, chunksize=10)

        yield spread


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the page, print the claims; 1 where one does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validate", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="runs per setting (1000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of all runs (1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--page", type=Path, default=PAGE, help="what to write")
    given = parser.parse_args(arguments)
    effort = Effort(given.seed, shuffles=100, resamples=200)
    began = time.perf_counter()
    with processes(given.jobs) as spread:
        findings = find(given.runs, effort, spread, partial(print, file=sys.stderr, flush=True))
    made = Made(
        command=" ".join(["python -m benchmarks.validate", *(arguments or sys.argv[1:])]),
        seed=given.seed,
        date=datetime.now(UTC).date().isoformat(),
        minutes=(time.perf_counter() - began) / 60,
        draws=f"{effort.shuffles} shuffles, {effort.resamples} resamples",
        settled_draws="{shuffles} shuffles and {resamples} resamples".format(**USUAL),
    )
    given.page.write_text(page(findings, made), encoding="utf-8")
    found = checks(findings)
    for check in found:
        print(f"{'kept' if check.kept else 'MISSED'}: {check.claim} ({check.found})")
    return int(not all(check.kept for check in found))


if __name__ == "__main__":
    raise SystemExit(main())
