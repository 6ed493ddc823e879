from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bench_scale import cost_of, main
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


def test_the_memory_of_a_command_is_its_own(tmp_path: Path) -> None:
    small, large = (cost_of(["-c", f"x = b'x' * {n}"], tmp_path) for n in (1, 200_000_000))
    assert large.megabytes > max(190, small.megabytes + 50)
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        cost_of(["-c", "1 / 0"], tmp_path)
