"""What every judging protocol does: it lays out questions and reads the replies to them."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

from judgemark.judges.base import Json
from judgemark.records import Message, Outcome, Question, QuestionKey, Reply, Sample, Slot

Plan = Generator[Sequence[Question], Mapping[QuestionKey, Outcome], None]
"""Yields questions in waves and is sent the outcomes of each wave before it yields the next."""


class JudgingProtocol(Protocol):
    """One way of asking for a judgement."""

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """Everything that shapes the questions and how replies are read; stored and compared."""

    def plan(self) -> Plan:
        """Yield the questions of a run; the same outcomes give the same questions on a resume."""

    def read(self, question: Question, reply: Reply) -> Outcome:
        """Return what the reply says; an unusable reply is a Failure, never an exception."""


def question_key(
    judge: Mapping[str, Json],
    protocol: Mapping[str, Json],
    messages: Sequence[Message],
    slot: Slot,
    item: str | None = None,
    place: tuple[str, str] | None = None,
) -> QuestionKey:
    """Return the key of a question, made from everything that shapes its answer.

    `item` keeps the same words apart where they were asked for two items, since a verdict is found
    by item and text; `place` (writer, iteration) takes part only for judges that look at it.
    """
    text = key_content(judge, protocol, messages, item, place)
    return QuestionKey(hashlib.sha256(text.encode()).hexdigest(), slot)


def key_content(
    judge: Mapping[str, Json],
    protocol: Mapping[str, Json],
    messages: Sequence[Message],
    item: str | None = None,
    place: tuple[str, str] | None = None,
) -> str:
    """Return the JSON whose sha256 is the key of a question."""
    content = [judge, protocol, [[m.role, m.content] for m in messages], item, place]
    return json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False)


def piece_question(
    judge: Mapping[str, Json],
    protocol: Mapping[str, Json],
    messages: tuple[Message, ...],
    sample: Sample,
    repeat: int,
) -> Question:
    """Return the question about one sample that these messages ask."""
    key = question_key(judge, protocol, messages, Slot(repeat=repeat), sample.item)
    return Question(key, sample.item, messages, {"piece": sample})


class PieceByPiece(ABC):
    """The part that protocols of single pieces share: they ask about all samples in one wave."""

    samples: Sequence[Sample]
    repeats: int

    @abstractmethod
    def question(self, sample: Sample, repeat: int = 0) -> Question:
        """Return what the judge is asked about one sample."""

    @cached_property
    def _questions(self) -> Sequence[Question]:
        """Return the questions; they are rendered once, because they are counted first."""
        return [self.question(s, repeat) for repeat in range(self.repeats) for s in self.samples]

    def plan(self) -> Plan:
        """Yield all pieces in one wave, the first repeat of all before the second of any."""
        yield self._questions
