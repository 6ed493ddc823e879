"""Damage that keeps length and style but replaces what happens by something else."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from judgemark.damage.english import flip_sense, is_english
from judgemark.damage.order_kinds import tails
from judgemark.damage.passage import Passage
from judgemark.damage.plans import (
    DamagePlan,
    DamageSource,
    NotApplicable,
    keeps_length,
    sentence_plan,
    shuffled,
    version_plan,
    within_bound,
)

NO_OTHER_PIECE = "its writer has no other piece to take sentences from"
NOT_ENGLISH = "the rules are for English, and this text is not"
_ENOUGH_VERSIONS = 4
_FAR_ENOUGH = 0.85
_NEAREST = 8


def other_half(source: DamageSource) -> DamagePlan | NotApplicable:
    """The last part is that of another piece by the same writer; higher levels replace more.

    At the highest level it is the second half. A good judge should notice that the people, the
    place and the story are others from there on.
    """
    if not source.others:
        return NotApplicable(NO_OTHER_PIECE)
    best: list[tuple[float, Callable[[], str]]] = []
    for n in shuffled(source.rng, range(len(source.others))):
        found = list(_grafts(source, source.others[n]))
        if found and (not best or found[-1][0] > best[-1][0]):
            best = found
        if len(best) >= _ENOUGH_VERSIONS and best[-1][0] >= _FAR_ENOUGH * source.most:
            break
    return version_plan(best, "no other piece by its writer has an end of the right length")


def _grafts(source: DamageSource, donor: Passage) -> Iterator[tuple[float, Callable[[], str]]]:
    """Yield, for each end of a piece that one of the donor's fits, the share and a text
    function."""
    passage = source.passage
    donor_starts = [start for start, _ in tails(donor, 1.0)]
    sizes = [len(donor.text) - donor.starts[start] for start in donor_starts]
    last = -1
    for start, share in tails(passage, source.most)[1:]:
        wanted = len(passage.text) - passage.starts[start]
        near = min(range(len(sizes)), key=lambda n: abs(sizes[n] - wanted))
        if start == 0 or near <= last:
            continue
        donor_start = donor_starts[near]
        if within_bound(len(passage.text), len(passage.text) - wanted + sizes[near]):
            text = _grafted(passage, start, donor, donor_start)
            if keeps_length(passage.text, text):
                last = near
                yield share, partial(str, text)


def _grafted(passage: Passage, start: int, donor: Passage, donor_start: int) -> str:
    within = not passage.opens_paragraph(start) and not donor.opens_paragraph(donor_start)
    gap = passage.sentence_gap if within else passage.paragraph_break
    head, tail = passage.part(0, start), donor.part(donor_start, None)
    return passage.before + head + gap + tail + passage.end


def sentence_lifted(source: DamageSource) -> DamagePlan | NotApplicable:
    """A sentence of another piece by the same writer stands in place of one; at higher levels more.

    It is about as long, and it is speech where the one it replaces is. A good judge should notice
    sentences that have nothing to do with the story.
    """
    if not source.others:
        return NotApplicable(NO_OTHER_PIECE)
    return sentence_plan(source, _lifts(source), "no sentence of another piece is as long")


def _lifts(source: DamageSource) -> Iterator[Mapping[int, str]]:
    passage = source.passage
    own = set(passage.sentences)
    offered: dict[bool, list[str]] = {True: [], False: []}
    for other in source.others:
        for place in other.prose:
            sentence = other.sentences[place]
            if sentence not in own:
                offered[is_speech(sentence)].append(sentence)
    for sentences in offered.values():
        sentences.sort(key=lambda s: (len(s), s))
    for place in shuffled(source.rng, passage.prose):
        sentences = offered[is_speech(passage.sentences[place])]
        near = nearest_in_length(sentences, len(passage.sentences[place]), _NEAREST)
        if near:
            chosen = near[int(source.rng.random() * len(near))]
            yield {place: sentences.pop(chosen)}


def is_speech(sentence: str) -> bool:
    """Return whether a sentence holds a double quotation mark of any script."""
    return any(mark in sentence for mark in '"“”„«»「『')


def nearest_in_length(sentences: Sequence[str], length: int, most: int) -> range:
    """Return at most `most` places of the sentences nearest to a length, among those sorted by
    it."""
    at = bisect.bisect_left(sentences, length, key=len)
    low, high = at, at
    while high - low < min(most, len(sentences)):
        below = length - len(sentences[low - 1]) if low else None
        above = len(sentences[high]) - length if high < len(sentences) else None
        if above is None or (below is not None and below <= above):
            low -= 1
        else:
            high += 1
    return range(low, high)


def sense_flipped(source: DamageSource) -> DamagePlan | NotApplicable:
    """Sentences say the opposite: a negation added or taken away, or a word's opposite.

    For English. At higher levels more sentences do. A good judge should notice that outcomes and
    feelings contradict what comes before and after.
    """
    if not is_english(source.passage.text):
        return NotApplicable(NOT_ENGLISH)
    sentences = source.passage.sentences
    steps = (
        {place: flip_sense(sentences[place])}
        for place in shuffled(source.rng, source.passage.prose)
    )
    return sentence_plan(
        source, steps, "no sentence has a negation, an auxiliary or a word with an opposite"
    )
