"""Samples and judges for the tests beside: three writers of known quality, four items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

QUALITY = {"ann": 8, "bea": 5, "cid": 2}
ITEMS = ("1", "2", "3", "4")
SAMPLES: dict[str, Any] = {
    writer: {"samples": {"1": {item: f"A piece of quality {q}, on item {item}." for item in ITEMS}}}
    for writer, q in QUALITY.items()
}


class Shown(Protocol):
    """What a function that judges single pieces gets."""

    @property
    def text(self) -> str:
        """The piece."""

    @property
    def item(self) -> str:
        """The id of its writing prompt."""


class ShownTwo(Protocol):
    """What a function that judges pairs gets, for each of them."""

    @property
    def a(self) -> str:
        """The first text."""

    @property
    def b(self) -> str:
        """The second text."""


def quality_of(text: str) -> int:
    """The quality that a text names."""
    return int(re.findall(r"quality (\d+)", text)[0])


def reads(piece: Shown) -> float:
    """Score a piece by the quality that it names; items differ by a tenth of a point."""
    return quality_of(piece.text) + int(piece.item) / 10


def prefers(pairs: Sequence[ShownTwo]) -> list[float]:
    """Prefer the text that names the higher quality, by 0.9 to 0.1."""
    return [0.9 if quality_of(p.a) > quality_of(p.b) else 0.1 for p in pairs]


def long_table() -> list[dict[str, Any]]:
    """What `reads` scores, as records."""
    return [
        {"writer": writer, "iteration": 1, "item": int(item), "score": q + int(item) / 10}
        for writer, q in QUALITY.items()
        for item in ITEMS
    ]
