import numpy as np
import pytest

from judgemark.damage.content_kinds import NOT_ENGLISH
from judgemark.damage.passage import split_passage
from judgemark.damage.plans import DamagePlan, DamageSource, NotApplicable
from judgemark.damage.stock_sentences import STOCK_SENTENCES
from judgemark.damage.wording_kinds import (
    adverbs_added,
    end_cut,
    paragraph_repeated,
    stock_phrases,
    tense_drift,
)
from tests.damage.pieces import ENGLISH, GERMAN


def source(text: str, most: float = 0.6) -> DamageSource:
    return DamageSource(split_passage(text), (), most, np.random.default_rng(1))


def plan(made: DamagePlan | NotApplicable) -> DamagePlan:
    assert isinstance(made, DamagePlan)
    return made


def test_a_paragraph_stands_twice_and_another_is_gone() -> None:
    text = plan(paragraph_repeated(source("A one. B.\n\nC two. D.\n\nE six. F."))).text_after(1)
    assert len(text.split("\n\n")) == 3
    assert len(set(text.split("\n\n"))) == 2


def test_paragraphs_too_different_in_length_are_not_repeated() -> None:
    made = paragraph_repeated(source("It rained.\n\n" + "It rained and rained all night. " * 3))
    assert isinstance(made, NotApplicable)


def test_stock_phrases_replace_the_writers_own_sentences() -> None:
    made = plan(stock_phrases(source(ENGLISH)))
    new = [s for s in split_passage(made.text_after(1)).sentences if s not in ENGLISH]
    assert new
    assert all(sentence in STOCK_SENTENCES for sentence in new)


def test_stock_sentences_are_all_different() -> None:
    assert len(set(STOCK_SENTENCES)) == len(STOCK_SENTENCES) >= 60


def test_an_adverb_is_added_to_one_sentence_after_the_other() -> None:
    made = plan(adverbs_added(source(ENGLISH)))
    for steps in range(1, len(made.shares) + 1):
        assert len(made.text_after(steps).split()) == len(ENGLISH.split()) + steps


def test_some_sentences_stand_in_another_tense() -> None:
    assert plan(tense_drift(source("She took the key to him and the bag."))).text_after(1) == (
        "She takes the key to him and the bag."
    )


@pytest.mark.parametrize("kind", [stock_phrases, adverbs_added, tense_drift])
def test_rules_of_english_are_for_english(kind: object) -> None:
    assert callable(kind)
    assert kind(source(GERMAN)) == NotApplicable(NOT_ENGLISH)


def test_the_end_is_cut_after_a_whole_sentence() -> None:
    made = plan(end_cut(source("A one. B two.\n\nC six. D ten.\n", 0.5)))
    # 6 of 24 characters of sentences are cut, then 12.
    assert made.shares == (0.25, 0.5)
    assert made.text_after(1) == "A one. B two.\n\nC six.\n"
    assert made.text_after(2) == "A one. B two.\n"
