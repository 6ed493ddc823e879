"""Criteria weighted by how they agree in order with the others."""

from __future__ import annotations

import pytest

from judgemark.metrics.criteria import GivenScores
from judgemark.metrics.criterion_weights import rank_weights
from judgemark.records import Criterion

CRITERIA = tuple(Criterion(name, negative=name == "Trite") for name in ("Wit", "Pace", "Trite"))


def sheet(item: str, writer: str, *scores: float) -> GivenScores:
    given = dict(zip(("Wit", "Pace", "Trite"), scores, strict=True))
    return GivenScores(writer, "1", item, given, 0, 0)


def test_a_criterion_that_goes_against_the_others_counts_nothing() -> None:
    """On item a (the weights of item b) Wit and inverted Trite rise together: 1 2 3 4. Pace falls.
    Wit against the mean of the others: (4 + 1) / 2 = 2.5 everywhere, so rho is undefined, 0.
    Pace against the mean of Wit and Trite, which rises: -1, counted as 0. Trite as Wit. So all
    are 0, and all count the same."""
    falling = [sheet("a", str(n), n, 5 - n, 10 - n) for n in range(1, 5)]
    other = [sheet("b", "1", 5, 5, 5)]
    weights = rank_weights([*falling, *other], CRITERIA, (0, 10))
    assert weights["b"] == {"wit": 1.0, "pace": 1.0, "trite": 1.0}


def test_weights_are_rank_correlations_with_the_other_criteria() -> None:
    """Wit 1 2 3 4, Pace 1 2 4 3, inverted Trite 1 2 3 4.
    Wit against (Pace + Trite) / 2 = 1 2 3.5 3.5: ranks 1 2 3.5 3.5 against 1 2 3 4 give
    rho = 4.5 / sqrt(5 x 4.5) = 0.9487, Trite the same. Pace against 1 2 3 4: rho = 0.8."""
    scores = [(1, 1), (2, 2), (3, 4), (4, 3)]
    pieces = [sheet("a", str(n), wit, pace, 10 - wit) for n, (wit, pace) in enumerate(scores)]
    weights = rank_weights([*pieces, sheet("b", "9", 9, 0, 9)], CRITERIA, (0, 10))
    assert weights["b"] == pytest.approx({"wit": 0.94868, "pace": 0.8, "trite": 0.94868}, abs=1e-5)
    # The piece on b alone is too little to say anything about a.
    assert weights["a"] == {"wit": 1.0, "pace": 1.0, "trite": 1.0}
