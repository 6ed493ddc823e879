"""The program of a spec: quoting, paths, and what identifies it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from judgemark.errors import UsageError
from judgemark.judges.command_line import read_command
from judgemark.judges.program_judge import PAIRWISE_KEYS, RUBRIC_KEYS, PairLines, RubricLines
from judgemark.records import Message, Question, QuestionKey, Sample, Slot


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    script = Path("judge.sh")
    script.write_text("#!/bin/sh\ncat\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    Path("plain.py").write_text("print(1)\n")


def test_words_are_split_as_a_shell_does_but_nothing_is_expanded() -> None:
    command = read_command("""./judge.sh --name "two words" 'a b' c\\ d $HOME *.py | x""")
    assert command.words == (
        "./judge.sh", "--name", "two words", "a b", "c d", "$HOME", "*.py", "|", "x",
    )  # fmt: skip


def test_files_that_are_named_count_by_their_content() -> None:
    """The script and the file of an option; `cat` is a program of the system."""
    before = read_command("cat plain.py --config=plain.py").configuration
    assert isinstance(before["files"], dict)
    assert before["files"].keys() == {"plain.py", "--config=plain.py"}
    assert read_command("./judge.sh").configuration != read_command("cat").configuration
    Path("plain.py").write_text("print(2)\n")
    assert read_command("cat plain.py --config=plain.py").configuration != before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("./missing", "./missing: no such file"),
        ("./plain.py", 'chmod \\+x ./plain.py, or name its interpreter: "command:python'),
        ("judge.sh", "is on the PATH; for the file in this folder write command:./judge.sh"),
        ("no-such-program-here", 'no program "no-such-program-here" is on the PATH$'),
        ("./", "is a folder"),
        ("./judge.sh 'open", "no closing quotation"),
        ("''", "no program"),
        ("./judge.sh --key=sk-abcdefghijklmnopqrstuvwx12", "the form of a key"),
    ],
)
def test_what_cannot_be_started_is_one_line(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        read_command(text)
    assert "\n" not in str(caught.value)


def test_the_schema_of_the_protocol_names_what_is_sent_and_what_is_read() -> None:
    path = Path(__file__).resolve().parents[2] / "docs" / "judge-protocol.schema.json"
    parts = json.loads(path.read_text("utf-8"))["$defs"]
    piece, other = Sample("ann", "1", "sea", "One."), Sample("bea", "1", "sea", "Two.")
    key, messages = QuestionKey("k", Slot()), (Message("user", "One."),)
    rubric = RubricLines({}, prompted=False).write(Question(key, "sea", messages, {"piece": piece}))
    pairs = PairLines({}).write(Question(key, "sea", messages, {"A": piece, "B": other}))
    assert set(parts["rubric_question"]["required"]) == {"id", *rubric}
    assert set(parts["pairwise_question"]["required"]) == {"id", *pairs}
    assert set(parts["rubric_answer"]["properties"]) == {"id", "error", *RUBRIC_KEYS}
    assert set(parts["pairwise_answer"]["properties"]) == {"id", "error", *PAIRWISE_KEYS}
