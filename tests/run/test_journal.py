"""The journal: appended, durable, and the only state that a resume needs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from judgemark.errors import InputError
from judgemark.records import (
    Class,
    Failure,
    QuestionKey,
    Reply,
    Slot,
    Verdict,
)
from judgemark.run.journal import Journal, read_entries
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.line_file import SystemCalls
from tests.support.asking import ScriptedJudge, ask
from tests.support.entries import entry
from tests.support.questions import direct, pieces

HOME = Path(__file__).resolve().parents[2]


def failed(name: str, reason: str = "HTTP 500") -> JournalEntry:
    outcome = Failure(Class.ERROR, reason)
    return entry(name, outcome=outcome, reply=None, first_class=None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "verdicts.jsonl"


def test_what_was_appended_is_there_when_the_file_is_opened_again(path: Path) -> None:
    with Journal(path) as journal:
        journal.append(entry("one"))
        journal.append(failed("two"))
        assert set(journal.good) == {QuestionKey("one", Slot())}
    with Journal(path) as again:
        assert again.good == {QuestionKey("one", Slot()): Verdict(Class.OK, {"Wit": 7.0})}
        assert again.adapted_of() == {"max_tokens"}
        assert not again.torn
        again.append(entry("two"))
        assert len(again.good) == 2
    names = [e.key.question for e in read_entries(path)]
    assert names == ["one", "two", "two"]


def test_slots_keep_answers_to_one_question_apart(path: Path) -> None:
    slots = [Slot(), Slot(member=1), Slot(repeat=1), Slot(stage="talk"), Slot(passage=1)]
    with Journal(path) as journal:
        for slot in slots:
            journal.append(entry(key=QuestionKey("q", slot)))
    with Journal(path) as again:
        assert [key.slot for key in again.good] == slots
    first = json.loads(path.read_text("utf-8").splitlines()[0])
    assert first["slot"] == {"member": 0, "repeat": 0, "stage": "score", "pass": 0}


def test_a_line_holds_all_that_the_format_names(path: Path) -> None:
    with Journal(path) as journal:
        journal.append(entry())
    line = json.loads(path.read_text("utf-8"))
    assert line["texts"] == {"piece": "ab12"}
    assert (line["reply"], line["scores"], line["class"]) == ("Wit: 7", {"Wit": 7.0}, "ok")
    assert line["usage"] == {"prompt_tokens": 10, "completion_tokens": 5, "cost": 0.25}
    assert (line["finish_reason"], line["attempts"], line["seconds"]) == ("stop", 2, 1.25)
    assert (line["judge_name"], line["provider"]) == ("judge-2025", "Host")


@pytest.mark.parametrize("text", ["half \ud83d of a pair", "\udc00", "a\u2028b\x85c\r\nd", "\x00"])
def test_any_text_survives_in_a_line_of_its_own(path: Path, text: str) -> None:
    with Journal(path) as journal:
        journal.append(entry("one", reply=Reply(text)))
        journal.append(entry("two"))
    assert path.read_bytes().count(b"\n") == 2
    first = next(iter(read_entries(path)))
    assert first.reply == Reply(text)


def test_a_torn_last_line_is_dropped_with_a_word(path: Path) -> None:
    with Journal(path) as journal:
        journal.append(entry("one"))
    whole = path.read_bytes()
    for torn in (b"{", whole[:-1], whole[:40], "é".encode()[:1]):
        path.write_bytes(whole + torn)
        assert [e.key.question for e in read_entries(path)] == ["one"]
        with Journal(path) as journal:
            assert journal.torn
            assert len(journal.good) == 1
        assert path.read_bytes() == whole


def test_a_torn_line_longer_than_a_block_is_dropped_too(path: Path) -> None:
    path.write_bytes(b"x" * 200_000)
    with Journal(path) as journal:
        assert journal.torn
        journal.append(entry("one"))
    assert [e.key.question for e in read_entries(path)] == ["one"]


def line_without(field: str) -> str:
    line = entry().to_json()
    del line[field]
    return json.dumps(line)


def line_with(**more: Any) -> str:
    return json.dumps(entry().to_json() | more)


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        "null",
        "3",
        line_without("question"),
        line_without("slot"),
        line_without("class"),
        line_with(question=["q"]),
        line_with(slot="0"),
        line_with(**{"class": "splendid"}),
        line_with(**{"class": ["ok"]}),
        line_with(scores="Wit: 7"),
        line_with(scores={"Wit": "good"}),
        line_with(value=float("nan")),
        line_with(value="seven"),
        line_with(adapted=None),
        "[" * 100_000,
    ],
)
def test_damage_elsewhere_is_an_error_with_file_and_line(path: Path, damage: str) -> None:
    with Journal(path) as journal:
        for name in ("one", "two", "three"):
            journal.append(entry(name))
    lines = path.read_text("utf-8").splitlines()
    lines[1] = damage
    path.write_text("\n".join(lines) + "\n", "utf-8")
    before = path.read_bytes()
    for opening in (lambda: Journal(path), lambda: list(read_entries(path))):
        with pytest.raises(InputError) as caught:
            opening()
        assert (caught.value.path, caught.value.place) == (path, "line 2")
        assert f"judgemark repair {path.parent}" in str(caught.value)
    assert path.read_bytes() == before


def test_bytes_that_are_no_text_are_damage_too(path: Path) -> None:
    with Journal(path) as journal:
        journal.append(entry("one"))
    path.write_bytes(b"\xff\xfe\n" + path.read_bytes())
    with pytest.raises(InputError, match="line 1"):
        Journal(path)


def test_a_verdict_costs_the_same_however_long_the_run(path: Path) -> None:
    written: list[int] = []

    def write(descriptor: int, data: bytes) -> int:
        written.append(len(data))
        return os.write(descriptor, data)

    with Journal(path, SystemCalls(write=write)) as journal:
        for number in range(300):
            journal.append(entry(f"{number:04}"))
    # One line handed to the system for each, and nothing before it written again.
    line = path.stat().st_size // 300
    assert written == [line] * 300


def test_a_journal_that_may_not_be_written_is_one_line(path: Path) -> None:
    path.mkdir()
    with pytest.raises(InputError, match="cannot be opened"):
        Journal(path)
    with pytest.raises(InputError, match="cannot be opened"):
        list(read_entries(path))


def test_no_journal_is_no_entry(path: Path) -> None:
    assert list(read_entries(path)) == []


FULL_DISK = """
import resource, sys
from pathlib import Path
from judgemark.errors import JudgemarkError
from judgemark.run.journal import Journal, read_entries
from judgemark.run.line_file import SystemCalls
from tests.support.entries import entry
path = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
appended = 0
try:
    with Journal(path) as journal:
        for number in range(100):
            journal.append(entry(str(number)))
            appended += 1
