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
        (
            ["--judge-model", "a", "--judge-model=b"],
            '--judge-model: is given twice, with "a" and with "b"; give it once',
        ),
        (
            ["--judge-model", "a", "--writers", "x", "--limit", "1", "--writers", "y"],
            "--writers: is given twice with different values; give all of them after one flag",
        ),
        (
            ["probe", "--judge-model", "a", "--probes", "padding", "--probes", "scale"],
            "--probes: is given twice with different values; give all of them after one flag",
        ),
    ],
)
def test_a_second_judge_or_list_is_refused_in_one_line(
    given: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert told in said


def test_of_other_flags_the_last_one_counts() -> None:
    read = parser("judge")
    given = read.parse_args(["--judge-model", "a", "--threads", "4", "--threads", "8"])
    assert given.threads == 8
    assert (
        parser("score").parse_args(["r", "--runs-dir", "a", "--runs-dir", "b"]).runs_dir.name == "b"
    )


def test_the_same_judge_or_list_twice_is_no_contradiction() -> None:
    words = [
        "--judge-model",
        "a",
        "--judge-model",
        "a",
        "--writers",
        "x",
        "y",
        "--writers",
        "x",
        "y",
    ]
    read = parser("judge")
    assert read.parse_args(words).judge_model == "a"
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
