from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import UndefinedFigure
from judgemark.metrics.calibration import calibrate, calibrated, landmarks
from judgemark.metrics.permutation_null import null_scores, permutation_nulls, permuted_tables
from judgemark.metrics.table_batch import Coded
from judgemark.table.score_table import Floats
from tests.metrics.tables import judged, table_of


def drawn(shape: tuple[int, int, int], seed: int = 0, decimals: int = 1) -> Floats:
    rng = np.random.default_rng(seed)
    quality = np.linspace(4, 6, shape[0])[:, np.newaxis, np.newaxis]
    values: Floats = (quality + rng.normal(0, 1, shape)).round(decimals)
    return values


def plain_v4(values: Floats) -> float:
    """The v4 score by its definition, pair by pair."""
    groups = [row[~np.isnan(row)] for row in values.reshape(len(values), -1)]
    pooled = np.concatenate(groups)
    within = sum(((g - g.mean()) ** 2).sum() for g in groups)
    total = ((pooled - pooled.mean()) ** 2).sum()
    msw = within / (len(pooled) - len(groups))
    omega = (total - within - (len(groups) - 1) * msw) / (total + msw)
    deltas = [abs(np.sign(np.subtract.outer(a, b)).mean()) for a, b in combinations(groups, 2)]
    return 100 * (0.5 * float(omega) + 0.5 * float(np.mean(deltas))) / 0.75


def test_two_writers_and_two_items_have_only_two_possible_scores() -> None:
    # item 1: 0 and 1, item 2: 2 and 3; SST = 5 in every permutation.
    # {0, 2} {1, 3}: SSB = 1, MSW = 4/2 = 2, omega = (1 - 2)/(5 + 2) = -1/7; delta = (1 - 3)/4
    # {0, 3} {1, 2}: SSB = 0, MSW = 5/2, omega = -2.5/7.5 = -1/3; delta = (2 - 2)/4 = 0
    together = 100 * (0.5 * -1 / 7 + 0.5 * 0.5) / 0.75
    crossed = 100 * (0.5 * -1 / 3) / 0.75
    scores = null_scores(table_of([[[0.0, 2.0]], [[1.0, 3.0]]]), seed=1, n=4000)["raw"]
    high = np.isclose(scores, together)
    assert np.all(high | np.isclose(scores, crossed))
    # Each is half of the 4 equally likely permutations: 4 standard errors are 0.032.
    assert abs(high.mean() - 0.5) < 0.032


def test_the_null_carries_its_summary_and_how_it_was_made() -> None:
    table = table_of(drawn((5, 2, 6)))
    scores = null_scores(table, seed=3, n=200)
    for version, result in permutation_nulls(table, seed=3, n=200).items():
        own = scores[version]
        assert (result.n, result.seed) == (200, 3)
        assert result.mean == pytest.approx(own.mean())
        assert result.p95 == pytest.approx(np.percentile(own, 95))
        assert result.p_value == (np.count_nonzero(own >= result.observed - 1e-9) + 1) / 201


def test_one_version_alone_has_the_null_that_it_has_beside_the_other() -> None:
    table = judged(5, 2, 6, seed=4)
    both = permutation_nulls(table, seed=3, n=50)
    for version in both:
        assert permutation_nulls(table, 3, 50, (version,)) == {version: both[version]}


def test_a_perfect_judge_is_beyond_every_permutation() -> None:
    values = np.repeat(np.arange(6.0), 20).reshape(6, 2, 10)
    result = permutation_nulls(table_of(values), seed=0, n=99)["raw"]
    # omega = 1 and every |delta| = 1, so v4 = 100 / 0.75; no permutation does as well: 1/100.
    assert result.observed == pytest.approx(100 / 0.75)
    assert result.p_value == 0.01


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(1, 3), st.integers(3, 6))
def test_observed_follows_the_definition_with_ties_and_gaps(
    seed: int, writers: int, iterations: int, items: int
) -> None:
    values = drawn((writers, iterations, items), seed)
    # The first writer lacks some items, and the first iteration of item 1 is nobody's.
    values[0, :, 2:][:, np.random.default_rng(seed).random(items - 2) < 0.5] = np.nan
    if iterations > 1:
        values[:, 0, 1] = np.nan
    table = table_of(values)
    result = permutation_nulls(table, 0, 1)
    assert result["raw"].observed == pytest.approx(plain_v4(values))
    assert result["calibrated"].observed == pytest.approx(plain_v4(calibrated(table).values))


def blocks_of(values: Floats) -> dict[int, list[tuple[float, ...]]]:
    """By item, each writer's scores there, sorted, without the gaps."""
    return {
        item: sorted(tuple(np.sort(row[~np.isnan(row)]).tolist()) for row in values[:, :, item])
        for item in range(values.shape[2])
    }


