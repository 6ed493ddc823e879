"""What each command set out to ask: tells an interrupted run apart from a finished one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from judgemark.errors import InputError, JudgemarkError
from judgemark.protocols.judging_protocol import Plan
from judgemark.records import Question, QuestionKey, Slot
from judgemark.run.files import write_bytes

NAME = "asked.jsonl"


class AskedLog:
    """The file `asked.jsonl` of a run that is being asked; its only writer.

    A line names questions of one slot that were not named before, and is on its way to the disk
    before the first of them is asked.
    """

    def __init__(self, path: Path) -> None:
        """Raises InputError where the file is damaged; a torn last line is cut off."""
        self.path = path
        lines, torn = _whole_lines(path)
        self._known = set(_keys(path, lines))
        if torn:
            write_bytes(path, b"".join(lines))

    def add(self, questions: Sequence[Question]) -> None:
        """Note questions that are about to be asked; JudgemarkError where they can't be written."""
        new = [key for key in dict.fromkeys(q.key for q in questions) if key not in self._known]
        by_slot: dict[Slot, list[str]] = {}
        for key in new:
            by_slot.setdefault(key.slot, []).append(key.question)
        time = datetime.now(UTC).isoformat(timespec="seconds")
        text = "".join(
            json.dumps({"time": time, "slot": slot.to_json(), "questions": named}) + "\n"
            for slot, named in by_slot.items()
        )
        if not text:
            return
        try:
            with self.path.open("ab") as file:
                file.write(text.encode())
        except OSError as exc:
            raise JudgemarkError(
                f"{self.path}: cannot be written ({exc.strerror}); free some space or check its "
                "permissions and run the same command again"
            ) from exc
        self._known.update(new)


def noted(plan: Plan, log: AskedLog) -> Plan:
    """The same plan; every wave is in the log before it is asked."""
    try:
        wave = next(plan)
        while True:
            log.add(wave)
            wave = plan.send((yield wave))
    except StopIteration:
        return
    finally:
        plan.close()


def set_out_to_ask(path: Path) -> frozenset[QuestionKey]:
    """All questions that commands set out to ask; none for a run of a version without the file.

    Raises InputError, with the line's number, where the file is damaged. A torn last line is left
    out: nothing of it had been asked yet.
    """
    return frozenset(_keys(path, _whole_lines(path)[0]))


def _whole_lines(path: Path) -> tuple[list[bytes], bool]:
    """The lines of the file that end as lines do, and whether one more does not."""
    if not path.exists():
        return [], False
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError as exc:
        problem = f"cannot be read ({exc.strerror})"
        raise InputError(path, problem, fix="check its permissions") from exc
    whole = [line for line in lines if line.endswith(b"\n")]
    return whole, len(whole) < len(lines)


def _slot(stored: Mapping[str, Any]) -> Slot:
    return Slot(
        int(stored["member"]), int(stored["repeat"]), str(stored["stage"]), int(stored["pass"])
    )


def _keys(path: Path, lines: Iterable[bytes]) -> Iterable[QuestionKey]:
    for number, raw in enumerate(lines, 1):
        try:
            line = json.loads(raw)
            slot, named = _slot(line["slot"]), [str(question) for question in line["questions"]]
        except (ValueError, KeyError, TypeError, RecursionError) as exc:
            raise InputError(
                path,
                f"the line is damaged ({type(exc).__name__})",
                place=f"line {number}",
                fix="restore the file from a copy, or delete that line and run the same command "
                "again",
            ) from exc
        yield from (QuestionKey(question, slot) for question in named)
