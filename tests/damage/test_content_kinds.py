import numpy as np

from judgemark.damage.content_kinds import (
    NO_OTHER_PIECE,
    NOT_ENGLISH,
    nearest_in_length,
    other_half,
    sense_flipped,
    sentence_lifted,
)
from judgemark.damage.passage import split_passage
from judgemark.damage.plans import DamagePlan, DamageSource, NotApplicable
from tests.damage.pieces import ENGLISH, GERMAN, OTHER


def source(text: str, *others: str, most: float = 0.6) -> DamageSource:
    passages = [split_passage(other) for other in others]
    return DamageSource(split_passage(text), passages, most, np.random.default_rng(1))


def test_the_last_part_is_that_of_the_other_piece() -> None:
    made = other_half(source("A one. B two. C six. D ten.", "E one. F two. G six. H ten."))
    assert isinstance(made, DamagePlan)
    assert made.text_after(1) == "A one. B two. G six. H ten."


def test_every_version_ends_as_the_other_piece_does_and_begins_as_its_own() -> None:
    made = other_half(source(ENGLISH, OTHER))
    assert isinstance(made, DamagePlan)
    for n in range(1, len(made.shares) + 1):
        text = made.text_after(n)
        assert text[:100] == ENGLISH[:100]
        assert text[-60:] == OTHER[-60:]


def test_a_lifted_sentence_comes_from_the_other_piece_and_is_used_once() -> None:
    made = sentence_lifted(source(ENGLISH, OTHER))
    assert isinstance(made, DamagePlan)
    lifted = [
        s for s in split_passage(made.text_after(len(made.shares))).sentences if s not in ENGLISH
    ]
    assert lifted
    assert all(sentence in OTHER for sentence in lifted)
    assert len(set(lifted)) == len(lifted)


def test_with_a_single_piece_by_the_writer_there_is_no_donor() -> None:
    assert other_half(source(ENGLISH)) == NotApplicable(NO_OTHER_PIECE)
    assert sentence_lifted(source(ENGLISH)) == NotApplicable(NO_OTHER_PIECE)


def test_the_sense_is_inverted_in_english_only() -> None:
    made = sense_flipped(source("He did not come. She was there and the door was old. It rained."))
    assert isinstance(made, DamagePlan)
    assert sense_flipped(source(GERMAN)) == NotApplicable(NOT_ENGLISH)


def test_nearest_in_length_looks_both_ways() -> None:
    sentences = ["a", "bb", "cccc", "ddddd"]  # 1, 2, 4 and 5 letters
    assert list(nearest_in_length(sentences, 3, 2)) == [1, 2]
    assert list(nearest_in_length(sentences, 9, 2)) == [2, 3]
    assert list(nearest_in_length(sentences, 0, 9)) == [0, 1, 2, 3]
    assert list(nearest_in_length([], 3, 2)) == []
