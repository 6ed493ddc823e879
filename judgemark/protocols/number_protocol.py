"""The protocol of judges that get only the piece and answer with one number."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from judgemark.judges.base import Json
from judgemark.protocols.judging_protocol import Plan, question_key
from judgemark.records import (
    Class,
    Failure,
    Message,
    Outcome,
    Question,
    Reply,
    Sample,
    Slot,
    Verdict,
)


@dataclass(frozen=True)
class NumberProtocol:
    """Asks for one number for each piece; `by_place` has the meaning that it has in `Question`."""

    judge: Mapping[str, Json]
    samples: Sequence[Sample]
    by_place: bool = False

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """Return the name and the version; this protocol has no settings."""
        return {"name": "direct", "version": 1}

    def question(self, sample: Sample) -> Question:
        """Return what the judge is asked about one sample."""
        messages = (Message("user", sample.text),)
        place = (sample.writer, sample.iteration) if self.by_place else None
        key = question_key(self.judge, self.fingerprint, messages, Slot(), sample.item, place)
        return Question(key, sample.item, messages, {"piece": sample}, self.by_place)

    def plan(self) -> Plan:
        """Yield all pieces in one wave."""
        yield self._questions

    @cached_property
    def _questions(self) -> list[Question]:
        """All questions; their keys are hashes of whole texts, and are needed several times."""
        return [self.question(s) for s in self.samples]

    def read(self, question: Question, reply: Reply) -> Outcome:
        """Return the number; a reply that is anything else is unparseable."""
        del question
        try:
            value = float(reply.text)
        except ValueError:
            return Failure(Class.UNPARSEABLE, "the reply is not a number")
        if not math.isfinite(value):
            return Failure(Class.UNPARSEABLE, "the reply is not a finite number")
        return Verdict(Class.OK, value=value)
