"""The declared family: what each feature is, and that nothing in it repeats or overflows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.metrics.surface_bias import surface_features
from judgemark.metrics.validity.counting_rules import RULES
from judgemark.metrics.validity.surface_features import FAMILY, feature_matrix

NAMES = [feature.name for feature in FAMILY]


def value(name: str, text: str) -> float:
    return float(feature_matrix([text])[0, NAMES.index(name)])


def test_names_are_unique_and_every_feature_has_two_rules() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert len(set(RULES)) == len(RULES) == 2 * len(FAMILY)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("characters", "Ab, c.", 6),
        ("words", "one two  three", 3),
        ("variety", "a b a c", 3 / 4**0.5),
        ("word_length", "ab cd, e", (2 + 3 + 1) / 3),
        ("sentence_length", "A b. C d e f.", (2 + 4) / 2),
        ("sentence_variation", "A b. C d e f.", 1 / 3),  # deviation 1, mean 3
        ("commas", "a, b, c d", 2 / 4),
        ("dashes", "a—b c -- d", 2 / 4),
        ("quotation_marks", '"a" b', 2 / 2),
        ("question_marks", "a? b", 1 / 2),
        ("exclamation_marks", "a! b! c d", 2 / 4),
        ("questions_exclamations", "a? b! c d", 2 / 4),
        ("paragraphs", "a\n\nb\nc", 3),
        ("dialogue", "“ab” cd", 4 / 7),
        ("function_words", "the cat and It’s hat", 3 / 5),
        ("adverbs", "slowly, fly ugly", 1 / 3),
        ("distinct_bigrams", "a b a b", 2),
        ("bigram_variety", "a b a b", 2 / 3),
        ("repeated_trigrams", "a b c a b c", 1 / 4),  # abc bca cab abc
        ("openers", "He ran.\n\nBut why?\n\nRain.", 2 / 3),
    ],
)
def test_each_feature_by_hand(name: str, text: str, expected: float) -> None:
    assert value(name, text) == pytest.approx(expected)


def test_every_feature_has_a_case_by_hand() -> None:
    marks = test_each_feature_by_hand.pytestmark  # type: ignore[attr-defined]
    assert [case[0] for case in marks[0].args[1]] == NAMES


def test_the_family_holds_what_the_embedded_baselines_count() -> None:
    text = "The rain, the rain; it fell. It fell!"
    characters, words, variety = surface_features(text)
    assert value("characters", text) == characters
    assert value("words", text) == words
    assert value("variety", text) == pytest.approx(variety)


def test_sentences_of_one_length_do_not_vary_by_rounding() -> None:
    assert value("sentence_variation", "A b c d e f g. " * 30) == 0.0


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(max_size=60), max_size=3))
def test_features_are_finite_for_any_text(texts: list[str]) -> None:
    found = feature_matrix(texts)
    assert found.shape == (len(texts), len(FAMILY))
    assert np.isfinite(found).all()
    assert (found >= 0).all()
