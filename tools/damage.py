"""Damages a piece step by step: the first steps of a plan make a little of it, all of them much.

Each sentence of a piece is touched by exactly one step of its plan, and a step does the same
whatever else is done. So the damage at a lower severity is contained in the damage at a higher
one, sentence by sentence, and which of two versions of a piece is the worse is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tools.rewording import Pairs, flip_sense, shift_tense, swap_cast
from tools.sentences import Piece, count_words, join_piece

ENDING_WORDS = 14
ENDING_AFTER = 0.1
LETTERS = 5
MOST_WORDS = 40
_NEAREST = 12
# One stock sentence in twenty, or an ear for worn phrases alone would tell the writers apart.
_KINDS = (
    "move", "lift", "swap", "flip", "move", "tense", "lift", "swap", "repeat", "stock",
    "move", "swap", "lift", "flip", "move", "tense", "lift", "swap", "repeat", "move",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One damage: the new sentences by their place; an empty text drops a sentence."""

    kind: str
    changes: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Material:
    """What damage is made of: other pieces, stock sentences, and the piece's pairs to exchange."""

    others: Sequence[Piece]
    stock: Sequence[str]
    pairs: Pairs


def plan_damage(piece: Piece, material: Material, rng: np.random.Generator) -> tuple[Step, ...]:
    """All steps of damage to a piece, in the order in which rising severity takes them.

    The kinds: `move` (two sentences far apart trade places), `lift` (a sentence of another piece
    stands instead), `stock` (a stock sentence does), `repeat` (another sentence of the piece
    does), `swap` (characters exchanged), `flip` (sense turned round), `tense`, and once, soon
    after the beginning, `ending` (the close of another piece). Together they touch every sentence.
    """
    return _Planner(piece, material, rng).plan()


def take_steps(piece: Piece, steps: Sequence[Step], severity: float) -> tuple[Step, ...]:
    """The first steps of a plan, as many as come nearest to `severity` (share of words, 0..1)."""
    shares = [share_touched(piece, steps[:n]) for n in range(len(steps) + 1)]
    nearest = min(range(len(shares)), key=lambda n: abs(shares[n] - severity))
    return tuple(steps[:nearest])


def share_touched(piece: Piece, steps: Sequence[Step]) -> float:
    """The share (0..1) of a piece's words that stand in sentences which the steps touch."""
    touched = {n for step in steps for n in step.changes}
    return sum(count_words(piece.sentences[n]) for n in touched) / piece.words


def apply_steps(piece: Piece, steps: Sequence[Step]) -> Piece:
    """The damaged piece."""
    return piece.with_changes({n: text for step in steps for n, text in step.changes.items()})


def surface_distance(text: str, other: str) -> float:
    """How far two texts differ in number of words, distinct words and letters; 0 = not at all.

    Counted in words, a word being LETTERS letters. Knows nothing of what the words say.
    """
    a, b = text.lower().split(), other.lower().split()
    letters = abs(len(text) - len(other)) / LETTERS
    return abs(len(a) - len(b)) + abs(len(set(a)) - len(set(b))) + letters


def ending_start(piece: Piece) -> int:
    """Where the close of a piece begins: the last sentences of at least ENDING_WORDS words."""
    words = 0
    for n in range(len(piece.sentences) - 1, -1, -1):
        words += count_words(piece.sentences[n])
        if words >= ENDING_WORDS:
            return n
    return 0


class _Planner:
    def __init__(self, piece: Piece, material: Material, rng: np.random.Generator) -> None:
        self._piece = piece
        self._sentences = piece.sentences
        self._material = material
        self._rng = rng
        self._used: set[str] = set()
        self._steps: list[Step] = []
        self._tail = ending_start(piece)
        shuffled = [n for n in self._shuffled(len(piece.sentences)) if n < self._tail]
        # Long ones last: one step must not carry a piece from one severity past the next.
        self._free = sorted(shuffled, key=lambda n: count_words(piece.sentences[n]) > MOST_WORDS)

    def plan(self) -> tuple[Step, ...]:
        makers: dict[str, Callable[[], Mapping[int, str]]] = {
            "move": self._move,
            "lift": lambda: self._replaced(self._foreign()),
            "stock": lambda: self._replaced(self._material.stock),
            "repeat": lambda: self._replaced(self._sentences[: self._tail]),
            "swap": lambda: self._reworded(lambda s: swap_cast(s, self._material.pairs)),
            "flip": lambda: self._reworded(flip_sense),
            "tense": lambda: self._reworded(shift_tense),
            "ending": self._ending,
        }
        turn = int(self._rng.random() * len(_KINDS))
        ended = False
        while self._free or not ended:
            if not ended and share_touched(self._piece, self._steps) >= ENDING_AFTER:
                kind, ended = "ending", True
            else:
                kind, turn = _KINDS[turn % len(_KINDS)], turn + 1
            if changes := makers[kind]():
                self._steps.append(Step(kind, changes))
                self._free = [n for n in self._free if n not in changes]
        return tuple(self._steps)

    def _shuffled(self, size: int) -> list[int]:
        # Sorts raw draws because numpy may change what `permutation` makes of a seed.
        keys = self._rng.random(size)
        return sorted(range(size), key=lambda n: float(keys[n]))

    def _like(self, places: Sequence[int], offered: Sequence[str]) -> Mapping[int, str]:
        """Put one text, not used before, in the place of some sentences.

        Of the texts nearest in words it is the one that keeps the surface of the whole plan:
        without that the worst pieces would be shorter or poorer in words, by a hair, but all.
        """
        wanted = " ".join(self._sentences[n] for n in places)
        fresh = [s for s in offered if s not in self._used and s != wanted]
        words = count_words(wanted)
        nearest = sorted(
            self._shuffled(len(fresh)), key=lambda n: abs(count_words(fresh[n]) - words)
        )[:_NEAREST]
        if not nearest:
            return {}
        dropped = dict.fromkeys(places, "")
        changes = [dropped | {places[0]: fresh[n]} for n in nearest]
        best = min(changes, key=self._surface_change)
        self._used.add(best[places[0]])
        return best

    def _surface_change(self, changes: Mapping[int, str]) -> float:
        damaged = apply_steps(self._piece, [*self._steps, Step("", changes)])
        return surface_distance(join_piece(self._piece), join_piece(damaged))

    def _move(self) -> Mapping[int, str]:
        first, rest = self._free[0], self._free[1:]
        far = max(3, len(self._sentences) // 4)
        for other in rest:
            pair = self._sentences[first], self._sentences[other]
            if abs(first - other) >= far and sum(map(count_words, pair)) <= MOST_WORDS:
                return {first: pair[1], other: pair[0]}
        return {}

    def _foreign(self) -> Sequence[str]:
        return [s for piece in self._material.others for s in piece.sentences]

    def _replaced(self, offered: Sequence[str]) -> Mapping[int, str]:
        return self._like(self._free[:1], offered)

    def _reworded(self, reword: Callable[[str], str]) -> Mapping[int, str]:
        for place in self._free:
            text = reword(self._sentences[place])
            if text != self._sentences[place]:
                return {place: text}
        return {}

    def _ending(self) -> Mapping[int, str]:
        tail = range(self._tail, len(self._sentences))
        closes = [" ".join(p.sentences[ending_start(p) :]) for p in self._material.others]
        return self._like(tail, closes)
