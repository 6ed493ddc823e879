"""The tables behind the charts, counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import UndefinedFigure
from judgemark.records import Criterion
from judgemark.report.charts_tables import criterion_grid, item_grid, length_panel, scale_use
from judgemark.table.score_table import ScoreTable


def test_every_value_of_a_short_scale_has_a_column() -> None:
    use = scale_use({"ann": [1, 3, 3, 3], "bob": [2, 2]}, (1, 4))
    assert use.ticks == ("1", "2", "3", "4")
    assert use.shares == {"ann": (0.25, 0, 0.75, 0), "bob": (0, 1, 0, 0)}
    assert use.combined == (1 / 6, 2 / 6, 3 / 6, 0)  # six scores in all


def test_half_points_get_columns_of_their_own() -> None:
    assert scale_use({"ann": [1, 1.5]}, (1, 2)).ticks == ("1", "1.5", "2")


def test_long_scales_and_free_numbers_get_bins_with_edges() -> None:
    use = scale_use({"ann": [0, 99.9, 100]}, (0, 100))
    assert use.ticks == ("0", "10", "20", "30", "40", "50", "60", "70", "80", "90", "100")
    assert use.combined == (1 / 3, *[0] * 8, 2 / 3)  # the last bin holds its upper edge
    free = scale_use({"ann": [-0.3, 0.1, 0.32]}, None, "item scores")
    assert (free.ticks[0], free.ticks[-1]) == ("−0.3", "0.4")
    assert free.of == "item scores"


def test_one_value_alone_still_has_a_bin() -> None:
    use = scale_use({"ann": [7.31, 7.31]}, None)
    assert sum(use.combined) == 1
    with pytest.raises(UndefinedFigure, match="no scores"):
        scale_use({"ann": []}, (0, 10))


@given(
    st.dictionaries(
        st.text(max_size=3), st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9), min_size=1
    ),
    st.none() | st.just((0.0, 10.0)),
)
@settings(max_examples=80, deadline=None)
def test_no_score_is_lost(
    scores: dict[str, list[float]], scale: tuple[float, float] | None
) -> None:
    use = scale_use(scores, scale)
    assert len(use.ticks) - len(use.combined) in (0, 1)
    for shares in (*use.shares.values(), use.combined):
        assert sum(shares) == pytest.approx(1)


@pytest.mark.parametrize("score", [5.0, -5.0, 0.0, 1e16, 1e300])
def test_scores_that_differ_in_the_last_digit_alone_share_a_bin(score: float) -> None:
    use = scale_use({"ann": [score, math.nextafter(score, math.inf), score]}, None)
    assert sorted(use.combined)[-1] == 1.0


def test_a_panel_says_why_it_has_no_trend() -> None:
    assert length_panel("ann", [1, 2], [3, 4]).reason == "fewer than 3 pieces"
    trend = length_panel("ann", [1, 2, 3], [3, 2, 1]).trend
    assert trend is not None
    assert trend.rho == pytest.approx(-1)


def test_gaps_stay_gaps_and_negative_criteria_are_marked() -> None:
    criteria = [Criterion("Wit", negative=False), Criterion("Trite", negative=True)]
    means = np.array([[7.0, np.nan], [5.0, 4.0]])
    grid = criterion_grid(["ann", "bob"], criteria, means, {"ann": 7.0, "bob": 4.5})
    assert grid.columns == ("Wit", "Trite (inv.)")
    assert grid.values == ((7.0, None), (5.0, 4.0))


def test_items_stand_in_for_criteria() -> None:
    values = np.array([[[1.0, 4.0], [3.0, np.nan]], [[np.nan, np.nan], [np.nan, np.nan]]])
    table = ScoreTable(("ann", "bob"), ("1", "2"), ("a", "b"), values)
    grid = item_grid(table)
    assert grid.rows == ("ann",)  # bob has no score at all
    assert grid.values == ((2.0, 4.0),)  # (1 + 3) / 2, and 4 alone
    assert grid.overall == pytest.approx((8 / 3,))
