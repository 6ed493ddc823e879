from __future__ import annotations

import statistics
from itertools import permutations

import pytest

from judgemark.table.member_joining import exact_mean
from judgemark.table.score_table import Observation, build_table


def panel(scores: tuple[float, ...], repeats: bool = False) -> float:
    """The item score of one piece that a panel, or one judge repeatedly, gave these scores."""
    seen = [
        Observation("w", "1", "i", 0 if repeats else n, n if repeats else 0, score)
        for n, score in enumerate(scores)
    ]
    return float(build_table(seen).values[0, 0, 0])


@pytest.mark.parametrize("repeats", [False, True])
def test_the_order_of_a_panel_or_of_repeats_breaks_no_tie(repeats: bool) -> None:
    # (6.1 + 6.3 + 6.2) / 3 is 6.199999999999999 in floating point, another order gives 6.2.
    assert (6.1 + 6.3 + 6.2) / 3 != (6.1 + 6.2 + 6.3) / 3
    found = {panel(order, repeats) for order in permutations((6.1, 6.2, 6.3))}
    assert found == {panel((6.2, 6.2, 6.2), repeats)} == {6.2}


def test_the_exact_mean_is_the_rounded_true_mean() -> None:
    for values in ([7.3], [0.1, 0.2], [0.1, 0.2, 0.4], [1e16, 1.0, -1e16, 3.0]):
        assert exact_mean(values) == statistics.mean(values)
