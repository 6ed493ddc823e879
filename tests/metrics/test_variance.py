from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import UndefinedFigure
from judgemark.metrics.variance import (
    VarianceComponents,
    observation_components,
    repeat_difference,
    repeat_icc,
    repeated_pieces,
)
from judgemark.table.score_table import Floats, Observation


def verdicts(values: Floats, member: int = 0) -> list[Observation]:
    """Observations from values of shape (writers, iterations, items, repeats); NaN is none."""
    return [
        Observation(f"w{w}", f"{t}", f"i{i}", member, r, float(values[w, t, i, r]))
        for w, t, i, r in np.argwhere(~np.isnan(values))
    ]


def components_of(values: Floats) -> VarianceComponents:
    """Those of values of shape (writers, iterations, items), each piece judged once."""
    return observation_components(verdicts(values[..., np.newaxis]))


def pieces(*repeats: list[float]) -> list[Observation]:
    """Pieces of one writer, each with its list of repeated scores."""
    return [
        Observation("w", "1", f"i{n}", 0, r, value)
        for n, scores in enumerate(repeats)
        for r, value in enumerate(scores)
    ]


def named(result: VarianceComponents) -> dict[str, float]:
    return {c.name: c.variance for c in result.components}


def simulated(shape: tuple[int, int, int, int], sd: list[float], seed: int) -> Floats:
    writers, iterations, items, repeats = shape
    rng = np.random.default_rng(seed)
    values: Floats = (
        rng.normal(0, sd[0], (writers, 1, 1, 1))
        + rng.normal(0, sd[1], (1, 1, items, 1))
        + rng.normal(0, sd[2], (writers, 1, items, 1))
        + rng.normal(0, sd[3], (writers, iterations, items, 1))
        + rng.normal(0, sd[4], (writers, iterations, items, repeats))
    )
    return values


def test_a_balanced_table_gives_the_expected_mean_squares_of_anova() -> None:
    # Two writers, two items, two iterations; cell pairs (1, 3) (4, 6) | (5, 9) (8, 10).
    # Cell means 2 5 7 9; writer means 3.5 8, item means 4.5 7, grand mean 5.75.
    # MS writer = 2*2*2 * 2.25^2 = 40.5; MS item = 8 * 1.25^2 = 12.5
    # interaction residuals +-0.25: MS = 2 * 4 * 0.25^2 = 0.5
    # MS iteration = (2 + 2 + 8 + 2) / 4 = 3.5
    # iteration = 3.5; writer x item = (0.5 - 3.5)/2 = -1.5, set to 0
    # writer = (40.5 - 0.5)/4 = 10; item = (12.5 - 0.5)/4 = 3
    values = np.array([[[1.0, 4], [3, 6]], [[5, 8], [9, 10]]])
    result = components_of(values)
    assert named(result) == pytest.approx(
        {"writer": 10, "item": 3, "writer x item": 0, "iteration": 3.5}
    )
    assert [c.share for c in result.components] == pytest.approx(
        [10 / 16.5, 3 / 16.5, 0, 3.5 / 16.5]
    )
    assert [c.clipped for c in result.components] == [False, False, True, False]
    assert result.scores == 8
    assert result.notes == (
        "iteration includes the judge's own noise: no piece was judged twice",
        "negative estimates set to 0: writer x item",
    )


def test_repeats_separate_the_judge_from_the_writer() -> None:
    # The judge repeats itself exactly or is off by 2 (variance 2); pieces of one cell are equal.
    values = np.zeros((2, 2, 2, 2)) + np.array([0.0, 4])[:, None, None, None]
    values[..., 1] += 2
    result = named(observation_components(verdicts(values)))
    assert result["repeat"] == pytest.approx(2)
    # writer: MS = 8 * 2 * 2^2 = 64, MS interaction = 0, so (64 - 0)/8 = 8 = variance of 0 and 4
    assert result["writer"] == pytest.approx(8)


def test_true_components_are_recovered_on_average_with_a_third_of_the_table_missing() -> None:
    sd = [1.0, 0.7, 0.5, 0.6, 0.8]
    estimates = []
    for seed in range(60):
        values = simulated((12, 2, 10, 2), sd, seed)
        values[np.random.default_rng(1000 + seed).random(values.shape) < 0.33] = np.nan
        estimates.append(list(named(observation_components(verdicts(values))).values()))
    spread = np.std(estimates, axis=0, ddof=1) / np.sqrt(60)
    np.testing.assert_array_less(np.abs(np.mean(estimates, axis=0) - np.square(sd)), 4 * spread)


