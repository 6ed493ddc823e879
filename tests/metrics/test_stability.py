from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from scipy.stats import kendalltau

from judgemark.errors import UndefinedFigure
from judgemark.metrics.calibration import calibrated
from judgemark.metrics.stability import permuted_cells, shuffled_means, stability_tau
from judgemark.table.score_table import ScoreTable
from tests.metrics.golden import RUNS, golden, golden_table, needs_golden
from tests.metrics.tables import judged, table_of

NAN = float("nan")


def expected_tau(values: list[list[list[float]]]) -> float:
    """The mean over every possible shuffle of a table of writers x iterations x items."""
    array = np.array(values, dtype=float)
    writers, iterations, items = array.shape
    orders = list(permutations(range(iterations)))
    taus = []
    for chosen in product(orders, repeat=writers * items):
        shuffled = np.empty_like(array)
        for cell, order in zip(product(range(writers), range(items)), chosen, strict=True):
            shuffled[cell[0], :, cell[1]] = array[cell[0], list(order), cell[1]]
        means = shuffled.mean(axis=2)
        for a in range(iterations):
            for b in range(a + 1, iterations):
                taus.append(kendalltau(means[:, a], means[:, b])[0])
    return float(np.mean(taus))


def test_writers_far_apart_keep_their_order() -> None:
    assert stability_tau(table_of([[[1], [2]], [[5], [6]], [[8], [9]]]), shuffles=50) == 1.0


def test_the_mean_over_shuffles_tends_to_that_over_all_of_them() -> None:
    # 3 writers x 2 items: 2^6 = 64 shuffles, all of which the check goes through
    values = [[[1.0, 2.5], [3.1, 4.2]], [[2.2, 2.9], [3.7, 1.3]], [[3.3, 4.6], [2.8, 5.2]]]
    got = stability_tau(table_of(values), shuffles=20_000, seed=1)
    # a tau lies in -1..1, so the mean of 20,000 has a standard error of at most .0071
    assert got == pytest.approx(expected_tau(values), abs=0.02)


def test_an_item_that_an_iteration_lacks_takes_no_part() -> None:
    full = judged(5, 3, 4)
    wider = np.concatenate([full.values, np.full((5, 3, 1), 9.0)], axis=2)
    wider[:, 1, 4] = NAN
    assert stability_tau(table_of(wider), shuffles=20) == stability_tau(full, shuffles=20)


def test_a_writer_without_a_complete_item_takes_no_part() -> None:
    full = judged(5, 2, 4)
    values = np.concatenate([full.values, np.full((1, 2, 4), 3.0)])
    values[5, 0, :] = NAN
    assert stability_tau(table_of(values), shuffles=20) == stability_tau(full, shuffles=20)


def test_shuffles_depend_on_the_seed_alone() -> None:
    table = judged()
    assert stability_tau(table, seed=3) == stability_tau(table, seed=3)
    assert stability_tau(table, seed=3) != stability_tau(table, seed=4)


def test_shuffled_means_hold_all_of_an_items_scores() -> None:
    table = judged(4, 3, 6)
    means = shuffled_means(table, shuffles=7)
    assert means.shape == (7, 3, 4)
    # whatever the order, the three iterations' means add up to the same
    assert means.sum(axis=1) == pytest.approx(
        np.tile(table.values.mean(axis=2).sum(axis=1), (7, 1)), abs=1e-12
    )


@pytest.mark.parametrize("length", [2, 3, 5, 7])
def test_every_order_is_as_likely(length: int) -> None:
    cells = np.arange(length)[None, :]
    picks = np.zeros((6000, 1), dtype=np.intp)
    drawn = permuted_cells(cells, picks, np.random.default_rng(0))[:, 0]
    assert np.array_equal(np.sort(drawn, axis=1), np.tile(np.arange(length), (6000, 1)))
    # each value comes first in a share of 1/length; 5 standard errors of 6,000 draws
    first = np.bincount(drawn[:, 0], minlength=length) / 6000
    spread = (1 / length * (1 - 1 / length) / 6000) ** 0.5
    assert np.abs(first - 1 / length).max() < 5 * spread


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (judged(4, 1, 5), "fewer than two iterations"),
        (judged(1, 3, 5), "fewer than two writers"),
        (table_of([[[1, NAN], [NAN, 2]], [[3, 4], [5, 6]]]), "fewer than two writers"),
        (table_of(np.full((3, 2, 4), 5.0)), "all writers tie"),
        (table_of(np.empty((0, 2, 0))), "fewer than two writers"),
    ],
)
def test_where_it_is_undefined(table: ScoreTable, reason: str) -> None:
    with pytest.raises(UndefinedFigure, match=reason):
        stability_tau(table, shuffles=10)


@needs_golden
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("rule", ["v2", "v2.1"])
@pytest.mark.parametrize("version", ["raw", "calibrated"])
def test_the_golden_runs(run: str, rule: str, version: str) -> None:
    table = golden_table(run, rule)
    if version == "calibrated":
        table = calibrated(table)
    expected = golden(run)["expected"][rule][version]["stability_tau"]
    assert stability_tau(table) == pytest.approx(expected, abs=0.015)