def test_blocks_stay_whole_and_writers_keep_their_numbers_of_scores() -> None:
    values = drawn((4, 2, 5), decimals=6)
    # On item 0 two writers have one score each, in different iterations: they exchange these. On
    # items 1 and 2 only writer 0 has one score, which stays.
    values[0, 0, :3] = values[1, 1, 0] = np.nan
    coded = Coded.of(table_of(values))
    # A code is a place among the levels; the last one stands for a gap.
    levels = np.append(coded.levels, np.nan)
    seen = [
        np.swapaxes(levels[codes], 1, 2)
        for _, batch in permuted_tables(coded, seed=5, n=50)
        for codes in batch.codes
    ]
    scores = null_scores(table_of(values), seed=5, n=50)
    marks = landmarks(table_of(values))
    counts = (~np.isnan(values)).sum(axis=1)
    assert len(seen) == 50
    for permuted, raw, rescaled in zip(seen, scores["raw"], scores["calibrated"], strict=True):
        np.testing.assert_array_equal((~np.isnan(permuted)).sum(axis=1), counts)
        assert blocks_of(permuted) == blocks_of(values)
        np.testing.assert_array_equal(permuted[0, :, 1:3], values[0, :, 1:3])
        assert raw == pytest.approx(plain_v4(permuted))
        assert rescaled == pytest.approx(plain_v4(calibrate(permuted, marks)))
    assert len({p.tobytes() for p in seen}) == 50
    first = {tuple(np.sort(p[0, :, 0])[:1].tolist()) for p in seen}
    assert first == {(values[0, 1, 0],), (values[1, 0, 0],)}


def test_every_order_of_three_blocks_is_equally_likely() -> None:
    # One item, three writers: 6 orders in 3,000 draws, 500 +- 4 x 20.4 each.
    coded = Coded.of(table_of([[[1.0], [2.0]], [[3.0], [4.0]], [[5.0], [6.0]]]))
    seen = [tuple(c.ravel().tolist()) for _, b in permuted_tables(coded, 1, 3000) for c in b.codes]
    assert len(set(seen)) == 6
    assert all(abs(seen.count(order) - 500) < 82 for order in set(seen))


def test_steady_tastes_are_chance_though_every_iteration_repeats_them() -> None:
    # Two writers, six items, three iterations: each item has a winner by 1 point in all three,
    # three items for either writer. With blocks whole the observed table is among the likely ones:
    # its means are equal, so that every permutation reaches at least its score.
    wins = np.array([1.0, 1, 1, 0, 0, 0])
    values = np.stack([np.tile(wins, (3, 1)), np.tile(1 - wins, (3, 1))])
    assert permutation_nulls(table_of(values), seed=0, n=99)["raw"].p_value == 1.0


def test_draws_depend_neither_on_names_nor_on_the_batch() -> None:
    values = drawn((6, 2, 8), decimals=2)
    scores = null_scores(table_of(values), seed=2, n=100)["raw"]
    renamed = null_scores(table_of(values[::-1]), seed=2, n=100)["raw"]
    np.testing.assert_allclose(renamed, scores, atol=1e-9)
    singly = null_scores(table_of(values), seed=2, n=100, cells_at_once=1)["raw"]
    np.testing.assert_allclose(singly, scores, atol=1e-9)
    assert not np.allclose(null_scores(table_of(values), 3, 100)["raw"], scores)


def test_the_calibrated_null_holds_when_scores_are_rescaled() -> None:
    values = drawn((5, 2, 6))
    plain, rescaled = (null_scores(table_of(v), 0, 50) for v in (values, 3 + 2 * values))
    np.testing.assert_allclose(rescaled["calibrated"], plain["calibrated"], atol=1e-9)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.ones((1, 2, 3)), "two writers"),
        (np.array([[[1.0, 2.0]], [[np.nan, np.nan]]]), "two writers"),
        (np.array([[[1.0]], [[2.0]]]), "more than one score"),
        (np.ones((3, 2, 4)), "all scores are equal"),
        (np.empty((0, 0, 0)), "two writers"),
    ],
)
def test_a_null_that_is_undefined_says_why(values: Floats, reason: str) -> None:
    with pytest.raises(UndefinedFigure, match=reason):
        permutation_nulls(table_of(values), seed=0)


def test_nothing_can_be_permuted_where_each_item_has_one_writer() -> None:
    # Two writers on two items each, none of them shared: every permutation is the table itself.
    values = np.array([[[1.0, 2.0, np.nan, np.nan]], [[np.nan, np.nan, 3.0, 4.0]]])
    with pytest.raises(UndefinedFigure, match="only 0 of 4 blocks"):
        permutation_nulls(table_of(values), seed=0)


def test_half_of_the_blocks_must_have_another_place_to_go() -> None:
    # Two iterations, two writers, four items. On an item where one writer has a score less, no
    # block can move: two such items leave 4 of 8 blocks, three leave 2 of 8.
    values = drawn((2, 2, 4))
    values[0, 0, :2] = np.nan
    assert permutation_nulls(table_of(values), seed=0, n=9)["raw"].n == 9
    values[0, 0, 2] = np.nan
    with pytest.raises(UndefinedFigure, match="only 2 of 8 blocks"):
        permutation_nulls(table_of(values), seed=0)
