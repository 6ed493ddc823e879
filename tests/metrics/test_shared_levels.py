"""Cliff's delta of tables that share their scores, against the count per level."""

from __future__ import annotations

import numpy as np
import pytest

from judgemark.metrics.batch_figures import cliffs_delta
from judgemark.metrics.shared_levels import LevelBands
from judgemark.metrics.table_batch import Batch, Coded
from judgemark.table.score_table import ScoreTable
from tests.metrics.tables import one_iteration


def dealt_again(table: ScoreTable, tables: int) -> Batch:
    """The same scores dealt to the writers in other ways; gaps move with them."""
    coded, rng = Coded.of(table), np.random.default_rng(1)
    codes = [rng.permuted(coded.codes, axis=0) for _ in range(tables)]
    return Batch(coded.levels, np.stack(codes))


def drawn(writers: int, items: int, digits: int, gaps: float) -> ScoreTable:
    rng = np.random.default_rng(writers)
    values = rng.normal(5, 1, (writers, 2, items)).round(digits)
    values[rng.random(values.shape) < gaps] = np.nan
    names = ([f"{n:02}" for n in range(size)] for size in values.shape)
    writer, iteration, item = (tuple(axis) for axis in names)
    return ScoreTable(writer, iteration, item, values)


def test_pairs_within_and_between_bands() -> None:
    # a: 1, 4, 4; b: 2, 4, 9. a > b: (4, 2) twice; a < b: (1, 2), (1, 4), (1, 9), (4, 9) twice.
    # |2 - 5| / 9 = 1 / 3, whatever the bands
    coded = Coded.of(one_iteration([1.0, 4.0, 4.0], [2.0, 4.0, 9.0]))
    counts = coded.whole().counts[0]
    for writers in (2, 60):
        found = LevelBands.of(counts, writers).cliffs_delta(coded.whole())
        assert found.tolist() == pytest.approx([1 / 3])


@pytest.mark.parametrize("digits", [0, 1, 15])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
@pytest.mark.parametrize(("writers", "items"), [(2, 3), (7, 11), (40, 4)])
def test_equals_the_count_per_level(writers: int, items: int, digits: int, gaps: float) -> None:
    batch = dealt_again(drawn(writers, items, digits, gaps), 6)
    bands = LevelBands.of(batch.counts[0], writers)
    np.testing.assert_allclose(bands.cliffs_delta(batch), cliffs_delta(batch), atol=1e-12)


def test_one_writer_has_no_delta() -> None:
    batch = Coded.of(one_iteration([1.0, 2.0])).whole()
    assert np.isnan(LevelBands.of(batch.counts[0], 1).cliffs_delta(batch)).all()
