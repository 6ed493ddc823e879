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

    `wins` (items * items, pairs of writers) is #(a > b) - #(a < b) over the iterations of item i of
    writer a and item j of writer b; `sizes` (writers, items) counts scores.
    """

    wins: NDArray[np.float32]
    sizes: Floats

    @staticmethod
    def pay(coded: Coded) -> bool:
        """Return whether counting per pair of items is exact and less work than counting per
        level."""
        writers, items, iterations = (int(n) for n in coded.codes.shape)
        less = items**2 < 2 * len(coded.levels)
        fits = (items * writers) ** 2 < _MOST_COUNTS
        exact = (items * iterations) ** 2 < EXACT_IN_SINGLE
        return writers >= 2 and less and fits and exact

    @staticmethod
    def of(coded: Coded) -> ItemPairs:
        """Count the wins of a table."""
        writers, items, iterations = coded.codes.shape
        flat = coded.codes.reshape(writers, items * iterations)
        there = flat < len(coded.levels)
        blocks = []
        for a in range(writers - 1):
            mine, theirs = flat[a, :, None], flat[a + 1 :, None, :]
            sign = (mine > theirs).astype(np.int8) - (mine < theirs)
            sign *= there[a, :, None] & there[a + 1 :, None, :]
            cells = sign.reshape(-1, items, iterations, items, iterations)
            blocks.append(cells.sum(axis=(2, 4), dtype=np.float32).reshape(-1, items * items))
        wins = np.ascontiguousarray(np.concatenate(blocks).T)
        sizes = there.reshape(writers, items, iterations).sum(axis=2).astype(np.float64)
        return ItemPairs(wins, sizes)

    def cliffs_delta(self, picks: Ints) -> Floats:
        """Mean |Cliff's delta| of the tables of the items at `picks` (B, items); shape (B,).

        NaN where a table leaves a writer without scores.
        """
        writers, items = self.sizes.shape
        first, second = np.triu_indices(writers, k=1)
        found = np.empty(len(picks))
        step = max(1, _CELLS_AT_ONCE // (items * items))
        for start in range(0, len(picks), step):
            rows = slice(start, start + step)
            here = picks[rows]
            row = np.arange(len(here))[:, None] * items
            times = np.bincount((here + row).ravel(), minlength=len(here) * items)
            times = times.reshape(len(here), items)
            both = (times[:, :, None] * times[:, None, :]).reshape(len(here), -1)
            wins = (both.astype(np.float32) @ self.wins).astype(np.float64)
            n = times @ self.sizes.T
            found[rows] = np.abs(divided(wins, n[:, first] * n[:, second])).mean(axis=1)
        return found
