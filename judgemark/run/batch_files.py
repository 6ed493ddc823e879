"""Questions written to a file for another program to ask, and its answers read from one."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judgemark.errors import InputError
from judgemark.judges.batches.batch_service import BatchRequest
from judgemark.judges.batches.file_batches import request_line
from judgemark.records import Outcome, Question
from judgemark.redaction import secrets_in
from judgemark.run.batch_reading import (
    AnswerReading,
    BatchableJudge,
    answered_digests,
    question_digest,
    recorded_answers,
)
from judgemark.run.files import write_byte_parts
from judgemark.run.result_files import digest_of, read_results
from judgemark.run.stored_lines import opened
from judgemark.run.wave_asking import WaveUnfinished

_LOG = logging.getLogger(__name__)
_NAME = "jm"
_LONGEST_LINE = 64 << 20


@dataclass(frozen=True, slots=True)
class EmitAsker:
    """Writes the questions of a wave to a file, in the form of OpenAI's batches, and stops."""

    path: Path
    judge: BatchableJudge
    say: Callable[[str], None]

    def ask(
        self, questions: Sequence[Question], answered: Callable[[Question, Outcome], None]
    ) -> None:
        """Implement `WaveAsker`; a wave without questions is passed over."""
        del answered
        if not questions:
            return
        lines = (
            request_line(
                BatchRequest(f"{_NAME}_{question_digest(q.key)}", self.judge.batch_body(q))
            )
            for q in questions
        )
        write_byte_parts(self.path, lines)
        self.say(f"{len(questions)} questions are written to {self.path}")
        if _holds_secrets(self.judge.batch_body(questions[0])):
            self.say(
                f"{self.path} holds a key or secret of ‹extra_body›, because the requests need it: "
                "show the file to nobody else"
            )
        raise WaveUnfinished

    def close(self) -> None:
        """Implement `WaveAsker`."""


def _holds_secrets(body: Mapping[str, Any]) -> bool:
    beside = {name: value for name, value in body.items() if name != "messages"}
    return any(secrets_in(beside))


def refuse_other_file(path: Path) -> None:
    """Raise InputError where `path` holds anything but questions of an earlier command.

    Writing them there would destroy samples, or answers that were paid for.
    """
    if not path.exists():
        return
    with opened(path, "rb") as file:
        first = file.readline(_LONGEST_LINE)
    if first and not _is_question(first):
        problem = "it exists and is not a file of questions, so ‹emit_batch› does not replace it"
        raise InputError(path, problem, fix="give the path of a new file")


def _is_question(line: bytes) -> bool:
    """Return whether a line is one that `EmitAsker` writes; an answer has other keys."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and {"custom_id", "method", "url", "body"} == found.keys()


class IngestAsker:
    """Takes the answers to the questions of a wave from a file of results."""

    def __init__(
        self, path: Path, reading: AnswerReading, journal: Path, say: Callable[[str], None]
    ) -> None:
        self._path = path
        self._reading = reading
        self._answered = answered_digests(journal)
        self._count = _Count()
        self._say = say

    def ask(
        self, questions: Sequence[Question], answered: Callable[[Question, Outcome], None]
    ) -> None:
        """Implement `WaveAsker`; a wave without questions is passed over.

        Each answer is recorded once, however often the file is read. Raises InputError for a file
        that holds no results, and WaveUnfinished where questions stay without a usable answer.
        """
        if not questions:
            return
        todo = {question_digest(q.key): q for q in questions}
        self._count = count = _Count()
        for answer, mark in read_results(self._path):
            digest = digest_of(answer)
            question = todo.get(digest)
            if (digest, mark) in self._reading.recorded:
                count.recorded += 1
            elif question is not None:
                count.taken.add(digest)
            else:
                count.without_question(known=digest in self._answered)
            if question is None:
                continue
            attempt = self._reading.take(question, answer, mark, faults=True)
            self._answered.add(digest)
            if attempt.outcome.cls.good:
                del todo[digest]
            answered(question, attempt.outcome)
        self._say(f"{self._path}: answers to {len(count.taken)} of {len(questions)} questions")
        count.tell(self._path, self._say)
        if todo:
            raise WaveUnfinished

    def close(self) -> None:
        """Implement `WaveAsker`; warn of answers that even the last wave had no question for."""
        self._count.warn(self._path)


def tell_known_results(path: Path, journal: Path, say: Callable[[str], None]) -> None:
    """Say how the answers of a file stand to a run that has nothing left to ask."""
    recorded, answered = recorded_answers(journal), answered_digests(journal)
    count = _Count()
    for answer, mark in read_results(path):
        digest = digest_of(answer)
        if (digest, mark) in recorded:
            count.recorded += 1
        else:
            count.without_question(known=digest in answered)
    count.tell(path, say)
    count.warn(path)


@dataclass(slots=True)
class _Count:
    """Counts the answers of a file by what becomes of them.

    `taken` has the digests of the questions that are answered now. Other answers are in the journal
    already, or to questions that had an outcome before, or to none of the run.
    """

    taken: set[str] = field(default_factory=set)
    recorded: int = 0
    others: int = 0
    unknown: int = 0

    def without_question(self, *, known: bool) -> None:
        """Count an answer to no question that is still to be answered."""
        if known:
            self.others += 1
        else:
            self.unknown += 1

    def tell(self, path: Path, say: Callable[[str], None]) -> None:
        """Say how many answers bring nothing new."""
        if self.recorded and not (self.taken or self.others or self.unknown):
            say(f"{path}: all of its {self.recorded} answers are in the journal already")
        elif self.recorded:
            say(f"{path}: {self.recorded} of its answers are in the journal already")
        if self.others:
            say(f"{path}: {self.others} of its answers belong to questions answered before")

    def warn(self, path: Path) -> None:
        """Warn of answers to no question of the run."""
        if self.unknown:
            _LOG.warning("%s: %d answers belong to no question of this run", path, self.unknown)
