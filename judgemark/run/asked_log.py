"""The questions that each command set out to ask, by which an interrupted run is recognised."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Container, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from judgemark.errors import JudgemarkError
from judgemark.protocols.judging_protocol import Plan
from judgemark.records import Question, QuestionKey, Slot
from judgemark.run.journal_line import SlotPart, model_in_line
from judgemark.run.line_file import LineFile, SystemCalls
from judgemark.run.stored_lines import (
    DamagedLineError,
    cut_torn_line,
    damaged_line,
    not_opened,
    numbered_lines,
)

NAME = "asked.jsonl"


class AskedLine(BaseModel):
    """One line: questions, by their digests, that a command set out to ask in one slot."""

    model_config = ConfigDict(strict=True, extra="ignore")

    time: str = ""
    slot: SlotPart
    questions: list[str]


class AskedLog:
    """The file `asked.jsonl` of a run that is being asked; its only writer.

    A line names questions of one slot that were not named before, and is on the disk before the
    first of them is asked.
    """

    def __init__(self, path: Path, calls: SystemCalls | None = None) -> None:
        """Read the file; raises InputError for damage. An incomplete last line is left out."""
        self.path = path
        self._calls = calls
        self._known = set(_keys(path))

    def add(self, questions: Sequence[Question]) -> None:
        """Note questions that are about to be asked; JudgemarkError where they can't be written."""
        new = [key for key in dict.fromkeys(q.key for q in questions) if key not in self._known]
        if not new:
            return
        by_slot: dict[Slot, list[str]] = {}
        for slot, keys in groupby(new, lambda key: key.slot):
            by_slot.setdefault(slot, []).extend(key.question for key in keys)
        time = datetime.now(UTC).isoformat(timespec="seconds")
        cut_torn_line(self.path)
        try:
            file = LineFile(self.path, self._calls)
        except OSError as exc:
            raise not_opened(self.path, exc) from exc
        try:
            for slot, named in by_slot.items():
                line = {"time": time, "slot": slot.to_json(), "questions": named}
                file.append(json.dumps(line).encode() + b"\n")
        except JudgemarkError:
            # None of its questions has been asked, so nothing is lost with it.
            with contextlib.suppress(JudgemarkError):
                file.close()
            raise
        file.close()
        self._known.update(new)


def noted(plan: Plan, log: AskedLog) -> Plan:
    """Return a plan that writes every wave to the log before the wave is asked."""
    try:
        wave = next(plan)
        while True:
            log.add(wave)
            wave = plan.send((yield wave))
    except StopIteration:
        return
    finally:
        plan.close()


def set_out_to_ask(
    path: Path, answered: Container[QuestionKey] = frozenset()
) -> frozenset[QuestionKey]:
    """Return the questions that commands set out to ask, without those in `answered`.

    There are none for a run of a version without the file. Raises InputError, with the line's
    number, where the file is damaged. A torn last line is left out: nothing of it had been asked
    yet.
    """
    return frozenset(key for key in _keys(path) if key not in answered)


def read_asked_line(raw: bytes) -> AskedLine:
    """Return the line that these bytes hold; DamagedLineError where they hold none."""
    return model_in_line(AskedLine, raw)


def _keys(path: Path) -> Iterator[QuestionKey]:
    for number, raw in numbered_lines(path):
        try:
            line = read_asked_line(raw)
        except DamagedLineError as exc:
            raise damaged_line(path, number, exc) from exc
        slot = line.slot.slot()
        yield from (QuestionKey(question, slot) for question in line.questions)
