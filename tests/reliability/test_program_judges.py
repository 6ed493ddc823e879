"""Runs whose judge is a program: killed and interrupted, they lose nothing and leave no process."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.kept_runs import write_inputs
from tests.reliability.processes import run, said_in, start

# It notes the process that answers and each question, and leaves a child of its own.
PROGRAM = """
import json, os, subprocess, sys, time
child = subprocess.Popen(["sleep", "120"])
with open("started.txt", "a") as file:
    file.write(f"{os.getpid()} {child.pid}\\n")
for line in sys.stdin:
    q = json.loads(line)
    with open("asked.txt", "a") as file:
        file.write(q["item"] + "\\n")
    time.sleep(0.004)
    n = len(q.get("text") or q.get("A"))
    answer = {"score": n % 11} if q["kind"] == "rubric" else {"p_a": n % 11 / 10}
    print(json.dumps({"id": q["id"], **answer}), flush=True)
"""

MODES = ("rubric", "pairwise")


def command(mode: str) -> list[str]:
    return [
        "--judge-model", f"command:'{sys.executable}' -S program.py", "--mode", mode,
        "--samples-file", "samples.json", "--threads", "3", "--run-id", "r",
    ]  # fmt: skip


def prepared(folder: Path) -> Path:
    folder.mkdir()
    write_inputs(folder)
    (folder / "program.py").write_text(PROGRAM, "utf-8")
    return folder


def lines_of(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []


def scores(folder: Path) -> Any:
    return json.loads((folder / "runs" / "r" / "result.json").read_text("utf-8"))["scorecards"]


def started(folder: Path) -> list[int]:
    """The processes of all copies of the program, and their children."""
    return [int(pid) for line in lines_of(folder / "started.txt") for pid in line.split()]


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_asked(folder: Path, process: ForkServerProcess, many: int) -> None:
    while len(lines_of(folder / "asked.txt")) < many and process.is_alive():
        time.sleep(0.002)


@pytest.fixture(params=MODES, scope="module")
def undisturbed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A mode, and the folder of a run in it that nothing disturbed."""
    folder = prepared(tmp_path_factory.mktemp("undisturbed") / "run")
    assert run(command(request.param), folder) == 0, said_in(folder)
    assert not any(alive(pid) for pid in started(folder))
    return request.param, folder


@pytest.mark.reliability
def test_killed_at_random_moments_it_loses_nothing(
    undisturbed: tuple[str, Path], tmp_path: Path
) -> None:
    mode, whole = undisturbed
    folder, chance = prepared(tmp_path / "killed"), random.Random(7)
    for _ in range(4):
        process = start(command(mode), folder)
        wait_until_asked(folder, process, len(lines_of(folder / "asked.txt")) + 5)
        time.sleep(chance.uniform(0.0, 0.03))
        process.kill()
        process.join()
    assert run(command(mode), folder) == 0, said_in(folder)
    journal = [json.loads(x) for x in lines_of(folder / "runs" / "r" / "verdicts.jsonl")]
    asked = Counter((line["question"], *line["slot"].values()) for line in journal)
    assert max(asked.values()) == 1
    # Asked twice is at most what the three copies held at each of the four kills.
    assert len(lines_of(folder / "asked.txt")) <= len(lines_of(whole / "asked.txt")) + 4 * 3
    assert scores(folder) == scores(whole)
    assert "Traceback" not in said_in(folder)
    for pid in started(folder):
        # What outlives a kill -9 of this program is the child that ours left behind.
        if alive(pid):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.reliability
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_ends_within_seconds_and_leaves_no_process(
    number: signal.Signals, undisturbed: tuple[str, Path], tmp_path: Path
) -> None:
    mode, whole = undisturbed
    folder = prepared(tmp_path / "interrupted")
    process = start(command(mode), folder)
    wait_until_asked(folder, process, 8)
    begun = time.monotonic()
    os.kill(process.pid or 0, number)
    process.join()
    assert process.exitcode == 130, said_in(folder)
    assert time.monotonic() - begun < 5
    assert started(folder) and not any(alive(pid) for pid in started(folder))
    assert run(command(mode), folder) == 0, said_in(folder)
    assert scores(folder) == scores(whole)
