"""What the help says: of the program, of every command and of every flag."""

from __future__ import annotations

import argparse
import importlib
import sys

import pytest

from judgemark.cli import main
from judgemark.cli.flags import COMMANDS, parser, split_command


@pytest.mark.parametrize(
    ("started", "typed"),
    [
        ("/somewhere/bin/judgemark", "judgemark"),
        ("judgemark.py", "python judgemark.py"),
        ("/site-packages/judgemark/__main__.py", "python -m judgemark"),
    ],
)
def test_the_help_names_the_program_as_it_was_started(
    started: str, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [started])
    assert parser(None).format_help().startswith(f"usage: {typed} ")
    assert parser("score").prog == f"{typed} score"


def flags_of(command: str) -> list[argparse.Action]:
    """The flags and arguments of a command, without its own help."""
    listed = parser(command)._actions
    return [action for action in listed if not isinstance(action, argparse._HelpAction)]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_flag_says_in_a_sentence_what_it_does_and_its_default(command: str) -> None:
    for action in flags_of(command):
        said = action.help or ""
        name = action.option_strings or action.dest
        assert said[:1].isupper() and said.endswith("."), f"{command} {name}: {said}"
        if action.option_strings:
            assert "efault" in said or "(required)" in said, f"{command} {name}: {said}"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_module_that_runs_it_and_a_line_in_the_help(command: str) -> None:
    module = importlib.import_module(COMMANDS[command].module)
    assert callable(module.run)
    assert COMMANDS[command].help in parser(None).format_help()
    assert flags_of(command)


def test_a_bare_first_flag_means_the_main_job() -> None:
    assert split_command(["--judge-model", "x"]) == ("judge", ["--judge-model", "x"])
    assert split_command(["leaderboard", "add", "r"]) == ("leaderboard add", ["r"])
    assert split_command(["leaderboard", "r"]) == ("leaderboard", ["r"])
    assert split_command(["--version"]) == (None, ["--version"])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--judge-model", "a", "--judge-model=b"], '--judge-model: is given twice, with "a" and'),
        (["--judge-model", "a", "--threads", "auto", "--threads", "3"], 'with "auto" and with "3"'),
        (["--judge-model", "a", "--top-k", "none", "--top-k", "3"], 'with "none" and with "3"'),
        (
            ["--judge-model", "a", "--writers", "x", "--limit", "1", "--writers", "y"],
            "--writers: is given twice with different values; give all of them after one flag",
        ),
        (
            ["--judge-model", "a", "--extra-body", "{}", "--extra-body", '{"key": "secret"}'],
            "--extra-body: is given twice with different values; give it once",
        ),
        (["leaderboard", "-o", "a.md", "r", "--output", "b.md"], "-o/--output: is given twice"),
        (["score", "r", "--runs-dir", "a", "--runs-dir", "b"], '"a" and with "b"; give it once'),
        (
            ["--judge-model", "a", "--dtype", "auto", "--dtype", "float32"],
            "--dtype: is given twice",
        ),
    ],
)
def test_a_flag_given_twice_with_different_values_is_one_line(
    given: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert told in said
    assert "secret" not in said


def test_the_same_value_twice_is_no_contradiction() -> None:
    words = ["--judge-model", "a", "--judge-model", "a", "--temperature", "0", "--temperature=0.0"]
    switches = ["--fresh", "--fresh", "--writers", "x", "y", "--writers", "x", "y"]
    read = parser("judge")
    assert read.parse_args([*words, *switches]).judge_model == "a"
    # Another line that the same parser reads has its own values.
    assert read.parse_args(["--judge-model", "b"]).judge_model == "b"


def test_flags_that_may_be_given_several_times_still_are() -> None:
    addresses = ["--base-url", "http://a", "--base-url", "http://b"]
    read = parser("judge").parse_args(["--judge-model", "a", *addresses])
    assert read.base_url == ["http://a", "http://b"]
    boards = parser("leaderboard").parse_intermixed_args(["--board", "x", "r", "--board", "y"])
    assert [str(board) for board in boards.board] == ["x", "y"]
    gate = parser("gate").parse_intermixed_args(["r", "--min", "reads=0", "--min", "reads=1"])
    assert len(gate.min) == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_no_flag_with_a_value_silently_takes_the_last_of_two(command: str) -> None:
    for action in flags_of(command):
        if action.option_strings and action.nargs != 0:
            last_wins = isinstance(action, argparse._StoreAction)
            assert not last_wins, f"{command} {action.option_strings}"
