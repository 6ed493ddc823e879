"""The protocol of a run whose questions stand in several arms, each read in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from judgemark.judges.base import Json
from judgemark.protocols.judging_protocol import Plan
from judgemark.records import Outcome, Question, QuestionKey, Reply, Slot

ReadReply = Callable[[Question, Reply], Outcome]
"""Returns what a reply says, as the protocol of one arm reads it."""


@dataclass(frozen=True)
class ArmedProtocol:
    """Asks given questions, one wave after the other.

    `fingerprint` is that of the protocol that all arms share. `readers` gives for each question,
    by the digest of its key, how its reply is read.
    """

    fingerprint: Mapping[str, Json]
    waves: Sequence[Sequence[Question]]
    readers: Mapping[str, ReadReply]

    def plan(self) -> Plan:
        """Yield every wave that has a question; each question once."""
        for wave in self.waves:
            if wave:
                yield tuple({q.key: q for q in wave}.values())

    def read(self, question: Question, reply: Reply) -> Outcome:
        """Return what the arm of the question reads in the reply."""
        return self.readers[question.key.question](question, reply)


def asked_again(question: Question, repeat: int = 1) -> Question:
    """Return the same question as its given repeat; the digest of the key stays."""
    slot = question.key.slot
    again = Slot(slot.member, repeat, slot.stage, slot.passage)
    return replace(question, key=QuestionKey(question.key.question, again))
