"""Which items order the writers as the run does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import UndefinedFigure
from judgemark.metrics.item_agreement import ItemAgreement, item_agreement, most_and_least
from judgemark.table.score_table import ScoreTable

GAP = float("nan")


def table(*writers: list[list[float]]) -> ScoreTable:
    """Each writer as iterations of scores on the items."""
    values = np.array(writers, dtype=np.float64)
    _, iterations, items = values.shape
    return ScoreTable(
        tuple(f"w{n}" for n in range(len(writers))),
        tuple(str(n) for n in range(iterations)),
        tuple(f"i{n}" for n in range(items)),
        values,
    )


def test_same_order_opposite_order_and_one_swap() -> None:
    # run means: 6, 5, 3.67; item 0 has the same order, item 1 the opposite, item 2 one swap
    found = item_agreement(table([[9, 1, 8]], [[5, 2, 8.5]], [[1, 3, 7]]))
    # three pairs of writers: 3 agree; 3 disagree; 2 agree and 1 does not
    assert [a.tau for a in found] == pytest.approx([1, -1, (2 - 1) / 3])


def test_iterations_are_averaged_and_gaps_left_out() -> None:
    found = item_agreement(table([[9, 4], [7, GAP]], [[2, GAP], [6, GAP]]))
    assert found[0] == ItemAgreement("i0", pytest.approx(1), 2)  # type: ignore[arg-type]
    assert found[1].tau is None
    assert found[1].reason == "fewer than two writers have a score on it"


def test_constant_scores_have_no_order() -> None:
    found = item_agreement(table([[5, 5]], [[5, 7]]))
    assert found[0].reason == "all writers have the same score on it"
    level = item_agreement(table([[5, 7]], [[7, 5]]))
    assert level[0].reason == "all writers have the same mean score in the run"
    with pytest.raises(UndefinedFigure, match="two writers"):
        item_agreement(table([[5, 7]]))


def test_equal_means_tie_despite_the_order_of_their_sums() -> None:
    # 0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 differ in the last bit
    found = item_agreement(table([[0.1], [0.2], [0.3]], [[0.3], [0.2], [0.1]]))
    assert found[0].reason == "all writers have the same score on it"


def agreements(*taus: float | None) -> list[ItemAgreement]:
    return [ItemAgreement(f"i{n}", tau, 5) for n, tau in enumerate(taus)]


def test_best_first_and_worst_first() -> None:
    most, least = most_and_least(agreements(0.2, 0.9, None, -0.5, 0.9, 0.1), k=2)
    assert [a.item for a in most] == ["i1", "i4"]
    assert [a.item for a in least] == ["i3", "i5"]


@given(st.lists(st.none() | st.floats(-1, 1), max_size=30), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_no_item_is_in_both_lists(taus: list[float | None], k: int) -> None:
    most, least = most_and_least(agreements(*taus), k)
    names = [a.item for a in (*most, *least)]
    defined = sum(tau is not None for tau in taus)
    assert len(names) == len(set(names)) == min(defined, 2 * k)
