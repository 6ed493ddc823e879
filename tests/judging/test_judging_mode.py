"""The estimate of tokens before anything is asked."""

from __future__ import annotations

import pytest

from judgemark.judging.judging_mode import tokens_of
from judgemark.records import Message, Question, QuestionKey, Slot


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("word" * 10, 10),
        # Three bytes to a Japanese character, two to an Arabic one: 12 x 3 / 4 and 12 x 2 / 4.
        ("鍵は誰のために取ってあ", 8),
        ("المفتاحقديم", 5),
        ("\ud800", 0),
    ],
)
def test_four_bytes_are_taken_for_a_token(text: str, tokens: int) -> None:
    question = Question(QuestionKey("q", Slot()), "i", (Message("user", text),), {})
    assert tokens_of([question]) == tokens
