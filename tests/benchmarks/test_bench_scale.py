from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.bench_scale import HOME, cost_of, main
from benchmarks.large_runs import pairs_run
from judgemark.run.folder import RunFolder
from judgemark.run.stored_run import read_run


def test_a_made_run_is_a_run_like_any_other(tmp_path: Path) -> None:
    made = pairs_run(tmp_path, 330, 30, port=9)
    assert made.verdicts == 330
    folder = RunFolder(made.folder)
    assert read_run(folder).unanswered == 30
    made.complete()
    run = read_run(folder)
    assert (run.unanswered, len(run.judged)) == (0, 33)


def test_everything_is_measured_at_a_small_size(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--verdicts", "220", "--pieces", "310", "--runs", "3"]) == 0
    told = capsys.readouterr().out
    for what in ("resumed until", "journal read", "export", "page from the board", "verified"):
        assert what in told


MEMORY = """
from pathlib import Path
from benchmarks.bench_scale import cost_of
for size in (1, 200_000_000):
    print(cost_of(["-c", f"x = b'x' * {size}"], Path.cwd()).megabytes)
"""


def test_the_memory_of_a_command_is_its_own(tmp_path: Path) -> None:
    # In a process of its own: memory of the process that starts a command counts as the command's.
    done = subprocess.run(
        [sys.executable, "-c", MEMORY], cwd=tmp_path, check=True, capture_output=True, text=True,
        env={"PYTHONPATH": str(HOME)},
    )  # fmt: skip
    small, large = map(float, done.stdout.split())
    assert large > small + 100


def test_a_command_that_fails_ends_the_benchmark(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        cost_of(["-c", "1 / 0"], tmp_path)
