"""Samples and questions for tests that care about neither."""

from __future__ import annotations

from collections.abc import Sequence

from judgemark.protocols.number_protocol import NumberProtocol
from judgemark.records import Question, Sample


def pieces(count: int, *, writer: str = "ann") -> tuple[Sample, ...]:
    """`count` different pieces of one writer, each for an item of its own."""
    return tuple(Sample(writer, "1", f"{n:04}", f"piece {n}") for n in range(count))


def direct(samples: Sequence[Sample], *, by_place: bool = False) -> NumberProtocol:
    """A protocol whose replies are numbers."""
    return NumberProtocol({"kind": "test"}, samples, by_place)


def question(text: str = "piece") -> Question:
    """One question about one piece."""
    return direct(()).question(Sample("ann", "1", "7", text))
