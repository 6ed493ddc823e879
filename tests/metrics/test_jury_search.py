"""The search for the best jury, against judges whose noise is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from judgemark.errors import UndefinedFigure, UsageError
from judgemark.metrics.jury_search import JOINS, JurySearch, KnownCells
from judgemark.table.member_joining import ENSEMBLE_METHODS
from judgemark.table.score_table import Floats, ScoreTable
from tests.metrics.test_effective_judges import table_of


def judges(*noise: float, items: int = 20) -> list[ScoreTable]:
    """Judges of six writers with independent errors of these sizes."""
    rng = np.random.default_rng(7)
    truth = rng.normal(0, 1, (6, 1, 1)) + np.zeros((6, 1, items))
    return [table_of(5 + truth + rng.normal(0, size, truth.shape)) for size in noise]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_whole_tables_are_joined_as_single_scores_are(count: int) -> None:
    scores: Floats = np.random.default_rng(count).normal(5, 2, (count, 7))
    assert set(JOINS) == set(ENSEMBLE_METHODS)
    for name, join in JOINS.items():
        single = [ENSEMBLE_METHODS[name](list(column)) for column in scores.T]
        assert join(scores) == pytest.approx(single)


def test_the_two_good_judges_are_found_and_they_gain_on_other_items() -> None:
    search = JurySearch(judges(3.0, 1.2, 3.0, 1.2), 2, "average")
    found = search.by_score()
    assert found.jury == (1, 3) and found.folds >= 4
    assert found.best_alone in (1, 3)
    # Two independent judges halve the variance of the errors.
    assert found.held_out > found.alone_held_out


def test_held_out_is_below_what_choosing_among_equal_judges_promises() -> None:
    # Twelve judges of pure noise: the best pair looks good on the items it was chosen on only.
    rng = np.random.default_rng(3)
    noise = [table_of(rng.normal(0, 1, (5, 1, 20))) for _ in range(12)]
    found = JurySearch(noise, 2, "average").by_score()
    assert found.on_all > found.held_out


def test_the_margin_is_accuracy_above_counting() -> None:
    # One writer better than the other on eight items; the second judge always sees it.
    right, wrong = np.array([[[6.0] * 8], [[4.0] * 8]]), np.array([[[4.0] * 8], [[6.0] * 8]])
    tied = np.array([[[5.0] * 8], [[5.0] * 8]])
    known = KnownCells(
        better=np.arange(8), worse=np.arange(8, 16), items=np.arange(8), counter=np.full(8, 0.25)
    )
    search = JurySearch([table_of(v) for v in (wrong, right, tied)], 2, "average", known)
    found = search.by_margin()
    # Right with tied: 5.5 to 4.5, all right, 1 - 0.25; wrong with right is a tie, 0.5 - 0.25.
    assert (found.jury, found.on_all, found.held_out) == ((1, 2), 0.75, 0.75)
    assert [f.accuracy for f in search.figures([(0, 1), (0, 2), (1, 2)])] == [0.5, 0.0, 1.0]


def test_no_pairs_no_margin() -> None:
    with pytest.raises(UndefinedFigure, match="known to be a damaged version"):
        JurySearch(judges(1.0, 1.0), 2, "average").by_margin()


@pytest.mark.parametrize(
    ("count", "size", "said"),
    [(3, 4, "from 2 to 3"), (3, 1, "from 2 to 3"), (25, 4, "12650 such juries")],
)
def test_sizes_that_cannot_be(count: int, size: int, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        JurySearch(judges(*[1.0] * count), size, "average")


def test_too_few_items() -> None:
    few: Sequence[ScoreTable] = judges(1.0, 1.0, items=3)
    with pytest.raises(UndefinedFigure, match="3 items"):
        JurySearch(few, 2, "average")
