"""Damage to the characters: every word stays, and belongs to the wrong person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from judgemark.damage.passage import Passage
from judgemark.damage.plans import (
    DamagePlan,
    DamageSource,
    NotApplicable,
    sentence_plan,
    shuffled,
    version_plan,
)

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# Where nouns are capitalised as well, as in German, capitals do not mark names.
_MOST_CAPITALS = 0.2
_TIMES = 3
_CANDIDATES = 6
_NOT_A_NAME = """
Mr Mrs Ms Miss Dr Sir Lady Lord Saint St Professor Captain Uncle Aunt God Christmas Easter
Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May
June July August September October November December English French German Spanish Italian
The And But If Yes No Oh Well What Who Why How When Where Then There This That It He She
They We You My Your His Her Our Their Not Now So As At In On For From To Of With
"""
_NO_NAMES = frozenset(_NOT_A_NAME.split())
_BEFORE_PLACES = re.compile(r"\b(?:in|to|from|at|near|into|of|on) $", re.IGNORECASE)


def names_exchanged(source: DamageSource) -> DamagePlan | NotApplicable:
    """From one sentence on two characters bear each other's names; higher levels start earlier.

    Both are named before that sentence, or the exchange would only be other names. Names are
    found by their capitals. A good judge should notice that people know, own and do what belongs
    to the other.
    """
    passage = source.passage
    pairs = [
        (a, b)
        for a, b in combinations(find_names(passage)[:_CANDIDATES], 2)
        if f"{a} {b}" not in passage.text and f"{b} {a}" not in passage.text
    ]
    if not pairs:
        return NotApplicable("no two characters whose names recur were found")
    named = [_WORD.findall(sentence) for sentence in passage.sentences]
    tried = [(pair, _starts(passage, named, pair, source.most)) for pair in pairs]
    pair, starts = max(tried, key=lambda found: len(found[1]))
    versions = [(share, partial(_exchanged_from, passage, pair, start)) for start, share in starts]
    nothing = "no two characters are both named first and then again towards the end"
    return version_plan(versions, nothing)


def find_names(passage: Passage) -> list[str]:
    """Return words that are likely to be names of characters, the most frequent first.

    A name is a capitalised word that stands within a sentence, and either also where a sentence or
    a speech begins or three times in all; it never stands in small letters, nor mostly after a
    preposition as places do. None are found where capitals do not mark names (German) or do not
    exist (Arabic, Japanese).
    """
    inside: Counter[str] = Counter()
    opening: Counter[str] = Counter()
    places: Counter[str] = Counter()
    small: set[str] = set()
    within = 0
    for place in passage.prose:
        sentence = passage.sentences[place]
        for match in _WORD.finditer(sentence):
            word = match[0]
            if word == word.lower():
                small.add(word)
                within += 1
            elif not word.istitle() or len(word) < 2:
                continue
            elif sentence[: match.start()].rstrip(" \u00a0")[-1:].isalpha():
                inside[word] += 1
                places[word] += bool(_BEFORE_PLACES.search(sentence[: match.start()]))
                within += 1
            else:
                opening[word] += 1
    if inside.total() > _MOST_CAPITALS * max(1, within):
        return []
    found = [
        word
        for word in inside
        if opening[word] and word not in _NO_NAMES and word.lower() not in small
    ]
    return sorted(found, key=lambda word: (-inside[word] - opening[word], word))


def _starts(
    passage: Passage, words: Sequence[Sequence[str]], pair: tuple[str, str], most: float
) -> list[tuple[int, float]]:
    """Return where an exchange may begin, latest first, with the share of the piece from there on.

    `words` holds the words of each sentence.
    """
    both = max(_first_with(words, name) for name in pair)
    found: list[tuple[int, float]] = []
    size = 0
    for place in range(len(words) - 1, both, -1):
        size += len(passage.sentences[place])
        if any(name in words[place] for name in pair):
            found.append((place, size / passage.size))
        if size >= most * passage.size:
            break
    return found


def _first_with(words: Sequence[Sequence[str]], name: str) -> int:
    return next((place for place, those in enumerate(words) if name in those), len(words))


def _exchanged_from(passage: Passage, pair: tuple[str, str], start: int) -> str:
    other = {pair[0]: pair[1], pair[1]: pair[0]}
    changes = {
        place: _WORD.sub(lambda m: other.get(m[0], m[0]), passage.sentences[place])
        for place in range(start, len(passage.sentences))
    }
    return passage.with_changes(changes).text


def dialogue_exchanged(source: DamageSource) -> DamagePlan | NotApplicable:
    """Two speeches that follow each other trade speakers; at higher levels more pairs do.

    The words around a speech ("said Ann") stay where they are. A good judge should notice that
    people answer their own questions and say what only the other can know.
    """
    speeches = _speeches(source.passage)
    if len(speeches) < 2:
        return NotApplicable("has no dialogue of two speakers in quotation marks")
    first = int(source.rng.random() * 2) if len(speeches) % 2 else 0
    pairs = [speeches[n : n + 2] for n in range(first, len(speeches) - 1, 2)]
    order = shuffled(source.rng, range(len(pairs)))
    steps = (_traded(source.passage, *pairs[n]) for n in order)
    return sentence_plan(source, steps, "no two speeches that follow each other differ")


_QUOTED = tuple(
    re.compile(pattern)
    for pattern in (
        r'(?<=")[^"\n]+(?=")',
        r"(?<=„)[^“”„\n]+(?=[“”])",
        r"(?<=“)[^“”\n]+(?=”)",
        r"(?<=»)[^«»\n]+(?=«)",
        r"(?<=«)[^«»\n]+(?=»)",
        r"(?<=「)[^「」\n]+(?=」)",
        r"(?<=『)[^『』\n]+(?=』)",
        r"(?<=‘)(?:[^‘’\n]|’(?=\w))+(?=’)",
        r"(?<=(?<![\w'])')(?=\S)(?:[^'\n]|'(?=\w))+(?='(?!\w))",
    )
)


@dataclass(frozen=True, slots=True)
class _Speech:
    """The first words that a paragraph puts in quotation marks."""

    place: int
    start: int
    end: int


def _speeches(passage: Passage) -> list[_Speech]:
    """Return the first speech of each paragraph: a paragraph counts as a speaker's turn."""
    return max((_quoted_by(passage, quoted) for quoted in _QUOTED), key=len)


def _quoted_by(passage: Passage, quoted: re.Pattern[str]) -> list[_Speech]:
    found: dict[int, _Speech] = {}
    for place in passage.prose:
        paragraph = passage.paragraph_of[place]
        match = None if paragraph in found else quoted.search(passage.sentences[place])
        if match:
            found[paragraph] = _Speech(place, match.start(), match.end())
    return list(found.values())


def _traded(passage: Passage, one: _Speech, two: _Speech) -> Mapping[int, str]:
    return dict(_with_speech_of(passage, one, two)) | dict(_with_speech_of(passage, two, one))


def _with_speech_of(passage: Passage, here: _Speech, there: _Speech) -> Iterator[tuple[int, str]]:
    """Yield the sentence of one speech with the words of the other.

    The last comma or stop stays.
    """
    old = passage.sentences[here.place]
    words, own = _closed(passage.sentences[there.place][there.start : there.end])
    _, close = _closed(old[here.start : here.end])
    if not words[-1:].isalnum():
        close = ""
    elif own and not close:
        close = "."
    yield here.place, old[: here.start] + words + close + old[here.end :]


def _closed(speech: str) -> tuple[str, str]:
    core = speech.rstrip(",.")
    return (core, speech[len(core) :]) if core else (speech, "")
