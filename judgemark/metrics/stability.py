"""Stability: does the order of writers stay the same when their iterations are shuffled?

This is reliability over the *writers'* iterations: how well the order from one set of pieces agrees
with the order from another set by the same writers. Whether the judge itself repeats its verdicts
can only be measured with repeats.
"""

from __future__ import annotations

import math
from itertools import combinations, permutations
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from judgemark.errors import UndefinedFigure
from judgemark.metrics.kendall import mean_tau_between, pair_signs
from judgemark.metrics.random_streams import stability_stream
from judgemark.table.score_table import Floats, ScoreTable

Scalar = TypeVar("Scalar", bound=np.generic)

SHUFFLES = 1000
_MOST_LISTED_ORDERS = 120
_CELLS_AT_ONCE = 1 << 20


def stability_tau(
    table: ScoreTable, *, shuffles: int = SHUFFLES, seed: int = 0, means: Floats | None = None
) -> float:
    """Return the mean Kendall tau-b between the iterations' writer rankings, over shuffles; -1..1,
    higher = more stable.

    In each shuffle the scores of every item of a writer that is scored in all iterations are
    permuted over the iterations; writers are then ranked by their mean in each iteration, and tau
    taken for each pair of iterations. Items that some iteration lacks take no part, per writer.
    Undefined for fewer than two iterations, fewer than two writers with such an item, or where
    any tau is (a ranking all of ties). `means` are the `shuffled_means` of the same table, number
    and seed, where the caller has them already. Source: Judgemark v2.
    """
    if means is None:
        means = shuffled_means(table, shuffles=shuffles, seed=seed)
    taus = mean_tau_between(pair_signs(means))
    if np.isnan(taus).any():
        raise UndefinedFigure("in some shuffle all writers tie, so they have no order")
    return float(taus.mean())


def stability_without_each(
    table: ScoreTable, *, shuffles: int = SHUFFLES, seed: int = 0, means: Floats | None = None
) -> Floats:
    """`stability_tau` of the table without each of its writers in turn; shape (writers,).

    The shuffles are those of the whole table, so that differences between the numbers come from
    the writers and not from the draw. NaN where it is undefined; a writer without an item scored
    in all iterations leaves the whole table's figure behind. `means` are as for `stability_tau`.
    Raises UndefinedFigure as it does for shapes too small.
    """
    if means is None:
        means = shuffled_means(table, shuffles=shuffles, seed=seed)
    signs = pair_signs(means)
    taking_part = complete_cells(table).any(axis=1)
    first, second = np.triu_indices(int(taking_part.sum()), k=1)
    # Column w of `kept` leaves out the pairs that writer w is in; the last one none.
    writers = np.arange(taking_part.sum() + 1)
    kept = ((first[:, None] != writers) & (second[:, None] != writers)).astype(np.float32)
    untied = (signs * signs) @ kept
    total = np.zeros((len(signs), len(writers)))
    rankings = signs.shape[1]
    for a, b in combinations(range(rankings), 2):
        agreement = ((signs[:, a] * signs[:, b]) @ kept).astype(np.float64)
        scale = np.sqrt(untied[:, a].astype(np.float64) * untied[:, b])
        total += np.divide(agreement, scale, out=np.full_like(scale, np.nan), where=scale > 0)
    taus = total.mean(axis=0) / (rankings * (rankings - 1) / 2)
    without = np.full(len(table.writers), taus[-1])
    without[taking_part] = taus[:-1]
    return without


def complete_cells(table: ScoreTable) -> NDArray[np.bool_]:
    """Which items of a writer are scored in all iterations; shape (writers, items)."""
    return np.logical_not(np.isnan(table.values).any(axis=1))


def shuffled_means(table: ScoreTable, *, shuffles: int = SHUFFLES, seed: int = 0) -> Floats:
    """Writer means per iteration under each shuffle; shape (shuffles, iterations, writers).

    Writers without an item scored in all iterations are left out. Depends on the seed and on the
    sorted table alone. Raises UndefinedFigure as `stability_tau` does for shapes too small.
    """
    if len(table.iterations) < 2:
        raise UndefinedFigure("fewer than two iterations")
    by_item = np.swapaxes(table.values, 1, 2)
    complete = complete_cells(table)
    counts = complete.sum(axis=1)
    counts = counts[counts > 0]
    if len(counts) < 2:
        raise UndefinedFigure("fewer than two writers have an item scored in every iteration")
    cells = by_item[complete]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    rng = stability_stream(seed)
    means = np.empty((shuffles, len(table.iterations), len(counts)))
    step = max(1, _CELLS_AT_ONCE // cells.size)
    everything = np.arange(len(cells))
    for first in range(0, shuffles, step):
        here = means[first : first + step]
        picks = np.broadcast_to(everything, (len(here), len(cells)))
        sums = np.add.reduceat(permuted_cells(cells, picks, rng), starts, axis=1)
        here[:] = np.swapaxes(sums / counts[:, None], 1, 2)
    return means


def permuted_cells(
    cells: NDArray[Scalar], picks: NDArray[np.intp], rng: np.random.Generator
) -> NDArray[Scalar]:
    """Return the cells at `picks`, each with its values in an order of its own, drawn uniformly.

    `cells` has shape (C, T), one row of T values per cell; `picks` any shape of indices into it;
    the answer has the shape of `picks` and T last.
    """
    n_cells, length = cells.shape
    if math.factorial(length) <= _MOST_LISTED_ORDERS:
        orders = np.array(list(permutations(range(length))))
        drawn = rng.integers(0, len(orders), size=picks.shape)
        if n_cells * len(orders) > picks.size:
            places = picks[..., np.newaxis] * length + orders[drawn]
            taken: NDArray[Scalar] = np.take(cells.reshape(-1), places)
            return taken
        # All orders of every cell laid out once: a draw is then a single look-up.
        laid_out = cells[:, orders].reshape(n_cells * len(orders), length)
        return np.take(laid_out, picks * len(orders) + drawn, axis=0)
    drawn = np.argsort(rng.random((*picks.shape, length)), axis=-1)
    return np.take_along_axis(cells[picks], drawn, axis=-1)
