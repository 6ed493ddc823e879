from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import UndefinedFigure
from judgemark.metrics.surface_bias import (
    feature_values,
    length_bias,
    style_bounds,
    surface_features,
)
from judgemark.table.score_table import Floats, Observation, ScoreTable, build_table
from tests.metrics.tables import table_of

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "real"


def rows(*writers: list[float]) -> Floats:
    """One iteration per writer: shape (writers, 1, items)."""
    return np.array(writers, dtype=np.float64)[:, np.newaxis, :]


def test_surface_features_of_a_sentence() -> None:
    # 15 characters, 4 words, of which "the" twice: 3 / sqrt(4)
    assert surface_features("The cat the dog") == (15, 4, 1.5)
    assert surface_features("  \n") == (3, 0, 0)


def test_features_lie_where_their_pieces_do() -> None:
    table = ScoreTable(("a", "b"), ("1",), ("x",), np.array([[[1.0]], [[2.0]]]))
    found = {("b", "1", "x"): surface_features("one two"), ("c", "1", "x"): (9.0, 2.0, 1.0)}
    values = feature_values(table, found)
    assert np.isnan(values[0]).all()
    assert values[1, 0, 0] == pytest.approx([7, 2, math.sqrt(2)])


def test_length_bias_within_writers_ignores_how_long_good_writers_write() -> None:
    # Both writers' longer pieces score lower (ranks reversed: rho -1), although the writer of
    # the longer pieces scores higher: over all six pieces rho would be above 0.
    lengths = rows([100, 200, 300], [1000, 2000, 3000])
    result = length_bias(table_of(rows([3, 2, 1], [9, 8, 7])), lengths)
    assert result.rho == pytest.approx(-1)
    assert result.n == 6
    assert result.by_writer["w00"].slope == pytest.approx(-1 / 100)
    assert result.by_writer["w01"].slope == pytest.approx(-1 / 1000)


def test_length_bias_over_writers_who_differ() -> None:
    # Rank deviations: (-1, 0, 1) against (-1, 0, 1), and against (1, 0, -1) of the second
    # writer: the sum of products is 2 - 2 = 0.
    lengths = rows([1, 2, 3], [1, 2, 3])
    assert length_bias(table_of(rows([1, 2, 3], [3, 2, 1])), lengths).rho == pytest.approx(0)


def test_writers_without_a_trend_have_a_reason() -> None:
    scores = rows([1, 2, 3], [5, 5, 5], [1, 2, math.nan])
    result = length_bias(table_of(scores), rows([1, 2, 3], [1, 2, 3], [1, 2, 3]))
    assert result.rho == pytest.approx(1)
    assert list(result.by_writer) == ["w00"]
    assert "equal" in result.reasons["w01"]
    assert "fewer than 3" in result.reasons["w02"]
    with pytest.raises(UndefinedFigure, match="no writer"):
        length_bias(table_of(scores[1:]), rows([1, 2, 3], [1, 2, 3]))


def test_style_bounds_of_two_writers_by_hand() -> None:
    # x: 0 1 2 1 | 2 3 4 3, y: 0 1 2 3 | 10 11 12 13
    # as it is: SSB = 200, SSW = 10, MSW = 10/6, omega^2 = (200 - 5/3)/(210 + 5/3) = 119/127
    # within writers the slope is 2/2 = 1, rest 0 0 0 2 | 8 8 8 10: SSB = 128, SSW = 6, MSW = 1,
    # omega^2 = 127/135
    # over all it is 44/12, rest 0 -8/3 -16/3 -2/3 | 8/3 0 -8/3 2: SSB = 128/9, SST = 146/3,
    # MSW = 155/27, omega^2 = 229/1469
    scores = rows([0, 1, 2, 3], [10, 11, 12, 13])
    features = rows([0, 1, 2, 1], [2, 3, 4, 3])[..., np.newaxis]
    result = style_bounds(table_of(scores), features)
    assert result.uncontrolled == pytest.approx(119 / 127)
    assert result.within_writers == pytest.approx(127 / 135)
    assert result.without_writers == pytest.approx(229 / 1469)
    assert result.bounds == pytest.approx((229 / 1469, 127 / 135))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(0.01, 100), st.floats(-100, 100))
def test_units_of_the_features_play_no_part(seed: int, scale: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    table = table_of(rng.normal(0, 1, (4, 2, 6)))
    table.values[0, 0, 0] = np.nan
    features = rng.normal(0, 1, (4, 2, 6, 3))
    features[1, 1, 1, 2] = np.nan
    features[..., 1] = features[..., 0] * 2  # one that repeats another
    plain, other = style_bounds(table, features), style_bounds(table, features * scale + shift)
    assert other.uncontrolled == plain.uncontrolled
    assert other.bounds == pytest.approx(plain.bounds, abs=1e-9)


def test_a_feature_that_does_not_vary_changes_nothing() -> None:
    table = table_of(np.random.default_rng(0).normal(0, 1, (4, 2, 6)))
    result = style_bounds(table, np.full((4, 2, 6, 1), 7.0))
    assert result.bounds == pytest.approx((result.uncontrolled, result.uncontrolled))


def test_a_judge_that_counts_characters_leaves_nothing_to_bound() -> None:
    lengths = np.random.default_rng(0).integers(100, 900, (4, 2, 6)).astype(np.float64)
    with pytest.raises(UndefinedFigure, match="account for all"):
        style_bounds(table_of(lengths / 100), lengths[..., np.newaxis])


def test_too_few_pieces_for_the_slopes() -> None:
    with pytest.raises(UndefinedFigure, match="too few pieces"):
        style_bounds(table_of(rows([1, 2], [3, 5])), np.random.default_rng(0).random((2, 1, 2, 3)))


def test_figures_of_the_real_judge_are_sensible() -> None:
    if not REAL.exists():
        pytest.skip("the real judged pieces (../shared/real) are not here")
    scores = json.loads((REAL / "item_scores_0_100.json").read_text(encoding="utf-8"))
    samples = json.loads((REAL / "samples.json").read_text(encoding="utf-8"))
    places = [(w, t, i) for w in scores for t in scores[w] for i in scores[w][t]]
    table = build_table(Observation(w, t, i, 0, 0, scores[w][t][i]) for w, t, i in places)
    found = {(w, t, i): surface_features(samples[w]["samples"][t][i]) for w, t, i in places}
    features = feature_values(table, found)
    style, length = style_bounds(table, features), length_bias(table, features[..., 0])
    # A judge that reads: much of what sets writers apart remains within writers' own styles.
    assert style.without_writers < style.within_writers < style.uncontrolled
    assert style.bounds == pytest.approx((0.283, 0.741), abs=0.001)
    assert length.rho == pytest.approx(0.094, abs=0.001)
    assert len(length.by_writer) == 10
