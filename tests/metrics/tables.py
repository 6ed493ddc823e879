from __future__ import annotations

from judgemark.metrics.table import Floats, ScoreTable


def table_of(values: Floats) -> ScoreTable:
    """A table over made-up names, from values of shape (writers, iterations, items)."""
    writers, iterations, items = values.shape
    return ScoreTable(
        tuple(f"writer-{n:02}" for n in range(writers)),
        tuple(str(n + 1) for n in range(iterations)),
        tuple(f"item-{n:03}" for n in range(items)),
        values,
    )
