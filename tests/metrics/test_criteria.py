"""What each criterion adds, on judges small enough to count by hand."""

from __future__ import annotations

import random

import numpy as np
import pytest

from judgemark.errors import UndefinedFigure
from judgemark.metrics.criteria import GivenScores, criterion_means, criterion_rows, shares_of
from judgemark.records import Criterion
from judgemark.table.score_table import ScoreTable

WIT = Criterion("Wit", negative=False)
CLICHE = Criterion("Cliché", negative=True)
TEN = (0.0, 10.0)


def spread_of_means(table: ScoreTable) -> float:
    """A stand-in for separability: the distance between the best and the worst writer."""
    if len(table.writers) < 2:
        raise UndefinedFigure("needs two writers")
    means = np.nanmean(table.values, axis=(1, 2))
    return float(means.max() - means.min())


def sheets(*rows: tuple[str, str, dict[str, float]]) -> list[GivenScores]:
    return [GivenScores(writer, "1", item, given) for writer, item, given in rows]


TWO_WRITERS = sheets(
    ("ann", "a", {"Wit": 8, "Cliché": 2}),  # Cliché inverted: 8, mean 8
    ("ann", "b", {"Wit": 8, "Cliché": 4}),  # 6, mean 7
    ("bob", "a", {"Wit": 2, "Cliché": 4}),  # 6, mean 4
    ("bob", "b", {"Wit": 4, "Cliché": 2}),  # 8, mean 6
)


def test_use_mean_and_spread_are_counted() -> None:
    wit, cliche = criterion_rows(TWO_WRITERS, [WIT, CLICHE], TEN, spread_of_means)
    assert wit.used == {2: 0.25, 4: 0.25, 8: 0.5}
    assert wit.mean == 5.5  # (8 + 8 + 2 + 4) / 4
    assert wit.std == pytest.approx(3.0)  # deviations 2.5 2.5 -3.5 -1.5: sqrt(27 / 3)
    assert cliche.used == {2: 0.5, 4: 0.5}  # as given
    assert cliche.mean == 7.0  # inverted: (8 + 6 + 6 + 8) / 4
    assert (wit.n, cliche.n) == (4, 4)
    assert not wit.reasons and not cliche.reasons


def test_drop_is_what_leaving_the_criterion_out_costs() -> None:
    wit, cliche = criterion_rows(TWO_WRITERS, [WIT, CLICHE], TEN, spread_of_means)
    # all: ann 7.5, bob 5, spread 2.5; without Wit 7 and 7: 0; without Cliché 8 and 3: 5
    assert wit.drop == pytest.approx(2.5 - 0.0)
    assert cliche.drop == pytest.approx(2.5 - 5.0)


def test_correlation_with_the_whole_and_with_the_rest() -> None:
    wit, _ = criterion_rows(TWO_WRITERS, [WIT, CLICHE], TEN, spread_of_means)
    # Wit 8 8 2 4 against the means 8 7 4 6 and against Cliché inverted 8 6 6 8
    assert wit.correlation == pytest.approx(float(np.corrcoef([8, 8, 2, 4], [8, 7, 4, 6])[0, 1]))
    # deviations 2.5 2.5 -3.5 -1.5 times 1 -1 -1 1: 2.5 - 2.5 + 3.5 - 1.5 = 2; / sqrt(27 * 4)
    assert wit.correlation_rest == pytest.approx(2 / 108**0.5)


def test_a_criterion_missing_from_a_reply_leaves_the_others_in_the_mean() -> None:
    gappy = sheets(
        ("ann", "a", {"Wit": 9}),
        ("ann", "b", {"Wit": 8, "Cliché": 1}),
        ("bob", "a", {"Wit": 3, "Cliché": 9}),
    )
    _, cliche = criterion_rows(gappy, [WIT, CLICHE], TEN, spread_of_means)
    assert cliche.n == 2
    # all: ann (9 + (8 + 9) / 2) / 2 = 8.75, bob (3 + 1) / 2 = 2; without Cliché: 8.5 and 3
    assert cliche.drop == pytest.approx(6.75 - 5.5)


def test_figures_that_the_data_do_not_define_say_why() -> None:
    never = Criterion("Never given", negative=False)
    alone = sheets(("ann", "a", {"Wit": 8}))
    wit, empty = criterion_rows(alone, [WIT, never], TEN, spread_of_means)
    assert (wit.mean, wit.std, wit.drop, wit.correlation) == (8, None, None, None)
    assert wit.reasons["std"] == "a single score has no spread"
    assert wit.reasons["drop"] == "needs two writers"
    assert (empty.n, empty.used, empty.mean) == (0, {}, None)
    assert empty.reasons["mean"] == "no reply gave this criterion a valid score"


def test_the_only_criterion_cannot_be_left_out() -> None:
    wit_only = sheets(("ann", "a", {"Wit": 8}), ("bob", "a", {"Wit": 3}))
    (wit,) = criterion_rows(wit_only, [WIT], TEN, spread_of_means)
    assert wit.drop is None
    assert wit.reasons["drop"] == "no criterion is left"
    assert wit.correlation_rest is None


def test_members_and_repeats_are_aggregated_like_any_table() -> None:
    twice = [
        GivenScores("ann", "1", "a", {"Wit": 8, "Cliché": 2}, member=0),
        GivenScores("ann", "1", "a", {"Wit": 4, "Cliché": 2}, member=1),
        GivenScores("bob", "1", "a", {"Wit": 1, "Cliché": 8}),
    ]
    wit, _ = criterion_rows(twice, [WIT, CLICHE], TEN, spread_of_means)
    # all: ann (8 + 6) / 2 = 7, bob 1.5; without Wit: 8 and 2
    assert wit.drop == pytest.approx(5.5 - 6.0)


def test_the_order_of_replies_has_no_effect() -> None:
    shuffled = list(TWO_WRITERS)
    random.Random(7).shuffle(shuffled)
    assert criterion_rows(shuffled, [WIT, CLICHE], TEN, spread_of_means) == criterion_rows(
        TWO_WRITERS, [WIT, CLICHE], TEN, spread_of_means
    )


def test_means_of_each_writer_on_each_criterion() -> None:
    never = Criterion("Never given", negative=False)
    writers, means = criterion_means(TWO_WRITERS, [CLICHE, WIT, never], TEN)
    assert writers == ("ann", "bob")
    assert means[:, :2].tolist() == [[7, 8], [7, 3]]
    assert np.isnan(means[:, 2]).all()


def test_shares_sum_to_one_in_ascending_order() -> None:
    assert list(shares_of([3, 1, 3, 3]).items()) == [(1, 0.25), (3, 0.75)]
    assert shares_of([]) == {}
