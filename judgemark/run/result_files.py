"""Reads a file of results that another program wrote, line by line."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

from judgemark.errors import InputError
from judgemark.inputs.json_file import holds_json
from judgemark.judges.batches.batch_service import BatchAnswer
from judgemark.judges.batches.file_batches import answer_of_line
from judgemark.judges.batches.inline_batches import answer_of_message_row
from judgemark.run.stored_lines import opened

_LOG = logging.getLogger(__name__)
_PARTS = ("response", "result", "error")
_LONGEST_SHOWN = 60


def read_results(path: Path, *, warn: bool = True) -> Iterator[tuple[BatchAnswer, str]]:
    """Yield each answer of a file of results, and a name for it that its content gives.

    Raises InputError for a line that is not a result. A last line that is incomplete is left out,
    with a warning where `warn` is set.
    """
    with opened(path, "rb") as file:
        for number, raw in enumerate(file, 1):
            if not raw.strip():
                continue
            if number > 1 and not raw.endswith(b"\n") and not holds_json(raw):
                # The program that wrote the file was interrupted: its whole lines are used.
                if warn:
                    _LOG.warning("%s, line %d: it is incomplete and left out", path, number)
                return
            yield _answer(path, number, raw), f"in{hashlib.sha256(raw.strip()).hexdigest()[:16]}"


def digest_of(answer: BatchAnswer) -> str:
    """Return the digest of the question that an answer belongs to, from its name."""
    return answer.custom_id.rpartition("_")[2]


def _answer(path: Path, number: int, raw: bytes) -> BatchAnswer:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError) as exc:
        raise InputError(
            path,
            "it is not JSON",
            place=f"line {number}",
            fix="give the file of results that the batch's provider or program wrote",
        ) from exc
    answer = answer_of_message_row(line) or answer_of_line(line)
    if answer is None:
        raise _no_result(path, number, line)
    return answer


def _no_result(path: Path, number: int, line: object) -> InputError:
    """Return the error for a line that has not the form of a result."""
    problem = 'it has no "custom_id" with a "response", "result" or "error"'
    fix = "give the file of results, not the file of requests"
    if isinstance(line, Mapping) and isinstance(line.get("custom_id"), str):
        for name in _PARTS:
            if line.get(name) is not None and not isinstance(line[name], Mapping):
                shown = json.dumps(line[name])
                short = f"{shown[:_LONGEST_SHOWN]}..." if len(shown) > _LONGEST_SHOWN else shown
                problem = f'its "{name}" is {short} and not an object'
                fix = "correct the line or remove it"
                break
    return InputError(path, f"it is not a result: {problem}", place=f"line {number}", fix=fix)
