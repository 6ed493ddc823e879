from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import UndefinedFigure
from judgemark.metrics import separability as sep
from judgemark.metrics.calibration import calibrated
from judgemark.metrics.scorecards import scorecards
from judgemark.table.score_table import ScoreTable
from tests.metrics.golden import RUNS, golden, golden_table, needs_golden
from tests.metrics.tables import judged, one_iteration, table_of

Figure = Callable[[ScoreTable], float]

ALL: dict[str, Figure] = {
    "kw_stat": sep.kruskal_wallis,
    "anova_f": sep.anova_f,
    "std_dev": sep.std_dev,
    "score_range": sep.score_range,
    "overlap_pct": lambda t: sep.ci_overlap(t, 0.7),
    "cohens_d": sep.cohens_d,
    "average_ci95": sep.average_ci95,
    "emd": sep.emd,
    "omega_squared": sep.omega_squared,
    "cliffs_delta": sep.cliffs_delta,
}

TWO = one_iteration([1.0, 2.0, 3.0], [4.0, 5.0, 9.0])


def test_kruskal_wallis() -> None:
    # ranks 1 2 3 | 4 5 6: 12 / (6 * 7) * (6^2/3 + 15^2/3) - 3 * 7 = 3.857
    assert sep.kruskal_wallis(TWO) == pytest.approx(12 / 42 * (36 / 3 + 225 / 3) - 21)


def test_the_analysis_of_variance() -> None:
    # means 2 and 6, grand 4: SSB = 3 * 4 + 3 * 4 = 24; SSW = 2 + (4 + 1 + 9) = 16
    # MSW = 16 / 4 = 4; F = 24 / 1 / 4 = 6; omega^2 = (24 - 4) / (40 + 4)
    assert sep.anova_f(TWO) == pytest.approx(6.0)
    assert sep.omega_squared(TWO) == pytest.approx(20 / 44)


def test_the_spread_of_means() -> None:
    # means 2 and 6: population deviation 2, range 4
    assert sep.std_dev(TWO) == 2.0
    assert sep.score_range(TWO) == 4.0


