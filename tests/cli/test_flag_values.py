"""Flag values are bounded; a value that cannot be used is one line that names the flag."""

from __future__ import annotations

from pathlib import Path

import pytest

from judgemark.cli import main

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


@pytest.mark.parametrize("flag", ["--threads=20000", "--rounds=1000000000", "--k-factor=1e7"])
def test_a_number_beyond_all_use_is_refused_with_the_most(
    flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "is too large; the most is" in refused([flag], capsys)


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
    assert 'REQUEST_TIMEOUT: "soon"' in refused([], capsys)


@pytest.mark.parametrize("data", [b"A=\xff\xfe", b"\xff\xfeA", b"A=1\n\xc3("])
def test_settings_that_are_no_text_are_named(
    data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(".env").write_bytes(data)
    assert ".env" in refused([], capsys)


@pytest.mark.parametrize("name", ["MAX_RETRIES", "RETRY_DELAY", "REQUEST_TIMEOUT"])
@pytest.mark.parametrize("value", ["1e300", "9" * 400, "nan", "-1", "soon"])
def test_a_setting_of_the_environment_is_bounded(
    name: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(".env").write_text(f"{name}={value}\n", "utf-8")
    assert name in refused([], capsys)
