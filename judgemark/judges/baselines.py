"""Embedded judges that do not read: the floors that every real judge should exceed.

Each is a judge like everyone else's: it is asked questions and answers in text. Source of the
statistics and of what they reach on real pieces: docs/metrics.md, "Separability is not validity".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from judgemark.errors import UsageError
from judgemark.judges.base import Json
from judgemark.metrics.surface_bias import lexical_variety
from judgemark.records import Question, Reply, Sample


def length(text: str) -> float:
    """Return the number of characters: longer counts as better."""
    return float(len(text))


def constant(text: str) -> float:  # noqa: ARG001  this judge ignores the text
    """Return 5 for every text: a judge that cannot tell texts apart."""
    return 5.0


def random_number(seed: int, sample: Sample) -> float:
    """Return a number in [0, 1) that depends only on run seed, writer, iteration and item."""
    place = f"{seed}\x1f{sample.writer}\x1f{sample.iteration}\x1f{sample.item}"
    digest = hashlib.sha256(place.encode()).digest()
    return float(np.random.default_rng(int.from_bytes(digest[:16])).random())


STATISTICS: Mapping[str, Callable[[str], float]] = {
    "lexical": lexical_variety,
    "length": length,
    "constant": constant,
}
NAMES = ("lexical", "length", "random", "constant")
FLOORS = ("random", "length", "lexical")


@dataclass(frozen=True, slots=True)
class Baseline:
    """An embedded judge that answers with one number for a piece, deterministic and instant."""

    name: str
    seed: int

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return the name, and the seed where it shapes the answers."""
        named: dict[str, Json] = {"kind": "baseline", "name": self.name}
        return named | {"seed": self.seed} if self.by_place else named

    @property
    def by_place(self) -> bool:
        """Return whether the answer depends on writer, iteration and item and not on the text."""
        return self.name == "random"

    @property
    def width(self) -> int:
        """Implement `SetsWidth`: where no answer takes waiting, threads wait for each other."""
        return 1

    def ask(self, question: Question) -> Reply:
        """Return the number as text that is parsed back exactly."""
        sample = question.pieces["piece"]
        if self.by_place:
            return Reply(repr(random_number(self.seed, sample)), "stop", self.name)
        return Reply(repr(STATISTICS[self.name](sample.text)), "stop", self.name)

    def enter_thread(self) -> None:
        """Do nothing: there is nothing to prepare."""

    def interrupt(self) -> None:
        """Do nothing: an answer takes no time."""

    def close(self) -> None:
        """Do nothing: there is nothing to release."""


def baseline(name: str, seed: int) -> Baseline:
    """Return the baseline of that name; raises UsageError for an unknown name."""
    if name not in NAMES:
        raise UsageError(f'‹judge_model›: no baseline "{name}"; there are {", ".join(NAMES)}')
    return Baseline(name, seed)
