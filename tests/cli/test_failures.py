"""Whatever goes wrong ends in one line and the documented exit code, without a traceback."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from judgemark.cli import main
from judgemark.cli.failures import end_with, exit_code_of, words_for
from judgemark.cli.termination import sigterm_as_ctrl_c
from judgemark.errors import CapReached, InputError, Interrupted, Refused

HOME = Path(__file__).resolve().parents[2]
NO_SPACE = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "page.html")
FAILURES: list[BaseException] = [
    NO_SPACE,
    PermissionError(errno.EACCES, "Permission denied", "x"),
    OSError("only words"),
    MemoryError(),
    RuntimeError("can't start new thread"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    OverflowError("int too large to convert to float"),
    RecursionError("maximum recursion depth exceeded"),
    KeyError("scorecards"),
    ValueError("two\nlines"),
    InputError("s.json", "is not JSON", place="line 1", fix="fix it"),
    InputError("s.json", "is missing", place='"two\nlines\u2028of a name"', fix="fix it"),
    InputError("x" * 10_000, "no such file", fix="check the path"),
]


def test_a_machine_that_starts_no_more_threads_is_named_as_the_reason() -> None:
    assert "starts no more threads" in words_for(RuntimeError("can't start new thread"))


def test_a_machine_that_opens_no_more_files_is_named_as_the_reason() -> None:
    said = words_for(OSError(errno.EMFILE, os.strerror(errno.EMFILE), "x.json"))
    assert said.startswith("x.json: this machine lets a program open no more files at once")
    assert said.endswith("raise the limit (ulimit -n)")


AT_AN_ENDPOINT = ("x", "--base-url", "http://127.0.0.1:9/v1")


def with_few_files(
    files: int, judge: Sequence[str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """A run in `folder` that may have this number of files open."""
    command = [sys.executable, str(HOME / "judgemark.py"), "--judge-model", *judge, "--limit", "4"]
    return subprocess.run(
        ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("judge", "files"),
    [
        *((AT_AN_ENDPOINT, files) for files in range(6, 12)),
        (("baseline:length",), 6),
        (("baseline:length",), 7),
    ],
)
def test_too_few_open_files_are_told_in_one_line(
    judge: Sequence[str], files: int, tmp_path: Path
) -> None:
    done = with_few_files(files, judge, tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("judgemark: ")
    assert done.stderr.count("\n") == 1
    assert "ulimit -n" in done.stderr


@pytest.mark.parametrize("files", range(9, 12))
def test_where_connections_are_too_many_fewer_threads_are_advised(
    files: int, tmp_path: Path
) -> None:
    said = with_few_files(files, AT_AN_ENDPOINT, tmp_path).stderr
    assert said.startswith("judgemark: --threads: this machine lets a program open no more files")


def test_where_no_file_is_left_for_a_second_process_one_computes_everything(tmp_path: Path) -> None:
    results = []
    for files in (8, 100):
        folder = tmp_path / str(files)
        folder.mkdir()
        done = with_few_files(files, ("baseline:length",), folder)
        assert (done.returncode, done.stderr) == (0, "")
        (stored,) = folder.glob("runs/*/result.json")
        results.append(json.loads(stored.read_text("utf-8"))["scorecards"])
    assert results[0] == results[1]


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
    said = capsys.readouterr().err
    assert said.startswith("judgemark: interrupted; what is stored stays")
    assert said.count("\n") == 1


def test_sigterm_ends_a_command_as_ctrl_c_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def terminated(_: str) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("importlib.import_module", terminated)
    assert main(["runs"]) == 130
    assert capsys.readouterr().err.startswith("judgemark: interrupted")
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_sigterm_handler_of_the_calling_program_stays() -> None:
    def own(number: int, frame: object) -> None:
        raise AssertionError(number, frame)

    before = signal.signal(signal.SIGTERM, own)
    try:
        with sigterm_as_ctrl_c():
            assert signal.getsignal(signal.SIGTERM) is own
        assert signal.getsignal(signal.SIGTERM) is own
    finally:
        signal.signal(signal.SIGTERM, before)


def run_with(arguments: list[str], folder: Path, **streams: object) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of the program."""
    found = subprocess.run(  # type: ignore[call-overload]
        [sys.executable, str(HOME / "judgemark.py"), *arguments],
        cwd=folder,
        check=False,
        text=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams,
    )
    return found.returncode, found.stdout or "", found.stderr or ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["runs"], ["--help"], ["judge", "--help"], ["--version"]])
def test_a_full_output_is_named(arguments: list[str], tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as device:
        code, _, err = run_with(arguments, tmp_path, stdout=device)
    assert code == 2
    assert err == (
        "judgemark: standard output cannot be written (No space left on device); free some space "
        "there or redirect it\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_output_for_errors_leaves_the_exit_code(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as device:
        assert run_with(["score", "nowhere"], tmp_path, stderr=device)[0] == 2


@pytest.mark.parametrize(
    ("arguments", "closed", "code"),
    [(["runs"], 1, 0), (["--help"], 1, 0), (["score", "nowhere"], 1, 2), (["score", "x"], 2, 2)],
)
def test_an_output_that_is_closed_is_written_nowhere(
    arguments: list[str], closed: int, code: int, tmp_path: Path
) -> None:
    found, out, err = run_with(arguments, tmp_path, preexec_fn=lambda: os.close(closed))
    assert found == code
    assert "Traceback" not in out + err
