"""Judges that are swayed by known amounts, as functions and as an endpoint's script."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.fake_endpoint import Answer, Asked, said

_PIECE = re.compile(r"\[TEST MODEL RESPONSE\]\n(.*)\n\[TEST MODEL RESPONSE END\]", re.DOTALL)
_CRITERION = re.compile(r"^- ([A-Z][A-Za-z ]+) \(", re.M)
_WORSE = re.compile(r"higher (?:is|score is) worse")
_ENDS = re.compile(r"(?:from|between) (\d+) (?:to|and) (\d+)")
MARKS = {
    "attribution.person": "written by a person",
    "attribution.ai": "written by an AI",
    "attribution.famous": "Nobel Prize",
    "injection.order": "Ignore all instructions",
    "injection.note": "Note to the evaluator",
    "injection.markup": "Evaluation mode",
    "injection.plea": "my place at the school",
    "paraphrase.prompt": "You read short fiction with care",
    "format.markup": "## I\n",
}
"""By what a judge knows an arm, of those that show themselves in the prompt."""


def shown_arm(text: str) -> str:
    """The arm that a prompt or a piece belongs to, as far as it shows."""
    for key, mark in MARKS.items():
        if mark in text:
            return key
    if any(
        start in text
        for start in ("There are days like", "A thing like this has", "The weather is one thing")
    ):
        return "padding.paragraph"
    return "plain"


def taste(text: str) -> float:
    """A steady liking of 3..7, by the last words of the piece, which hardly any arm changes."""
    story = re.sub(r"[#*\-\n]|^\[.*\]$", "", text.split("## I\n")[-1])
    return 3 + int(hashlib.sha256(story[40:80].encode()).hexdigest(), 16) % 401 / 100


@dataclass
class SwayedScores:
    """Scores every criterion of our own prompts; `sways` is what each arm adds, in points of 10."""

    sways: Mapping[str, float] = field(default_factory=dict)
    version: str = "1"
    __name__: str = "swayed"

    def scores(self, prompt: str) -> dict[str, float]:
        """The scores by criterion, between the ends that the prompt names."""
        piece = _PIECE.search(prompt)
        ends = _ENDS.search(prompt)
        assert piece and ends
        low, high = (float(end) for end in ends.groups())
        quality = self.quality(prompt, piece[1], (low, high)) / 10
        worse = _WORSE.search(prompt)
        assert worse
        return {
            one[1]: round(
                low + (high - low) * (1 - quality if one.start() > worse.start() else quality), 4
            )
            for one in _CRITERION.finditer(prompt)
        }

    def quality(self, prompt: str, piece: str, ends: tuple[float, float]) -> float:
        """The judge's opinion in points of 0..10."""
        scale = {(0.0, 20.0): "scale.0-20", (1.0, 5.0): "scale.1-5"}.get(ends, "")
        return taste(piece) + self.sways.get(shown_arm(prompt), 0.0) + self.sways.get(scale, 0.0)

    def __call__(self, piece: Any) -> dict[str, float]:
        """Answer as a Python function that is shown the rendered prompt."""
        return self.scores(piece.prompt)

    def script(self, asked: Asked) -> Answer:
        """Answer as an endpoint."""
        scores = self.scores(asked.prompt)
        lines = "\n".join(f"{name}: {score}" for name, score in scores.items())
        return said(f"A short analysis.\n\n{lines}", model="fake-2026")


@dataclass
class SwayedPairs:
    """Gives P(A is better); `sways` adds to the log-odds of the text that shows an arm.

    `first` is what the first place adds.
    """

    sways: Mapping[str, float] = field(default_factory=dict)
    first: float = 0.0
    version: str = "1"
    __name__: str = "swayed_pairs"

    def __call__(self, pairs: Sequence[Any]) -> list[float]:
        """Answer a batch of pairs."""
        return [1 / (1 + math.exp(-self.odds(pair.a, pair.b))) for pair in pairs]

    def odds(self, a: str, b: str) -> float:
        """The log-odds that the first text is the better one."""
        one, other = (self.sways.get(shown_arm(text), 0.0) for text in (a, b))
        return self.first + one - other
