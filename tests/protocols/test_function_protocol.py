"""What a function gave, read: one number, named scores or a text."""

from __future__ import annotations

import pytest

from judgemark.judges.answers import reply_of
from judgemark.protocols.function_protocol import AnswerReader
from judgemark.records import Class, Criterion, Rubric, Verdict

NAMES = ("Wit", "Warmth", "Flow", "Ear", "Depth")
READER = AnswerReader(Rubric(0, 10, tuple(Criterion(n, False) for n in NAMES)))


def outcome(answer: object) -> object:
    reply = reply_of(answer)
    return READER.read(reply.text, reply.finish_reason)


def test_one_number_is_an_item_score() -> None:
    assert outcome(7.25) == Verdict(Class.OK, value=7.25)


def test_named_scores_match_the_criteria_after_folding() -> None:
    given = {"wit": 7, "WARMTH": 6, "Flow ": 5, "Ear": 4, "Depth": 3}
    verdict = outcome(given)
    assert isinstance(verdict, Verdict)
    assert verdict.scores == {"Wit": 7, "Warmth": 6, "Flow": 5, "Ear": 4, "Depth": 3}


def test_a_text_is_read_as_an_endpoints_reply() -> None:
    verdict = outcome("\n".join(f"{name}: 6" for name in NAMES))
    assert isinstance(verdict, Verdict)
    assert verdict.scores == dict.fromkeys(NAMES, 6.0)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (dict.fromkeys(NAMES[:3], 5), "3 of 5 criteria scored"),
        ({**dict.fromkeys(NAMES, 5), "Wit": 11}, "4 of 5 criteria scored"),
    ],
)
def test_too_few_or_impossible_scores_are_no_verdict(answer: object, told: str) -> None:
    found = outcome(answer)
    assert getattr(found, "cls", None) is Class.UNPARSEABLE
    assert told in getattr(found, "reason", "")
