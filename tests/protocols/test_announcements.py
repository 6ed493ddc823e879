"""Numbers that stand below the scores and are other numbers: drafts, ifs, examples, counts."""

from __future__ import annotations

import pytest

from judgemark.protocols.announcements import announces_other
from judgemark.protocols.reply_reader import ReplyReader
from judgemark.records import Criterion, Rubric

NAMES = ("The Turn", "Pace", "Weak Dialogue", "Tell-Don't-Show", "Coherent", "The Ending")
READER = ReplyReader(Rubric(0, 10, tuple(Criterion(name, False) for name in NAMES)))
NAMELESS = ReplyReader(Rubric(0, 10, None))
GIVEN = dict(zip(NAMES, (7.0, 6.0, 3.0, 4.0, 8.0, 5.0), strict=True))
OTHER = dict(zip(NAMES, (9.0, 9.0, 1.0, 2.0, 9.0, 9.0), strict=True))

ANNOUNCED = [
    "### Potential after revision",
    "**Possible results after an edit**",
    "If the ending were revised, I would score:",
    "**For comparison, an average piece:**",
    "A harsher reader might give:",
    "**Alternative scoring (a harsher reader):**",
    "Example of a score sheet:",
    "Anchors used:",
    "My first draft was:",
    "## Initial Impressions",
    "## Scores (1-5)",
    "**Scores (out of 100)**",
    "Number of examples found:",
    "Instances:",
    "[Example]",
    "Erster Entwurf:",
    "Par exemple :",
]


def lines(scores: dict[str, float], between: str = "\n") -> str:
    return between.join(f"{name}: {score:g}" for name, score in scores.items())


@pytest.mark.parametrize("announced", ANNOUNCED)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_numbers_announced_as_others_do_not_replace_the_scores(
    announced: str, between: str
) -> None:
    reply = f"{lines(GIVEN)}\n\n{announced}\n\n{lines(OTHER, between)}"
    assert READER.parse(reply).scores == GIVEN


@pytest.mark.parametrize("announced", ANNOUNCED)
def test_scores_behind_numbers_announced_as_others_count(announced: str) -> None:
    reply = f"{announced}\n{lines(OTHER)}\n\n{lines(GIVEN)}"
    assert READER.parse(reply).scores == GIVEN


@pytest.mark.parametrize(
    "heading",
    ["Draft scores:", "**Weights**", "## Confidence", "Maximum:"],
)
def test_a_list_with_empty_lines_stays_below_its_heading(heading: str) -> None:
    others = lines(OTHER, "\n\n")
    assert READER.parse(f"{lines(GIVEN)}\n\n{heading}\n\n{others}").scores == GIVEN
    assert READER.parse(f"{heading}\n\n{others}\n\n{lines(GIVEN)}").scores == GIVEN


@pytest.mark.parametrize(
    "heading",
    [
        "Here is an example evaluation:",
        "Here is how I would score it, if I must:",
        "First impressions (scores):",
        "Preliminary evaluation",
        "Scores for the original piece:",
        "**Scores (0-10)**",
        "Scores out of 10:",
    ],
)
def test_the_only_scores_of_a_reply_count_whatever_announces_them(heading: str) -> None:
    assert READER.parse(f"It is fine.\n\n{heading}\n\n{lines(GIVEN)}\n\nSo it is.").scores == GIVEN


@pytest.mark.parametrize(
    "analysis",
    [
        "**Strengths:**\nGood.\n\n**Weaknesses:**\nBad lines.",
        "### Strengths\n- one\n\n### Weaknesses\n- two",
        "## First impressions\nIt is fine.",
        "Initial impressions:\n\nIt is fine.",
        "If the piece were longer:\nit would be dull.",
        "**Example of a worn phrase:**\n> dark as night",
        "Possible improvements:\n- The Turn: earlier\n- The Ending: shorter",
        "**Issues**\n\n1. slow\n2. flat",
    ],
)
def test_prose_below_such_a_heading_hides_no_scores(analysis: str) -> None:
    assert READER.parse(f"{analysis}\n\n{lines(GIVEN)}").scores == GIVEN


