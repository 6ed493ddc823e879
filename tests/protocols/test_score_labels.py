"""Labels: which words call a number the score, the final score, or something else."""

from __future__ import annotations

import pytest

from judgemark.protocols.score_labels import (
    LabelKind,
    header_kind,
    label_kind,
    without_score_words,
)

FINAL, SCORE, OTHER = LabelKind.FINAL, LabelKind.SCORE, LabelKind.OTHER


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Score", SCORE),
        ("Rating (1-10)", SCORE),
        ("Score (max 10)", SCORE),
        ("Score out of 10", SCORE),
        ("Score/Max", SCORE),
        ("Punkte", SCORE),
        ("得分", SCORE),
        ("Final", FINAL),
        ("Revised Score", FINAL),
        ("finalScore", FINAL),
        ("Max", OTHER),
        ("Max Score", OTHER),
        ("maxScore", OTHER),
        ("Weight", OTHER),
        ("Base score", OTHER),
        ("Penalty", OTHER),
        ("Weighted Score", OTHER),
        ("Draft", OTHER),
        ("First pass", OTHER),
        ("Score (draft)", OTHER),
        ("Score before revision", OTHER),
        ("Out of", OTHER),
        ("%", OTHER),
        ("满分", OTHER),
        ("Criterion", None),
        ("Claude", None),
        ("", None),
    ],
)
def test_what_a_header_says(header: str, kind: LabelKind | None) -> None:
    assert header_kind(header) is kind


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Score", SCORE),
        ("Your score", SCORE),
        ("final_score", FINAL),
        ("Draft scores", OTHER),
        ("The Turn score", None),
        ("Overall score", None),
        ("", None),
    ],
)
def test_a_label_is_nothing_but_a_label(label: str, kind: LabelKind | None) -> None:
    assert label_kind(label) is kind


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("the_turn_score", "the turn"),
        ("theTurnScore", "the Turn"),
        ("The Turn final score", "The Turn"),
        ("Score for The Turn", "The Turn"),
        ("The Turn", "The Turn"),
        ("the_turn_max", "the_turn_max"),
        ("Score", "Score"),
    ],
)
def test_names_without_the_words_for_their_score(name: str, bare: str) -> None:
    assert without_score_words(name) == bare
