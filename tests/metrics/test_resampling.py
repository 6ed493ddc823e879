from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from judgemark.metrics import order_agreement as agreement
from judgemark.metrics import separability
from judgemark.metrics.calibration import calibrated
from judgemark.metrics.composite import CONSTANTS, WEIGHTS, v4_score
from judgemark.metrics.interval_methods import variance_within
from judgemark.metrics.kendall import mean_tau_between, pair_signs, tau_b
from judgemark.metrics.resampling import (
    ResampledTable,
    item_resamples,
    leaving_one_out,
    resampled_scores,
    scores_without_each_writer,
    v4_without_each_item,
)
from judgemark.metrics.stability import shuffled_means, stability_tau, stability_without_each
from judgemark.table.score_table import ScoreTable
from tests.metrics.tables import judged, table_of

REFERENCE = {"w00": 1.0, "w01": 3.0, "w02": 2.0, "w04": 5.0}
UNSHUFFLED = ("kendall_tau", "separability")


def source(
    table: ScoreTable, name: str = "v2", components: tuple[str, ...] = UNSHUFFLED, v4: bool = True
) -> ResampledTable:
    present = {"raw": components, "calibrated": components}
    return ResampledTable(table, {name: present}, REFERENCE, v4)


def plain_scores(table: ScoreTable, name: str, reference: Mapping[str, float]) -> dict[str, float]:
    """v2 or v2.1 without stability, and v4, by the plain definitions."""
    constants = CONSTANTS[name]
    parts = {
        "kw_stat": separability.kruskal_wallis(table),
        "overlap_pct": separability.ci_overlap(table, constants.overlap_level),
        "std_dev": separability.std_dev(table),
        "score_range": separability.score_range(table),
        "average_ci95": separability.average_ci95(table),
        "emd": separability.emd(table),
        "cohens_d": separability.cohens_d(table),
    }
    components = {
        "kendall_tau": agreement.reference_tau(table, reference),
        "separability": float(constants.separability_of(parts)),
    }
    v4 = v4_score(separability.omega_squared(table), separability.cliffs_delta(table))
    return {name: float(constants.score_of(components, "raw")), "v4": float(v4)}


def test_draws_depend_on_seed_and_items_alone() -> None:
    items = [f"i{n}" for n in range(7)]
    first = item_resamples(items, seed=1, resamples=50)
    assert first.shape == (50, 7) and first.min() == 0 and first.max() == 6
    assert np.array_equal(first, item_resamples(tuple(items), seed=1, resamples=50))
    assert np.array_equal(first[:20], item_resamples(items, seed=1, resamples=20))
    assert not np.array_equal(first, item_resamples(items, seed=2, resamples=50))
    assert not np.array_equal(first, item_resamples([*items[:-1], "other"], 1, 50))


def test_leaving_one_out() -> None:
    assert leaving_one_out(3).tolist() == [[1, 2], [0, 2], [0, 1]]
    assert leaving_one_out(1).shape == (1, 0)
    assert leaving_one_out(0).shape == (0, 0)


@pytest.mark.parametrize("name", ["v2", "v2.1"])
@pytest.mark.parametrize("gaps", [0.0, 0.1])
def test_resampled_scores_are_the_plain_ones(name: str, gaps: float) -> None:
    table = judged(5, 2, 9, gaps=gaps, seed=3)
    scores = resampled_scores(source(table, name), seed=4, resamples=25).scores
    for k, row in enumerate(item_resamples(table.items, 4, 25)):
        one = table_of(table.values[:, :, row])
        for version, scaled in (("raw", one), ("calibrated", calibrated(one))):
            for card, expected in plain_scores(scaled, name, REFERENCE).items():
                assert scores[card, version][k] == pytest.approx(expected, abs=1e-9)


def test_v4_without_each_item_is_the_plain_one() -> None:
    table = judged(5, 2, 7, seed=3)
    scores = v4_without_each_item(table)
    # The calibrated table keeps the landmarks of all items.
    for version, scaled in (("raw", table), ("calibrated", calibrated(table))):
        for k, row in enumerate(leaving_one_out(7)):
            expected = plain_scores(table_of(scaled.values[:, :, row]), "v2", REFERENCE)["v4"]
            assert scores["v4", version][k] == pytest.approx(expected, abs=1e-9)


def test_scores_without_each_writer_are_the_plain_ones() -> None:
    table = judged(5, 2, 7, seed=3)
    scores = scores_without_each_writer(source(table), shuffles=10, seed=0)
    for k, row in enumerate(leaving_one_out(5)):
        one = table_of(table.values[row])
        known = {f"w{n:02}": REFERENCE[w] for n, w in enumerate(np.array(table.writers)[row])
                 if w in REFERENCE}  # fmt: skip
        for version, scaled in (("raw", one), ("calibrated", calibrated(one))):
            for card, expected in plain_scores(scaled, "v2", known).items():
                assert scores[card, version][k] == pytest.approx(expected, abs=1e-9)


def test_a_resample_that_leaves_a_writer_without_items_is_void() -> None:
    values = judged(4, 2, 5, seed=1).values
    values[0, :, 1:] = np.nan
    table = table_of(values)
    scores = resampled_scores(source(table), seed=0, resamples=60).scores
    void = ~(item_resamples(table.items, 0, 60) == 0).any(axis=1)
    assert 0 < void.sum() < 60
    for row in scores.values():
        assert np.array_equal(np.isnan(row), void)


