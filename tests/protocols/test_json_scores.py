"""Criterion scores inside JSON: flat, nested, fenced, broken."""

import json

import pytest

from judgemark.protocols.reply_reader import ReplyReader
from judgemark.records import Criterion, Rubric

CRITERIA = ("Weak Dialogue", "Tell-Don't-Show", "Coherent")
READER = ReplyReader(Rubric(0, 10, tuple(Criterion(name, False) for name in CRITERIA)))
UNKNOWN = ReplyReader(Rubric(0, 10))
SCORES = {"Weak Dialogue": 3.0, "Tell-Don't-Show": 4.5, "Coherent": 8.0}

FLAT = {"Weak Dialogue": 3, "Tell-Don't-Show": 4.5, "Coherent": 8}
NESTED = {"analysis": "Coherent: 1, it seems", "scores": FLAT, "score": 7}
OBJECTS = {
    name: {"weight": 2, "score": score, "reason": "Coherent: 1 {sic}", "confidence": 9}
    for name, score in FLAT.items()
}
LISTED = {"criteria": [{"criterion": name, "score": score} for name, score in FLAT.items()]}
LISTED_BACKWARDS = [{"score": score, "name": name} for name, score in FLAT.items()]
WORDED = {name: f"{score}/10" for name, score in FLAT.items()}
SNAKE = {"weak_dialogue": 3, "tell_dont_show": 4.5, "coherent": 8}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("frame", ["{}", "```json\n{}\n```", "Here you are.\n{}\nThat is all."])
@pytest.mark.parametrize(
    "document", [FLAT, NESTED, OBJECTS, LISTED, LISTED_BACKWARDS, WORDED, SNAKE]
)
def test_json_is_read(document: object, frame: str, indent: int | None) -> None:
    reply = frame.replace("{}", json.dumps(document, indent=indent))
    assert READER.parse(reply).scores == SCORES
    if document is not SNAKE:
        assert UNKNOWN.parse(reply).scores == SCORES


@pytest.mark.parametrize(
    "reply",
    [
        '{"Weak Dialogue": 3, "Tell-Don\'t-Show": 4.5, "Coherent": 8,}',
        '{"Weak Dialogue": 3, // flat\n "Tell-Don\'t-Show": 4.5, "Coherent": 8',
        '{"scores": {"Weak Dialogue": "3 (flat)", "Tell-Don\'t-Show": "4,5", "Coherent": "8"',
        '{"Weak Dialogue": {"score": 3}, "Tell-Don\\u2019t-Show": {"score": 4.5}, '
        '"Coherent": {"score": 8',
        "{'Weak Dialogue': 3, 'Tell-Don\\'t-Show': 4.5, 'Coherent': 8}",
    ],
)
def test_broken_json_is_read(reply: str) -> None:
    assert READER.parse(reply).scores == SCORES


def test_null_and_ranges_are_no_scores() -> None:
    read = READER.parse('{"Weak Dialogue": null, "Coherent": "0-10", "Tell-Don\'t-Show": true}')
    assert read.scores == {}
    assert read.left_out == {"Weak Dialogue": "null"}


def test_the_last_block_counts_in_whatever_form() -> None:
    draft, final = '{"Coherent": 2, "Weak Dialogue": 3}', "**Coherent:** 6"
    assert READER.parse(f"{draft}\n{final}").scores == {"Coherent": 6.0, "Weak Dialogue": 3.0}
    assert READER.parse(f"{final}\n{draft}").scores == {"Coherent": 2.0, "Weak Dialogue": 3.0}


def test_the_score_of_an_object_with_many_numbers_is_their_sum() -> None:
    names = ("Plot", "Pace", "Voice", "Theme", "Prose")
    reply = json.dumps({"evaluation": {**dict.fromkeys(names, 6), "score": 30}})
    assert UNKNOWN.parse(reply).scores == dict.fromkeys(names, 6.0)


NAMES = ("The Turn", "Pace", "Weak Dialogue", "Tell-Don't-Show", "Coherent", "The Ending")
NAMED = ReplyReader(Rubric(0, 10, tuple(Criterion(name, False) for name in NAMES)))


@pytest.mark.parametrize(
    ("reply", "scores"),
    [
        (
            '[{"category": "The Turn", "score": 8}, {"category": "Pace", "score": 6}]',
            {"The Turn": 8.0, "Pace": 6.0},
        ),
        ('{"the_turn_score": 8, "paceScore": 6}', {"The Turn": 8.0, "Pace": 6.0}),
        ('{"The Turn": {"draft_score": 3, "final_score": 8, "max_score": 10}}', {"The Turn": 8.0}),
        (
            '{"scores": {"The Turn": 8}, "weights": {"The Turn": 2}, '
            '"max_scores": {"The Turn": 10}}',
            {"The Turn": 8.0},
        ),
        (
            '{"The Turn": {"score": 8, "max": 10, "min": 0, "weight": 2, '
            '"confidence": 9, "rank": 1}}',
            {"The Turn": 8.0},
        ),
        (
            "{'The Turn': {'score': 8, 'reason': 'x'}, 'Pace': {'score': 6}}",
            {"The Turn": 8.0, "Pace": 6.0},
        ),
        ('{"The Turn": {"max": 10, "value": 4}}', {"The Turn": 4.0}),
        ('{"The Turn": {"score": 4, "out_of": 10}}', {"The Turn": 4.0}),
        ('{"The Turn": 4, "The Turn_max": 10}', {"The Turn": 4.0}),
        ('{"the_turn": 4, "the_turn_weight": 2}', {"The Turn": 4.0}),
        ('{"the_turn_first_pass": 3, "the_turn_final": 4}', {"The Turn": 4.0}),
        ('{"the_turn": {"first_pass": 3, "final": 4}}', {"The Turn": 4.0}),
        ('{"the_turn": {"initial": 3, "revised": 4}}', {"The Turn": 4.0}),
        ('{"criteria": {"The Turn": {"score": "4", "max": "10"}}}', {"The Turn": 4.0}),
        ('{"criterion": "The Turn", "scores": {"draft": 3, "final": 4}}', {}),
        ('{"results": [{"criterion": {"name": "The Turn"}, "score": 4}]}', {}),
        ('{"criteria": ["The Turn", "Pace"], "scores": [4, 6]}', {}),
        ('{"score": {"The Turn": 4}}', {"The Turn": 4.0}),
        ('{"rating": 4, "criterion": "The Turn"}', {"The Turn": 4.0}),
        ('{"dimension": "The Turn", "final_score": 4, "initial_score": 3}', {"The Turn": 4.0}),
        ('{"name": "The Turn", "score": 4, "max_score": 10}', {"The Turn": 4.0}),
        ('{"aspect": "The Turn", "points": 4, "possible": 10}', {"The Turn": 4.0}),
    ],
)
def test_keys_tell_which_number_counts(reply: str, scores: dict[str, float]) -> None:
    assert NAMED.parse(reply).scores == scores
