"""How much an ensemble gains over its best member."""

from __future__ import annotations

import numpy as np
import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics.ensemble_gain import on_common_cells, v4_gain, v4_of
from judgemark.table.score_table import ScoreTable
from tests.metrics.test_effective_judges import planted, table_of


def joined(tables: list[ScoreTable]) -> ScoreTable:
    return table_of(np.mean([t.values for t in tables], axis=0))


def test_independent_judges_gain_by_being_joined() -> None:
    members = planted(11, shared=0.0, judges=6)
    gain = v4_gain(joined(members), members[0], resamples=200)
    assert gain.first == v4_of(joined(members)) and gain.second == v4_of(members[0])
    assert gain.difference == gain.first - gain.second > 0
    assert gain.ci95 is not None and gain.ci95.low > 0
    assert gain.p_value is not None and gain.p_value < 0.05


def test_copies_gain_nothing() -> None:
    (one,) = planted(12, shared=0.0, judges=1)
    gain = v4_gain(joined([one, one]), one, resamples=50)
    assert gain.difference == 0
    assert gain.ci95 is None or (gain.ci95.low, gain.ci95.high) == (0, 0)


def test_tables_are_cut_to_what_all_have_scored() -> None:
    one = ScoreTable(("ann", "bea"), ("1",), ("x", "y"), np.array([[[1.0, 2]], [[3.0, np.nan]]]))
    other = ScoreTable(("ann", "bea"), ("1",), ("y", "x"), np.array([[[5.0, 6]], [[7.0, 8]]]))
    first, second = on_common_cells([one, other])
    assert first.items == second.items == ("x", "y")
    # bea has no score of the first judge on y.
    assert first.values[0, 0].tolist() == [1, 2] and second.values[0, 0].tolist() == [6, 5]
    assert np.isnan(second.values[1, 0, 1]) and second.values[1, 0, 0] == 8


def test_nothing_in_common() -> None:
    one = ScoreTable(("ann",), ("1",), ("x",), np.array([[[1.0]]]))
    other = ScoreTable(("ann",), ("1",), ("y",), np.array([[[1.0]]]))
    with pytest.raises(UndefinedFigure, match="no piece was scored by all"):
        on_common_cells([one, other])
