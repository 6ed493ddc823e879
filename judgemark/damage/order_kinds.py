"""Damage to the order of a piece: every word stays, and the sequence is wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from judgemark.damage.passage import Passage
from judgemark.damage.plans import (
    DamagePlan,
    DamageSource,
    NotApplicable,
    sentence_plan,
    shuffled,
    version_plan,
)

_WORDS_TO_SHUFFLE = 4


def sentences_shuffled(source: DamageSource) -> DamagePlan | NotApplicable:
    """Sentences trade places with others of their paragraph; higher levels touch more of them.

    A good judge should notice that sentences refer to what has not yet been said, and that causes
    follow their effects.
    """
    passage = source.passage
    groups = [
        group
        for n, paragraph in enumerate(passage.paragraphs)
        if paragraph.is_prose
        for group in _groups(shuffled(source.rng, _places_of(passage, n)))
    ]
    order = shuffled(source.rng, range(len(groups)))
    steps = (_rotated(passage.sentences, groups[n]) for n in order)
    return sentence_plan(source, steps, "no paragraph has two different sentences")


def _places_of(passage: Passage, paragraph: int) -> list[int]:
    return [place for place, n in enumerate(passage.paragraph_of) if n == paragraph]


def _groups(places: Sequence[int]) -> Iterator[Sequence[int]]:
    """Return pairs, with a group of three at the end where needed, so that no sentence is left
    over."""
    pairs = len(places) // 2
    for n in range(pairs):
        yield places[2 * n : 2 * n + 2 if n < pairs - 1 else len(places)]


def _rotated(sentences: Sequence[str], places: Sequence[int]) -> Mapping[int, str]:
    following = [*places[1:], places[0]]
    return {a: sentences[b] for a, b in zip(places, following, strict=True)}


def paragraphs_shuffled(source: DamageSource) -> DamagePlan | NotApplicable:
    """Paragraphs trade places; higher levels move more of them. Headings and breaks stay.

    A good judge should notice that the story jumps, and that people and things appear before they
    are introduced.
    """
    passage = source.passage
    places = [n for n, p in enumerate(passage.paragraphs) if p.is_prose]
    order = shuffled(source.rng, places)
    sizes = [len(passage.paragraphs[n].text) for n in order]
    versions = [
        (sum(sizes[:moved]) / passage.size, partial(_moved, passage, order[:moved]))
        for moved in range(2, len(order) + 1)
    ]
    return version_plan(versions, "has fewer than two paragraphs")


def _moved(passage: Passage, order: Sequence[int]) -> str:
    paragraphs = list(passage.paragraphs)
    for place, other in zip(order, [*order[1:], order[0]], strict=True):
        moved = passage.paragraphs[other]
        paragraphs[place] = replace(moved, after=passage.paragraphs[place].after)
    return replace(passage, paragraphs=tuple(paragraphs)).text


def ending_moved(source: DamageSource) -> DamagePlan | NotApplicable:
    """The last sentences stand at the front; at higher levels a longer part of the end does.

    A good judge should notice that the piece opens with its outcome, without a reason, and that it
    stops without an ending.
    """
    passage = source.passage
    first = passage.prose[0] if passage.prose else 0
    versions = [
        (share, partial(_with_front, passage, first, start))
        for start, share in tails(passage, source.most)
        if start > first
    ]
    return version_plan(versions, "has only one sentence")


def tails(passage: Passage, most: float) -> list[tuple[int, float]]:
    """Return the parts at the end of a piece, shortest first: where each starts, and its share
    (0..1).

    They go up to the first that holds at least `most` of the piece.
    """
    found: list[tuple[int, float]] = []
    size = 0
    for start in range(len(passage.sentences) - 1, -1, -1):
        size += len(passage.sentences[start])
        found.append((start, size / passage.size))
        if size >= most * passage.size:
            break
    return found


def _with_front(passage: Passage, first: int, start: int) -> str:
    opening = passage.part(0, first)
    pieces = [opening, passage.part(start, None), passage.part(first, start)]
    return passage.before + passage.paragraph_break.join(p for p in pieces if p) + passage.end


def words_shuffled(source: DamageSource) -> DamagePlan | NotApplicable:
    """The words within a sentence stand in random order; at higher levels in more sentences.

    A good judge should notice at once: this is the easiest kind.
    """
    sentences = source.passage.sentences
    order = shuffled(source.rng, source.passage.prose)
    steps = ({n: _with_words_shuffled(sentences[n], source)} for n in order)
    return sentence_plan(source, steps, "no sentence has four words parted by spaces")


def _with_words_shuffled(sentence: str, source: DamageSource) -> str:
    """Return the sentence with its words in another order; punctuation stays where it was."""
    tokens = sentence.split(" ")
    parts = [_apart(token) for token in tokens]
    places = [n for n, (_, word, _) in enumerate(parts) if word]
    if len(places) < _WORDS_TO_SHUFFLE:
        return sentence
    order = shuffled(source.rng, places)
    words = {place: parts[other][1] for place, other in zip(places, order, strict=True)}
    return " ".join(
        before + words.get(n, word) + after for n, (before, word, after) in enumerate(parts)
    )


def _apart(token: str) -> tuple[str, str, str]:
    """Return a token's leading punctuation, its word and its trailing punctuation."""
    start, end = 0, len(token)
    while start < end and not _is_word(token[start]):
        start += 1
    while end > start and not _is_word(token[end - 1]):
        end -= 1
    return token[:start], token[start:end], token[end:]


def _is_word(character: str) -> bool:
    # Marks belong to the letter before them: vowel signs in Arabic, Hindi and others.
    return unicodedata.category(character)[0] in "LMN"
