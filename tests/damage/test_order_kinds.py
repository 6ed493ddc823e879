import numpy as np

from judgemark.damage.order_kinds import (
    ending_moved,
    paragraphs_shuffled,
    sentences_shuffled,
    words_shuffled,
)
from judgemark.damage.passage import split_passage
from judgemark.damage.plans import DamagePlan, DamageSource, NotApplicable


def source(text: str, most: float = 1.0) -> DamageSource:
    return DamageSource(split_passage(text), (), most, np.random.default_rng(1))


def plan(made: DamagePlan | NotApplicable) -> DamagePlan:
    assert isinstance(made, DamagePlan)
    return made


def test_sentences_trade_places_within_their_paragraph() -> None:
    made = plan(sentences_shuffled(source("A one. B two.\n\nC three.\n\nD four. E five.")))
    assert made.text_after(2) == "B two. A one.\n\nC three.\n\nE five. D four."


def test_three_sentences_all_move() -> None:
    made = plan(sentences_shuffled(source("A one. B two. C three.")))
    assert made.text_after(1) in ("B two. C three. A one.", "C three. A one. B two.")


def test_one_sentence_a_paragraph_leaves_nothing_to_shuffle() -> None:
    made = sentences_shuffled(source("A one.\n\nB two."))
    assert made == NotApplicable("no paragraph has two different sentences")


def test_paragraphs_move_and_headings_stay() -> None:
    made = plan(paragraphs_shuffled(source("# One\n\nA one.\n\n***\n\nB two.\n\nC six.")))
    assert len(made.shares) == 2
    for steps in (1, 2):
        paragraphs = made.text_after(steps).split("\n\n")
        assert (paragraphs[0], paragraphs[2]) == ("# One", "***")
        moved = [a != b for a, b in zip(paragraphs[1::2] + paragraphs[4:],
                                         ["A one.", "B two.", "C six."], strict=True)]  # fmt: skip
        assert sum(moved) == steps + 1


def test_the_ending_stands_in_front_as_a_paragraph_of_its_own() -> None:
    made = plan(ending_moved(source("# One\n\nA one. B two.\n\nC six. D ten.\n", 0.4)))
    assert made.text_after(1) == "# One\n\nD ten.\n\nA one. B two.\n\nC six.\n"
    assert made.text_after(2) == "# One\n\nC six. D ten.\n\nA one. B two.\n"


def test_words_trade_places_and_marks_stay() -> None:
    text = plan(words_shuffled(source('"Go on," said the old man, slowly.'))).text_after(1)
    assert sorted(text.replace('"', "").replace(",", "").strip(".").split()) == sorted(
        ["Go", "on", "said", "the", "old", "man", "slowly"]
    )
    marks = [token.strip("abcdefghijklmnopqrstuvwxyzG") for token in text.split()]
    assert marks == ['"', ',"', "", "", "", ",", "."]


def test_without_spaces_between_words_there_is_nothing_to_shuffle() -> None:
    assert isinstance(words_shuffled(source("男は町に来た。鞄をなくしていた。")), NotApplicable)


def test_vowel_signs_stay_with_their_letters() -> None:
    text = "كَتَبَ الوَلَدُ رِسَالَةً طَوِيلَةً أَمْسِ."
    made = plan(words_shuffled(source(text))).text_after(1)
    assert made != text
    assert sorted(made[:-1].split()) == sorted(text[:-1].split())