except JudgemarkError as exc:
    assert "cannot be written (File too large)" in str(exc), exc
print(appended, len(list(read_entries(path))))
"""


def python(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script, *map(str, arguments)],
        cwd=HOME,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_full_disk_is_said_and_all_that_counted_is_there(path: Path) -> None:
    with python(FULL_DISK, path) as process:
        assert process.stdout is not None
        said = process.stdout.read().split()
    assert process.returncode == 0
    assert said[0] == said[1] != "100"


KILLED = """
import sys, time
from pathlib import Path
from tests.support.asking import RunnerSettings, ScriptedJudge, ask
from tests.support.questions import direct, pieces

def slowly(question, number):
    time.sleep(0.002)
    return question.item

settings = RunnerSettings(threads=2)
ask(Path(sys.argv[1]), ScriptedJudge(slowly), direct(pieces(2000)), settings=settings)
"""


def test_a_killed_run_goes_on_from_what_it_had(path: Path) -> None:
    with python(KILLED, path) as process:
        deadline = time.monotonic() + 20
        while not path.exists() or path.read_bytes().count(b"\n") < 50:
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    kept = {e.item for e in read_entries(path)}
    assert 50 <= len(kept) < 2000
    rest = ScriptedJudge(lambda question, _: question.item)
    found = ask(path, rest, direct(pieces(2000)))
    assert set(rest.asked).isdisjoint(kept)
    assert {e.item: e.outcome for e in found} == {
        f"{n:04}": Verdict(Class.OK, value=float(n)) for n in range(2000)
    }
