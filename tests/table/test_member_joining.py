"""How the scores of several judges become one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from judgemark.table.member_joining import ENSEMBLE_METHODS, exact_mean, trimmed_mean


@pytest.mark.parametrize(
    ("method", "joined"),
    # Sorted 1, 2, 3, 10: the sum is 16; the middle ones are 2 and 3.
    [("average", 4.0), ("median", 2.5), ("trimmed", 2.5)],
)
def test_four_scores(method: str, joined: float) -> None:
    assert ENSEMBLE_METHODS[method]([3.0, 10.0, 1.0, 2.0]) == joined


def test_the_mean_is_exact_so_that_equal_pieces_stay_equal() -> None:
    # Added one after the other and divided, 0.1 + 0.2 + 0.3 gives 0.20000000000000004.
    orders: list[Sequence[float]] = [(0.1, 0.2, 0.3), (0.3, 0.2, 0.1), (0.2, 0.3, 0.1)]
    assert len({(a + b + c) / 3 for a, b, c in orders}) > 1
    assert {exact_mean(scores) for scores in orders} == {0.2}


def test_fewer_than_three_scores_are_not_trimmed() -> None:
    assert trimmed_mean([2.0, 6.0]) == 4.0
    assert trimmed_mean([2.0]) == 2.0
    assert trimmed_mean([2.0, 6.0, 9.0]) == 6.0
