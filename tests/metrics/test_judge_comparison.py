from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from judgemark.errors import UndefinedFigure, UsageError
from judgemark.metrics.judge_comparison import Comparison, Contender, common, compare, paired
from judgemark.metrics.scorecards import RATINGS_HAVE_NO_RAW
from judgemark.table.score_table import Floats, ScoreTable
from tests.metrics.tables import table_of


def fast(first: Contender, second: Contender) -> Comparison:
    return compare(first, second, shuffles=20, resamples=100)


def judged(noise: float, seed: int, shape: tuple[int, int, int] = (6, 2, 12)) -> ScoreTable:
    """Six writers in the order of their names, under a judge of the given noise."""
    quality = np.linspace(4, 7, shape[0])[:, np.newaxis, np.newaxis]
    return table_of(quality + np.random.default_rng(seed).normal(0, noise, shape))


def contender(table: ScoreTable) -> Contender:
    return Contender(table, table)


def without(table: ScoreTable, *places: tuple[int, int, int]) -> ScoreTable:
    values: Floats = table.values.copy()
    for place in places:
        values[place] = np.nan
    return table.with_values(values)


def test_a_judge_does_not_differ_from_itself() -> None:
    judge = contender(judged(1, 0))
    result = fast(judge, judge)
    assert result.tau == pytest.approx(1)
    for versions in result.differences.values():
        for found in versions.values():
            assert (found.difference, found.p_value) == (0, 1)
            assert found.ci95 is not None
            assert found.ci95.ends() == [0, 0]


def test_a_clear_judge_is_told_from_a_noisy_one_and_the_sign_follows_the_order() -> None:
    clear, noisy = contender(judged(0.5, 0)), contender(judged(3, 1))
    found = fast(clear, noisy).differences["v4"]["raw"]
    back = fast(noisy, clear).differences["v4"]["raw"]
    assert found.difference is not None and back.difference is not None
    assert found.difference > 20
    assert found.p_value is not None and found.p_value < 0.001
    assert found.ci95 is not None and found.ci95.low > 0
    assert back.difference == -found.difference
    assert back.p_value == pytest.approx(found.p_value)


def test_interval_and_p_of_paired_differences() -> None:
    # 3 items, replicates 1 2 3: SD 1, sqrt(3/2) of it is the error; t(2) at 97.5% = 4.302653.
    interval, p = paired(2.0, np.array([1.0, 2.0, 3.0]), items=3, seed=0)
    assert interval.low == pytest.approx(2 - 4.302653 * math.sqrt(1.5))
    # With 2 degrees of freedom P(|T| > t) = 1 - t / sqrt(2 + t^2); here t^2 = 4 / 1.5.
    t = 2 / math.sqrt(1.5)
    assert p == pytest.approx(1 - t / math.sqrt(2 + t * t))


def test_a_difference_is_corrected_like_a_single_score() -> None:
    # Variance 1 over 3 items: 2/3 are due within; pairs 4/3 apart have (4/3)^2 / 2 = 8/9 = 4/3 x.
    nested = np.full((2, 50), 4 / 3)
    replicates = np.array([1.0, 2.0, 3.0])
    interval, p = paired(2.0, replicates, items=3, seed=0, nested=nested)
    assert interval.overstated == pytest.approx(4 / 3)
    assert interval.low == pytest.approx(2 - 4.302653 * math.sqrt(1.5 / (4 / 3)))
    t = 2 / math.sqrt(1.5 / (4 / 3))
    assert p == pytest.approx(1 - t / math.sqrt(2 + t * t))


def test_p_is_below_005_just_where_the_interval_leaves_out_zero() -> None:
    replicates = np.random.default_rng(0).normal(0, 1, 200)
    for difference in (1.0, 2.0, 2.2, 2.3, 2.4, 3.0):
        interval, p = paired(difference, replicates, items=12, seed=0)
        assert (p < 0.05) == (interval.low > 0)


def test_replicates_that_never_vary() -> None:
    assert paired(0.0, np.zeros(10), items=5, seed=0)[1] == 1
    with pytest.raises(UndefinedFigure, match="the same difference"):
        paired(1.0, np.ones(10), items=5, seed=0)


