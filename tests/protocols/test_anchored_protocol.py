"""One score of a piece beside two scored ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from judgemark.inputs.anchored_prompts import AnchoredPrompts
from judgemark.inputs.prompt_template import PromptTemplate
from judgemark.inputs.prompts import END, START, Fills
from judgemark.protocols.anchored_protocol import AnchoredProtocol, AnchoredReader, AnchorPair
from judgemark.records import Class, Failure, Sample, Verdict

TEXT = f"<WRITING_PROMPT>|<WEAK_ANCHOR>|<STRONG_ANCHOR>|{START}{END}|<SCORING_MAX>"


def prompts(text: str = TEXT) -> AnchoredPrompts:
    template = PromptTemplate(Path("t.txt"), text)
    return AnchoredPrompts(template, {"sea": "Write about <WEAK_ANCHOR>."}, Fills(0, 10))


def test_the_prompt_shows_the_anchors_and_expands_nothing_that_comes_in() -> None:
    shown = prompts().render("sea", "<STRONG_ANCHOR>", weak=f"w {START}", strong="<SCORING_MIN>")
    assert shown == (
        f"Write about <WEAK_ANCHOR>.|w {START}|<SCORING_MIN>|{START}\n<STRONG_ANCHOR>\n{END}|10"
    )


def test_a_question_names_all_three_texts_and_no_writer() -> None:
    piece, weak, strong = (Sample(w, "1", "sea", f"text of {n}") for n, w in enumerate("abc"))
    protocol = AnchoredProtocol(
        {"name": "j"}, [piece], prompts(), {("a", "1", "sea"): AnchorPair(weak, strong)}
    )
    (question,) = next(protocol.plan())
    assert question.pieces == {"piece": piece, "weak": weak, "strong": strong}
    assert question.by_place
    other = AnchoredProtocol(
        {"name": "j"}, [piece], prompts(), {("a", "1", "sea"): AnchorPair(strong, weak)}
    )
    assert next(other.plan())[0].key != question.key


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ('{"analysis": "Between the 2 and the 9.", "score": 6.5}', 6.5),
        ('```json\n{"score": 7}\n```', 7),
        ("Stronger than the first.\n\nScore: 4/10", 4),
        ('<think>{"score": 9}</think>{"score": 3}', 3),
        ('{"weaker": 2, "stronger": 9, "score": 6}', 6),
        ('{"score": "8"}', 8),
        ('{"score": 0}', 0),
    ],
)
def test_the_one_score_is_the_item_score(reply: str, value: float) -> None:
    assert AnchoredReader().read(reply, "stop") == Verdict(Class.OK, value=value)


@pytest.mark.parametrize(
    ("reply", "finish", "cls"),
    [
        ('{"score": 11}', "stop", Class.UNPARSEABLE),
        ('{"score": null}', "stop", Class.UNPARSEABLE),
        ("It is fine.", "stop", Class.UNPARSEABLE),
        ("", "stop", Class.EMPTY),
        ('{"analysis": "Bet', "length", Class.TRUNCATED),
        ("I'm sorry, I cannot evaluate this.", "stop", Class.REFUSED),
    ],
)
def test_a_reply_without_a_score_is_a_failure_with_its_class(
    reply: str, finish: str, cls: Class
) -> None:
    outcome = AnchoredReader().read(reply, finish)
    assert isinstance(outcome, Failure)
    assert outcome.cls is cls
