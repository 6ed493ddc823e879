"""Every figure of a batch equals the plain one of each of its tables."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics import batch_figures as figures
from judgemark.metrics import order_agreement as agreement
from judgemark.metrics import separability
from judgemark.metrics.calibration import calibrated, landmarks
from judgemark.metrics.item_pairs import ItemPairs
from judgemark.metrics.resampling import item_resamples, leaving_one_out
from judgemark.metrics.table_batch import Batch, Coded, Ints, Moments
from judgemark.table.score_table import Floats, ScoreTable
from tests.metrics.tables import judged, table_of

NAN = float("nan")

TABLES = {
    "rounded": judged(6, 3, 8),
    "whole numbers, many ties": judged(6, 3, 8, digits=0),
    "unrounded": judged(5, 2, 9, digits=None),
    "gaps": judged(6, 3, 8, gaps=0.15),
    "gaps and ties": judged(5, 2, 8, gaps=0.3, digits=0),
    "two writers": judged(2, 2, 6),
    "one iteration": judged(5, 1, 8),
    "a constant writer": table_of(
        np.concatenate([judged(4, 2, 6).values, np.full((1, 2, 6), 6.1)])
    ),
    "ratings": table_of(1200 + 30 * judged(5, 1, 8, digits=None).values),
    "equal scores": table_of(np.full((3, 2, 4), 0.1)),
}

PLAIN: dict[str, Callable[[ScoreTable], float]] = {
    "kw_stat": separability.kruskal_wallis,
    "omega_squared": separability.omega_squared,
    "cliffs_delta": separability.cliffs_delta,
    "std_dev": separability.std_dev,
    "score_range": separability.score_range,
    "average_ci95": separability.average_ci95,
    "overlap_99": partial(separability.ci_overlap, level=0.99),
    "overlap_70": partial(separability.ci_overlap, level=0.70),
    "emd": separability.emd,
    "cohens_d": separability.cohens_d,
}


def in_batch(batch: Batch, by_level: Floats) -> dict[str, Floats]:
    moments = Moments.of(batch, by_level)
    return {
        "kw_stat": figures.kruskal_wallis(batch),
        "omega_squared": figures.omega_squared(moments),
        "cliffs_delta": figures.cliffs_delta(batch),
        "std_dev": figures.std_dev(moments),
        "score_range": figures.score_range(moments),
        "average_ci95": figures.average_ci95(moments),
        "overlap_99": figures.ci_overlap(moments, 0.99),
        "overlap_70": figures.ci_overlap(moments, 0.70),
        "emd": (figures.emd_weights(batch) * by_level).sum(axis=1),
        "cohens_d": figures.cohens_d(moments),
    }


def or_nan(figure: Callable[[], float]) -> float:
    try:
        return figure()
    except UndefinedFigure:
        return NAN


def resampled(table: ScoreTable, picks: Ints) -> list[ScoreTable]:
    return [table_of(table.values[:, :, row]) for row in picks]


def whole(tables: list[ScoreTable]) -> list[int]:
    """The places of the tables that leave every writer an item: the others are void."""
    return [k for k, table in enumerate(tables) if all(g.size for g in table.groups)]


@pytest.fixture(params=list(TABLES.values()), ids=list(TABLES))
def table(request: pytest.FixtureRequest) -> ScoreTable:
    found: ScoreTable = request.param
    return found


def only_batch(table: ScoreTable, picks: Ints) -> Batch:
    [(rows, batch)] = Coded.of(table).with_items(picks)
    assert rows == slice(0, len(picks))
    return batch


def test_components_of_resampled_items(table: ScoreTable) -> None:
    picks = item_resamples(table.items, seed=5, resamples=40)
    batch = only_batch(table, picks)
    tables = resampled(table, picks)
    raw = in_batch(batch, batch.raw_levels())
    scaled = in_batch(batch, batch.calibrated_levels())
    assert len(whole(tables)) > 20
    for k in whole(tables):
        for name, figure in PLAIN.items():
            expected = or_nan(partial(figure, tables[k]))
            assert raw[name][k] == pytest.approx(expected, abs=1e-9, nan_ok=True), name
            expected = or_nan(partial(figure, calibrated(tables[k])))
            assert scaled[name][k] == pytest.approx(expected, abs=1e-9, nan_ok=True), name


def test_components_without_one_writer(table: ScoreTable) -> None:
    picks = leaving_one_out(len(table.writers))
    [(_, batch)] = Coded.of(table).with_writers(picks)
    raw = in_batch(batch, batch.raw_levels())
    for k, row in enumerate(picks):
        left = table_of(table.values[row])
        for name, figure in PLAIN.items():
            expected = or_nan(partial(figure, left))
            assert raw[name][k] == pytest.approx(expected, abs=1e-9, nan_ok=True), name


def test_landmarks(table: ScoreTable) -> None:
    picks = item_resamples(table.items, seed=1, resamples=30)
    found = only_batch(table, picks).landmarks()
    for k, one in enumerate(resampled(table, picks)):
        assert found[k] == pytest.approx(landmarks(one).as_list(), abs=1e-12)


@pytest.mark.parametrize(
    "known", [(5, 4, 3, 2, 1, 0), (1, 1, 2, NAN, 3, NAN), (NAN, 7, 3, 9, 7, 1)]
)
def test_agreement_with_a_reference(table: ScoreTable, known: tuple[float, ...]) -> None:
    row = np.array([known[: len(table.writers)]], dtype=float)
    reference = {f"w{w:02}": v for w, v in enumerate(row[0].tolist()) if not np.isnan(v)}
    picks = item_resamples(table.items, seed=2, resamples=30)
    batch = only_batch(table, picks)
    raw = figures.reference_tau(Moments.of(batch, batch.raw_levels()), row)
    tables = resampled(table, picks)
    for k in whole(tables):
        expected = or_nan(partial(agreement.reference_tau, tables[k], reference))
        assert raw[k] == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_deltas_by_pairs_of_items_equal_those_by_levels(table: ScoreTable) -> None:
    coded = Coded.of(table)
    picks = item_resamples(table.items, seed=3, resamples=40)
    batch = only_batch(table, picks)
    there = (batch.sizes.sum(axis=2) > 0).all(axis=1)
    by_pairs = ItemPairs.of(coded).cliffs_delta(picks)[there]
    assert by_pairs == pytest.approx(figures.cliffs_delta(batch)[there], abs=1e-12)


def test_which_way_to_count_is_chosen_by_size() -> None:
    assert ItemPairs.pays_off(Coded.of(judged(5, 3, 8)))
    # 8 items squared are more than twice the few levels of whole numbers
    assert not ItemPairs.pays_off(Coded.of(judged(5, 3, 8, digits=0)))
    assert not ItemPairs.pays_off(Coded.of(judged(1, 3, 8)))


def test_batches_do_not_change_the_numbers() -> None:
    table = judged(5, 2, 6, gaps=0.1)
    picks = item_resamples(table.items, seed=5, resamples=12)
    batch = only_batch(table, picks)
    together = in_batch(batch, batch.raw_levels())
    # Five tables of 5 writers, 6 items and 2 iterations at once.
    parts = list(Coded.of(table).with_items(picks, cells_at_once=5 * 5 * 6 * 2))
    assert [len(part.codes) for _, part in parts] == [5, 5, 2]
    for rows, part in parts:
        for name, values in in_batch(part, part.raw_levels()).items():
            # A figure that a resample leaves undefined is so in both.
            assert values == pytest.approx(together[name][rows], abs=1e-12, nan_ok=True), name


def test_histograms_are_the_same_table_by_table() -> None:
    table = judged(5, 2, 6, gaps=0.1)
    batch = only_batch(table, item_resamples(table.items, seed=5, resamples=12))
    [(_, together)] = batch.histograms()
    parts = list(batch.histograms(cells_at_once=1))
    assert [len(part) for _, part in parts] == [1] * 12
    np.testing.assert_array_equal(np.concatenate([part for _, part in parts]), together)
