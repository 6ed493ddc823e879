"""What needs no verdict is computed in a second process while the judge is asked."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HOME = Path(__file__).resolve().parents[2]
JUDGE = """
import os
from pathlib import Path

def judge(piece):
    own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    with open("processes.txt", "a") as file:
        file.write(f"{len(own)}\\n")
    return float(len(piece.text) % 7)
"""
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
    reason="a process is forked on Linux alone, where there are two cores",
)


def judged(folder: Path, cores: set[int], *more: str) -> tuple[dict[str, Any], set[str]]:
    """The result of a judged set, and how many other processes there were while it was judged."""
    folder.mkdir(exist_ok=True)
    (folder / "judge.py").write_text(JUDGE)
    samples = {
        writer: {"samples": {"1": {str(i): "word " * (9 * i + n) for i in range(1, 6)}}}
        for n, writer in enumerate(("Ann", "Ben", "Cleo"))
    }
    (folder / "samples.json").write_text(json.dumps(samples))
    told = folder / "processes.txt"
    told.unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, str(HOME / "judgemark.py"), "--judge-model", "python:judge.py:judge",
         "--samples-file", "samples.json", "--run-id", "run", *more],
        cwd=folder, check=True, capture_output=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )  # fmt: skip
    found: dict[str, Any] = json.loads((folder / "runs" / "run" / "result.json").read_text())
    return found, set(told.read_text().split()) if told.exists() else set()


def test_figures_of_texts_are_begun_before_the_first_question(tmp_path: Path) -> None:
    cores = sorted(os.sched_getaffinity(0))
    two, while_judged = judged(tmp_path / "two", set(cores[:2]))
    assert while_judged == {"1"}
    one, alone = judged(tmp_path / "one", set(cores[:1]))
    assert alone == {"0"}
    assert two["floors"] is not None and two["bias"] is not None
    for result in (one, two):
        del result["usage"]
    assert one == two


def test_nothing_is_begun_where_a_result_is_there_or_a_part_is_asked_about(tmp_path: Path) -> None:
    cores = set(sorted(os.sched_getaffinity(0))[:2])
    part, while_judged = judged(tmp_path / "run", cores, "--limit", "2")
    assert while_judged == {"0"} and part["status"] == "limited"
    whole, while_judged = judged(tmp_path / "run", cores)
    assert while_judged == {"0"} and whole["status"] == "complete"
