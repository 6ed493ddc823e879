"""How well each item (writing prompt) agrees with the whole run's order of the writers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.rank_statistics import kendall_tau_b
from judgemark.table.score_table import Floats, ScoreTable


@dataclass(frozen=True, slots=True)
class ItemAgreement:
    """Kendall's tau-b, -1..1, between one item's order of the writers and the run's.

    `writers` is how many writers have a score on the item; 1 means the same order. `tau` is
    None where it is undefined, and `reason` then says why.
    """

    item: str
    tau: float | None
    writers: int
    reason: str = ""


def item_agreement(table: ScoreTable) -> tuple[ItemAgreement, ...]:
    """Return the agreement of each item of a table (writers, iterations, items), in the items'
    order.

    A writer's place on an item is the mean of its scores there over the iterations; in the run,
    the mean of all its scores (those on the item included). Writers without a score on the item
    take no part. Raises UndefinedFigure for fewer than two writers. Source of tau-b: Kendall
    (1945).
    """
    if len(table.writers) < 2:
        raise UndefinedFigure("an order needs at least two writers")
    overall = _means(table.values, (1, 2))
    by_item = _means(table.values, (1,))
    return tuple(_agreement(item, by_item[:, n], overall) for n, item in enumerate(table.items))


def most_and_least(
    agreements: Sequence[ItemAgreement], k: int = 10
) -> tuple[tuple[ItemAgreement, ...], tuple[ItemAgreement, ...]]:
    """Return the k items that agree most (best first) and the k that agree least (worst first).

    Items without a tau are left out, ties stand in the order of the item ids. With fewer than
    2 k items the two lists share them out, the odd one to the first, so that none is in both.
    """
    ranked = sorted(
        (a for a in agreements if a.tau is not None), key=lambda a: (-(a.tau or 0.0), a.item)
    )
    least = min(k, len(ranked) // 2)
    most = min(k, len(ranked) - least)
    worst = sorted(ranked[len(ranked) - least :], key=lambda a: (a.tau or 0.0, a.item))
    return tuple(ranked[:most]), tuple(worst)


def _means(values: Floats, axes: tuple[int, ...]) -> Floats:
    counts = (~np.isnan(values)).sum(axis=axes)
    sums = np.nansum(values, axis=axes)
    means: Floats = np.full(sums.shape, np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    # Equal scores summed in another order differ in the last bit: they must still tie.
    rounded: Floats = means.round(9)
    return rounded


def _agreement(item: str, here: Floats, overall: Floats) -> ItemAgreement:
    both = ~(np.isnan(here) | np.isnan(overall))
    here, overall = here[both], overall[both]
    n = len(here)
    if n < 2:
        return ItemAgreement(item, None, n, "fewer than two writers have a score on it")
    if np.ptp(here) == 0:
        return ItemAgreement(item, None, n, "all writers have the same score on it")
    if np.ptp(overall) == 0:
        return ItemAgreement(item, None, n, "all writers have the same mean score in the run")
    return ItemAgreement(item, kendall_tau_b(here, overall), n)