def test_only_pieces_that_both_scored_count_and_the_others_are_counted() -> None:
    first = without(judged(1, 0), (0, 0, 0), (1, 1, 5))
    second = without(judged(1, 1), (0, 0, 0), (2, 0, 3), (2, 0, 4))
    result = fast(contender(first), contender(second))
    # 6 * 2 * 12 = 144 places; one scored by neither, one by the second alone, two by the first.
    assert result.pieces == 144 - 4
    assert result.left_out == {"v2": (2, 1), "v2.1": (2, 1)}
    holes = [(0, 0, 0), (1, 1, 5), (2, 0, 3), (2, 0, 4)]
    same = fast(contender(without(first, *holes)), contender(without(second, *holes)))
    assert same.differences == result.differences


def test_a_writer_or_an_item_that_one_run_lacks_is_left_out() -> None:
    table = judged(1, 0)
    fewer = ScoreTable(
        table.writers[1:], table.iterations, table.items[:-1], table.values[1:, :, :-1]
    )
    both = common(table, fewer)
    assert both.first.writers == both.second.writers == table.writers[1:]
    np.testing.assert_array_equal(both.first.values, both.second.values)
    assert both.left_out == (144 - 5 * 2 * 11, 0)


def test_other_samples_are_refused() -> None:
    first, second = contender(judged(1, 0)), contender(judged(1, 1))
    place = ("w00", "1", "i000")
    one, other = replace(first, hashes={place: "aa"}), replace(second, hashes={place: "bb"})
    with pytest.raises(UsageError, match=r"1 pieces differ.*w00, iteration 1, item i000"):
        fast(one, other)
    unknown = replace(second, hashes={place: ""})
    assert fast(one, unknown).tau is not None
    elsewhere = ScoreTable(("x", "y"), ("1",), ("z",), np.array([[[1.0]], [[2.0]]]))
    with pytest.raises(UsageError, match="no piece was scored in both runs"):
        fast(first, contender(elsewhere))


def test_scores_with_different_components_are_not_compared() -> None:
    # A judge that looks at the item alone: all writers tie, so there is no stability to have.
    alike = np.broadcast_to(np.arange(12.0), (6, 2, 12))
    found = fast(contender(judged(1, 0)), contender(table_of(alike)))
    assert found.tau is None
    assert "tie" in found.tau_reason
    v21 = found.differences["v2.1"]["raw"]
    assert v21.first is not None and v21.second is not None
    assert v21.difference is None and v21.p_value is None
    assert v21.reason == "only one of the two scores has stability_tau"


def test_a_judge_without_a_score_has_no_difference() -> None:
    flat = table_of(np.full((6, 2, 12), 5.0))
    v4 = fast(contender(judged(1, 0)), contender(flat)).differences["v4"]["raw"]
    assert v4.first is not None and v4.second is None
    assert v4.difference is None
    assert "all scores are equal" in v4.reason


def test_ratings_have_no_raw_v2() -> None:
    table = judged(1, 0)
    found = fast(contender(table), Contender(table, table, no_raw=RATINGS_HAVE_NO_RAW))
    assert found.differences["v2"]["raw"].difference is None
    assert "ratings" in found.differences["v2"]["raw"].reason
    assert found.differences["v2"]["calibrated"].difference == 0


def test_one_item_has_a_difference_but_no_interval() -> None:
    shape = (6, 3, 1)
    found = fast(contender(judged(1, 0, shape)), contender(judged(2, 1, shape)))
    v4 = found.differences["v4"]["raw"]
    assert v4.difference is not None
    assert v4.ci95 is None and v4.p_value is None
    assert "fewer than two items" in v4.reason


def test_the_comparison_as_plain_values() -> None:
    plain = fast(contender(judged(1, 0)), contender(judged(2, 1))).to_json()
    text = json.dumps(plain, allow_nan=False)
    assert json.loads(text)["differences"]["v4"]["raw"]["reason"] is None
    assert plain["left_out"] == {"v2": [0, 0], "v2.1": [0, 0]}