def test_the_overlap_of_neighbours() -> None:
    # s = 1 and sqrt(7); at level 0.6827, z = 1: 2 -+ .5774 and 6 -+ 1.5275 don't meet
    assert sep.ci_overlap(TWO, 0.6826894921370859) == 0.0
    near = one_iteration([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    # both of width 2 * .5774 = 1.1547, a gap of 1: they share .1547
    assert sep.ci_overlap(near, 0.6826894921370859) == pytest.approx(0.154700538 / 1.154700538)


def test_an_interval_of_no_width_overlaps_by_0() -> None:
    # the constant writer's share counts 0; the other's interval holds a point, which is no share
    assert sep.ci_overlap(one_iteration([2.0, 2.0], [1.0, 3.0]), 0.9) == 0.0


def test_cohens_d_pools_population_variances() -> None:
    # v = 2/3 and 14/3, weights 2 and 2: pooled (4/3 + 28/3) / 4 = 8/3; d = 4 / sqrt(8/3)
    assert sep.cohens_d(TWO) == pytest.approx(4 / (8 / 3) ** 0.5)
    assert sep.cohens_d(one_iteration([1.0, 1.0], [2.0, 2.0])) == 0.0


def test_average_ci95() -> None:
    # 1.96 / sqrt(3) * (1 + sqrt(7)) / 2
    assert sep.average_ci95(TWO) == pytest.approx(1.96 / 3**0.5 * (1 + 7**0.5) / 2)


def test_emd_is_the_mean_distance_that_scores_are_moved() -> None:
    # sorted neighbours: |1-4| |2-5| |3-9|, a third each
    assert sep.emd(TWO) == pytest.approx((3 + 3 + 6) / 3)


def test_cliffs_delta_counts_pairs() -> None:
    table = one_iteration([1.0, 3.0], [2.0, 3.0], [9.0, 9.0])
    # w0 against w1: 1<2 1<3 3>2 3=3 -> (1 - 2) / 4; against w2 always below
    assert sep.delta_matrix(table)[0].tolist() == [0.0, -0.25, -1.0]
    assert sep.cliffs_delta(table) == pytest.approx((0.25 + 1 + 1) / 3)


def test_the_deltas_of_a_small_table_take_little_memory() -> None:
    table = one_iteration([1.0, 3.0], [2.0, 3.0], [9.0, 9.0])
    sep.delta_matrix(table)
    tracemalloc.start()
    sep.delta_matrix(table)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 100_000


def test_equal_means_are_ordered_by_their_scores_not_their_names() -> None:
    groups = (
        [5.0, 5.0, 5.0, 5.0],
        [3.0, 7.0, 4.0, 6.0],
        [4.9, 5.1, 5.2, 4.8],
        [1.0, 2.0, 1.0, 2.0],
    )
    for name in ("overlap_pct", "cohens_d"):
        forward = ALL[name](one_iteration(*groups))
        backward = ALL[name](one_iteration(*reversed(groups)))
        assert forward == pytest.approx(backward, abs=1e-12)


def refusals(table: ScoreTable) -> dict[str, str]:
    found = {}
    for name, figure in ALL.items():
        try:
            assert np.isfinite(figure(table))
        except UndefinedFigure as undefined:
            found[name] = str(undefined)
    return found


@pytest.mark.parametrize("scale", [1e-155, 1e-162, 1e-200, 1e-300, 5e-324])
def test_scores_that_differ_by_too_little_are_not_called_equal(scale: float) -> None:
    table = one_iteration(*([scale * score for score in row] for row in ([1, 2, 3], [4, 5, 9])))
    refused = refusals(table)
    assert refused == {"anova_f": sep.TOO_CLOSE, "omega_squared": sep.TOO_CLOSE}
    cards = scorecards(table, table, resamples=0)
    assert cards.cards["v4"]["raw"].score is None  # type: ignore[union-attr]
    assert cards.notes["scorecards.v4.raw.score"] == f"without omega_squared: {sep.TOO_CLOSE}"
    assert cards.cards["v4"]["calibrated"].score is not None  # type: ignore[union-attr]


def test_figures_of_small_scores_are_those_of_larger_ones() -> None:
    small = one_iteration([1e-150, 2e-150, 3e-150], [4e-150, 5e-150, 9e-150])
    assert sep.omega_squared(small) == pytest.approx(sep.omega_squared(TWO))
    assert sep.anova_f(small) == pytest.approx(sep.anova_f(TWO))


def test_tiny_differences_within_writers_are_differences() -> None:
    with pytest.raises(UndefinedFigure, match="differ by too little"):
        sep.anova_f(one_iteration([0.0, 1e-200], [5.0, 5.0]))
    assert sep.omega_squared(one_iteration([0.0, 1e-200], [5.0, 5.0])) == pytest.approx(1.0)


def test_one_writer_alone() -> None:
    alone = refusals(one_iteration([1.0, 2.0, 3.0]))
    assert set(alone) == set(ALL) - {"average_ci95"}


def test_equal_scores() -> None:
    equal = refusals(one_iteration([0.1] * 3, [0.1] * 3, [0.1] * 7))
    assert equal == {
        "kw_stat": "all scores are equal",
        "anova_f": "no writer's scores differ, so F has no bound",
        "omega_squared": "all scores are equal",
    }


def test_a_writer_with_a_single_score() -> None:
    single = refusals(one_iteration([5.0], [4.0, 6.0], [1.0, 3.0]))
    assert set(single) == {"overlap_pct", "average_ci95"}
    assert "single score" in single["overlap_pct"]


def test_writers_of_one_score_each() -> None:
    single = refusals(one_iteration([5.0], [4.0]))
    assert set(single) == {"overlap_pct", "average_ci95", "anova_f", "omega_squared", "cohens_d"}


@pytest.mark.parametrize("low", [1.0, 0.1, 5.37])
def test_writers_whose_own_scores_never_differ(low: float) -> None:
    # three times 0.1 adds up to more than 0.3: no rounding may make a spread of that
    table = one_iteration([low, low, low], [2.3, 2.3, 2.3])
    assert refusals(table) == {"anova_f": "no writer's scores differ, so F has no bound"}
    assert sep.omega_squared(table) == 1.0


def test_no_scores() -> None:
    nothing = refusals(table_of(np.full((2, 1, 3), np.nan)))
    assert set(nothing.values()) - {"fewer than two writers"} == {"no scores"}


def test_a_writer_without_scores_takes_no_part() -> None:
    nan = float("nan")
    with_empty = one_iteration([1.0, 2.0, 3.0], [nan], [4.0, 5.0, 9.0])
    for name, figure in ALL.items():
        assert figure(with_empty) == figure(TWO), name


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(6)), st.permutations(range(5)), st.integers(0, 20))
def test_names_and_order_play_no_part(writers: list[int], items: list[int], seed: int) -> None:
    table = judged(6, 2, 5, seed=seed, gaps=0.1, digits=1)
    shuffled = table.with_values(table.values[writers][:, :, items])
    for name, figure in ALL.items():
        try:
            assert figure(shuffled) == pytest.approx(figure(table), abs=1e-9), name
        except UndefinedFigure:
            with pytest.raises(UndefinedFigure):
                figure(shuffled)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000))
def test_bounds(seed: int) -> None:
    table = judged(5, 2, 4, seed=seed, digits=0)
    assert 0 <= sep.cliffs_delta(table) <= 1
    assert 0 <= sep.ci_overlap(table, 0.9) <= 1
    assert sep.omega_squared(table) <= 1
    assert 0 <= sep.kruskal_wallis(table) <= 5 * 8


@needs_golden
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("rule", ["v2", "v2.1"])
@pytest.mark.parametrize("version", ["raw", "calibrated"])
def test_the_golden_runs(run: str, rule: str, version: str) -> None:
    table = golden_table(run, rule)
    if version == "calibrated":
        table = calibrated(table)
    figures = ALL | {"overlap_pct": lambda t: sep.ci_overlap(t, 0.99 if rule == "v2" else 0.7)}
    expected = golden(run)["expected"][rule][version]
    for name, figure in figures.items():
        assert figure(table) == pytest.approx(expected[name], abs=1e-9), name
