"""Asks several judges about the same pieces, each by its own protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from judgemark.judges.base import Json
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.protocols.stored_words import ENSEMBLE
from judgemark.records import Outcome, Question, QuestionKey, Reply

ENSEMBLE_VERSION = 1


@dataclass(frozen=True)
class EnsembleProtocol:
    """Asks what each member's own protocol asks; the member stands in the slot of its questions.

    The rest of a question's key is the same as where its judge is asked alone. `ranges` are those
    that members declare for a single score, None where one declares none.
    """

    members: tuple[JudgingProtocol, ...]
    ranges: tuple[tuple[float, float] | None, ...]

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """Return the name, the version, and the fingerprints of the members' protocols."""
        listed = [
            dict(member.fingerprint) | ({"single_range": list(declared)} if declared else {})
            for member, declared in zip(self.members, self.ranges, strict=True)
        ]
        return {"name": ENSEMBLE, "version": ENSEMBLE_VERSION, "members": listed}

    @cached_property
    def _questions(self) -> Sequence[Question]:
        return [
            of_member(question, number)
            for number, member in enumerate(self.members)
            for question in next(member.plan(), ())
        ]

    def plan(self) -> Plan:
        """Yield the questions of all members in one wave, member by member."""
        yield self._questions

    def read(self, question: Question, reply: Reply) -> Outcome:
        """Return what the reply says, as the member's own protocol reads it."""
        return self.members[question.key.slot.member].read(question, reply)


def of_member(question: Question, member: int) -> Question:
    """Return the question with the member in its slot."""
    key = question.key
    return replace(question, key=QuestionKey(key.question, replace(key.slot, member=member)))
