"""The main job with copies of a judge on a cluster of this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from judgemark.run.journal import read_entries
from tests.engines.conftest import CONTEXT, needs
from tests.engines.test_command import command, folder, judged

__all__ = ["folder"]

pytestmark = [
    pytest.mark.engines,
    needs("ray", "torch", "transformers"),
    pytest.mark.filterwarnings("default"),
]
FLAGS = ("--max-model-len", str(CONTEXT), "--tournament", "full")
COPIES = (*FLAGS, "--ray", "local", "--replicas", "2")


def preferences(place: Path, run_id: str) -> dict[str, float]:
    """The log-probability of A of each question."""
    entries = read_entries(place / "runs" / run_id / "verdicts.jsonl")
    letters = {e.key.question: e.reply.logprobs for e in entries if e.reply is not None}
    return {question: found.a for question, found in letters.items() if found is not None}


def test_copies_give_the_verdicts_of_the_judge_alone(tiny: Path, folder: Path) -> None:
    spec = f"hf:{tiny}"
    alone = judged(folder, "alone", spec, *FLAGS)
    copied = judged(folder, "copied", spec, *COPIES)
    one, two = preferences(folder, "alone"), preferences(folder, "copied")
    assert one.keys() == two.keys()
    assert all(abs(two[key] - one[key]) < 1e-4 for key in one)
    assert alone["judge"] == copied["judge"]


def test_a_killed_driver_goes_on_where_it_was(tiny: Path, folder: Path) -> None:
    spec, journal = f"hf:{tiny}", folder / "runs" / "killed" / "verdicts.jsonl"
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        command(folder, "killed", spec, *COPIES), stdout=log, stderr=log, start_new_session=True
    )
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        if journal.exists() and journal.read_bytes().count(b"\n") >= 3:
            break
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    log.close()
    kept = journal.read_bytes().count(b"\n")
    assert kept >= 3
    judged(folder, "killed", spec, *COPIES)
    keys = [e.key for e in read_entries(journal)]
    assert len(keys) == len(set(keys)) == len(preferences(folder, "alone"))
