"""What a protocol must be able to do: lay out questions and read the replies to them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Mapping, Sequence
from typing import Protocol

from judgemark.judges.base import Json
from judgemark.records import Message, Outcome, Question, QuestionKey, Reply, Slot

Plan = Generator[Sequence[Question], Mapping[QuestionKey, Outcome], None]
"""Yields questions in waves and is sent the outcomes of each wave before it yields the next."""


class JudgingProtocol(Protocol):
    """One way of asking for a judgement."""

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """All that makes its questions and its reading what they are: stored and compared."""

    def plan(self) -> Plan:
        """The questions of a run. Deterministic, given the outcomes: a resume replays it."""

    def read(self, question: Question, reply: Reply) -> Outcome:
        """What the reply says; a reply that says nothing usable is a Failure, never an error."""


def question_key(
    judge: Mapping[str, Json],
    protocol: Mapping[str, Json],
    messages: Sequence[Message],
    slot: Slot,
    item: str | None = None,
    place: tuple[str, str] | None = None,
) -> QuestionKey:
    """Name a question by all that shapes its answer.

    `item` keeps the same words apart where they were asked for two items, since a verdict is found
    by item and text; `place` (writer, iteration) takes part only for judges that look at it.
    """
    content = [judge, protocol, [[m.role, m.content] for m in messages], item, place]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return QuestionKey(hashlib.sha256(text.encode()).hexdigest(), slot)
