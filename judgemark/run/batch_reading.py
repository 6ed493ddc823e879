"""Reads the answers that come by a batch or a file, and records each of them once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from judgemark.errors import AskFault, TransientFault
from judgemark.judges.batches.batch_service import BatchAnswer
from judgemark.protocols.judging_protocol import JudgingProtocol
from judgemark.records import Question, QuestionKey, Reply
from judgemark.run.attempts import Attempt, failure_of
from judgemark.run.budget import Prices
from judgemark.run.journal import read_entries
from judgemark.run.recording import Recorder

NOT_PROCESSED = "the batch ended before this question was processed"


class BatchableJudge(Protocol):
    """A judge whose requests another program can send, and whose answers it can read."""

    def batch_body(self, question: Question) -> Mapping[str, Any]:
        """Return the body of the request that asks a question."""

    def read_answer(self, question: Question, status: int, answer: Any) -> Reply:
        """Return the reply that an answer holds; raises what `Judge.ask` does."""


def question_digest(key: QuestionKey) -> str:
    """Return the name of a question within batches: 32 hexadecimal digits."""
    text = json.dumps([key.question, key.slot.to_json()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def recorded_answers(journal: Path) -> set[tuple[str, str]]:
    """Return the answers of batches that a journal holds: the question's digest and the batch."""
    return {
        (question_digest(entry.key), entry.batch)
        for entry in read_entries(journal)
        if entry.batch is not None
    }


def answered_digests(journal: Path) -> set[str]:
    """Return the digests of the questions that a journal holds any outcome of."""
    return {question_digest(entry.key) for entry in read_entries(journal)}


@dataclass(frozen=True, slots=True)
class AnswerReading:
    """Reads the answers of one judge; `recorded` is what `recorded_answers` returned."""

    judge: BatchableJudge
    protocol: JudgingProtocol
    recorder: Recorder
    prices: Prices | None
    recorded: set[tuple[str, str]]

    def take(
        self, question: Question, answer: BatchAnswer, batch: str, *, faults: bool = False
    ) -> Attempt:
        """Return what came for a question.

        A reply is recorded unless the journal holds it already, whether or not it can be scored. A
        fault is recorded only with `faults`.
        """
        attempt = self._read(question, answer)
        mark = (question_digest(question.key), batch)
        if (faults or attempt.reply is not None) and mark not in self.recorded:
            self.recorder.record(question, [attempt], batch=batch)
            self.recorded.add(mark)
        return attempt

    def _read(self, question: Question, answer: BatchAnswer) -> Attempt:
        try:
            if answer.status is None:
                raise TransientFault(NOT_PROCESSED)
            reply = self.judge.read_answer(question, answer.status, answer.body)
        except AskFault as fault:
            return Attempt(failure_of(fault), 0.0, fault=fault)
        usage = reply.usage
        if not usage.cost and self.prices is not None:
            usage = replace(usage, cost=self.prices.cost(usage))
        reply = replace(reply, usage=usage)
        return Attempt(self.protocol.read(question, reply), 0.0, reply)
