"""What a pairwise judge is asked about: tournaments over pieces, or a list of pairs."""

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


class PairSchedule(Protocol):
    """Decides which pairs a judge is asked about."""

    @property
    def most_questions(self) -> int:
        """Return the greatest number of questions that it can need."""

    @property
    def fingerprint_parts(self) -> Mapping[str, Json]:
        """Return its own parts of the fingerprint, besides the protocol's."""

    def protocol(self, asking: Pairwise) -> JudgingProtocol:
        """Return the judging protocol that asks about its pairs."""

    def longest_pairs(self) -> Sequence[Pair]:
        """Return pairs such that one of them is too long if any pair of the schedule is."""


@dataclass(frozen=True)
class TournamentSchedule:
    """Tournaments by `rules` over all pieces; call `check` first."""

    pieces: SampleSet
    rules: Settings

    def check(self) -> None:
        """Raise UsageError where there is nothing to compare, as with a single writer."""
        tournament(self._places(), self.rules)

    def _places(self) -> list[tuple[str, str, str]]:
        return [(s.writer, s.iteration, s.item) for s in self.pieces.samples]

    @property
    def most_questions(self) -> int:
        """Implement `PairSchedule`."""
        return len(PASSES) * most_pairs(self._places(), self.rules)

    @property
    def fingerprint_parts(self) -> Mapping[str, Json]:
        """Return nothing, because its rules are part of its protocol."""
        return {}

    def protocol(self, asking: Pairwise) -> TournamentProtocol:
        """Implement `PairSchedule`."""
        return TournamentProtocol(asking, self.pieces.samples, self.rules)

    def longest_pairs(self) -> Sequence[Pair]:
        """Return the two longest pieces of each item and iteration."""
        whole_items_first: dict[tuple[str, str], list[Sample]] = {}
        for s in self.pieces.samples:
            whole_items_first.setdefault((s.item, s.iteration), []).append(s)
        ranked = [sorted(there, key=_bytes, reverse=True) for there in whole_items_first.values()]
        return [Pair.of(there[0], there[1]) for there in ranked if len(there) > 1]


def _bytes(sample: Sample) -> tuple[int, str]:
    return len(sample.text.encode()), sample.writer


@dataclass(frozen=True)
class ListedPairsSchedule:
    """A list of pairs; `drawn_by` says how they were drawn, for the fingerprint.

    It is None where the kind of run says it itself.
    """

    pairs: tuple[Pair, ...]
    drawn_by: Mapping[str, Json] | None = None

    @property
    def most_questions(self) -> int:
        """Implement `PairSchedule`."""
        return len(PASSES) * len(self.pairs)

    @property
    def fingerprint_parts(self) -> Mapping[str, Json]:
        """Return how the pairs were drawn."""
        return {} if self.drawn_by is None else {"pairs": self.drawn_by}

    def protocol(self, asking: Pairwise) -> ListedPairs:
        """Implement `PairSchedule`."""
        return ListedPairs(asking, self.pairs)

    def longest_pairs(self) -> Sequence[Pair]:
        """Return all pairs, which are known in advance."""
        return self.pairs
