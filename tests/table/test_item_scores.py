from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import UndefinedFigure
from judgemark.records import Criterion, Rubric
from judgemark.table.item_scores import ITEM_RULES, fold_name, item_score, item_scores, valid_scores
from tests.metrics.golden import RUNS, UPSTREAM, golden, golden_table, needs_golden

V2, V21 = ITEM_RULES["v2"], ITEM_RULES["v2.1"]


@pytest.mark.parametrize(
    "spelling",
    [
        "Tell-Don't-Show",
        "Tell-Don’t-Show",
        "Tell-Donʼt-Show",
        "Tell-Don´t-Show",
        "Tell-Don't Show",
        "tell dont show",
        "**TELL–DON'T—SHOW**",
        '"Tell_Don\'t_Show" ',
        "Ｔｅｌｌ-Don't-Show",
        "Tell-\u200bDon't-\u00adShow",
    ],
)
def test_spellings_of_one_criterion_fold_together(spelling: str) -> None:
    assert fold_name(spelling) == "telldontshow"


def test_folding_keeps_different_names_apart() -> None:
    assert fold_name("Kohärenz") == "kohärenz"
    assert fold_name("Kohärenz") == fold_name("Koha\u0308renz")
    assert fold_name("Criterion 1") != fold_name("Criterion 2")
    assert fold_name(" — ") == ""


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    once = fold_name(name)
    assert fold_name(once) == once


def test_v2_matches_a_part_of_a_name_and_v21_the_whole_name() -> None:
    assert V2.is_negative("Contrived Plot") and not V21.is_negative("Contrived Plot")
    assert V2.is_negative("Somewhat Meandering") and not V21.is_negative("Somewhat Meandering")
    assert V2.is_negative("Tell-Don’t Show") and V21.is_negative("Tell-Don’t Show")
    assert not V2.is_negative("Coherent") and not V21.is_negative("Coherent")


def test_the_marker_lists_have_every_name_once() -> None:
    assert len(V21.markers) == 9
    assert len(V2.markers) == 9 + 16


def test_a_negative_score_is_inverted_and_an_invalid_one_left_out() -> None:
    scores = {"Coherent": 7.0, "Meandering": 2.0, "Elegant Prose": 10.5, "Imagery": -1.0}
    # 0 + 10 - 2 = 8; 10.5 and -1 lie outside 0..10
    assert valid_scores(scores, UPSTREAM, V21) == [7.0, 8.0]


def test_a_score_that_is_no_number_is_left_out() -> None:
    assert valid_scores({"Coherent": float("nan"), "Imagery": 3.0}, UPSTREAM, V21) == [3.0]


def test_polarity_comes_from_the_criteria_where_there_are_some() -> None:
    rubric = Rubric(0.0, 10.0, (Criterion("Meandering", False), Criterion("Dull", True)))
    scores = {"meandering": 4.0, "DULL": 1.0, "Unknown": 9.0}
    # Meandering is declared positive here, Dull negative: 10 - 1; Unknown is no criterion
    assert valid_scores(scores, rubric, V2) == [4.0, 9.0]
    assert valid_scores(scores, rubric, V21) == [4.0, 9.0]


def test_of_one_criterion_named_twice_the_last_score_counts() -> None:
    rubric = Rubric(0.0, 10.0, (Criterion("Weak Dialogue", True),))
    assert valid_scores({"Weak Dialogue": 9.0, "weak dialogue": 3.0}, rubric, V21) == [7.0]


def test_fewest_criteria() -> None:
    nine = {f"c{i}": 5.0 for i in range(9)}
    four = {f"c{i}": 5.0 for i in range(4)}
    with pytest.raises(UndefinedFigure, match="9 valid criterion scores; v2 needs at least 10"):
        item_score(nine, UPSTREAM, V2)
    # 1 + (5 - 0) * (9 / (10 - 0)) = 5.5
    assert item_score(nine, UPSTREAM, V21) == 5.5
    with pytest.raises(UndefinedFigure, match="needs at least 5"):
        item_score(four, UPSTREAM, V21)


def test_the_scale_of_another_range() -> None:
    rubric = Rubric(0.0, 20.0)
    scores = {f"c{i}": 13.0 for i in range(10)}
    # v2: (13 - 0) * (10 / 20) = 6.5; v2.1: 1 + 13 * (9 / 20) = 6.85
    assert item_score(scores, rubric, V2) == 6.5
    assert item_score(scores, rubric, V21) == 6.85
    # 1..10: v2 (4 - 1) * (10 / 9) = 3.33; v2.1 keeps 4
    four = {f"c{i}": 4.0 for i in range(10)}
    assert item_score(four, Rubric(1.0, 10.0), V2) == 3.33
    assert item_score(four, Rubric(1.0, 10.0), V21) == 4.0


@needs_golden
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("rule", ["v2", "v2.1"])
def test_every_item_score_of_the_golden_runs(run: str, rule: str) -> None:
    table = golden_table(run, rule)
    for w, writer in enumerate(table.writers):
        expected = golden(run)["expected"][rule]["raw"]["item_scores"][writer]
        for t, iteration in enumerate(table.iterations):
            got = dict(zip(table.items, table.values[w, t].tolist(), strict=True))
            assert got == expected[iteration]


@settings(max_examples=60)
@given(
    scores=st.dictionaries(
        st.sampled_from([f"Quality {n}" for n in range(12)] + ["Tell-Don't-Show", "Amateurish"]),
        st.floats(-2, 12),
    ),
    listed=st.booleans(),
    own=st.booleans(),
    weights=st.none() | st.just({"quality1": 2.0, "amateurish": 0.5}),
)
def test_scores_under_all_rules_are_those_of_each_rule(
    scores: dict[str, float], listed: bool, own: bool, weights: dict[str, float] | None
) -> None:
    criteria = tuple(Criterion(f"Quality {n}", n % 2 == 1) for n in range(12))
    rubric = Rubric(0.0, 10.0, criteria if listed else None, own_criteria=own)
    together = item_scores(scores, rubric, weights)
    for name, rule in ITEM_RULES.items():
        try:
            alone = item_score(scores, rubric, rule, weights)
        except UndefinedFigure:
            assert name not in together
        else:
            assert together[name] == alone
