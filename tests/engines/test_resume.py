"""A run killed in the middle goes on where it was, with the same numbers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from judgemark.records import Verdict
from judgemark.run.journal import read_entries
from tests.engines.asking import ask, pairs
from tests.engines.conftest import needs

pytestmark = [
    pytest.mark.engines,
    needs("vllm", "torch", "transformers"),
    pytest.mark.filterwarnings("default"),
]


def lines(journal: Path) -> int:
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def kill_half_way(engine: str, judge: Path, journal: Path) -> int:
    """Start asking in a process of its own, kill it once some came; how many there are."""
    with (journal.parent / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.engines.asking", engine, str(judge), str(journal)],
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + 120
        # The probes come first, one question each: wait for a whole batch after them.
        while lines(journal) <= 3 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return lines(journal)


@pytest.mark.parametrize("engine", ["vllm", "hf"])
def test_a_killed_run_asks_only_what_is_missing(engine: str, tiny: Path, tmp_path: Path) -> None:
    journal = tmp_path / "verdicts.jsonl"
    whole = 2 * len(pairs())
    kept = kill_half_way(engine, tiny, journal)
    assert 3 < kept < whole
    known = ask(engine, tiny, journal)
    assert len(known) == kept
    entries = list(read_entries(journal))
    assert len(entries) == len({e.key for e in entries}) == whole

    assert all(e.outcome.cls.good for e in entries)
    if engine == "hf":
        fresh = tmp_path / "fresh.jsonl"
        ask(engine, tiny, fresh)
        assert preferences(journal) == pytest.approx(preferences(fresh), abs=1e-4)


def preferences(journal: Path) -> dict[str, float | None]:
    return {
        f"{e.key}": e.outcome.preference
        for e in read_entries(journal)
        if isinstance(e.outcome, Verdict)
    }
