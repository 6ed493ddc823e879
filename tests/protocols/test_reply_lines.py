"""Sections: names on a line of their own, with the score below; drafts and weights apart."""

from __future__ import annotations

import pytest

from judgemark.protocols.reply_reader import ReplyReader
from judgemark.records import Criterion, Rubric

NAMES = ("The Turn", "Pace", "Weak Dialogue", "Tell-Don't-Show", "Coherent", "The Ending")
READER = ReplyReader(Rubric(0, 10, tuple(Criterion(name, False) for name in NAMES)))


@pytest.mark.parametrize(
    ("reply", "scores"),
    [
        (
            ("### The Turn\n**Score:** 8/10\nFine.\n\n### Pace\n**Score:** 6/10"),
            {"The Turn": 8.0, "Pace": 6.0},
        ),
        (("**The Turn**\nFine prose.\nScore: 8\n\n**Overall**\nScore: 7"), {"The Turn": 8.0}),
        (("### The Turn (8/10)\nbla"), {"The Turn": 8.0}),
        (("the_turn:\n  score: 8\n  reason: x\npace:\n  score: 6"), {"The Turn": 8.0, "Pace": 6.0}),
        (
            ("- name: The Turn\n  score: 8\n- name: Pace\n  score: 6"),
            {"The Turn": 8.0, "Pace": 6.0},
        ),
        (("- score: 8\n  name: The Turn\n- score: 6\n  name: Pace"), {}),
        (("Draft scores:\nThe Turn: 3\n\nFinal scores:\nThe Turn: 4"), {"The Turn": 4.0}),
        (("Final scores:\nThe Turn: 4\n\nDraft scores:\nThe Turn: 3"), {"The Turn": 4.0}),
        (("Scores:\nThe Turn: 4\n\nWeights:\nThe Turn: 2"), {"The Turn": 4.0}),
        (("Criteria:\n- The Turn\n- Pace\n- Coherent\n\nScore: 7"), {}),
        (("### The Turn\n8/10\n\n### Pace\n6/10"), {"The Turn": 8.0, "Pace": 6.0}),
        (("The Turn score: 8\nRating for Pace: 6"), {"The Turn": 8.0, "Pace": 6.0}),
        (
            ("Criterion: The Turn\nScore: 8\nCriterion: Pace\nScore: 6"),
            {"The Turn": 8.0, "Pace": 6.0},
        ),
        (
            (
                "1. **The Turn**\n"
                "   - Score: 8\n"
                "   - Max: 10\n"
                "2. **Pace**\n"
                "   - Max: 10\n"
                "   - Score: 6"
            ),
            {"The Turn": 8.0, "Pace": 6.0},
        ),
        (("### The Turn\nScore: 6\nFinal score: 7"), {}),
        (("### The Turn\nDraft score: 6\nFinal score: 7"), {"The Turn": 7.0}),
        (("The Turn\n  Max: 10\n  Score: 4"), {"The Turn": 4.0}),
        (
            ("The Turn:\n  Max: 10\n  Score: 4\nPace:\n  Max: 10\n  Score: 6"),
            {"The Turn": 4.0, "Pace": 6.0},
        ),
        (("The Turn\n10\n4"), {}),
        (("The Turn\n4\nPace\n6"), {"The Turn": 4.0, "Pace": 6.0}),
    ],
)
def test_a_score_belongs_to_the_heading_above_it(reply: str, scores: dict[str, float]) -> None:
    assert READER.parse(reply).scores == scores
