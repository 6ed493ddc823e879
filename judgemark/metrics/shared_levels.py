"""Mean |Cliff's delta| of tables that hold the same scores, dealt to their writers differently.

The sorted order of the scores is then the same in all tables, and only the owners change. The
scores are cut, in that order, into *bands* that no tie crosses. Pairs of scores from two bands are
counted by how many scores each writer has in each band; pairs within a band one by one, which are
few. Counting every writer's scores level by level instead is many times slower where nearly every
score is a level of its own. Definition, range, direction and source are those of
`separability.cliffs_delta`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from judgemark.metrics.table_batch import Batch, Ints, divided
from judgemark.table.score_table import Floats

_WRITERS_PER_SCORE_OF_A_BAND = 6
"""Wider bands mean fewer counts per writer and more pairs within; this ratio was the fastest."""

_LEAST_WIDTH = 4
_PAIRS_AT_ONCE = 1 << 17


@dataclass(frozen=True, slots=True, eq=False)
class LevelBands:
    """The bands of N sorted scores of U levels: `bands` (U,) numbers them by level, from 0.

    `lower` and `upper` (pairs,) are the places in the sorted order of all pairs within a band
    whose scores differ.
    """

    bands: Ints
    lower: Ints
    upper: Ints

    @staticmethod
    def of(counts: Ints, writers: int) -> LevelBands:
        """Cut scores that occur `counts` (U,) times each, by ascending score, into bands."""
        width = max(_LEAST_WIDTH, writers // _WRITERS_PER_SCORE_OF_A_BAND)
        level_of = np.repeat(np.arange(len(counts)), counts)
        bands, filled = np.empty(len(counts), dtype=np.intp), width
        band = -1
        for level, count in enumerate(counts.tolist()):
            if filled + count > width:
                band, filled = band + 1, 0
            filled += count
            bands[level] = band
        band_of = bands[level_of]
        lower, upper = [], []
        for apart in range(1, width):
            first = np.arange(len(level_of) - apart)
            second = first + apart
            inside = (band_of[first] == band_of[second]) & (level_of[first] != level_of[second])
            lower.append(first[inside])
            upper.append(second[inside])
        return LevelBands(bands, np.concatenate(lower), np.concatenate(upper))

    def cliffs_delta(self, batch: Batch) -> Floats:
        """Return the mean |Cliff's delta| of each table of the batch; shape (B,).

        Every table must hold the scores that the bands were made of. NaN for fewer than two
        writers and where a writer has no score.
        """
        tables, writers = batch.shape[:2]
        if writers < 2:
            return np.full(tables, np.nan)
        own, number = self._per_band(batch), batch.exact_number
        # Added up as whole numbers, which is several times faster, and multiplied as floating ones.
        below = (np.cumsum(own, axis=2) - own).astype(number)
        wins = (own.astype(number) @ np.swapaxes(below, 1, 2)).astype(np.float64)
        if self.lower.size:
            wins += self._within(self._owners(batch), writers)
        sizes = batch.sizes.sum(axis=2)
        lead = np.abs(wins - np.swapaxes(wins, 1, 2))
        deltas = divided(lead, sizes[:, :, None] * sizes[:, None, :])
        mean: Floats = deltas.sum(axis=(1, 2)) / (writers * (writers - 1))
        return mean

    def _within(self, owners: Ints, writers: int) -> Ints:
        """Return how often each writer beats each other within a band; (B, writers, writers)."""
        tables = len(owners)
        within = np.empty((tables, writers, writers), dtype=np.intp)
        step = max(1, _PAIRS_AT_ONCE // len(self.lower))
        for first in range(0, tables, step):
            here = owners[first : first + step]
            row = np.arange(len(here))[:, None] * writers
            # The owner and the table together make one number before the pairs are looked up.
            pairs = np.take((here + row) * writers, self.upper, axis=1)
            pairs += np.take(here, self.lower, axis=1)
            counts = np.bincount(pairs.ravel(), minlength=len(here) * writers**2)
            within[first : first + step] = counts.reshape(len(here), writers, writers)
        return within

    def _per_band(self, batch: Batch) -> Ints:
        """Return how many scores each writer has in each band; (B, writers, bands)."""
        tables, writers = batch.shape[:2]
        width = int(self.bands[-1]) + 2
        # Gaps count in a band behind the others, which is dropped.
        band_of = np.append(self.bands, width - 1)
        row = np.arange(tables * writers).reshape(tables, writers, 1, 1) * width
        counts = np.bincount((band_of[batch.codes] + row).ravel(), minlength=row.size * width)
        per_band: Ints = counts.reshape(tables, writers, width)[:, :, :-1]
        return per_band

    def _owners(self, batch: Batch) -> Ints:
        """Return the writer of each score in sorted order.

        (B, N). Gaps, which sort last, are left out.
        """
        tables, _, items, iterations = batch.shape
        flat = batch.small_codes.reshape(tables, -1)
        order = np.argsort(flat, axis=1, kind="stable")
        owners: Ints = order[:, : int(batch.counts[0].sum())] // (items * iterations)
        return owners
