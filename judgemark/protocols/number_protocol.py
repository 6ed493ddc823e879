"""The direct protocol: the judge gets the piece alone and answers with one number."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    """Asks for one number a piece; `by_place` as in `Question`."""

    judge: Mapping[str, Json]
    samples: Sequence[Sample]
    by_place: bool = False

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """Name and version; there is nothing else to it."""
        return {"name": "direct", "version": 1}

    def question(self, sample: Sample) -> Question:
        """What the judge is asked about one sample."""
        messages = (Message("user", sample.text),)
        place = (sample.writer, sample.iteration) if self.by_place else None
        key = question_key(self.judge, self.fingerprint, messages, Slot(), sample.item, place)
        return Question(key, sample.item, messages, {"piece": sample}, self.by_place)

    def plan(self) -> Plan:
        """All pieces in one wave."""
        yield [self.question(s) for s in self.samples]

    def read(self, question: Question, reply: Reply) -> Outcome:
        """The number; anything else is unparseable."""
        del question
        try:
            value = float(reply.text)
        except ValueError:
            return Failure(Class.UNPARSEABLE, "the reply is no number")
        if not math.isfinite(value):
            return Failure(Class.UNPARSEABLE, "the reply is no finite number")
        return Verdict(Class.OK, value=value)
