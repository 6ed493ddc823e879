"""Scores in whole hundredths of a point, in four bytes each: a board holds millions of them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, cast, overload

import numpy as np
from pydantic import Field

from judgemark.table.score_table import Floats

CARDS: Mapping[str, str] = {"v4": "raw", "v2.1": "calibrated", "v2": "calibrated"}
"""The scorecards of the board, each with its headline version."""

Hundredths = Annotated[int, Field(ge=-(10**9), le=10**9)]
"""Replicates are stored in hundredths of a point, which keeps entries short."""

Replicates = Mapping[tuple[str, str], Floats]

_ABSENT = -(2**31)
"""Stands for None, and is out of the bounds of scores."""


class PackedScores(Sequence[int | None]):
    """An immutable row of scores, each a whole number of hundredths or None; see `Hundredths`."""

    __slots__ = ("_packed",)

    def __init__(self, scores: Iterable[int | None]) -> None:
        listed = list(scores)
        if None in listed:
            listed = [_ABSENT if score is None else score for score in listed]
        self._packed = array("i", cast("list[int]", listed))

    @overload
    def __getitem__(self, at: int) -> int | None: ...
    @overload
    def __getitem__(self, at: slice) -> PackedScores: ...
    def __getitem__(self, at: int | slice) -> int | PackedScores | None:
        if isinstance(at, slice):
            return PackedScores(self.listed()[at])
        score = self._packed[at]
        return None if score == _ABSENT else score

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[int | None]:
        return iter(self.listed())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PackedScores):
            return self._packed == other._packed
        return isinstance(other, Sequence) and self.listed() == list(other)

    def __hash__(self) -> int:
        return hash(self._packed.tobytes())

    def __repr__(self) -> str:
        return f"PackedScores({self.listed()})"

    def listed(self) -> list[int | None]:
        """Return the scores as a list."""
        if _ABSENT not in self._packed:
            return list(self._packed)
        return [None if score == _ABSENT else score for score in self._packed]

    def points(self) -> Floats:
        """Return the scores in points, NaN where there is none; (n,)."""
        whole = np.frombuffer(self._packed, dtype=np.intc)
        found: Floats = np.where(whole == _ABSENT, np.nan, whole.astype(np.float64)) / 100
        return found


def points(hundredths: Sequence[int | None]) -> Floats:
    """Return scores from hundredths; None becomes NaN."""
    if isinstance(hundredths, PackedScores):
        return hundredths.points()
    # numpy converts None to NaN in an array of floats.
    return np.array(hundredths, dtype=np.float64) / 100


def hundredths(scores: Floats) -> list[int | None]:
    """Return scores in whole hundredths of a point; NaN becomes None."""
    void = np.isnan(scores)
    found: list[int | None] = np.rint(np.where(void, 0.0, scores) * 100).astype(int).tolist()
    for place in np.flatnonzero(void).tolist():
        found[place] = None
    return found


def headline(scores: Replicates) -> dict[str, list[int | None]]:
    """Return the scores of each scorecard's headline version, in hundredths."""
    return {
        name: hundredths(scores[name, version])
        for name, version in CARDS.items()
        if (name, version) in scores
    }


def nested_headline(nested: Replicates) -> dict[str, list[list[int | None]]]:
    """Return the nested resamples of each scorecard's headline version, in hundredths."""
    return {
        name: [hundredths(row) for row in nested[name, version]]
        for name, version in CARDS.items()
        if (name, version) in nested
    }