def test_without_known_criteria_a_heading_may_be_one() -> None:
    read = NAMELESS.parse("**Original Voice**\nScore: 7\n\n**Pace**\nScore: 6")
    assert read.scores == {"Original Voice": 7.0, "Pace": 6.0}
    reply = f"{lines(GIVEN)}\n\n## Initial Impressions\n{lines(OTHER)}"
    assert NAMELESS.parse(reply).scores == GIVEN


@pytest.mark.parametrize(
    ("heading", "other"),
    [
        ("Final scores, after my first draft", False),
        ("Revised scores", False),
        ("If it were revised", True),
        ("Scores (0-10)", False),
        ("Scores (0-5)", True),
        ("On a 5-point scale", True),
        ("Scores", False),
    ],
)
def test_what_announces_other_numbers(heading: str, other: bool) -> None:
    assert announces_other(heading, 10) is other


@pytest.mark.parametrize(
    "table",
    [
        "| Criterion | Line |\n|--|--|\n| The Turn | 9 |",
        "| Criterion | Issues found |\n|--|--|\n| The Turn | 9 |",
        "| Criterion | Occurrences | Verdict |\n|--|--|--|\n| The Turn | 9 | good |",
        "| Criterion | Potential |\n|--|--|\n| The Turn | 9 |",
        '{"potential_scores": {"The Turn": 9}}',
        '{"issue_counts": {"The Turn": 9}}',
        '{"inverted_scores": {"The Turn": 9}}',
        "<draft>\nThe Turn: 9\n</draft>",
        "<example>\nThe Turn: 9\n</example>",
    ],
)
def test_columns_objects_and_elements_of_other_numbers_are_no_scores(table: str) -> None:
    assert READER.parse(f"The Turn: 7\n\n{table}").scores == {"The Turn": 7.0}


def test_the_column_of_the_score_wins_over_what_it_could_be() -> None:
    reply = "| Criterion | Score | Potential score |\n|--|--|--|\n| The Turn | 7 | 9 |"
    assert READER.parse(reply).scores == {"The Turn": 7.0}


@pytest.mark.parametrize(
    "heading",
    [
        "Here are the scores after reconsidering the initial ones:",
        "Given the average level of such pieces, I settle on:",
        "If I weigh everything, the scores are:",
        "Compared with the examples, I score:",
        "As for the possible 10 points each, these are the scores:",
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_the_last_scores_count_where_the_heading_only_mentions_others(
    heading: str, between: str
) -> None:
    reply = f"Thinking it through.\n{lines(OTHER)}\n\n{heading}\n\n{lines(GIVEN, between)}"
    assert READER.parse(reply).scores == GIVEN
    assert NAMELESS.parse(reply).scores == GIVEN


@pytest.mark.parametrize("reader", [READER, NAMELESS])
def test_a_criterion_that_only_announced_numbers_name_keeps_its_score(reader: ReplyReader) -> None:
    reply = "The Turn: 7\n\n## First impressions\nThe Turn: 9\nPace: 6"
    assert reader.parse(reply).scores == {"The Turn": 7.0, "Pace": 6.0}


def test_a_line_with_a_score_is_no_announcement() -> None:
    names = ("Initial Impression", "Possible Worlds", "Pace")
    for rubric in (Rubric(0, 10, tuple(Criterion(name, False) for name in names)), Rubric(0, 10)):
        reader = ReplyReader(rubric)
        for written in ("{} - 7", "{}: 7", "**{} - 7**", "**{}**: 7", "### {}: 7"):
            reply = "\n".join(written.format(name) for name in names)
            assert reader.parse(reply).scores == dict.fromkeys(names, 7.0), reply
