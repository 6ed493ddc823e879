from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgemark.judges.base import Json
from judgemark.protocols import pair_keys
from judgemark.protocols.judging_protocol import question_key
from judgemark.protocols.pairwise_protocol import Pair, Pairwise
from judgemark.records import Sample

TEXTS = st.text(alphabet=st.characters(exclude_categories=[]), max_size=30)
JUDGE: dict[str, Json] = {"name": "judge", "parameters": {"temperature": 0.0}}


def assert_keys_are_those_of_the_rendered_questions(
    asking: Pairwise, pair: Pair, repeat: int = 0
) -> None:
    for key, question in zip(
        asking.keys(pair, repeat), asking.questions(pair, repeat), strict=True
    ):
        by_definition = question_key(
            asking.judge, asking.fingerprint, question.messages, key.slot, pair.item
        )
        assert key == question.key == by_definition


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.booleans(), st.booleans())
def test_a_key_is_the_hash_of_the_whole_question(
    instruction: str, item: str, one: str, two: str, worded: bool, escape: bool
) -> None:
    asking = Pairwise(JUDGE, {item: instruction}, worded=worded, escape_non_ascii=escape)
    pair = Pair.of(Sample("x", "1", item, one), Sample("y", "1", item, two))
    assert_keys_are_those_of_the_rendered_questions(asking, pair, 1)


def test_digits_in_item_and_instruction_are_not_taken_for_the_places_of_the_texts() -> None:
    digits = "<0> >0< 0123456789 10 11 12"
    asking = Pairwise(JUDGE, {digits: digits})
    pair = Pair.of(Sample("x", "1", digits, "<13>"), Sample("y", "1", digits, ">13<"))
    assert_keys_are_those_of_the_rendered_questions(asking, pair)


def test_the_same_texts_about_two_items_have_two_keys() -> None:
    asking = Pairwise(JUDGE, {"1": "Write.", "2": "Write."})
    keys = {
        asking.keys(Pair.of(Sample("x", "1", item, "a"), Sample("y", "1", item, "b")))
        for item in "12"
    }
    assert len(keys) == 2


def test_texts_beyond_what_is_kept_have_the_same_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair_keys, "MOST_ESCAPED", 3)
    asking = Pairwise(JUDGE, {"1": "Write."})
    pair = Pair.of(Sample("x", "1", "1", "ab"), Sample("y", "1", "1", "a much longer text"))
    assert_keys_are_those_of_the_rendered_questions(asking, pair)


def test_a_question_goes_to_another_process_as_its_rendered_messages() -> None:
    asking = Pairwise(JUDGE, {"1": "Write."})
    pair = Pair.of(Sample("x", "1", "1", "one"), Sample("y", "1", "1", "two"))
    for question in asking.questions(pair):
        there = pickle.loads(pickle.dumps(question))
        assert there.key == question.key
        assert there.messages == tuple(question.messages)
