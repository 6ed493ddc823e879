"""Damages a piece step by step: the more steps of a plan are taken, the more damage it has.

Each sentence of a piece is changed by exactly one step of its plan, and a step has the same effect
whatever other steps are taken. So the damage at a lower severity is contained in the damage at a
higher one, sentence by sentence, and it is known which of two versions of a piece is the worse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from judgemark.damage.english import Pairs, flip_sense, shift_tense, swap_cast
from judgemark.damage.passage import Passage, count_words
from judgemark.damage.plans import shuffled
from judgemark.damage.stock_sentences import STOCK_SENTENCES
from judgemark.metrics.validity.surface_features import feature_matrix
from judgemark.table.score_table import Floats

ENDING_WORDS = 14
ENDING_AFTER = 0.1
LETTERS = 5
MOST_WORDS = 40
_NEAREST = 10
_PLACES = 6
_REWORDED = 10
# One stock sentence in eighteen, or an ear for worn phrases alone would tell the writers apart;
# and no sentence stands twice, or counting repeated trigrams would.
_KINDS = (
    "move", "lift", "swap", "move", "flip", "move", "lift", "swap", "stock",
    "move", "swap", "lift", "move", "flip", "move", "tense", "swap", "move",
)  # fmt: skip
# How much a mark weighs, in words, when two sentences are compared.
_MARKS = ((",", 3.0), ('"', 10.0), ("?", 20.0), ("!", 20.0), ("-", 3.0), (".", 1.0))
_BARE_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Step:
    """One damage: the new sentences by their place; an empty text drops a sentence."""

    kind: str
    changes: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Material:
    """What damage is made from: other pieces, and the piece's pairs to exchange."""

    others: Sequence[Passage]
    pairs: Pairs


def plan_damage(piece: Passage, material: Material, rng: np.random.Generator) -> tuple[Step, ...]:
    """All steps of damage to a piece, in the order in which rising severity takes them.

    The kinds: `move` (two sentences far apart trade places), `lift` (a sentence of another piece
    stands instead), `stock` (a stock sentence does), `swap` (characters exchanged), `flip` (sense
    inverted), `tense`, and once, soon after the beginning, `ending` (the close of another piece).
    Together they touch every sentence, but for a close that no other fits. Of the ways to take a
    step, the one is taken that leaves what can be counted in the whole piece nearest to where it
    was.
    """
    return _Planner(piece, material, rng).plan()


def take_steps(piece: Passage, steps: Sequence[Step], severity: float) -> tuple[Step, ...]:
    """Return the first steps of a plan that come nearest to `severity` (share of words, 0..1)."""
    shares = [share_touched(piece, steps[:n]) for n in range(len(steps) + 1)]
    nearest = min(range(len(shares)), key=lambda n: abs(shares[n] - severity))
    return tuple(steps[:nearest])


def share_touched(piece: Passage, steps: Sequence[Step]) -> float:
    """The share (0..1) of a piece's words that stand in sentences which the steps touch."""
    touched = {n for step in steps for n in step.changes}
    return sum(count_words(piece.sentences[n]) for n in touched) / piece.words


def apply_steps(piece: Passage, steps: Sequence[Step]) -> Passage:
    """The damaged piece."""
    return piece.with_changes({n: text for step in steps for n, text in step.changes.items()})


def surface(texts: Sequence[str]) -> Floats:
    """What can be counted in texts: the declared family, and distinct words without their marks.

    Shape (texts, features).
    """
    return np.hstack([feature_matrix(texts), [_bare(text) for text in texts]])


def _bare(text: str) -> tuple[float, ...]:
    words = _BARE_WORD.findall(text.lower())
    distinct, bigrams = len(set(words)), len(set(pairwise(words)))
    return distinct, bigrams, distinct / max(1, len(words)), bigrams / max(1, len(words))


def least_drift(origin: Floats, candidates: Floats) -> int:
    """Which candidate (candidates, features) drifts least from the origin (features,).

    Each feature's drift counts in units of its mean drift over the candidates.
    """
    drift = np.abs(candidates - origin)
    scale = drift.mean(axis=0)
    scale[scale == 0] = 1.0
    return int(((drift / scale) ** 2).sum(axis=1).round(9).argmin())


def sentence_distances(sentence: str, others: Sequence[str]) -> Floats:
    """How far other sentences differ from one in words, letters, speech and marks, in words."""
    measures = np.array([_measures(other) for other in others]).reshape(len(others), -1)
    distances: Floats = np.abs(measures - np.array(_measures(sentence))).sum(axis=1)
    return distances.round(9)


@cache
def _measures(sentence: str) -> tuple[float, ...]:
    marks = (weight * sentence.count(mark) for mark, weight in _MARKS)
    spoken = sum(map(len, sentence.split('"')[1::2]))
    return (count_words(sentence), len(sentence) / LETTERS, spoken / LETTERS, *marks)


