"""Embedded judges that read nothing: the floors that any real judge must clear.

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
    """The number of characters: longer counts as better."""
    return float(len(text))


def constant(text: str) -> float:  # noqa: ARG001  a judge that ignores what it is given
    """Always 5: a judge that cannot tell anything from anything."""
    return 5.0


def random_number(seed: int, sample: Sample) -> float:
    """A number in [0, 1) that depends on run seed, writer, iteration and item only."""
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
    """An embedded judge: answers with one number for the piece, deterministic and instant."""

    name: str
    seed: int

    @property
    def configuration(self) -> Mapping[str, Json]:
        """The name; the seed too where it shapes the answers."""
        named: dict[str, Json] = {"kind": "baseline", "name": self.name}
        return named | {"seed": self.seed} if self.by_place else named

    @property
    def by_place(self) -> bool:
        """Whether the answer depends on where a piece stands rather than on its text."""
        return self.name == "random"

    def ask(self, question: Question) -> Reply:
        """The number, as text that reads back exactly."""
        sample = question.pieces["piece"]
        if self.by_place:
            return Reply(repr(random_number(self.seed, sample)), "stop", self.name)
        return Reply(repr(STATISTICS[self.name](sample.text)), "stop", self.name)

    def enter_thread(self) -> None:
        """Nothing to make ready."""

    def interrupt(self) -> None:
        """Do nothing: an answer is never under way for long."""

    def close(self) -> None:
        """Nothing to let go of."""


def baseline(name: str, seed: int) -> Baseline:
    """The baseline of that name; UsageError for an unknown one."""
    if name not in NAMES:
        raise UsageError(f'--judge-model: no baseline "{name}"; there are {", ".join(NAMES)}')
    return Baseline(name, seed)
