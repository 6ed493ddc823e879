"""Probes of a judge that compares two pieces: plain pairs, and pairs in which one is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgemark.judges.base import Json
from judgemark.probes.probe_arm import PLAIN
from judgemark.protocols.armed_protocol import ArmedProtocol
from judgemark.protocols.pairwise_protocol import PASSES, Pair, Pairwise
from judgemark.records import Question
from judgemark.tournaments.tournament_settings import stream


@dataclass(frozen=True)
class ArmPair:
    """A pair of one arm.

    `number` is that of the plain pair; `changed` is the piece that the arm changes, 0 for the
    first and 1 for the second, None in the plain arm. `first` is the sha256 of the text that stands
    for the first piece.
    """

    arm: str
    number: int
    changed: int | None
    pair: Pair
    first: str


@dataclass(frozen=True)
class ProbedPairs:
    """All pairs of all arms; with `repeat` the plain ones are asked again after all others.

    The pairs of all arms are asked in one random order.
    """

    pairs: tuple[ArmPair, ...]
    repeat: bool
    seed: int

    @property
    def most_questions(self) -> int:
        """Implement `PairSchedule`."""
        again = sum(pair.arm == PLAIN for pair in self.pairs) if self.repeat else 0
        return len(PASSES) * (len(self.pairs) + again)

    @property
    def fingerprint_parts(self) -> Mapping[str, Json]:
        """Return nothing: the draw says how the pairs came about."""
        return {}

    def protocol(self, asking: Pairwise) -> ArmedProtocol:
        """Implement `PairSchedule`."""
        order = stream(self.seed, "order of probes").permutation(len(self.pairs))
        waves = (
            [q for n in order for q in asking.questions(self.pairs[int(n)].pair)],
            [q for _, both in self._again(asking) for q in both],
        )
        readers = {q.key.question: asking.read for wave in waves for q in wave}
        return ArmedProtocol(asking.fingerprint, waves, readers)

    def longest_pairs(self) -> Sequence[Pair]:
        """Return all pairs, which are known in advance."""
        return [pair.pair for pair in self.pairs]

    def facts(self, asking: Pairwise) -> dict[str, Any]:
        """Return, as plain JSON, which question each arm asked about which pair.

        A row holds the pair's number, the changed piece, which of the two is shown as A, and the
        question's digest and repeat.
        """
        arms: dict[str, list[list[Any]]] = {}
        for arm_pair in self.pairs:
            for question in asking.questions(arm_pair.pair):
                arms.setdefault(arm_pair.arm, []).append(_row(arm_pair, question))
        for arm_pair, both in self._again(asking):
            arms[PLAIN] += [_row(arm_pair, question) for question in both]
        return {"arms": arms}

    def _again(self, asking: Pairwise) -> list[tuple[ArmPair, tuple[Question, Question]]]:
        plain = [pair for pair in self.pairs if pair.arm == PLAIN] if self.repeat else []
        return [(pair, asking.questions(pair.pair, 1)) for pair in plain]


def _row(arm_pair: ArmPair, question: Question) -> list[Any]:
    shown = 0 if question.pieces["A"].sha256 == arm_pair.first else 1
    key = question.key
    return [arm_pair.number, arm_pair.changed, shown, key.question, key.slot.repeat]
