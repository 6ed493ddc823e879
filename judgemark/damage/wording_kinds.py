"""Damage to how a piece is written: words are repeated, trite, padded, shifted or missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from judgemark.damage.content_kinds import NOT_ENGLISH, is_speech, nearest_in_length
from judgemark.damage.english import ADVERBS, add_adverb, is_english, shift_tense
from judgemark.damage.order_kinds import tails
from judgemark.damage.passage import Passage
from judgemark.damage.plans import (
    DamagePlan,
    DamageSource,
    NotApplicable,
    sentence_plan,
    shuffled,
    version_plan,
)
from judgemark.damage.stock_sentences import STOCK_SENTENCES

_FEW = 6
_SHORTEST_STOCK = 18


def paragraph_repeated(source: DamageSource) -> DamagePlan | NotApplicable:
    """A paragraph stands a second time, in place of another; at higher levels more do.

    A good judge should notice that the story says the same again and that a part of it is gone.
    """
    passage = source.passage
    prose = [n for n, p in enumerate(passage.paragraphs) if p.is_prose]
    if len(prose) < 2:
        return NotApplicable("has fewer than two paragraphs")
    return sentence_plan(
        source, _repeats(source, prose), "no other paragraph keeps the length within 5%"
    )


def _repeats(source: DamageSource, prose: list[int]) -> Iterator[Mapping[int, str]]:
    """Yield each paragraph replaced by the one nearest in length.

    Long ones are used but rarely lost.
    """
    passage = source.passage
    lengths = {n: len(passage.paragraphs[n].text) for n in prose}
    for place in shuffled(source.rng, prose):
        others = [n for n in prose if n != place]
        if others:
            nearest = min(others, key=lambda n: (abs(lengths[n] - lengths[place]), n))
            yield _replaced(passage, place, nearest)


def _replaced(passage: Passage, paragraph: int, other: int) -> Mapping[int, str]:
    places = [place for place, n in enumerate(passage.paragraph_of) if n == paragraph]
    return dict.fromkeys(places, "") | {places[0]: passage.paragraphs[other].text}


def stock_phrases(source: DamageSource) -> DamagePlan | NotApplicable:
    """Worn-out sentences stand in place of the writer's own; at higher levels more do.

    For English. A good judge should notice the stock phrases, and that what they replaced is gone.
    """
    if not is_english(source.passage.text):
        return NotApplicable(NOT_ENGLISH)
    return sentence_plan(source, _stock_steps(source), "no stock sentence is as long")


def _stock_steps(source: DamageSource) -> Iterator[Mapping[int, str]]:
    sentences = source.passage.sentences
    fresh = sorted(STOCK_SENTENCES, key=lambda s: (len(s), s))
    for place in shuffled(source.rng, source.passage.prose):
        if not is_speech(sentences[place]):
            yield {place: _stock_of_length(len(sentences[place]), fresh, source)}


def _stock_of_length(length: int, fresh: list[str], source: DamageSource) -> str:
    """Return stock sentences of nearly a length; each is used once, until none are left."""
    taken: list[str] = []
    left = length
    while not taken or left > _SHORTEST_STOCK:
        if not fresh:
            fresh.extend(sorted(STOCK_SENTENCES, key=lambda s: (len(s), s)))
        near = nearest_in_length(fresh, left, _FEW)
        chosen = near[int(source.rng.random() * len(near))]
        taken.append(fresh.pop(chosen))
        left -= len(taken[-1]) + 1
    return " ".join(taken)


def adverbs_added(source: DamageSource) -> DamagePlan | NotApplicable:
    """Verbs get an adverb that adds nothing; at higher levels in more sentences.

    For English; the bound on length keeps it to about half of the sentences. A good judge should
    find the prose a little weaker, not the story.
    """
    if not is_english(source.passage.text):
        return NotApplicable(NOT_ENGLISH)
    sentences = source.passage.sentences
    steps = (
        {place: add_adverb(sentences[place], ADVERBS[int(source.rng.random() * len(ADVERBS))])}
        for place in shuffled(source.rng, source.passage.prose)
    )
    return sentence_plan(source, steps, "no sentence has a verb that it knows")


def tense_drift(source: DamageSource) -> DamagePlan | NotApplicable:
    """Sentences stand in another tense than the rest; at higher levels more do.

    For English. A good judge should notice that the telling wavers between past and present.
    """
    if not is_english(source.passage.text):
        return NotApplicable(NOT_ENGLISH)
    sentences = source.passage.sentences
    steps = (
        {place: shift_tense(sentences[place])}
        for place in shuffled(source.rng, source.passage.prose)
    )
    return sentence_plan(source, steps, "no sentence has a verb that it knows")


def end_cut(source: DamageSource) -> DamagePlan | NotApplicable:
    """The end is cut off after a whole sentence; higher levels cut more. The length shrinks.

    A good judge should notice that the story stops before it is over.
    """
    passage = source.passage
    versions = [
        (share, partial(_without_end, passage, start))
        for start, share in tails(passage, source.most)
        if start > 0
    ]
    return version_plan(versions, "has only one sentence")


def _without_end(passage: Passage, start: int) -> str:
    return passage.before + passage.part(0, start) + passage.end
