"""Small score tables for examples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from judgemark.table.score_table import Floats, ScoreTable


def table_of(values: Sequence[Sequence[Sequence[float]]] | Floats) -> ScoreTable:
    """A table of writers x iterations x items, named by their places; NaN is a gap."""
    array = np.array(values, dtype=float)
    writers, iterations, items = array.shape
    return ScoreTable(
        tuple(f"w{n:02}" for n in range(writers)),
        tuple(str(n + 1) for n in range(iterations)),
        tuple(f"i{n:03}" for n in range(items)),
        array,
    )


def one_iteration(*groups: Sequence[float]) -> ScoreTable:
    """A writer per group, one iteration, gaps where a group is shorter than the longest."""
    width = max(map(len, groups))
    return table_of([[[*g, *[float("nan")] * (width - len(g))]] for g in groups])


def judged(
    writers: int = 8,
    iterations: int = 3,
    items: int = 10,
    *,
    seed: int = 0,
    gaps: float = 0.0,
    digits: int | None = 2,
) -> ScoreTable:
    """Writers of rising quality judged with noise; `gaps` is the share of scores left out."""
    rng = np.random.default_rng(seed)
    values = (
        6
        + np.linspace(-1, 1, writers)[:, None, None]
        + rng.normal(0, 1, (writers, iterations, items))
    )
    if digits is not None:
        values = values.round(digits)
    values[rng.random(values.shape) < gaps] = np.nan
    return table_of(values)
