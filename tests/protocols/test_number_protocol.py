"""The direct protocol: the piece alone, and one number back."""

from __future__ import annotations

import pytest

from judgemark.protocols.number_protocol import NumberProtocol
from judgemark.records import Class, Message, Reply, Sample, Verdict

ANN = Sample("ann", "1", "7", "Once.")


def protocol(*, by_place: bool = False) -> NumberProtocol:
    return NumberProtocol({"name": "length"}, (ANN,), by_place)


def test_the_piece_is_the_message() -> None:
    ((question,),) = protocol().plan()
    assert question.messages == (Message("user", "Once."),)
    assert question.pieces == {"piece": ANN}


def test_the_place_is_part_of_the_key_only_where_the_judge_looks_at_it() -> None:
    moved = Sample("bea", "2", "7", "Once.")
    assert protocol().question(ANN).key == protocol().question(moved).key
    here, there = (protocol(by_place=True).question(s) for s in (ANN, moved))
    assert here.key != there.key
    assert here.by_place


def test_the_same_text_under_two_items_is_two_questions() -> None:
    other = Sample("ann", "1", "8", "Once.")
    assert protocol().question(ANN).key != protocol().question(other).key


@pytest.mark.parametrize(("text", "value"), [("7", 7.0), ("0.1", 0.1), (" -3e2\n", -300.0)])
def test_a_number_is_a_verdict(text: str, value: float) -> None:
    asked = protocol()
    assert asked.read(asked.question(ANN), Reply(text)) == Verdict(Class.OK, value=value)


@pytest.mark.parametrize("text", ["", "seven", "7 of 10", "nan", "inf", "-Infinity", "1e999"])
def test_anything_else_is_unparseable(text: str) -> None:
    asked = protocol()
    assert asked.read(asked.question(ANN), Reply(text)).cls is Class.UNPARSEABLE
