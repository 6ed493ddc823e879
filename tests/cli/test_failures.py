"""Whatever goes wrong ends in one line and the documented exit code, without a traceback."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from judgemark.cli import main
from judgemark.cli.failures import end_with, exit_code_of
from judgemark.errors import CapReached, InputError, Interrupted, Refused

HOME = Path(__file__).resolve().parents[2]
NO_SPACE = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "page.html")
FAILURES: list[BaseException] = [
    NO_SPACE,
    PermissionError(errno.EACCES, "Permission denied", "x"),
    OSError("only words"),
    MemoryError(),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    OverflowError("int too large to convert to float"),
    RecursionError("maximum recursion depth exceeded"),
    KeyError("scorecards"),
    ValueError("two\nlines"),
    InputError("s.json", "is not JSON", place="line 1", fix="fix it"),
    InputError("s.json", "is missing", place='"two\nlines\u2028of a name"', fix="fix it"),
    InputError("x" * 10_000, "no such file", fix="check the path"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda e: type(e).__name__)
def test_a_failure_is_one_line(failure: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    assert end_with(failure, ["score", "r"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("judgemark: ")
    assert said.err.count("\n") == 1
    assert len(said.err) < 2_000
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "arguments",
    [["--verbosity", "DEBUG"], ["--verbosity=debug"], ["score", "r", "--verbosity", "debug"]],
)
def test_debug_shows_where_it_happened(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        raise KeyError("x")
    except KeyError as exc:
        assert end_with(exc, arguments) == 2
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (Refused("no such key"), 3),
        (CapReached("--max-cost"), 3),
        (Interrupted("SIGINT"), 130),
        (KeyboardInterrupt(), 130),
        (NO_SPACE, 2),
    ],
)
def test_the_exit_code_is_the_documented_one(failure: BaseException, code: int) -> None:
    assert exit_code_of(failure) == code


def test_an_interrupt_is_caught_from_the_first_import_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("importlib.import_module", interrupted)
    assert main(["runs"]) == 130
    assert capsys.readouterr().err == "judgemark: interrupted\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("full", ["stdout", "stderr"])
def test_a_full_output_is_no_traceback(full: str, tmp_path: Path) -> None:
    arguments = ["runs"] if full == "stdout" else ["score", "nowhere"]
    with Path("/dev/full").open("w") as device:
        streams: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        found = subprocess.run(  # type: ignore[call-overload]
            [sys.executable, str(HOME / "judgemark.py"), *arguments],
            cwd=tmp_path,
            check=False,
            **streams | {full: device},
        )
    assert found.returncode == 2
    assert b"Traceback" not in (found.stderr or b"")
    assert b"Exception ignored" not in (found.stderr or b"")
