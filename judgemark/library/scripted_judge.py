"""A judge that answers from a script: for trying things out and for tests, without a network."""

from __future__ import annotations

import hashlib
import json
import math
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from judgemark.judges.function_judge import Piece, ShownPair

Answer = float | Mapping[str, float] | str | Exception
"""A score, criterion scores, a reply to be read, or what is raised instead of an answer."""


class ScriptedJudge:
    """A judge whose answers are given beforehand, by the text of the piece.

    Hand it to `judge` as the judge. Shown a piece, it gives the answer for the piece's text. Shown
    pairs (mode `pairwise`), it gives 1 / (1 + exp(b - a)) for the scores a and b of the texts: the
    probability that the first is the better one. `asked` lists the texts in the order in which
    they came.

    Args:
        answers: the answer for each text. An exception is raised instead of an answer: that
            question then has no verdict.
        otherwise: the answer for every other text; without it such a text raises LookupError.
    """

    def __init__(
        self, answers: Mapping[str, Answer] | None = None, otherwise: Answer | None = None
    ) -> None:
        self._answers = dict(answers or {})
        self._otherwise = otherwise
        self._lock = threading.Lock()
        self.asked: list[str] = []
        # What identifies a judge that is a function: other answers are another judge.
        self.version = _digest(self._answers, otherwise)

    def __call__(self, shown: Piece | Sequence[ShownPair]) -> Any:
        """Return the answer for a piece, or the probabilities for pairs."""
        if not isinstance(shown, Sequence):
            return self._answer(shown.text)
        return [_preference(self._answer(pair.a), self._answer(pair.b)) for pair in shown]

    def _answer(self, text: str) -> Any:
        with self._lock:
            self.asked.append(text)
        answer = self._answers.get(text, self._otherwise)
        if answer is None:
            raise LookupError(f'the script has no answer for "{text[:40]}"')
        if isinstance(answer, Exception):
            raise answer
        return answer


def _preference(a: float, b: float) -> float:
    return 1 / (1 + math.exp(min(max(b - a, -500.0), 500.0)))


def _digest(answers: Mapping[str, Answer], otherwise: Answer | None) -> str:
    """Return a name for the script."""

    def plain(answer: Answer | None) -> Any:
        return dict(answer) if isinstance(answer, Mapping) else repr(answer)

    rows = sorted((text, json.dumps(plain(answer))) for text, answer in answers.items())
    text = json.dumps([rows, plain(otherwise)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
