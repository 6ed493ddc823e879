"""The list of a run's batches: written before and after each step, and read after any kill."""

from __future__ import annotations

from pathlib import Path

import pytest

from judgemark.errors import InputError
from judgemark.judges.batches.batch_service import BatchAnswer
from judgemark.run.batch_log import BatchLog, LoggedBatch, whole_batch_lines
from judgemark.run.folder import BATCHES


def test_each_step_is_read_back(tmp_path: Path) -> None:
    log = BatchLog(tmp_path)
    log.intend("t1", ["q1", "q2"], 5.0)
    assert BatchLog(tmp_path).batches == (LoggedBatch("t1", ("q1", "q2"), 5.0),)
    log.submitted("t1", "batch_7")
    assert BatchLog(tmp_path).batches == (LoggedBatch("t1", ("q1", "q2"), 5.0, "batch_7"),)
    answers = [BatchAnswer("t1_q2", 200, {"choices": []}), BatchAnswer("t1_q1", None, None)]
    log.fetched("t1", answers)
    again = BatchLog(tmp_path)
    assert again.batches[0].fetched
    assert list(again.answers("t1")) == answers
    log.closed("t1")
    assert BatchLog(tmp_path).batches == ()


def test_what_was_never_submitted_is_forgotten(tmp_path: Path) -> None:
    log = BatchLog(tmp_path)
    log.intend("t1", ["q1"], 5.0)
    log.void("t1")
    assert log.batches == () and BatchLog(tmp_path).batches == ()


def test_a_torn_last_line_is_left_out_and_cut_off_by_the_next_one(tmp_path: Path) -> None:
    log = BatchLog(tmp_path)
    log.intend("t1", ["q1"], 5.0)
    whole = (tmp_path / BATCHES).read_bytes()
    torn = whole + b'{"event":"subm'
    (tmp_path / BATCHES).write_bytes(torn)
    again = BatchLog(tmp_path)
    assert again.batches == (LoggedBatch("t1", ("q1",), 5.0),)
    assert (tmp_path / BATCHES).read_bytes() == torn
    again.submitted("t1", "batch_7")
    assert (tmp_path / BATCHES).read_bytes().startswith(whole + b'{"event":"submitted"')
    assert BatchLog(tmp_path).batches == (LoggedBatch("t1", ("q1",), 5.0, "batch_7"),)


@pytest.mark.parametrize(
    "line", [b"{}", b'{"event":"fetched","token":"other"}', b'{"event":"sung","token":"t1"}']
)
def test_a_damaged_line_is_named_and_can_be_set_aside(tmp_path: Path, line: bytes) -> None:
    BatchLog(tmp_path).intend("t1", ["q1"], 5.0)
    path = tmp_path / BATCHES
    first = path.read_bytes().rstrip()
    path.write_bytes(first + b"\n" + line + b"\n")
    with pytest.raises(InputError, match=r"batches\.jsonl: line 2: damaged .*judgemark repair"):
        BatchLog(tmp_path)
    assert whole_batch_lines([first, line]) == ([first], [line])
