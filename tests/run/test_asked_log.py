"""What commands set out to ask is known afterwards, whatever interrupted them."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from judgemark.errors import CapReached, InputError, JudgemarkError
from judgemark.records import Question, QuestionKey, Slot
from judgemark.run.asked_log import NAME, AskedLog, noted, set_out_to_ask
from judgemark.run.budget import Budget
from judgemark.run.line_file import SystemCalls
from tests.support.asking import ScriptedJudge, ask, in_turn
from tests.support.questions import direct, pieces


def questions(count: int) -> list[Question]:
    protocol = direct(pieces(count))
    return [protocol.question(s) for s in protocol.samples]


def test_all_that_was_added_is_read_back_by_key_and_slot(tmp_path: Path) -> None:
    path = tmp_path / NAME
    first, second, third = questions(3)
    again = replace(first, key=QuestionKey(first.key.question, Slot(repeat=1)))
    log = AskedLog(path)
    log.add([first, second, again])
    log.add([third])
    assert set_out_to_ask(path) == {q.key for q in (first, second, third, again)}


def test_a_question_is_named_once_over_all_commands(tmp_path: Path) -> None:
    path = tmp_path / NAME
    AskedLog(path).add(questions(3))
    before = path.read_bytes()
    AskedLog(path).add(questions(3))
    assert path.read_bytes() == before
    AskedLog(path).add(questions(4))
    assert len(set_out_to_ask(path)) == 4


def test_a_run_without_the_file_set_out_to_ask_nothing_that_is_known(tmp_path: Path) -> None:
    assert set_out_to_ask(tmp_path / NAME) == frozenset()


def test_a_torn_last_line_is_left_out_and_cut_off(tmp_path: Path) -> None:
    path = tmp_path / NAME
    AskedLog(path).add(questions(2))
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"time": "2026-01')
    assert len(set_out_to_ask(path)) == 2
    AskedLog(path).add(questions(3))
    assert path.read_bytes().startswith(whole + b'{"time"')
    assert len(set_out_to_ask(path)) == 3


WHOLE = '{"slot": {"member": 0, "repeat": 0, "stage": "", "pass": 0}, "questions": ["q"]}'


@pytest.mark.parametrize(
    "line",
    [
        "x",
        "[]",
        "{}",
        json.dumps({"slot": {}, "questions": []}),
        WHOLE.replace('"member": 0', '"member": 1e999'),
        WHOLE.replace('"member": 0', '"member": -1'),
        WHOLE.replace('"member": 0', f'"member": {"9" * 5000}'),
        WHOLE.replace('["q"]', '"q"'),
        WHOLE.replace('["q"]', "[null]"),
        "[" * 100_000,
        WHOLE[:-1],
    ],
    ids=range(11),
)
def test_a_damaged_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / NAME
    AskedLog(path).add(questions(1))
    path.write_bytes(path.read_bytes() + line.encode() + b"\n")
    with pytest.raises(InputError, match=r"asked\.jsonl: line 2"):
        set_out_to_ask(path)


def test_a_list_that_finds_no_room_stops_the_run_and_leaves_no_torn_line(tmp_path: Path) -> None:
    path = tmp_path / NAME
    AskedLog(path).add(questions(1))
    whole = path.read_bytes()

    def a_part_and_no_more(descriptor: int, data: bytes) -> int:
        os.write(descriptor, data[:20])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(JudgemarkError, match=r"asked\.jsonl: cannot be written") as caught:
        AskedLog(path, SystemCalls(write=a_part_and_no_more)).add(questions(2))
    assert "answer" not in str(caught.value)
    assert path.read_bytes() == whole


def test_a_wave_is_noted_before_it_is_asked(tmp_path: Path) -> None:
    path, protocol = tmp_path / NAME, direct(pieces(10))
    with pytest.raises(CapReached):
        ask(
            tmp_path / "verdicts.jsonl",
            ScriptedJudge(in_turn("7")),
            protocol,
            plan=noted(protocol.plan(), AskedLog(path)),
            budget=Budget(max_requests=4),
        )
    assert len(set_out_to_ask(path)) == 10
