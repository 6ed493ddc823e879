"""How fast a run is scored: 31 writers x 32 items x 3 iterations, 2,976 pieces, imports aside.

`python -m benchmarks.bench_scoring`; exits 1 where a bound is missed.
"""

from __future__ import annotations

import math
import random
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module

import numpy as np

from judgemark.metrics.scorecards import scorecards
from judgemark.metrics.stability import SHUFFLES, stability_tau
from judgemark.table.score_table import ScoreTable

WRITERS, ITERATIONS, ITEMS = 31, 3, 32
WITH_RESAMPLES = 3.0
SHUFFLES_ALONE = 1.5
TIMES_FASTER = 10.0
ROUNDS = 3


def judged(*, digits: int, seed: int = 0) -> ScoreTable:
    """A table of writers of rising quality, scores rounded to `digits`."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, 1, (WRITERS, ITERATIONS, ITEMS))
    values = 6 + np.linspace(-1, 1, WRITERS)[:, None, None] + noise
    return ScoreTable(
        tuple(f"writer-{n:02}" for n in range(WRITERS)),
        tuple(str(n) for n in range(ITERATIONS)),
        tuple(f"item-{n:02}" for n in range(ITEMS)),
        values.round(digits),
    )


def plain_tau_b(first: Sequence[float], second: Sequence[float]) -> float:
    """Kendall's tau-b by going through all pairs."""
    agreement = untied_first = untied_second = 0
    for i in range(len(first)):
        for j in range(i):
            a = (first[i] > first[j]) - (first[i] < first[j])
            b = (second[i] > second[j]) - (second[i] < second[j])
            agreement += a * b
            untied_first += a * a
            untied_second += b * b
    return agreement / math.sqrt(untied_first * untied_second)


def plain_stability(table: ScoreTable, shuffles: int, seed: int) -> float:
    """The stability of a table without gaps as its definition reads, loop within loop."""
    draw = random.Random(seed)
    scores: list[list[list[float]]] = np.swapaxes(table.values, 1, 2).tolist()
    iterations = len(table.iterations)
    taus = []
    for _ in range(shuffles):
        means = []
        for items in scores:
            sums = [0.0] * iterations
            for cell in items:
                draw.shuffle(cell)
                for t, score in enumerate(cell):
                    sums[t] += score
            means.append([total / len(items) for total in sums])
        columns = list(zip(*means, strict=True))
        for a in range(iterations):
            for b in range(a):
                taus.append(plain_tau_b(columns[a], columns[b]))
    return sum(taus) / len(taus)


def seconds(work: Callable[[], object]) -> float:
    """The median of a few rounds."""
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main() -> int:
    """Measure; 1 where a bound is missed."""
    for name in ("scipy.stats", "scipy.special"):
        import_module(name)
    kept = []
    for digits, kind in ((2, "rounded scores"), (15, "unrounded scores")):
        table = judged(digits=digits)
        reference = {writer: float(n) for n, writer in enumerate(table.writers)}
        for resamples, bound in ((1000, WITH_RESAMPLES), (0, SHUFFLES_ALONE)):
            taken = seconds(partial(scorecards, table, table, reference, resamples=resamples))
            print(
                f"all scorecards, {SHUFFLES} shuffles, {resamples} resamples, {kind}: "
                f"{taken:.2f} s (at most {bound})"
            )
            kept.append(taken <= bound)
    table = judged(digits=2)
    fast = seconds(lambda: stability_tau(table))
    started = time.perf_counter()
    plain = plain_stability(table, SHUFFLES, seed=0)
    slow = time.perf_counter() - started
    print(
        f"stability, {SHUFFLES} shuffles: {fast:.3f} s, plain loops {slow:.2f} s: "
        f"{slow / fast:.0f} times faster (at least {TIMES_FASTER:.0f}); "
        f"tau {stability_tau(table):.4f} and {plain:.4f}"
    )
    kept.append(slow >= TIMES_FASTER * fast)
    return int(not all(kept))


if __name__ == "__main__":
    raise SystemExit(main())
