"""The rubric protocol: one prompt with the piece in it, asked as often as repeats say."""

from __future__ import annotations

import pytest

from judgemark.inputs.prompts import END, START, PromptSet
from judgemark.protocols.rubric_protocol import RubricProtocol
from judgemark.records import Class, Criterion, Failure, Message, Reply, Rubric, Sample, Verdict

NAMES = ("Wit", "Pace", "Voice", "Clarity", "Purple Prose")
RUBRIC = Rubric(0, 10, tuple(Criterion(name, name == "Purple Prose") for name in NAMES))
PROMPTS = PromptSet("p", dict.fromkeys(("7", "8"), (f"Judge {START}", f"{END} now")))
ANN = Sample("ann", "1", "7", "Once.")
BEA = Sample("bea", "1", "8", "Twice.")


def protocol(**more: object) -> RubricProtocol:
    given = {"judge": {"name": "j"}, "samples": (ANN, BEA), "prompts": PROMPTS, "rubric": RUBRIC}
    return RubricProtocol(**(given | more))  # type: ignore[arg-type]


def test_the_prompt_holds_the_piece_between_the_markers() -> None:
    question = protocol().question(ANN)
    assert question.messages == (Message("user", f"Judge {START}\nOnce.\n{END} now"),)
    assert (question.item, question.pieces, question.by_place) == ("7", {"piece": ANN}, False)


def test_a_system_message_goes_first() -> None:
    messages = protocol(system="random words").question(ANN).messages
    assert [m.role for m in messages] == ["system", "user"]
    assert messages[0].content == "random words"


def test_the_first_repeat_of_all_comes_before_the_second_of_any() -> None:
    (wave,) = protocol(repeats=2).plan()
    assert [(q.item, q.key.slot.repeat) for q in wave] == [("7", 0), ("8", 0), ("7", 1), ("8", 1)]
    assert wave[0].key.question == wave[2].key.question


def test_the_key_follows_all_that_shapes_the_answer_and_nothing_else() -> None:
    key = protocol().question(ANN).key
    assert protocol(samples=()).question(ANN).key == key
    # The range is in the prompt where it shapes the answer; reading is not part of the question.
    assert protocol(rubric=Rubric(0, 20)).question(ANN).key == key
    assert protocol().question(Sample("cid", "9", "7", "Once.")).key == key
    others = [
        protocol(judge={"name": "k"}).question(ANN).key,
        protocol(system="x").question(ANN).key,
        protocol().question(Sample("ann", "1", "7", "Once!")).key,
        protocol().question(Sample("ann", "1", "8", "Once.")).key,
        protocol().question(ANN, repeat=1).key,
    ]
    assert len({key, *others}) == 6


@pytest.mark.parametrize(
    ("reply", "cls"),
    [
        (Reply("\n".join(f"{name}: 7" for name in NAMES), "stop"), Class.OK),
        (Reply("\n".join(f"{name}: 7" for name in NAMES), "length"), Class.TRUNCATED),
        (Reply("", "stop"), Class.EMPTY),
        (Reply("Lovely.", "stop"), Class.UNPARSEABLE),
    ],
)
def test_a_reply_is_read_and_classed(reply: Reply, cls: Class) -> None:
    asked = protocol()
    outcome = asked.read(asked.question(ANN), reply)
    assert outcome.cls is cls
    assert isinstance(outcome, Verdict if cls.good else Failure)
