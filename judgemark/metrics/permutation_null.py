"""The permutation null of the v4 score: its values where scores say nothing about the writers.

A writer's scores on one item are a *block*, which moves as a whole. A judge may like how one writer
handles one prompt in all iterations, although no writer is better than another; shuffling the
iterations separately would take such tastes apart and call the judge better than chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.metrics.batch_figures import omega_squared
from judgemark.metrics.components import scored
from judgemark.metrics.composite import VERSIONS, v4_score
from judgemark.metrics.random_streams import Stream, stream_of
from judgemark.metrics.shared_levels import LevelBands
from judgemark.metrics.table_batch import CELLS_AT_ONCE, Batch, Coded, Ints, Moments
from judgemark.table.score_table import Floats, ScoreTable

PERMUTATIONS = 1000
FEWEST_MOVABLE = 0.5
"""The share of blocks that another writer must be able to have, for shuffling to say anything."""
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class PermutationNull:
    """The v4 score of `n` tables in which writers exchanged their blocks within each item.

    `observed`, `mean` and `p95` (95th percentile, linear interpolation) are on the scale of the
    v4 score, 0..133 (omega squared can take them a little below 0). `p_value` is the share of
    permutations at or above the observed score, (b + 1) / (n + 1), in 1/(n + 1)..1; the lower,
    the less can chance explain the score.
    """

    observed: float
    mean: float
    p95: float
    p_value: float
    n: int
    seed: int


def permutation_nulls(
    table: ScoreTable, seed: int, n: int = PERMUTATIONS, versions: Sequence[str] = VERSIONS
) -> dict[str, PermutationNull]:
    """Return the permutation nulls of a raw table (writers, iterations, items) and its calibration,
    or of those of the two that `versions` names.

    Both use the same permutations, which change neither landmarks nor |delta|. The mean |Cliff's
    delta| is above 0 even for random scores, the more so the fewer pieces a writer has; the null
    says by how much. The p-value counts the observed table as one of the permutations (Phipson &
    Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9:39). Raises UndefinedFigure as `null_scores` does.
    """
    coded = _coded(table)
    observed = _v4_scores(coded.whole(), _bands(coded), versions)
    drawn = _drawn(coded, seed, n, versions=versions)
    return {
        version: _summary(float(observed[version][0]), scores, seed)
        for version, scores in drawn.items()
    }


def null_scores(
    table: ScoreTable, seed: int, n: int = PERMUTATIONS, *, cells_at_once: int = CELLS_AT_ONCE
) -> dict[str, Floats]:
    """Return the v4 scores (0..133, or a little below 0) of `n` permuted tables, raw and
    calibrated.

    Both have shape (n,). Within each item, the writers with the same number of scores there
    exchange their blocks, so that all keep their number of scores; a writer without any score is
    left out. Without gaps the draws do not depend on the writers' names. `cells_at_once` bounds the
    memory and changes no score. Raises UndefinedFigure for fewer than two writers, for at most one
    score per writer, where fewer than half of the blocks can be exchanged, and where all scores
    are equal. Source: permutation of exchangeable units, Good (2005), Permutation, Parametric and
    Bootstrap Tests of Hypotheses, chapter 3.
    """
    return _drawn(_coded(table), seed, n, cells_at_once)


def _coded(table: ScoreTable) -> Coded:
    table = scored(table)
    if len(table.writers) < 2:
        raise UndefinedFigure("the null needs at least two writers")
    if np.count_nonzero(~np.isnan(table.values)) <= len(table.writers):
        raise UndefinedFigure("the null needs more than one score per writer")
    coded = Coded.of(table)
    movable, blocks = _movable(_block_sizes(coded))
    if movable < FEWEST_MOVABLE * blocks:
        raise UndefinedFigure(
            f"only {movable} of {blocks} blocks (a writer's scores on one item) can be exchanged "
            "with another writer who has as many scores there; the null needs half of them"
        )
    if len(coded.levels) < 2:
        raise UndefinedFigure("all scores are equal")
    return coded


def _drawn(
    coded: Coded,
    seed: int,
    n: int,
    cells_at_once: int = CELLS_AT_ONCE,
    versions: Sequence[str] = VERSIONS,
) -> dict[str, Floats]:
    scores = {version: np.empty(n) for version in versions}
    bands = _bands(coded)
    for rows, batch in permuted_tables(coded, seed, n, cells_at_once):
        for version, found in _v4_scores(batch, bands, versions).items():
            scores[version][rows] = found
    return scores


def permuted_tables(
    coded: Coded, seed: int, n: int, cells_at_once: int = CELLS_AT_ONCE
) -> Iterator[tuple[slice, Batch]]:
    """Yield the permuted tables that `null_scores` scores, in batches with their numbers among
    n."""
    rng = stream_of(seed, Stream.PERMUTATIONS)
    sizes = _block_sizes(coded)
    items = np.arange(sizes.shape[1])
    # In each item the places of blocks of one size stand together, and so do the blocks that go
    # there. The blocks are sorted by their scores, which hides which writer had which.
    places = np.argsort(sizes, axis=0, kind="stable")
    by_score = np.moveaxis(coded.codes, -1, 0)[::-1]
    sorted_blocks = np.lexsort((*by_score, sizes), axis=0)
    dealt, group = coded.codes[sorted_blocks, items], np.take_along_axis(sizes, places, axis=0)
    step = max(1, cells_at_once // coded.codes.size)
    for start in range(0, n, step):
        rows = slice(start, min(start + step, n))
        keys = group + rng.random((rows.stop - start, *sizes.shape))
        codes = np.empty((len(keys), *coded.codes.shape), dtype=np.intp)
        codes[:, places, items] = dealt[np.argsort(keys, axis=1), items]
        yield rows, Batch(coded.levels, codes)


def _block_sizes(coded: Coded) -> Ints:
    """Return the number of scores of each block; (writers, items)."""
    sizes: Ints = np.count_nonzero(coded.codes < len(coded.levels), axis=2)
    return sizes


def _movable(sizes: Ints) -> tuple[int, int]:
    """Return how many blocks can be exchanged with another, and how many there are."""
    alike = (sizes[:, np.newaxis] == sizes[np.newaxis]).sum(axis=1)
    return int(np.count_nonzero((sizes > 0) & (alike > 1))), int(np.count_nonzero(sizes))


def _bands(coded: Coded) -> LevelBands:
    return LevelBands.of(coded.whole().counts[0], len(coded.codes))


def _v4_scores(batch: Batch, bands: LevelBands, versions: Sequence[str]) -> dict[str, Floats]:
    """Return the v4 scores of permutations of one table in each version; each of shape (B,)."""
    delta = bands.cliffs_delta(batch)
    levels = {"raw": batch.raw_levels()}
    if "calibrated" in versions:
        # All hold the same scores, so that the landmarks of one are those of all.
        calibrated = Batch(batch.levels, batch.codes[:1]).calibrated_levels()
        levels["calibrated"] = np.broadcast_to(calibrated, levels["raw"].shape)
    return {
        version: v4_score(omega_squared(Moments.of(batch, levels[version])), delta)
        for version in versions
    }


def _summary(observed: float, scores: Floats, seed: int) -> PermutationNull:
    # A permutation that equals the observed table must count as reaching it despite rounding.
    reached = int(np.count_nonzero(scores >= observed - _ROUNDING))
    return PermutationNull(
        observed=observed,
        mean=float(scores.mean()),
        p95=float(np.percentile(scores, 95)),
        p_value=(reached + 1) / (len(scores) + 1),
        n=len(scores),
        seed=seed,
    )
