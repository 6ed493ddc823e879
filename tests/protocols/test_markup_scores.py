"""XML and HTML: elements, attributes, names in tags of their own."""

from __future__ import annotations

import pytest

from judgemark.protocols.reply_reader import ReplyReader
from judgemark.records import Criterion, Rubric

NAMES = ("The Turn", "Pace", "Weak Dialogue", "Tell-Don't-Show", "Coherent", "The Ending")
READER = ReplyReader(Rubric(0, 10, tuple(Criterion(name, False) for name in NAMES)))


@pytest.mark.parametrize(
    ("reply", "scores"),
    [
        ("<the_turn>8</the_turn><pace>6</pace>", {"The Turn": 8.0, "Pace": 6.0}),
        ('<criterion name="The Turn" score="8" max="10"/>', {"The Turn": 8.0}),
        ('<criterion name="The Turn">8</criterion>', {"The Turn": 8.0}),
        (
            "<scores><criterion><name>The Turn</name><max>10</max><score>8</score>"
            "</criterion></scores>",
            {"The Turn": 8.0},
        ),
        (("<scores>\nThe Turn: 8\n</scores>"), {"The Turn": 8.0}),
        (
            "<table><tr><th>Criterion</th><th>Max</th><th>Score</th></tr>"
            "<tr><td>The Turn</td><td>10</td><td>4</td></tr></table>",
            {"The Turn": 4.0},
        ),
        ("<the_turn><score>8</score><max>10</max></the_turn>", {"The Turn": 8.0}),
        ('<the_turn max="10">4</the_turn>', {"The Turn": 4.0}),
        ('<the_turn score="4">10 scenes</the_turn>', {"The Turn": 4.0}),
        ("<item><criterion>The Turn</criterion><score>4</score></item>", {"The Turn": 4.0}),
        ("<the_turn_score>4</the_turn_score>", {"The Turn": 4.0}),
        (
            "<draft><the_turn>3</the_turn></draft><final><the_turn>4</the_turn></final>",
            {"The Turn": 4.0},
        ),
        (
            "<final><the_turn>4</the_turn></final><draft><the_turn>3</the_turn></draft>",
            {"The Turn": 4.0},
        ),
    ],
)
def test_the_scores_of_a_document(reply: str, scores: dict[str, float]) -> None:
    assert READER.parse(reply).scores == scores
