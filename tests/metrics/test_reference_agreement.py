from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import UndefinedFigure
from judgemark.metrics.reference_agreement import reference_agreement
from judgemark.metrics.resampling import item_resamples
from judgemark.table.score_table import Floats, ScoreTable
from tests.metrics.tables import table_of


def named(*scores: float) -> dict[str, float]:
    return {f"w{n:02}": score for n, score in enumerate(scores)}


def drawn(seed: int, shape: tuple[int, int, int] = (5, 2, 8)) -> Floats:
    values: Floats = np.random.default_rng(seed).normal(0, 1, shape).round(1)
    return values + np.linspace(0, 1, shape[0])[:, np.newaxis, np.newaxis]


def plain_figures(values: Floats, reference: list[float]) -> list[float]:
    """The three figures by their definitions, pair by pair and piece by piece."""
    pairs, pieces, deltas = [], [], []
    for a, b in combinations(range(len(values)), 2):
        order = np.sign(reference[a] - reference[b])
        means = [values[n][~np.isnan(values[n])].mean() for n in (a, b)]
        pairs.append((1 + order * np.sign(round(means[0] - means[1], 9))) / 2)
        for x, y in zip(values[a].ravel(), values[b].ravel(), strict=True):
            if not math.isnan(x + y):
                pieces.append((1 + order * np.sign(x - y)) / 2)
        if order:
            x, y = (values[n][~np.isnan(values[n])] for n in (a, b))
            deltas.append(order * np.sign(np.subtract.outer(x, y)).mean())
    return [float(np.mean(figures)) for figures in (pairs, pieces, deltas)]


def test_three_writers_by_hand() -> None:
    # means 2, 3, 3; the reference says 1 < 2 < 3. Pairs: (0, 1) and (0, 2) right, (1, 2) tied:
    # (1 + 1 + 0.5) / 3. Items: (0,1) right and right; (0,2) wrong (1 > 0) and right; (1,2) wrong
    # (2 > 0) and right: 4/6. Deltas of the better: (1,0): {2,4} against {1,3}: 3 of 4 wins,
    # 0.5; (2,0): {0,6}: 2 wins of 4, 0; (2,1): 2 of 4, 0: mean 1/6.
    values = np.array([[[1.0, 3]], [[2, 4]], [[0, 6]]])
    result = reference_agreement(table_of(values), named(1, 2, 3), seed=0, resamples=50)
    assert result.pair_concordance.value == pytest.approx(2.5 / 3)
    assert result.item_concordance.value == pytest.approx(4 / 6)
    assert result.signed_delta.value == pytest.approx(1 / 6)
    assert (result.writers, result.ordered_pairs) == (3, 3)


def test_a_tie_in_the_reference_counts_half_and_has_no_side() -> None:
    # Pair (0, 1) tied in the reference: half. (0, 2) and (1, 2) right: (0.5 + 1 + 1) / 3 both
    # for means and, as every piece is in order, for pieces; delta 1 in the two ordered pairs.
    values = np.array([[[1.0, 2]], [[3, 4]], [[5, 6]]])
    result = reference_agreement(table_of(values), named(7, 7, 9), seed=0, resamples=50)
    assert result.pair_concordance.value == pytest.approx(2.5 / 3)
    assert result.item_concordance.value == pytest.approx(2.5 / 3)
    assert result.signed_delta.value == pytest.approx(1)
    assert result.ordered_pairs == 2


def test_an_inverted_judge_has_a_negative_signed_delta() -> None:
    values = drawn(0, (4, 2, 10)) * 0.01 - np.arange(4.0)[:, np.newaxis, np.newaxis]
    result = reference_agreement(table_of(values), named(1, 2, 3, 4), seed=0)
    assert result.pair_concordance.value == 0
    assert result.item_concordance.value == 0
    assert result.signed_delta.value == -1
    assert result.signed_delta.ci95 is not None
    assert result.signed_delta.ci95.ends() == [-1, -1]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_figures_and_resamples_follow_the_definitions(seed: int, gaps: bool) -> None:
    values = drawn(seed, (4, 2, 6))
    if gaps:
        holes = np.random.default_rng(seed).random(values.shape) < 0.2
        holes[:, 0, :3] = False
        values[holes] = np.nan
    reference = [2.0, 1.0, 3.0, 3.0]
    table = table_of(values)
    result = reference_agreement(table, named(*reference), seed=seed, resamples=20)
    estimates = [result.pair_concordance, result.item_concordance, result.signed_delta]
    assert [e.value for e in estimates] == pytest.approx(plain_figures(values, reference))
    replicates = []
    for picks in item_resamples(table.items, seed, 20):
        resampled = values[:, :, picks]
        if not np.isnan(resampled).all(axis=(1, 2)).any():
            replicates.append(plain_figures(resampled, reference))
    errors = np.std(replicates, axis=0, ddof=1) * math.sqrt(6 / 5) * 2.570582  # t(5), 97.5%
    lowest = [0, 0, -1]
    for e, error, low in zip(estimates, errors, lowest, strict=True):
        assert e.value is not None and e.ci95 is not None
        assert e.ci95.low == pytest.approx(max(e.value - error, low), abs=1e-6)
        assert e.ci95.high == pytest.approx(min(e.value + error, 1), abs=1e-6)
        assert e.ci95.void == 20 - len(replicates)


def test_reversing_the_reference_mirrors_every_figure() -> None:
    table = table_of(drawn(3))
    up = reference_agreement(table, named(1, 2, 3, 4, 5), seed=1, resamples=50)
    down = reference_agreement(table, named(5, 4, 3, 2, 1), seed=1, resamples=50)
    assert up.pair_concordance.value is not None and up.item_concordance.value is not None
    assert up.signed_delta.value is not None
    assert down.pair_concordance.value == pytest.approx(1 - up.pair_concordance.value)
    assert down.item_concordance.value == pytest.approx(1 - up.item_concordance.value)
    assert down.signed_delta.value == pytest.approx(-up.signed_delta.value)


def test_only_scored_writers_with_a_reference_score_take_part() -> None:
    values = drawn(0)
    values[4] = np.nan
    reference = named(1, 2, 3) | {"w04": 9.0, "unknown": 1.0}
    result = reference_agreement(table_of(values), reference, seed=0, resamples=50)
    alone = reference_agreement(table_of(values[:3]), named(1, 2, 3), seed=0, resamples=50)
    assert result == alone
    assert result.writers == 3


def test_undefined_figures_have_a_reason() -> None:
    table = table_of(drawn(0))
    with pytest.raises(UndefinedFigure, match="fewer than two writers"):
        reference_agreement(table, named(1), seed=0)
    with pytest.raises(UndefinedFigure, match="all reference scores tie"):
        reference_agreement(table, named(2, 2, 2, 2, 2), seed=0)
    one_item = reference_agreement(table_of(drawn(0, (3, 2, 1))), named(1, 2, 3), seed=0)
    assert one_item.pair_concordance.value is not None
    assert one_item.pair_concordance.ci95 is None
    assert one_item.pair_concordance.reason == "fewer than two items"


def test_writers_who_share_no_item_have_no_item_concordance() -> None:
    values = np.array([[[1.0, 2, np.nan, np.nan]], [[np.nan, np.nan, 3, 4]]])
    table = ScoreTable(("a", "b"), ("1",), ("w", "x", "y", "z"), values)
    result = reference_agreement(table, {"a": 1, "b": 2}, seed=0, resamples=50)
    assert result.pair_concordance.value == 1
    assert result.item_concordance.value is None
    assert "same item" in result.item_concordance.reason
