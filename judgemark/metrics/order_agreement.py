"""How far a judge's order of writers agrees with a known or human one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.kendall import tau_b
from judgemark.table.score_table import Floats, ScoreTable


def writer_means(table: ScoreTable, iteration_index: int | None = None) -> Floats:
    """Return each writer's mean over items, of one iteration or of all; shape (writers,).

    The means are in the table's unit; NaN where a writer has no score. The sums are exact, so that
    the order of items has no effect.
    """
    chosen = table.values if iteration_index is None else table.values[:, [iteration_index]]
    means = np.full(len(table.writers), np.nan)
    for w, rows in enumerate(chosen):
        scores = rows[~np.isnan(rows)]
        if scores.size:
            means[w] = math.fsum(scores) / scores.size
    return means


def reference_tau(table: ScoreTable, reference: Mapping[str, float]) -> float:
    """Return Kendall's tau-b between writer means and reference scores, averaged over iterations.

    It is -1..1, and 1 is the reference's order. Each iteration uses the writers that have a
    reference score and a mean. An iteration in which tau is undefined (fewer than two such writers,
    or all tied) is left out; the figure is undefined if none is left. Source: Judgemark v2.
    """
    return _mean_over_iterations(table, reference, tau_b)


def reference_pearson(table: ScoreTable, reference: Mapping[str, float]) -> float:
    """Return Pearson's r between writer means and reference scores, averaged over iterations.

    It is -1..1, and 1 is a rising line. Iterations, degenerate cases and source are as in
    `reference_tau`.
    """
    return _mean_over_iterations(table, reference, pearson)


def pearson(first: Floats, second: Floats) -> float:
    """Return Pearson's correlation of two rows of shape (n,); -1..1, and 1 is a rising line.

    Undefined for n below 2 and where one of the rows does not vary. Source: Pearson (1895).
    """
    if len(first) < 2:
        raise UndefinedFigure("fewer than two writers to correlate")
    if first.min() == first.max() or second.min() == second.max():
        raise UndefinedFigure("all writers tie, so nothing correlates")
    # Over the largest magnitude, so that no square of a large number overflows.
    a, b = (row / np.abs(row).max() for row in (first, second))
    return float(np.clip(np.corrcoef(a, b)[0, 1], -1.0, 1.0))


def _mean_over_iterations(
    table: ScoreTable,
    reference: Mapping[str, float],
    correlate: Callable[[Floats, Floats], float],
) -> float:
    known = np.array([reference.get(w, math.nan) for w in table.writers])
    if np.count_nonzero(~np.isnan(known)) < 2:
        raise UndefinedFigure("fewer than two writers have a reference score")
    found = []
    reason = "no scores"
    for t in range(len(table.iterations)):
        means = writer_means(table, t)
        both = ~np.isnan(means) & ~np.isnan(known)
        try:
            found.append(correlate(means[both], known[both]))
        except UndefinedFigure as undefined:
            reason = str(undefined)
    if not found:
        raise UndefinedFigure(reason)
    return sum(found) / len(found)
