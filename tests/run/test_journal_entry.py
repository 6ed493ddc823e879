"""What a journal line says, and that it reads back."""

from __future__ import annotations

import json
import math

import pytest

from judgemark.records import (
    Class,
    LetterLogprobs,
    NumberLogprobs,
    QuestionKey,
    Reply,
    Slot,
    Usage,
    Verdict,
)
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.journal_line import read_line


def test_a_pass_keeps_both_letters_their_mass_and_the_token_produced() -> None:
    letters = LetterLogprobs(math.log(0.6), math.log(0.3), "A", variants=(" A",))
    entry = JournalEntry(
        key=QuestionKey("q", Slot(stage="pair", passage=1)),
        item="7",
        texts={"A": "a", "B": "b"},
        outcome=Verdict(Class.OK, preference=2 / 3),
        reply=Reply("A", "length", logprobs=letters),
        attempts=1,
        first_class=Class.OK,
        seconds=0.5,
        time="2026-01-01T00:00:00+00:00",
        usage=Usage(10, 1, 0.01),
    )
    line = json.loads(json.dumps(entry.to_json()))
    assert line["slot"] == {"member": 0, "repeat": 0, "stage": "pair", "pass": 1}
    # exp(log .6) + exp(log .3) = .9
    assert line["logprobs"]["mass"] == pytest.approx(0.9)
    assert line["logprobs"]["produced"] == "A"
    assert line["logprobs"]["a_censored"] is False
    assert read_line(json.dumps(line).encode()).entry() == entry


def scored_entry() -> JournalEntry:
    steps = ((("7", -0.5), ("8", -1.0)),)
    numbers = (NumberLogprobs(5, steps, ((".", -3.0),)), NumberLogprobs(14, steps))
    return JournalEntry(
        key=QuestionKey("q", Slot()),
        item="7",
        texts={"piece": "a"},
        outcome=Verdict(Class.OK, scores={"Wit": 7.0}),
        reply=Reply("Wit: 7\nPace: 7", "stop", numbers=numbers),
        attempts=1,
        first_class=Class.OK,
        seconds=0.5,
        time="2026-01-01T00:00:00+00:00",
        usage=Usage(10, 1, 0.01),
    )


def test_numbers_keep_their_log_probabilities_in_few_characters() -> None:
    stored = json.dumps(scored_entry().to_json())
    line = json.loads(stored)
    assert line["numbers"] == [
        {"at": 5, "steps": [[["7", -0.5], ["8", -1.0]]], "after": [[".", -3.0]]},
        {"at": 14, "steps": [[["7", -0.5], ["8", -1.0]]]},
    ]
    assert read_line(stored.encode()).entry() == scored_entry()


@pytest.mark.parametrize("damage", [{"at": -1}, {"steps": [[["7", 1.0]]]}, {"steps": 3}])
def test_numbers_that_cannot_be_read_spoil_no_line(damage: dict[str, object]) -> None:
    line = scored_entry().to_json()
    line["numbers"][0] |= damage
    found = read_line(json.dumps(line).encode())
    assert found.set_aside == ('"numbers"',)
    kept = found.entry()
    assert kept.reply is not None and kept.reply.numbers is None
    assert kept.outcome == scored_entry().outcome
