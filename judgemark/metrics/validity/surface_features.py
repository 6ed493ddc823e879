"""The declared family of surface features that a counting rule may use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.metrics.validity.text_counts import TextCounts, count_texts
from judgemark.table.score_table import Floats


@dataclass(frozen=True, slots=True)
class SurfaceFeature:
    """One number that can be counted in a text without reading it.

    `name` is a key; `more` and `less` name the two rules that prefer the text with the higher
    and the one with the lower number. `value` takes the numbers of n texts from their counts,
    shape (n,); where there is nothing to divide by, the number is 0.
    """

    name: str
    more: str
    less: str
    value: Callable[[TextCounts], Floats]


def _per(number: Floats, of: Floats) -> Floats:
    return np.divide(number, of, out=np.zeros_like(number), where=of > 0)


def _sentence_variation(c: TextCounts) -> Floats:
    """Population standard deviation of the sentences' words over their mean."""
    mean = _per(c.words, c.sentences)
    variance = np.maximum(_per(c.sentence_squares, c.sentences) - mean**2, 0.0)
    # A rest of the subtraction is no variation.
    variance[variance < 1e-9 * mean**2] = 0.0
    return _per(np.sqrt(variance), mean)


def _marks(c: TextCounts) -> Floats:
    return _per(c.question_marks + c.exclamation_marks, c.words)


def _repeated_trigrams(c: TextCounts) -> Floats:
    trigrams = np.maximum(c.words - 2, 0.0)
    return _per(trigrams - c.distinct_trigrams, trigrams)


def _counted(name: str, plural: str, value: Callable[[TextCounts], Floats]) -> SurfaceFeature:
    return SurfaceFeature(name, f"more {plural}", f"fewer {plural}", value)


def _per_word(name: str, plural: str, value: Callable[[TextCounts], Floats]) -> SurfaceFeature:
    return _counted(name, f"{plural} per word", lambda c: _per(value(c), c.words))


FAMILY: tuple[SurfaceFeature, ...] = (
    SurfaceFeature(
        "characters", "longer in characters", "shorter in characters", lambda c: c.characters
    ),
    SurfaceFeature("words", "longer in words", "shorter in words", lambda c: c.words),
    _counted(
        "variety", "distinct words / sqrt(words)", lambda c: _per(c.distinct_words, c.words**0.5)
    ),
    SurfaceFeature(
        "word_length", "longer words", "shorter words", lambda c: _per(c.letters, c.words)
    ),
    SurfaceFeature(
        "sentence_length",
        "longer sentences",
        "shorter sentences",
        lambda c: _per(c.words, c.sentences),
    ),
    SurfaceFeature(
        "sentence_variation",
        "more variation of sentence length",
        "less variation of sentence length",
        _sentence_variation,
    ),
    _per_word("commas", "commas", lambda c: c.commas),
    _per_word("dashes", "dashes", lambda c: c.dashes),
    _per_word("quotation_marks", "quotation marks", lambda c: c.quotation_marks),
    _per_word("question_marks", "question marks", lambda c: c.question_marks),
    _per_word("exclamation_marks", "exclamation marks", lambda c: c.exclamation_marks),
    _counted("questions_exclamations", "question and exclamation marks per word", _marks),
    _counted("paragraphs", "paragraphs", lambda c: c.paragraphs),
    SurfaceFeature(
        "dialogue", "more dialogue", "less dialogue", lambda c: _per(c.dialogue, c.characters)
    ),
    _per_word("function_words", "function words", lambda c: c.function_words),
    _per_word("adverbs", "adverbs in -ly", lambda c: c.adverbs),
    _counted("distinct_bigrams", "distinct bigrams", lambda c: c.distinct_bigrams),
    _counted(
        "bigram_variety",
        "distinct bigrams per bigram",
        lambda c: _per(c.distinct_bigrams, np.maximum(c.words - 1, 0.0)),
    ),
    _counted("repeated_trigrams", "repeated trigrams per trigram", _repeated_trigrams),
    _counted(
        "openers",
        "paragraphs that open with a pronoun or conjunction",
        lambda c: _per(c.openers, c.paragraphs),
    ),
)
"""Every feature, in the order in which ties between rules are settled.

Function words, adverbs and openers are English: in other languages they are 0 for all texts, so
that their rules prefer neither text. The others work in any script that puts spaces between
words, and in Chinese and Japanese with one character as a word.
"""


def feature_matrix(texts: Sequence[str]) -> Floats:
    """Return the features of each text; shape (texts, features), in the order of FAMILY, finite."""
    counts = count_texts(texts)
    return np.stack([feature.value(counts) for feature in FAMILY], axis=1)
