"""Replies in the manner of real judges, each with the outcome that it must have.

The files of `tests/corpus/replies/` hold what judges send, line by line, beside the class and the
scores (or the preferred side) that a careful reader takes from it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from judgemark.protocols.reply_reader import ReplyReader
from judgemark.protocols.worded_verdicts import read_words
from judgemark.records import Class, Criterion, Failure, Reply, Rubric, Verdict

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "replies"
NAMES = ("The Turn", "Pace", "Weak Dialogue", "Tell-Don't-Show", "Coherent", "The Ending")
CRITERIA = tuple(Criterion(name, name in NAMES[2:4]) for name in NAMES)
READERS = {
    "six": ReplyReader(Rubric(0, 10, CRITERIA)),
    "six of twenty": ReplyReader(Rubric(0, 20, CRITERIA)),
    "unlisted": ReplyReader(Rubric(0, 10)),
}
PREFERENCE = {"A": 1.0, "B": 0.0, "tie": 0.5}


@dataclass(frozen=True)
class Case:
    """One reply of the corpus, with the file that it stands in."""

    file: str
    told: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.file}: {self.told['name']}"

    @property
    def reply(self) -> Reply:
        """What the judge sent."""
        return Reply("\n".join(self.told["reply"]), self.told["finish_reason"])


def cases() -> list[Case]:
    """Every reply of every file."""
    return [
        Case(path.stem, told)
        for path in sorted(CORPUS.glob("*.json"))
        for told in json.loads(path.read_text("utf-8"))
    ]


CASES = cases()
RUBRIC_CASES = [case for case in CASES if "rubric" in case.told]
WORDED_CASES = [case for case in CASES if "rubric" not in case.told]


def test_the_corpus_is_large_and_varied() -> None:
    assert len(CASES) >= 120
    assert len({case.told["provider"] for case in CASES}) >= 13


@pytest.mark.parametrize("case", RUBRIC_CASES, ids=str)
def test_scores_are_read_as_a_careful_reader_does(case: Case) -> None:
    reader = READERS[case.told["rubric"]]
    outcome = reader.read(case.reply.text, case.reply.finish_reason)
    expected = case.told.get("scores")
    if expected is None:
        assert isinstance(outcome, Failure)
        assert outcome.cls is Class(case.told["class"])
    else:
        assert outcome == Verdict(Class(case.told["class"]), expected)


@pytest.mark.parametrize("case", WORDED_CASES, ids=str)
def test_verdicts_in_words_are_read_as_a_careful_reader_does(case: Case) -> None:
    outcome = read_words(case.reply)
    if "preferred" in case.told:
        assert outcome == Verdict(Class.OK, preference=PREFERENCE[case.told["preferred"]])
    else:
        assert isinstance(outcome, Failure)
        assert outcome.cls is Class(case.told["class"])
