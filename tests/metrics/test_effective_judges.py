"""The effective number of judges against ensembles whose errors are known by construction."""

from __future__ import annotations

import numpy as np
import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics.effective_judges import (
    MemberErrors,
    answer_errors,
    effective_judges,
    residual_errors,
)
from judgemark.table.score_table import Floats, ScoreTable

WRITERS, ITEMS = 12, 40


def planted(seed: int, *, shared: float, judges: int = 3) -> list[ScoreTable]:
    """Noisy judges of writers and items with true means.

    Each error has variance 1, of which `shared` is the same for all judges.
    """
    rng = np.random.default_rng(seed)
    truth = rng.normal(0, 2, (WRITERS, 1, 1)) + rng.normal(0, 1, (1, 1, ITEMS))
    common = rng.normal(0, np.sqrt(shared), (WRITERS, 1, ITEMS))

    def table() -> ScoreTable:
        own: Floats = rng.normal(0, np.sqrt(1 - shared), (WRITERS, 1, ITEMS))
        return table_of(5 + truth + common + own)

    return [table() for _ in range(judges)]


def table_of(values: Floats) -> ScoreTable:
    names = [tuple(f"{n:02}" for n in range(size)) for size in values.shape]
    return ScoreTable(names[0], names[1], names[2], values)


def test_three_independent_judges_are_worth_nearly_three() -> None:
    found = effective_judges(residual_errors(planted(1, shared=0.0)))
    assert found.number == pytest.approx(3, abs=0.2)
    assert found.ci95 is not None and found.ci95.low < found.number <= found.ci95.high + 1e-9
    assert (found.cases, found.clusters) == (WRITERS * ITEMS, ITEMS)


def test_three_copies_are_worth_one() -> None:
    (one,) = planted(2, shared=0.0, judges=1)
    found = effective_judges(residual_errors([one, one, one]))
    assert found.number == pytest.approx(1)
    assert found.correlation == pytest.approx(1)


def test_half_of_the_error_in_common() -> None:
    # The correlation is 0.5: 9 / (1 + 8 x 0.5) = 1.8, so that nine judges are worth two.
    found = effective_judges(residual_errors(planted(3, shared=0.5, judges=9)))
    assert found.correlation == pytest.approx(0.5, abs=0.06)
    assert found.number == pytest.approx(1.8, abs=0.2)


def test_a_judges_scale_and_level_do_not_matter() -> None:
    one, other = planted(4, shared=0.3, judges=2)
    stretched = table_of(3 * other.values - 20)
    plain, scaled = (
        effective_judges(residual_errors(pair)) for pair in ([one, other], [one, stretched])
    )
    assert scaled.number == pytest.approx(plain.number)


def test_residuals_have_neither_writers_nor_items_means_though_cells_are_missing() -> None:
    one, other = planted(5, shared=0.0, judges=2)
    gap = np.random.default_rng(5).random(one.values.shape) < 0.2
    tables = [table_of(np.where(gap, np.nan, t.values)) for t in (one, other)]
    errors = residual_errors(tables)
    writers, _, items = np.nonzero(~gap)
    for groups in (writers, items):
        sums = np.bincount(groups, weights=errors.values[0])
        assert np.abs(sums).max() < 1e-6


def test_errors_on_known_pairs_by_hand() -> None:
    # The third pair lacks an answer of the second judge. Left: errors 0, 1, 1, 0 and 0, 1, 0, 1.
    right: list[list[float | None]] = [[1.0, 0.0, 1.0, 0.0, 1.0], [1.0, 0.0, None, 1.0, 0.0]]
    errors = answer_errors(right, ["a", "a", "b", "b", "c"])
    assert errors.values.tolist() == [[0, 1, 1, 0], [0, 1, 0, 1]]
    assert errors.clusters.tolist() == [0, 0, 1, 2]
    # Both have mean 1/2 and variance 1/4; the mean product is 1/4, so that the covariance is 0.
    found = effective_judges(errors)
    assert (found.number, found.correlation, found.ci95) == (2.0, 0.0, None)


def test_opposite_errors_count_as_independent_ones() -> None:
    errors = MemberErrors(np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]]), np.arange(3))
    found = effective_judges(errors)
    assert found.number == 2.0
    assert found.correlation == pytest.approx(-1)


def test_a_judge_that_is_always_right_is_left_out_of_the_mean() -> None:
    errors = MemberErrors(np.array([[0.0, 1, 0, 1], [0.0, 1, 0, 1], [0.0, 0, 0, 0]]), np.arange(4))
    found = effective_judges(errors)
    # The only pair with a correlation has 1: 3 / (1 + 2 x 1) = 1.
    assert found.number == pytest.approx(1)
    assert found.correlation == pytest.approx(1)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([[0.0, 1.0]], "one judge alone"),
        ([[0.0], [1.0]], "1 cases"),
        ([[0.0, 0.0], [0.0, 1.0]], "differ from case to case"),
    ],
)
def test_undefined(values: list[list[float]], why: str) -> None:
    errors = MemberErrors(np.array(values), np.arange(len(values[0])))
    with pytest.raises(UndefinedFigure, match=why):
        effective_judges(errors)


def test_few_pieces_leave_nothing_free() -> None:
    # 12 writers and 1 item: 12 scores, of which 12 + 1 - 1 are fitted.
    tables = [table_of(t.values[:, :, :1]) for t in planted(6, shared=0.0)]
    with pytest.raises(UndefinedFigure, match="12 common pieces leave 0 scores free"):
        residual_errors(tables)


def test_the_size_of_a_members_scores_does_not_matter() -> None:
    one, two, three = planted(3, shared=0.3)
    small = [one, table_of(two.values * 2.0**-40), table_of(three.values * 2.0**60)]
    assert effective_judges(residual_errors(small)) == effective_judges(
        residual_errors([one, two, three])
    )


@pytest.mark.filterwarnings("error")
def test_a_member_without_any_errors_gives_no_warning() -> None:
    always = [[1.0] * 7, [1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0], [0.7] * 7]
    with pytest.raises(UndefinedFigure, match="no two members"):
        effective_judges(answer_errors(always, [f"c{n}" for n in range(7)]))
