"""Flag values are bounded; a value that cannot be used is one line that names the flag."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from judgemark.cli import main
from judgemark.cli.flag_bounds import ENVIRONMENT, FLAGS
from judgemark.cli.flags import COMMANDS, parser
from judgemark.judges.registry import all_options
from judgemark.setting_names import flag_of

pytestmark = pytest.mark.usefixtures("elsewhere")
HUGE = ("1" + "0" * 400, "9" * 5000, "1e300", "1e999", "-1", "nan", "inf", "x" * 5000, "")


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["--judge-model", "baseline:length", "--dry-run", *arguments]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert len(said) < 400
    return said


@pytest.mark.parametrize("value", HUGE)
@pytest.mark.parametrize(
    "flag",
    ["--threads", "--rounds", "--bootstraps", "--num-runs", "--k-factor", "--seed", "--max-cost",
     "--max-requests", "--price-in", "--limit", "--iterations", "--max-tokens"],
)  # fmt: skip
def test_a_number_out_of_bounds_is_refused(
    flag: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert flag in refused([f"{flag}={value}"], capsys)


@pytest.mark.parametrize(
    ("flag", "range_told"),
    [
        ("--threads=20000", "1 to 1,024"),
        ("--rounds=1000000000", "1 to 10,000"),
        ("--rounds=1e9", "1 to 10,000"),
        ("--num-runs=9e29", "1 to 1,000"),
        ("--k-factor=1e300", "0.001 to 1,000,000"),
        ("--max-tokens=1e30", "1 to 10,000,000"),
        ("--top-p=1.5", "0 to 1"),
        ("--seed=-1", "0 to 1,000,000,000,000,000"),
    ],
)
def test_a_number_beyond_all_use_is_refused_with_the_range(
    flag: str, range_told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused([flag], capsys)
    assert flag.partition("=")[0] in said
    assert range_told in said


def test_every_flag_that_takes_a_number_has_a_range() -> None:
    given = set()
    for command in COMMANDS:
        for action in parser(command)._actions:
            # A number's parser refuses this word in words of its own.
            if action.type is not None and action.metavar in ("N", "X", "T", "P", "K", "R", "S",
                                                              "M", "G", "$"):  # fmt: skip
                with pytest.raises(argparse.ArgumentTypeError, match=" to "):
                    action.type("word")  # type: ignore[operator]
                given.add(action.option_strings[-1])
    assert given == set(FLAGS) | {flag_of(o.name) for o in all_options() if o.type in (int, float)}


@pytest.mark.parametrize(
    "value",
    [
        '{"a": NaN}',
        '{"a": 1e999}',
        '{"a": 1, "a": 2}',
        "[1]",
        "{",
        '{"a":' * 3000 + "1" + "}" * 3000,
        '{"a":' * 40 + "1" + "}" * 40,
        '{"a": ' + "9" * 5000 + "}",
    ],
)
def test_an_extra_body_that_cannot_be_sent_is_refused(
    value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "--extra-body" in refused(["--extra-body", value], capsys)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_settings_are_read_as_windows_programs_save_them(
    encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(".env").write_text("REQUEST_TIMEOUT=soon\n", encoding)
    assert 'REQUEST_TIMEOUT: in the environment or in .env, "soon"' in refused([], capsys)


@pytest.mark.parametrize("data", [b"A=\xff\xfe", b"\xff\xfeA", b"A=1\n\xc3("])
def test_settings_that_are_no_text_are_named(
    data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(".env").write_bytes(data)
    assert ".env" in refused([], capsys)


@pytest.mark.parametrize("name", ENVIRONMENT)
@pytest.mark.parametrize("value", ["1e300", "9" * 400, "nan", "-1", "soon"])
def test_a_setting_of_the_environment_is_bounded(
    name: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(".env").write_text(f"{name}={value}\n", "utf-8")
    assert name in refused([], capsys)


def test_zero_seconds_are_no_time_limit(capsys: pytest.CaptureFixture[str]) -> None:
    Path(".env").write_text("REQUEST_TIMEOUT=0\n", "utf-8")
    assert "0.001 to 86,400" in refused([], capsys)


@pytest.mark.parametrize(
    "field", ["model", "Model", "MODEL ", "messages", "stream", "n", "prompt", "logprobs"]
)
def test_an_extra_body_cannot_say_who_is_asked_or_what(
    field: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--judge-model", "fake", "--base-url", "http://127.0.0.1:9/v1", "--dry-run"]
    assert main([*given, "--extra-body", json.dumps({field: "other"})]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f'--extra-body: the field "{field}"' in said


@pytest.mark.parametrize("flag", ["--runs-dir", "--reference-scores"])
def test_a_path_that_no_system_takes_is_refused(
    flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", "r", flag, "a\0b"]) == 2
    said = capsys.readouterr().err
    assert flag in said
    assert "zero byte" in said
