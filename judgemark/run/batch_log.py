"""What became of each batch of a run: `batches.jsonl`, and the answers in the folder `batches`.

The intent to submit a batch is on the disk before it is submitted, and the provider's id after it.
A program that was stopped between the two finds the batch by its token, and submits none twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from judgemark.judges.batches.batch_service import BatchAnswer
from judgemark.run.files import write_parts
from judgemark.run.folder import BATCHES
from judgemark.run.journal_line import model_in_line
from judgemark.run.line_file import LineFile, SystemCalls
from judgemark.run.stored_lines import (
    DamagedLineError,
    cut_torn_line,
    damaged_line,
    not_opened,
    numbered_lines,
)

RESULTS = "batches"


class BatchLine(BaseModel):
    """One line: what was about to be done with a batch, or was done.

    `event` is intent (with the digests of the questions), submitted (with the provider's id), void
    (nothing was submitted after all), fetched (its answers lie in the folder), or closed (each of
    its questions has an outcome, so that its answers count no more).
    """

    model_config = ConfigDict(strict=True, extra="ignore")

    event: str
    token: str
    time: float = 0.0
    batch: str | None = None
    questions: list[str] = []


@dataclass(frozen=True, slots=True)
class LoggedBatch:
    """A batch of this run: its token, questions (digests), time of intent and the provider's id."""

    token: str
    questions: tuple[str, ...]
    since: float
    batch: str | None = None
    fetched: bool = False
    closed: bool = False


class BatchLog:
    """The batches of a run; who asks for the run is the only writer of both places.

    Looking at them changes nothing: a torn last line is cut off when the next one is written.
    """

    def __init__(self, folder: Path, calls: SystemCalls | None = None) -> None:
        """Read the log of a run's folder; raises InputError for a damaged line."""
        self.path = folder / BATCHES
        self._results = folder / RESULTS
        self._calls = calls
        self._batches: dict[str, LoggedBatch] = {}
        for number, raw in numbered_lines(self.path):
            try:
                _take(self._batches, _read_batch_line(raw))
            except DamagedLineError as exc:
                raise damaged_line(self.path, number, exc) from exc

    @property
    def batches(self) -> tuple[LoggedBatch, ...]:
        """All batches that may still bring answers or have some that count, oldest first."""
        return tuple(b for b in self._batches.values() if not b.closed)

    def intend(self, token: str, questions: Sequence[str], now: float) -> None:
        """Note that a batch is about to be submitted; on the disk when this returns."""
        self._write(BatchLine(event="intent", token=token, time=now, questions=list(questions)))

    def submitted(self, token: str, batch: str) -> None:
        """Note the provider's id of a batch."""
        self._write(BatchLine(event="submitted", token=token, batch=batch))

    def void(self, token: str) -> None:
        """Note that no batch with this token was submitted."""
        self._write(BatchLine(event="void", token=token))

    def fetched(self, token: str, answers: Iterable[BatchAnswer]) -> None:
        """Store all answers of a batch in a file, and then note that they are there."""
        rows = (
            json.dumps({"custom_id": a.custom_id, "status": a.status, "body": a.body}) + "\n"
            for a in answers
        )
        write_parts(self._results / f"{token}.jsonl", rows)
        self._write(BatchLine(event="fetched", token=token))

    def closed(self, token: str) -> None:
        """Note that each question of a batch has an outcome."""
        self._write(BatchLine(event="closed", token=token))

    def answers(self, token: str) -> Iterator[BatchAnswer]:
        """Yield the stored answers of a batch; raises InputError for a damaged line."""
        path = self._results / f"{token}.jsonl"
        for number, raw in numbered_lines(path):
            try:
                row = json.loads(raw)
                yield BatchAnswer(str(row["custom_id"]), row["status"], row["body"])
            except (ValueError, KeyError, TypeError) as exc:
                problem = DamagedLineError("it is no whole answer")
                raise damaged_line(path, number, problem) from exc

    def _write(self, line: BatchLine) -> None:
        cut_torn_line(self.path)
        try:
            file = LineFile(self.path, self._calls)
        except OSError as exc:
            raise not_opened(self.path, exc) from exc
        with file:
            file.append(line.model_dump_json(exclude_defaults=True).encode() + b"\n")
        _take(self._batches, line)


def _take(batches: dict[str, LoggedBatch], line: BatchLine) -> None:
    """Add a line to what is known; DamagedLineError where it does not fit."""
    known = batches.get(line.token)
    if line.event == "intent":
        batches[line.token] = LoggedBatch(line.token, tuple(line.questions), line.time)
    elif known is None:
        raise DamagedLineError(f"no batch {line.token} was begun before it")
    elif line.event == "submitted":
        batches[line.token] = replace(known, batch=line.batch)
    elif line.event == "fetched":
        batches[line.token] = replace(known, fetched=True)
    elif line.event == "closed":
        batches[line.token] = replace(known, closed=True)
    elif line.event == "void":
        del batches[line.token]
    else:
        raise DamagedLineError(f'"{line.event}" is no event of a batch')


def whole_batch_lines(lines: Iterable[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Return the lines of the log that fit one after the other, and those that do not."""
    batches: dict[str, LoggedBatch] = {}
    whole: list[bytes] = []
    broken: list[bytes] = []
    for raw in lines:
        try:
            _take(batches, _read_batch_line(raw))
            whole.append(raw)
        except DamagedLineError:
            broken.append(raw)
    return whole, broken


def _read_batch_line(raw: bytes) -> BatchLine:
    """Return the line that these bytes hold; DamagedLineError where they hold none."""
    return model_in_line(BatchLine, raw)
