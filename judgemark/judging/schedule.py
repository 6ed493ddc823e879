"""What a pairwise judge is put to: tournaments over pieces, or a list of pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from judgemark.inputs.samples import SampleSet
from judgemark.judges.base import Json
from judgemark.protocols.judging_protocol import JudgingProtocol
from judgemark.protocols.pairwise_protocol import PASSES, ListedPairs, Pair, Pairwise
from judgemark.protocols.tournament_protocol import TournamentProtocol
from judgemark.records import Sample
from judgemark.tournaments.play import tournament
from judgemark.tournaments.question_bounds import most_pairs
from judgemark.tournaments.tournament_settings import Settings


class Game(Protocol):
    """Decides which pairs come up."""

    @property
    def most(self) -> int:
        """The most questions that it can take."""

    @property
    def inputs(self) -> Mapping[str, Json]:
        """Its own parts of the fingerprint, beside the protocol's."""

    def protocol(self, asking: Pairwise) -> JudgingProtocol:
        """The judging protocol that plays it."""

    def longest(self) -> Sequence[Pair]:
        """Pairs of which at least one is too long where any pair of the game is."""


@dataclass(frozen=True)
class TournamentGame:
    """Tournaments by `rules` over all pieces. `check` first that there is a field."""

    pieces: SampleSet
    rules: Settings

    def check(self) -> None:
        """Raise UsageError where there is nothing to compare: one writer, no shared item."""
        tournament(self._places(), self.rules)

    def _places(self) -> list[tuple[str, str, str]]:
        return [(s.writer, s.iteration, s.item) for s in self.pieces.samples]

    @property
    def most(self) -> int:
        """As in `Game`."""
        return len(PASSES) * most_pairs(self._places(), self.rules)

    @property
    def inputs(self) -> Mapping[str, Json]:
        """Nothing: its rules are part of its protocol."""
        return {}

    def protocol(self, asking: Pairwise) -> TournamentProtocol:
        """As in `Game`."""
        return TournamentProtocol(asking, self.pieces.samples, self.rules)

    def longest(self) -> Sequence[Pair]:
        """The two longest pieces of each item and iteration."""
        together: dict[tuple[str, str], list[Sample]] = {}
        for s in self.pieces.samples:
            together.setdefault((s.item, s.iteration), []).append(s)
        ranked = [sorted(there, key=_bytes, reverse=True) for there in together.values()]
        return [Pair.of(there[0], there[1]) for there in ranked if len(there) > 1]


def _bytes(sample: Sample) -> tuple[int, str]:
    return len(sample.text.encode()), sample.writer


@dataclass(frozen=True)
class PairsGame:
    """A list of pairs; `drawn_by` is what chose them, for the fingerprint."""

    pairs: tuple[Pair, ...]
    drawn_by: Mapping[str, Json]

    @property
    def most(self) -> int:
        """As in `Game`."""
        return len(PASSES) * len(self.pairs)

    @property
    def inputs(self) -> Mapping[str, Json]:
        """What chose the pairs."""
        return {"pairs": self.drawn_by}

    def protocol(self, asking: Pairwise) -> ListedPairs:
        """As in `Game`."""
        return ListedPairs(asking, self.pairs)

    def longest(self) -> Sequence[Pair]:
        """All pairs: they are known beforehand."""
        return self.pairs
