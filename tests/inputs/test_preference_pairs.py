"""Preference files: which columns are found, which pairs count, and what is refused."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from judgemark.errors import InputError, UsageError
from judgemark.inputs.pair_columns import parsed_columns
from judgemark.inputs.preference_pairs import (
    CONTRADICTED,
    REPEATED,
    TIED,
    PreferencePair,
    read_preferences,
)

HUMAN = Path(__file__).resolve().parents[2].parent / "shared" / "human" / "preference_pairs.jsonl"
PAIR = {"prompt": "A dog.", "chosen": "It barked once.", "rejected": "It was a dog."}


def only(*rows: dict[str, Any], **columns: str) -> PreferencePair:
    """The one pair of these rows."""
    (pair,) = read_preferences(rows, columns).pairs
    return pair


def plain(pair: PreferencePair) -> tuple[str, str, str]:
    return pair.prompt, pair.chosen, pair.rejected


EXPECTED = ("A dog.", "It barked once.", "It was a dog.")


@pytest.mark.parametrize(
    "row",
    [
        PAIR,
        {"Writing Prompt": "A dog.", "chosen_story": EXPECTED[1], "rejected_story": EXPECTED[2]},
        {
            "instruction": "A dog.",
            "response_a": EXPECTED[2],
            "response_b": EXPECTED[1],
            "label": "B",
        },
        {"question": "A dog.", "story1": EXPECTED[1], "story2": EXPECTED[2], "winner": "story1"},
        {
            "prompt": [{"role": "user", "content": "A dog."}],
            "chosen": [{"role": "assistant", "content": EXPECTED[1]}],
            "rejected": [{"role": "assistant", "content": EXPECTED[2]}],
        },
        {
            "chosen": [
                {"role": "user", "content": "A dog."},
                {"role": "assistant", "content": EXPECTED[1]},
            ],
            "rejected": [
                {"role": "user", "content": "A dog."},
                {"role": "assistant", "content": EXPECTED[2]},
            ],
        },
        {
            "prompt": "A dog.",
            "chosen": {"text": EXPECTED[1], "score": 3},
            "rejected": {"text": EXPECTED[2], "score": 1},
        },
        {
            "prompt": "A dog.",
            "chosen": json.dumps([{"role": "assistant", "content": EXPECTED[1]}]),
            "rejected": json.dumps([{"role": "assistant", "content": EXPECTED[2]}]),
        },
    ],
    ids=["plain", "stories", "label", "winner", "chat", "chat with prompt", "objects", "JSON text"],
)
def test_usual_forms_are_found(row: dict[str, Any]) -> None:
    assert plain(only(row)) == EXPECTED


def test_the_last_assistant_message_counts_and_the_others_are_the_prompt() -> None:
    before = [
        {"role": "user", "content": "A dog."},
        {"role": "assistant", "content": "Which?"},
        {"role": "user", "content": "Mine."},
    ]
    pair = only(
        {
            "chosen": [*before, {"role": "assistant", "content": "good"}],
            "rejected": [*before, {"role": "assistant", "content": "bad"}],
        }
    )
    assert plain(pair) == ("user: A dog.\n\nassistant: Which?\n\nuser: Mine.", "good", "bad")


def test_columns_of_other_names_are_named() -> None:
    row = {
        "task": "A dog.",
        "x": {"won": EXPECTED[1]},
        "y": EXPECTED[2],
        "gap": "7.5",
        "who": "r/w",
    }
    pair = only(row, prompt="task", chosen="x.won", rejected="y", margin="gap", source="who")
    assert plain(pair) == EXPECTED
    assert (pair.margin, pair.source) == (7.5, "r/w")


@pytest.mark.parametrize(
    ("value", "year"),
    [(1999, 1999), ("2021-03-04T05:06:07", 2021), (datetime(2020, 1, 2), 2020), ("", None)],
)
def test_years_are_read_from_numbers_and_dates(value: object, year: float | None) -> None:
    assert only({**PAIR, "year": value}).year == year


def test_one_and_two_are_taken_where_the_file_has_both() -> None:
    row = {"prompt": "p", "text_1": "x", "text_2": "y"}
    found = read_preferences([{**row, "label": 1}, {**row, "prompt": "q", "label": 2}])
    assert [plain(pair) for pair in found.pairs] == [("p", "x", "y"), ("q", "y", "x")]


def test_ties_repetitions_and_contradictions_are_left_out_and_counted() -> None:
    row = {"prompt": "p", "text_a": "x", "text_b": "y"}
    found = read_preferences(
        [
            {**row, "label": "tie"},
            {**row, "label": "A"},
            {**row, "label": "A"},
            {**row, "prompt": "q", "label": "A"},
            {**row, "prompt": "q", "label": "B"},
        ]
    )
    assert [plain(pair) for pair in found.pairs] == [("p", "x", "y")]
    assert found.left_out == {TIED: 1, REPEATED: 1, CONTRADICTED: 2}


def test_a_margin_of_zero_is_a_tie() -> None:
    found = read_preferences([{**PAIR, "margin": 0}, {**PAIR, "prompt": "q", "margin": 2}])
    assert [pair.margin for pair in found.pairs] == [2]
    assert found.left_out == {TIED: 1}


LABELLED = {"prompt": "p", "text_a": "x", "text_b": "y"}


@pytest.mark.parametrize(
    ("rows", "place", "problem"),
    [
        ([PAIR, {**PAIR, "rejected": PAIR["chosen"] + " "}], "[1], rejected", "is the same text"),
        ([{**PAIR, "chosen": " \n"}], "[0], chosen", "is empty"),
        ([{**PAIR, "prompt": ""}], "[0], prompt", "is empty"),
        ([{**PAIR, "chosen": 3}], "[0], chosen", "is neither a text nor a chat"),
        ([{**PAIR, "chosen": "half \ud800"}], "[0], chosen", "half of a surrogate pair"),
        ([{**LABELLED, "label": ""}], "[0], label", "the pair has no label"),
        ([{**LABELLED, "label": None}], "[0], label", "the pair has no label"),
        ([{**LABELLED, "label": 1}], "[0], label", 'the label "1" does not say'),
        ([{**LABELLED, "label": 0}], "[0], label", 'the label "0" does not say'),
        ([{**PAIR, "id": 7}, {**PAIR, "id": 7}], "[1]", r'the id "7" occurs already in \[0\]'),
        ([{**PAIR, "margin": -2}], "[0], margin", "says that the other text is better"),
        ([{**PAIR, "margin": "big"}], "[0], margin", "is not a number"),
        ([{**PAIR, "year": 123456}], "[0], year", "is no year"),
        ([{"prompt": "p", "chosen": "x"}], "", "has no column for the part rejected"),
        ([{"chosen": "x", "rejected": "y"}], "", "has no column for the part prompt"),
        ([LABELLED], "", "has no column for the part label"),
        ([{**LABELLED, "label": "tie"}], "", r"no pair is left \(1: the label says a tie\)"),
    ],
)
def test_a_refusal_names_row_and_column(
    rows: list[dict[str, Any]], place: str, problem: str
) -> None:
    with pytest.raises(InputError, match=problem) as refused:
        read_preferences(rows)
    assert refused.value.place == place
    assert refused.value.fix
    assert "\n" not in str(refused.value)


def test_a_named_column_must_be_there() -> None:
    with pytest.raises(InputError, match=r'no column "best"; .* the file has prompt, chosen, re'):
        read_preferences([PAIR], {"chosen": "best"})


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["chosen"], '"chosen" is not PART=COLUMN'),
        (["chosen="], '"chosen=" is not PART=COLUMN'),
        (["choosen=x"], 'no part "choosen"; did you mean "chosen"'),
        (["a=x", "a=y"], 'the part "a" is named twice'),
    ],
)
def test_columns_are_words_with_an_equals_sign(words: list[str], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        parsed_columns(words)


def test_a_column_may_have_an_equals_sign_itself() -> None:
    assert parsed_columns(["chosen=a=b", "id=n"]) == {"chosen": "a=b", "id": "n"}


@pytest.mark.skipif(not HUMAN.exists(), reason="../shared/human is not there")
def test_real_preferences_are_read_whole() -> None:
    found = read_preferences(HUMAN)
    assert len(found.pairs) == 87
    assert {pair.source for pair in found.pairs} == {"style-mimic"}
    assert found.left_out == {}
