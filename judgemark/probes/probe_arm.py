"""What an arm of a probe changes, as compared with the plain question about the same piece."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from judgemark.metrics.validity.english_words import FUNCTION_WORDS
from judgemark.records import Rubric

if TYPE_CHECKING:
    import numpy as np

    from judgemark.inputs.prompts import PromptSet

PLAIN = "plain"
"""The arm in which nothing is changed; every other arm is compared with it."""

LEAST_ENGLISH = 0.15
_AROUND_WORDS = ".,;:!?…\"'“”‘’()[]*_—–-"


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Why an arm cannot be asked about a piece, or of a judge; the reason is shown."""

    reason: str


@dataclass(frozen=True, slots=True)
class AskedPrompts:
    """The prompts of a rubric judge, from which an arm makes its own.

    `paraphrased` are the same prompts in other words, None where there are none. `rng` is the
    random stream of this arm alone.
    """

    prompts: PromptSet
    rubric: Rubric
    paraphrased: PromptSet | None
    rng: np.random.Generator


@dataclass(frozen=True, slots=True)
class TextArm:
    """Changes the piece. `change(text, rng)` returns the new text, or why there is none."""

    change: Callable[[str, np.random.Generator], str | NotAsked]


@dataclass(frozen=True, slots=True)
class FrameArm:
    """Adds a line about the piece: to the judge prompt right before the piece.

    A pairwise judge has no such prompt, so that the line stands in brackets above the text.
    """

    line: str

    def framed(self, prompts: PromptSet) -> PromptSet:
        """Return the prompts with the line and a blank line before the marker of the piece."""
        from judgemark.inputs.prompts import START

        around = {}
        for item, (before, after) in prompts.around.items():
            around[item] = (f"{before.removesuffix(START)}{self.line}\n\n{START}", after)
        return replace(prompts, around=around)

    def above(self, text: str) -> str:
        """Return the text with the line above it."""
        return f"[{self.line}]\n\n{text}"


@dataclass(frozen=True, slots=True)
class PromptArm:
    """Changes the judge prompts. `change` returns the new ones, or why there are none."""

    change: Callable[[AskedPrompts], PromptSet | NotAsked]


@dataclass(frozen=True, slots=True)
class ScaleArm:
    """Asks for scores between two other ends."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RepeatArm:
    """Asks the plain question again, after all others."""


Arm = TextArm | FrameArm | PromptArm | ScaleArm | RepeatArm


def reads_as_english(text: str) -> bool:
    """Return whether enough of the words carry the grammar of English: 15% or more."""
    words = [word.strip(_AROUND_WORDS) for word in text.lower().replace("’", "'").split()]
    words = [word for word in words if word]
    return bool(words) and sum(w in FUNCTION_WORDS for w in words) >= LEAST_ENGLISH * len(words)
