"""Counts what stands on the surface of texts, many at once: words, marks, sentences, dialogue."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import islice

import numpy as np

from judgemark.metrics.validity.english_words import FUNCTION_WORDS, OPENERS, SHORTEST_ADVERB
from judgemark.metrics.validity.unspaced_words import has_unspaced, words_and_signs
from judgemark.table.score_table import Floats, Ints

CHUNK = 1_000_000
"""Characters counted at a time, which bounds memory."""

MOST_WORDS = 1_000_000
"""Distinct words after which numbering starts again: codes of trigrams stay within 63 bits."""

_CLOSERS = "\"'”’»)]*_」』）"
_AROUND = ".,;:!?…\"'“”‘’«»„()[]{}*_—–-。、「」『』،؛؟"
_SENTENCE_ENDS = tuple(".!?…。！？｡؟۔।")
_COMMAS, _QUESTIONS, _EXCLAMATIONS = ",、，،", "?？؟", "!！"
_QUOTES = '"“”«»„「」『』'
_DASHES = ("—", "–", "―", "--", " - ")
_SPANS = (("“", "”"), ("«", "»"), ("「", "」"), ("『", "』"), ("„", "“"))
_SINGLE_QUOTED = re.compile("‘[^‘\n]*?’(?!\\w)")


@dataclass(frozen=True, slots=True, eq=False)
class TextCounts:
    """Counts of n texts; each field has shape (n,) and is 0 or more.

    A word is one of `text.lower().split()`; each Chinese or Japanese character or mark is a word
    of its own. A paragraph is a line that is not blank. A sentence ends at a word with an end
    mark, or with its paragraph. `letters` are the characters of all words with their marks,
    `sentence_squares` is the sum over sentences of their squared number of words, `openers` are
    the paragraphs that open with one of OPENERS, and `dialogue` is the characters in quotation
    marks.
    """

    characters: Floats
    words: Floats
    letters: Floats
    function_words: Floats
    adverbs: Floats
    distinct_words: Floats
    distinct_bigrams: Floats
    distinct_trigrams: Floats
    sentences: Floats
    sentence_squares: Floats
    paragraphs: Floats
    openers: Floats
    commas: Floats
    dashes: Floats
    quotation_marks: Floats
    question_marks: Floats
    exclamation_marks: Floats
    dialogue: Floats


def count_texts(texts: Sequence[str]) -> TextCounts:
    """Return the counts of each text; all are 0 for an empty one."""
    vocabulary = _Vocabulary()
    parts = []
    for chunk in _chunks(texts):
        if len(vocabulary.ids) > MOST_WORDS:
            vocabulary = _Vocabulary()
        parts.append(_count_chunk(chunk, vocabulary))
    return TextCounts(
        **{
            f.name: np.concatenate([np.zeros(0), *(getattr(part, f.name) for part in parts)])
            for f in fields(TextCounts)
        }
    )


def _chunks(texts: Sequence[str]) -> Iterable[list[str]]:
    chunk: list[str] = []
    size = 0
    for text in texts:
        chunk.append(text)
        size += len(text)
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


class _Vocabulary:
    """The words met so far, numbered in the order in which they were met."""

    def __init__(self) -> None:
        self.ids: defaultdict[str, int] = defaultdict()
        self.ids.default_factory = self.ids.__len__
        self._known = np.zeros((0, len(_WORD_PROPERTIES)))

    def numbers(self, words: list[str]) -> Ints:
        return np.fromiter(map(self.ids.__getitem__, words), np.int64, len(words))

    def properties(self) -> dict[str, Floats]:
        """Return each of _WORD_PROPERTIES for every word by its number; shape (words,)."""
        new = [_properties(word) for word in islice(self.ids, len(self._known), None)]
        if new:
            self._known = np.concatenate([self._known, np.array(new, dtype=float)])
        return dict(zip(_WORD_PROPERTIES, self._known.T, strict=True))


_WORD_PROPERTIES = ("letters", "function_words", "adverbs", "openers", "ends")


def _properties(word: str) -> tuple[float, bool, bool, bool, bool]:
    """Length, function word, adverb in -ly, opener, end of a sentence."""
    plain = word.isalpha()
    bare = word if plain else word.strip(_AROUND).replace("’", "'")
    return (
        len(word),
        bare in FUNCTION_WORDS,
        bare.endswith("ly") and len(bare) >= SHORTEST_ADVERB,
        bare.partition("'")[0] in OPENERS,
        not plain and word.rstrip(_CLOSERS).endswith(_SENTENCE_ENDS),
    )


def _count_chunk(texts: Sequence[str], vocabulary: _Vocabulary) -> TextCounts:
    numbered = []
    for text in texts:
        words, line_ends = _words_of(text)
        ends: Ints = np.array(line_ends, dtype=np.int64)
        numbered.append((vocabulary.numbers(words), ends))
    known = vocabulary.properties()
    counts = np.zeros((len(texts), len(fields(TextCounts))))
    for row, (text, (ids, ends)) in enumerate(zip(texts, numbered, strict=True)):
        counts[row] = (
            *_word_counts(text, ids, known),
            *_distinct(ids, len(vocabulary.ids)),
            *_structure(ids, ends, known),
            _total(text, _COMMAS),
            sum(map(text.count, _DASHES)),
            _total(text, _QUOTES),
            _total(text, _QUESTIONS),
            _total(text, _EXCLAMATIONS),
            _dialogue(text),
        )
    return TextCounts(*counts.T)


def _words_of(text: str) -> tuple[list[str], list[int]]:
    """Return the words in order, and after how many words each line that is not blank ends."""
    lowered = text.lower()
    unspaced = has_unspaced(lowered)
    words: list[str] = []
    ends: list[int] = []
    for line in lowered.splitlines():
        found = words_and_signs(line) if unspaced else line.split()
        if found:
            words += found
            ends.append(len(words))
    return words, ends


def _word_counts(text: str, ids: Ints, known: dict[str, Floats]) -> list[float]:
    sums = [float(known[name][ids].sum()) for name in ("letters", "function_words", "adverbs")]
    return [len(text), len(ids), *sums]


def _distinct(ids: Ints, size: int) -> list[int]:
    """Return how many words, bigrams and trigrams are distinct."""
    bigrams = ids[:-1] * size + ids[1:]
    trigrams = bigrams[:-1] * size + ids[2:]
    found = []
    for codes in (ids, bigrams, trigrams):
        ordered = np.sort(codes)
        found.append(int(np.count_nonzero(ordered[1:] != ordered[:-1])) + min(1, len(codes)))
    return found


def _structure(ids: Ints, line_ends: Ints, known: dict[str, Floats]) -> list[float]:
    """Sentences, the sum of their squared lengths, paragraphs, and those with an opener."""
    if not len(ids):
        return [0.0, 0.0, 0.0, 0.0]
    ends = known["ends"][ids]
    ends[line_ends - 1] = 1.0
    lengths = np.diff(np.flatnonzero(ends), prepend=-1)
    starts = np.concatenate([[0], line_ends[:-1]])
    openers = float(known["openers"][ids[starts]].sum())
    return [len(lengths), float((lengths**2).sum()), len(line_ends), openers]


def _total(text: str, marks: str) -> int:
    return sum(map(text.count, marks))


def _dialogue(text: str) -> int:
    """Characters between matching quotation marks of one line, the marks included."""
    total = 0
    for opening, closing in _SPANS:
        for part in text.split(opening)[1:]:
            end = part.find(closing)
            if end >= 0 and "\n" not in part[:end]:
                total += end + 2
    if '"' in text:
        for line in text.splitlines():
            inside = line.split('"')[1:-1:2]
            total += sum(map(len, inside)) + 2 * len(inside)
    if "‘" in text:
        total += sum(map(len, _SINGLE_QUOTED.findall(text)))
    return total
