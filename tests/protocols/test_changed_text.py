"""Columns of the piece as it could be, beside the score of the piece as it is."""

from __future__ import annotations

import pytest

from judgemark.protocols.changed_text import header_kinds, is_of_a_changed_text
from judgemark.protocols.reply_reader import ReplyReader
from judgemark.protocols.score_labels import LabelKind
from judgemark.records import Criterion, Rubric

NAMES = ("The Turn", "Pace", "Weak Dialogue", "Coherent")
READER = ReplyReader(Rubric(0, 10, tuple(Criterion(name, False) for name in NAMES)))
NAMELESS = ReplyReader(Rubric(0, 10, None))
CHANGED = [
    "Score after revision",
    "Score (after revision)",
    "After revision",
    "After the suggested edits",
    "Post-revision score",
    "Score if fixed",
    "If revised",
    "Score if the ending were fixed",
    "Score once edited",
    "Score with edits",
    "Estimated score after a full rewrite",
    "Revised version",
    "Score when polished",
]
AS_IT_IS = [
    "Score",
    "Score (0-10)",
    "Rating",
    "Points",
    "Current score",
    "Current",
    "As is",
    "Final",
]


def tables(*heads: str) -> list[str]:
    """The same two scores for every header, as columns and as tabs and commas: 3 and 4, 7 and 8."""
    numbers = [("3", "4"), ("7", "8"), ("5", "6")][: len(heads)]
    rows = [
        ["Criterion", *heads],
        *([name, *(pair[n] for pair in numbers)] for n, name in enumerate(NAMES[:2])),
    ]
    ruled = [f"| {' | '.join(row)} |" for row in rows]
    ruled.insert(1, "|" + "---|" * (len(heads) + 1))
    return ["\n".join(ruled), "\n".join("\t".join(row) for row in rows)]


def across(*heads: str) -> str:
    """A table whose columns are the criteria, with a row for each of the headers."""
    numbers = ("| 3 | 4 |", "| 7 | 8 |")
    rows = [f"| {head} {pair}" for head, pair in zip(heads, numbers, strict=True)]
    return "\n".join(["| | The Turn | Pace |", "|---|---|---|", *rows])


@pytest.mark.parametrize("changed", CHANGED)
@pytest.mark.parametrize("as_it_is", AS_IT_IS)
def test_the_score_of_the_piece_as_it_is_counts(as_it_is: str, changed: str) -> None:
    for reply in (*tables(as_it_is, changed), across(as_it_is, changed)):
        assert READER.parse(reply).scores == {"The Turn": 3.0, "Pace": 4.0}, reply
    for reply in (*tables(changed, as_it_is), across(changed, as_it_is)):
        assert READER.parse(reply).scores == {"The Turn": 7.0, "Pace": 8.0}, reply
    assert NAMELESS.parse(tables(as_it_is, changed)[0]).scores == {"The Turn": 3.0, "Pace": 4.0}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Initial score", "Final score"),
        ("First score", "Final score"),
        ("Draft", "Revised"),
        ("Draft score", "Score"),
        ("Score", "Revised score"),
        ("Score", "Adjusted score"),
        ("Score", "Updated score"),
        ("Score", "Final"),
        ("Score", "Final score after revision"),
        ("Initial score", "Score after revision"),
        ("Before revision", "After revision"),
        ("Score before revision", "Score after revision"),
        ("Original", "Revised"),
    ],
)
def test_the_last_word_of_a_judge_on_the_same_piece_counts(first: str, last: str) -> None:
    for reply in (*tables(first, last), across(first, last)):
        assert READER.parse(reply).scores == {"The Turn": 7.0, "Pace": 8.0}, reply


@pytest.mark.parametrize(
    "heads",
    [("Score", "Improved score"), ("Score", "Score after reflection"), ("Score 1", "Score 3")],
)
def test_two_scores_that_no_word_tells_apart_are_still_none(heads: tuple[str, str]) -> None:
    for reply in (*tables(*heads), across(*heads)):
        assert READER.parse(reply).scores == {}, reply


def test_of_three_columns() -> None:
    for reply in tables("Score", "Score after revision", "Max"):
        assert READER.parse(reply).scores == {"The Turn": 3.0, "Pace": 4.0}
    for reply in tables("Initial score", "Final score", "Score if fixed"):
        assert READER.parse(reply).scores == {"The Turn": 7.0, "Pace": 8.0}
    # Two scores of the piece as it is: what it could get is no answer to which of them counts.
    for reply in tables("Score", "Rating", "Score after revision"):
        assert READER.parse(reply).scores == {}


def test_an_empty_or_absent_score_is_not_replaced_by_what_the_piece_could_get() -> None:
    table = (
        "| Criterion | Score | If revised |\n|---|---|---|\n| The Turn | 3 | 7 |\n| Pace | {} | 8 |"
    )
    for absent in ("", "-", "N/A"):
        assert READER.parse(table.format(absent)).scores == {"The Turn": 3.0}


def test_a_column_of_remarks_is_no_score_of_the_piece_as_it_is() -> None:
    table = "| Criterion | Score remarks | After revision |\n|---|---|---|\n| The Turn | slow | 7 |"
    assert READER.parse(table).scores == {"The Turn": 7.0}


def test_headers_without_a_score_of_the_piece_as_it_is_keep_their_own_kind() -> None:
    kinds = header_kinds(["Criterion", "Draft", "After revision"], [False, True, True])
    assert kinds == [None, LabelKind.OTHER, LabelKind.FINAL]
    assert header_kinds(["Score", "After revision"], [False, True])[1] is LabelKind.FINAL
    assert not is_of_a_changed_text("Score if fixed " + "and so on " * 20)