def test_what_one_iteration_cannot_separate_is_said() -> None:
    result = components_of(simulated((5, 1, 6, 1), [1, 1, 1, 1, 1], 0)[..., 0])
    assert list(named(result)) == ["writer", "item", "writer x item"]
    assert "writer x item includes iteration" in result.notes[0]
    assert "writer x item includes the judge's own noise" in result.notes[1]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 10), st.floats(-50, 50))
def test_components_follow_a_change_of_scale_and_not_one_of_origin(
    seed: int, scale: float, shift: float
) -> None:
    values = simulated((4, 2, 5, 1), [1, 1, 1, 1, 1], seed)[..., 0]
    values[0, 0, 0] = np.nan
    before, after = (
        components_of(values),
        components_of(values * scale + shift),
    )
    for a, b in zip(before.components, after.components, strict=True):
        assert b.variance == pytest.approx(a.variance * scale**2, rel=1e-6, abs=1e-9)
        assert b.share == pytest.approx(a.share, abs=1e-6)
    assert sum(c.share for c in after.components) == pytest.approx(1)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.ones((1, 2, 3)), "two writers and two items"),
        (np.ones((3, 2, 1)), "two writers and two items"),
        (np.ones((3, 2, 3)), "all scores are equal"),
        (np.array([[[1.0, 2, np.nan, np.nan]], [[np.nan, np.nan, 3, 5]]]), "inseparable"),
        (np.empty((0, 0, 0)), "two writers"),
    ],
)
def test_components_that_are_undefined(values: Floats, reason: str) -> None:
    with pytest.raises(UndefinedFigure, match=reason):
        components_of(values)


def test_test_retest_of_three_pieces_judged_twice() -> None:
    # Pairs (1, 3) (4, 4) (9, 7), means 2 4 8, grand mean 14/3.
    # MSB = 2 * (64/9 + 4/9 + 100/9) / 2 = 56/3; MSW = (2 + 0 + 2) / 3 = 4/3; k0 = 2
    # ICC = (56/3 - 4/3) / (56/3 + 4/3) = 52/60; |differences| 2 0 2, mean 4/3
    observed = pieces([1, 3], [4, 4], [9, 7])
    assert repeat_icc(observed) == pytest.approx(52 / 60)
    assert repeat_difference(observed) == pytest.approx(4 / 3)
    assert repeated_pieces(observed) == 3


def test_unequal_repeats_and_pieces_judged_once() -> None:
    # (0, 2, 4), (6, 6) and a lone 100: N = 5, means 2 and 6, grand mean 18/5.
    # MSB = 3 * 1.6^2 + 2 * 2.4^2 = 19.2; MSW = 8/3; k0 = 5 - (9 + 4)/5 = 2.4
    observed = pieces([0, 2, 4], [6, 6], [100])
    assert repeat_icc(observed) == pytest.approx((19.2 - 8 / 3) / (19.2 + 1.4 * 8 / 3))
    # the first piece's pairs differ by 2, 4, 2 (mean 8/3), the second's by 0
    assert repeat_difference(observed) == pytest.approx(4 / 3)
    assert repeated_pieces(observed) == 2


def test_an_ensemble_is_one_judge_and_repeats_without_all_members_are_left_out() -> None:
    # Member means 2 and 4 on the first piece, 6 and 6 on the second; the third lacks a member.
    first, second = pieces([1, 3], [5, 7], [0, 0]), pieces([3, 5], [7, 5], [9])
    both = first + [Observation("w", "1", o.item, 1, o.repeat, o.value) for o in second]
    # MSB = 2 * (1.5^2 + 1.5^2) = 9, MSW = (2 + 0) / 2 = 1
    assert repeat_icc(both) == pytest.approx((9 - 1) / (9 + 1))
    assert repeat_difference(both) == 1
    assert repeated_pieces(both) == 2


def test_a_judge_without_repeats_or_without_variance_has_no_icc() -> None:
    with pytest.raises(UndefinedFigure, match="no piece was judged more than once"):
        repeat_icc(pieces([1], [2]))
    with pytest.raises(UndefinedFigure, match="no piece was judged more than once"):
        repeat_difference([])
    with pytest.raises(UndefinedFigure, match="only one piece"):
        repeat_icc(pieces([1, 2], [2]))
    with pytest.raises(UndefinedFigure, match="all repeated scores are equal"):
        repeat_icc(pieces([1, 1], [1, 1]))
    assert repeat_difference(pieces([1, 1], [1, 1])) == 0
    assert repeated_pieces(pieces([1], [2])) == 0


@pytest.mark.filterwarnings("error")
def test_very_small_scores_have_the_same_shares() -> None:
    values = np.random.default_rng(4).normal(5, 1, (3, 2, 6))
    large, small = components_of(values), components_of(np.ldexp(values, -700))
    assert [c.share for c in small.components] == [c.share for c in large.components]