def test_the_variance_within_resamples_is_that_of_resampling_them() -> None:
    # Without stability nothing is shuffled, and any resample can be resampled by hand.
    table = judged(5, 2, 9, seed=3)
    one = source(table, "v2", UNSHUFFLED, v4=False)
    within = variance_within(resampled_scores(one, seed=4, resamples=400).nested["v2", "raw"])
    variances = []
    for seed, row in enumerate(item_resamples(table.items, 4, 40)):
        drawn = table_of(table.values[:, :, row])
        again = resampled_scores(source(drawn, "v2", UNSHUFFLED, v4=False), seed, resamples=30)
        variances.append(np.nanvar(again.scores["v2", "raw"], ddof=1))
    # 250 pairs know a variance to sqrt(2/250) = 9%, 40 sets of 30 to about 5%: four of both.
    assert within == pytest.approx(np.mean(variances), rel=0.4)


def test_the_variance_within_resamples_holds_no_noise_of_shuffles() -> None:
    # All items alike: resampling changes nothing, and what is left is the shuffles' own.
    values = np.repeat(judged(6, 3, 1, seed=2).values, 10, axis=2)
    only_stability = source(table_of(values), "v2", ("stability_tau",), v4=False)
    drawn = resampled_scores(only_stability, seed=3, resamples=1000)
    noise = np.var(drawn.scores["v2", "raw"])
    # Products of differences that share nothing have mean 0: 2 noise / sqrt(250) / 2, four times.
    assert noise > 0
    assert abs(variance_within(drawn.nested["v2", "raw"])) < 4 * noise / 250**0.5


def test_v4_is_not_resampled_twice() -> None:
    drawn = resampled_scores(source(judged(5, 2, 6, seed=1)), seed=0, resamples=20)
    assert ("v4", "raw") in drawn.scores
    assert set(drawn.nested) == {("v2", "raw"), ("v2", "calibrated")}


def test_one_shuffle_per_resample_is_a_fair_draw_of_its_stability() -> None:
    # v2.1's score of stability alone is its share of 0.7..1: writers far enough apart lie inside
    values = judged(6, 3, 10, seed=2).values + 0.2 * np.arange(6.0)[:, None, None]
    table = table_of(values)
    only_stability = source(table, "v2.1", ("stability_tau",), v4=False)
    scores = resampled_scores(only_stability, seed=3, resamples=1500).scores["v2.1", "raw"]
    expected = []
    for row in item_resamples(table.items, 3, 1500):
        means = shuffled_means(table_of(table.values[:, :, row]), shuffles=10)
        shares = np.clip((mean_tau_between(pair_signs(means)) - 0.7) / 0.3, 0, 1)
        expected.append(100 * shares.mean())
    # on the same resamples only the shuffles differ: 25 points / sqrt(1500) = .65, four of which
    assert scores.mean() == pytest.approx(np.mean(expected), abs=2.6)


def test_twins_are_the_same_resamples_under_another_shuffle() -> None:
    table = table_of(judged(6, 3, 10, seed=2).values + 0.2 * np.arange(6.0)[:, None, None])
    drawn = resampled_scores(source(table, "v2.1", tuple(WEIGHTS)), seed=3, resamples=400)
    for version in ("raw", "calibrated"):
        assert np.array_equal(drawn.scores["v4", version], drawn.twins["v4", version])
        one, other = drawn.scores["v2.1", version], drawn.twins["v2.1", version]
        # Both rows are draws of one kind: four standard errors apart at most, as widely spread.
        assert not np.array_equal(one, other)
        assert one.mean() == pytest.approx(other.mean(), abs=4 * (one - other).std() / 400**0.5)
        assert one.std() == pytest.approx(other.std(), rel=0.2)
    without = resampled_scores(source(table, "v2.1", ("separability",)), seed=3, resamples=20)
    same = without.scores["v2.1", "raw"]
    assert np.array_equal(same, without.twins["v2.1", "raw"])


def test_incomplete_items_take_no_part_in_a_resamples_shuffle() -> None:
    # of item 1 only iteration 1 is scored: stability of any resample is that of the other items
    values = np.array([[[1.0, 9], [2, 9]], [[5, 9], [6, 9]], [[8, 9], [9, 9]]])
    values[:, 1, 1] = np.nan
    scores = resampled_scores(
        source(table_of(values), "v2.1", ("stability_tau",), v4=False), seed=0, resamples=40
    ).scores["v2.1", "raw"]
    without = ~(item_resamples(("i000", "i001"), 0, 40) == 0).any(axis=1)
    # the writers lie apart in every shuffle (tau 1 -> 100), where item 0 was drawn at all
    assert np.isnan(scores[without]).all() and (scores[~without] == 100).all()


@pytest.mark.parametrize("digits", [2, 0])
def test_stability_without_each_writer_keeps_the_shuffles(digits: int) -> None:
    table = judged(6, 3, 9, digits=digits, seed=8)
    without = stability_without_each(table, shuffles=30, seed=2)
    means = shuffled_means(table, shuffles=30, seed=2)
    for k, row in enumerate(leaving_one_out(6)):
        taus = []
        for shuffle in means[:, :, row]:
            for a, b in ((0, 1), (0, 2), (1, 2)):
                taus.append(tau_b(shuffle[a], shuffle[b]))
        assert without[k] == pytest.approx(np.mean(taus), abs=1e-9)


def test_leaving_out_a_writer_without_stability_changes_nothing() -> None:
    values = judged(5, 2, 6, seed=8).values
    values[2, 0] = np.nan
    table = table_of(values)
    without = stability_without_each(table, shuffles=30)
    assert without[2] == pytest.approx(stability_tau(table, shuffles=30))


def test_only_what_is_present_is_scored() -> None:
    present = {"raw": (), "calibrated": tuple(WEIGHTS)}
    one = ResampledTable(judged(4, 2, 5), {"v2": present}, REFERENCE, v4=False)
    assert set(resampled_scores(one, 0, 10).scores) == {("v2", "calibrated")}
    assert set(scores_without_each_writer(one, 10, 0)) == {("v2", "calibrated")}
