"""Cliff's delta of resampled items, from counts made once per pair of items.

Definition, range, direction and source are those of `separability.cliffs_delta`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judgemark.metrics.table_batch import EXACT_IN_SINGLE, Coded, Ints, divided
from judgemark.table.score_table import Floats

_CELLS_AT_ONCE = 1 << 22
_MOST_COUNTS = 1 << 26


@dataclass(frozen=True, slots=True, eq=False)
class ItemPairs:
    """How often one writer's scores beat another's, for any two items.

    `wins` (pairs of items, pairs of writers) is #(a > b) - #(a < b) over the iterations of item i
    of writer a and item j of writer b, and for two items also the other way round, since tables
    hold both equally often. Pairs of items are those of `np.triu_indices`; `sizes`
    (writers, items) counts scores.
    """

    wins: NDArray[np.float32]
    sizes: Floats

    @staticmethod
    def pays_off(coded: Coded) -> bool:
        """Return whether counting per pair of items is exact and less work than counting per
        level."""
        writers, items, iterations = (int(n) for n in coded.codes.shape)
        less = items * (items + 1) // 2 < 2 * len(coded.levels)
        fits = (items * writers) ** 2 < _MOST_COUNTS
        exact = (items * iterations) ** 2 < EXACT_IN_SINGLE
        return writers >= 2 and less and fits and exact

    @staticmethod
    def of(coded: Coded) -> ItemPairs:
        """Count the wins of a table."""
        writers, items = coded.codes.shape[:2]
        there = coded.codes < len(coded.levels)
        # One column of scores per iteration, in few bytes: comparing them is most of the work.
        columns = np.ascontiguousarray(np.moveaxis(coded.codes, 2, 0)).astype(np.int32)
        present = np.ascontiguousarray(np.moveaxis(there, 2, 0))
        first = np.triu_indices(writers, k=1)[0]
        item, other_item = np.triu_indices(items)
        wins = np.empty((len(item), len(first)), dtype=np.float32)
        for a in range(writers - 1):
            rest = slice(a + 1, writers)
            total = np.zeros((writers - a - 1, items, items), dtype=np.int32)
            for mine, mine_there in zip(
                columns[:, a, :, None], present[:, a, :, None], strict=True
            ):
                for theirs, theirs_there in zip(columns, present, strict=True):
                    other = theirs[rest, None, :]
                    sign = (mine > other).view(np.int8) - (mine < other).view(np.int8)
                    if not there.all():
                        sign *= mine_there & theirs_there[rest, None, :]
                    total += sign
            total += np.swapaxes(total, 1, 2) * ~np.eye(items, dtype=bool)
            wins[:, first == a] = total[:, item, other_item].T
        sizes = there.sum(axis=2).astype(np.float64)
        return ItemPairs(wins, sizes)

    def cliffs_delta(self, picks: Ints) -> Floats:
        """Return the mean |Cliff's delta| of the tables of the items at `picks` (B, items); shape
        (B,).

        NaN where a table leaves a writer without scores.
        """
        writers, items = self.sizes.shape
        first, second = np.triu_indices(writers, k=1)
        item, other_item = np.triu_indices(items)
        found = np.empty(len(picks))
        step = max(1, _CELLS_AT_ONCE // (items * items))
        for start in range(0, len(picks), step):
            rows = slice(start, start + step)
            here = picks[rows]
            row = np.arange(len(here))[:, None] * items
            times = np.bincount((here + row).ravel(), minlength=len(here) * items)
            times = times.reshape(len(here), items)
            both = (times[:, item] * times[:, other_item]).astype(np.float32)
            wins = (both @ self.wins).astype(np.float64)
            n = times @ self.sizes.T
            found[rows] = np.abs(divided(wins, n[:, first] * n[:, second])).mean(axis=1)
        return found
