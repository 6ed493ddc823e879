"""Questions written to a file for another program to ask, and its answers read from one."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from judgemark.errors import InputError
from judgemark.judges.batches.batch_service import BatchAnswer, BatchRequest
from judgemark.judges.batches.file_batches import answer_of_line, request_line
from judgemark.judges.batches.inline_batches import answer_of_message_row
from judgemark.records import Outcome, Question
from judgemark.run.batch_reading import AnswerReading, BatchableJudge, question_digest
from judgemark.run.files import write_byte_parts
from judgemark.run.stored_lines import opened
from judgemark.run.wave_asking import WaveUnfinished

_LOG = logging.getLogger(__name__)
_NAME = "jm"


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
        raise WaveUnfinished

    def close(self) -> None:
        """Implement `WaveAsker`."""


@dataclass(frozen=True, slots=True)
class IngestAsker:
    """Takes the answers to the questions of a wave from a file of results."""

    path: Path
    reading: AnswerReading
    say: Callable[[str], None]

    def ask(
        self, questions: Sequence[Question], answered: Callable[[Question, Outcome], None]
    ) -> None:
        """Implement `WaveAsker`.

        Each answer is recorded once, however often the file is read. Raises InputError for a file
        that holds no results, and WaveUnfinished where questions stay without a usable answer.
        """
        todo = {question_digest(q.key): q for q in questions}
        taken, unknown = 0, 0
        for answer, mark in self._answers():
            question = todo.get(answer.custom_id.rpartition("_")[2])
            if question is None:
                unknown += 1
                continue
            taken += 1
            attempt = self.reading.take(question, answer, mark, faults=True)
            if attempt.outcome.cls.good:
                del todo[question_digest(question.key)]
            answered(question, attempt.outcome)
        if questions:
            self.say(f"{self.path}: answers to {taken} of {len(questions)} questions")
        if unknown:
            _LOG.warning(
                "%s: %d answers are to other questions than those that are still to be answered",
                self.path,
                unknown,
            )
        if todo:
            raise WaveUnfinished

    def close(self) -> None:
        """Implement `WaveAsker`."""

    def _answers(self) -> Iterator[tuple[BatchAnswer, str]]:
        """Yield each answer of the file, and a name for it that its content gives."""
        with opened(self.path, "rb") as file:
            for number, raw in enumerate(file, 1):
                if not raw.strip():
                    continue
                if number > 1 and not raw.endswith(b"\n") and not _is_json(raw):
                    # Whoever wrote the file was broken off: what is there is taken.
                    _LOG.warning("%s, line %d: it is incomplete and left out", self.path, number)
                    return
                yield self._answer(number, raw), f"in{hashlib.sha256(raw.strip()).hexdigest()[:16]}"

    def _answer(self, number: int, raw: bytes) -> BatchAnswer:
        try:
            line = json.loads(raw)
        except (ValueError, RecursionError) as exc:
            raise InputError(
                self.path,
                "it is no JSON",
                place=f"line {number}",
                fix="give the file of results that the batch's provider or program wrote",
            ) from exc
        answer = answer_of_message_row(line) or answer_of_line(line)
        if answer is None or ("result" not in line and not {"response", "error"} & line.keys()):
            raise InputError(
                self.path,
                'it is no result: it has no "custom_id" with a "response", "result" or "error"',
                place=f"line {number}",
                fix="give the file of results, not the file of requests",
            )
        return answer


def _is_json(raw: bytes) -> bool:
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return True
