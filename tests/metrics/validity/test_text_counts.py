"""Counting the surface of texts by hand, in several scripts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.metrics.validity.text_counts import TextCounts, count_texts

STORY = (
    "“Well,” she said quietly, “come in—now!”\n"
    "\n"
    "He came in. And he sat; he sat down. Was it late?\n"
)


def counted(text: str) -> dict[str, float]:
    counts = count_texts([text])
    return {name: float(getattr(counts, name)[0]) for name in TextCounts.__dataclass_fields__}


def test_a_small_story_by_hand() -> None:
    found = counted(STORY)
    assert found["characters"] == len(STORY)
    # well,” she said quietly, come in—now!” | he came in. and he sat; he sat down. was it late?
    assert found["words"] == 6 + 12
    # he three times; "sat;" and "sat" are two words, for marks belong to the word they stand at
    assert found["distinct_words"] == 18 - 2
    assert found["adverbs"] == 1  # quietly
    assert found["paragraphs"] == 2
    assert found["openers"] == 1  # he; "well" is neither pronoun nor conjunction
    assert found["sentences"] == 4  # ...now!” | he came in. | and he ... down. | was it late?
    assert found["sentence_squares"] == 6**2 + 3**2 + 6**2 + 3**2
    assert (found["commas"], found["dashes"], found["quotation_marks"]) == (2, 1, 4)
    assert (found["question_marks"], found["exclamation_marks"]) == (1, 1)
    assert found["dialogue"] == len("“Well,”") + len("“come in—now!”")


def test_distinct_bigrams_and_trigrams_by_hand() -> None:
    found = counted("a b a b a c")
    # bigrams ab ba ab ba ac: three distinct; trigrams aba bab aba bac: three distinct of four
    assert (found["distinct_bigrams"], found["distinct_trigrams"]) == (3, 3)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ('"Yes," he said. "No."', 6 + 5),
        ("«Oui», dit-il.", 5),
        ("„Ja“, sagte er.", 4),
        ("‘I don’t know,’ he said.", len("‘I don’t know,’")),
        ("「はい」と言った。", 4),
        ("“never closed\nnext line”", 0),
    ],
)
def test_dialogue_is_what_stands_between_matching_marks(text: str, spoken: int) -> None:
    assert counted(text)["dialogue"] == spoken


def test_each_japanese_character_is_a_word_and_its_marks_count() -> None:
    found = counted("雨が降る。「止むか？」、と彼。")
    assert found["commas"] == 1
    assert found["question_marks"] == 1
    assert found["words"] == 15  # every character and every mark
    assert found["sentences"] == 3  # they end at the first 。, at the ？ and at the last 。


def test_arabic_marks_count() -> None:
    found = counted("نعم، جاء. هل جاء؟")
    assert (found["commas"], found["question_marks"], found["sentences"]) == (1, 1, 2)


def test_an_empty_text_has_counts_of_0() -> None:
    for text in ("", " \n\t\n "):
        found = counted(text)
        assert {name: n for name, n in found.items() if n and name != "characters"} == {}
    assert len(count_texts([]).words) == 0


def test_a_text_counts_the_same_alone_and_among_others() -> None:
    together = count_texts(["b a b", STORY, "", "a b"])
    assert float(together.distinct_bigrams[1]) == counted(STORY)["distinct_bigrams"]
    assert together.distinct_words.tolist() == [2, 16, 0, 2]


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=300))
def test_any_text_can_be_counted(text: str) -> None:
    found = counted(text)
    assert all(np.isfinite(list(found.values())))
    assert found["distinct_words"] <= found["words"] <= max(1, len(text.lower()))
    assert found["sentences"] >= found["paragraphs"]
    assert found["openers"] <= found["paragraphs"]