def ending_start(piece: Passage) -> int:
    """Where the close of a piece begins: the last sentences of at least ENDING_WORDS words."""
    words = 0
    for n in range(len(piece.sentences) - 1, -1, -1):
        words += count_words(piece.sentences[n])
        if words >= ENDING_WORDS:
            return n
    return 0


class _Planner:
    def __init__(self, piece: Passage, material: Material, rng: np.random.Generator) -> None:
        self._piece = piece
        self._sentences = piece.sentences
        self._material = material
        self._rng = rng
        self._origin = surface([piece.text])[0]
        self._used: set[str] = set()
        self._steps: list[Step] = []
        self._tail = ending_start(piece)
        order = shuffled(rng, range(self._tail))
        # Long ones last: one step must not carry a piece from one severity past the next.
        self._free = sorted(order, key=lambda n: count_words(piece.sentences[n]) > MOST_WORDS)

    def plan(self) -> tuple[Step, ...]:
        makers: dict[str, Callable[[], Iterable[Mapping[int, str]]]] = {
            "move": self._moves,
            "lift": lambda: self._replacements(self._foreign()),
            "stock": lambda: self._replacements(STOCK_SENTENCES),
            "swap": lambda: self._rewordings(lambda s: swap_cast(s, self._material.pairs)),
            "flip": lambda: self._rewordings(flip_sense),
            "tense": lambda: self._rewordings(shift_tense),
            "ending": self._endings,
        }
        turn = int(self._rng.random() * len(_KINDS))
        ended = False
        while self._free or not ended:
            if not ended and share_touched(self._piece, self._steps) >= ENDING_AFTER:
                kind, ended = "ending", True
            else:
                kind, turn = _KINDS[turn % len(_KINDS)], turn + 1
            if candidates := list(makers[kind]()):
                self._take(kind, candidates)
        return tuple(self._steps)

    def _take(self, kind: str, candidates: Sequence[Mapping[int, str]]) -> None:
        texts = [apply_steps(self._piece, [*self._steps, Step("", c)]).text for c in candidates]
        changes = candidates[least_drift(self._origin, surface(texts))]
        if kind == "ending" and not self._speaks_as_before(changes):
            return
        self._steps.append(Step(kind, changes))
        self._used.update(changes.values())
        self._free = [n for n in self._free if n not in changes]

    def _speaks_as_before(self, changes: Mapping[int, str]) -> bool:
        """Whether a close has as many quotation marks as before.

        Closes are long: without this the damaged pieces would have less dialogue, by a hair.
        """
        before = "".join(self._sentences[n] for n in changes)
        return before.count('"') == "".join(changes.values()).count('"')

    def _moves(self) -> Iterator[Mapping[int, str]]:
        first, rest = self._free[0], self._free[1:]
        far = max(3, len(self._sentences) // 4)
        for other in rest:
            pair = self._sentences[first], self._sentences[other]
            apart = abs(first - other) >= far and pair[0] != pair[1]
            if apart and sum(map(count_words, pair)) <= MOST_WORDS:
                yield {first: pair[1], other: pair[0]}

    def _foreign(self) -> Sequence[str]:
        return [s for piece in self._material.others for s in piece.sentences]

    def _replacements(self, offered: Sequence[str]) -> Iterator[Mapping[int, str]]:
        """One text, not used before, in place of a sentence: those nearest on the surface."""
        fresh = [s for s in offered if s not in self._used and s not in self._sentences]
        if not fresh:
            return
        fresh = [fresh[n] for n in shuffled(self._rng, range(len(fresh)))]
        for place in self._free[:_PLACES]:
            distances = sentence_distances(self._sentences[place], fresh)
            for n in np.argsort(distances, kind="stable")[:_NEAREST]:
                yield {place: fresh[n]}

    def _rewordings(self, reword: Callable[[str], str]) -> Iterator[Mapping[int, str]]:
        found = 0
        for place in self._free:
            text = reword(self._sentences[place])
            if text != self._sentences[place]:
                yield {place: text}
                found += 1
            if found == _REWORDED:
                return

    def _endings(self) -> Iterator[Mapping[int, str]]:
        """Closes of other pieces with as many paragraphs and exclamation marks as this one's.

        Exclamations are rare: losing one close that is full of them would give the damage away.
        """
        places = range(self._tail, len(self._sentences))
        starts = [n for n in places if n == self._tail or self._piece.opens_paragraph(n)]
        dropped = dict.fromkeys(places, "")
        shouts = "".join(self._sentences[n] for n in places).count("!")
        for other in self._material.others:
            close = other.sentences[ending_start(other) :]
            as_loud = "".join(close).count("!") == shouts
            if as_loud and len(close) >= len(starts):
                first = len(close) - len(starts) + 1
                parts = [" ".join(close[:first]), *close[first:]]
                yield dropped | dict(zip(starts, parts, strict=True))
