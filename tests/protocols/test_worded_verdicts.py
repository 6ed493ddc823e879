"""Verdicts in words: how judges answer, and what cannot be read."""

from __future__ import annotations

import pytest

from judgemark.protocols.worded_verdicts import read_words
from judgemark.records import Class, Failure, Reply, Verdict


@pytest.mark.parametrize(
    ("text", "p"),
    [
        ("A", 1.0),
        (" b.\n", 0.0),
        ("**B**", 0.0),
        ("[[A]]", 1.0),
        ("Response B", 0.0),
        ("tie", 0.5),
        ("Tie.", 0.5),
        ("Neither", 0.5),
        ("It's a tie.", 0.5),
        ("Answer: A", 1.0),
        ("**Verdict:** B", 0.0),
        ('{"winner": "A"}', 1.0),
        ("<answer>B</answer>", 0.0),
        ("The better response is A.", 1.0),
        ("The verdict is a tie.", 0.5),
        ("A: vivid.\nB: flat, the answer is a cliché.\n\nVerdict: tie", 0.5),
        ("First I thought: answer: A. Then the final answer: B", 0.0),
        ("A\n\nIt has the fresher images.", 1.0),
        ("Both have merit, and both drag.\n\nB", 0.0),
        ("Response A is clearly better than response B.", 1.0),
        ("A, because B is bland.", 1.0),
        ("<think>B is better. Answer: B</think>\nA", 1.0),
    ],
)
def test_how_judges_say_it(text: str, p: float) -> None:
    assert read_words(Reply(text, "stop")) == Verdict(Class.OK, preference=p)


@pytest.mark.parametrize(
    ("text", "finish", "cls"),
    [
        ("", "stop", Class.EMPTY),
        ("<think>A, surely", "stop", Class.EMPTY),
        ("A", "length", Class.TRUNCATED),
        ("A", "content_filter", Class.REFUSED),
        ("A fine pair of pieces.", "stop", Class.UNPARSEABLE),
        ("A is better at dialogue, B is better at plot.", "stop", Class.UNPARSEABLE),
        ("My answer is a long one, so bear with me.", "stop", Class.UNPARSEABLE),
    ],
)
def test_what_is_no_verdict(text: str, finish: str, cls: Class) -> None:
    outcome = read_words(Reply(text, finish))
    assert isinstance(outcome, Failure)
    assert outcome.cls is cls
