"""The main job with real engines: three ways to ask the same judge end in the same ratings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.engines.conftest import CONTEXT, needs

HOME = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.engines,
    needs("vllm", "torch", "transformers"),
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Samples of four writers on three items, and their writing prompts."""
    place = tmp_path_factory.mktemp("command")
    words = ("The rain stopped.", "Nobody came – not one.", "A dark, stormy night.", "Été, again.")
    samples = {
        f"writer-{n}": {
            "samples": {"1": {str(i): f"{text} {'On and on. ' * (n + i)}" for i in range(3)}}
        }
        for n, text in enumerate(words)
    }
    prompts = {str(i): {"writing_prompt": f"Write about {i}."} for i in range(3)}
    (place / "s.json").write_text(json.dumps(samples), "utf-8")
    (place / "p.json").write_text(json.dumps(prompts), "utf-8")
    return place


def command(folder: Path, run_id: str, judge: str, *flags: str) -> list[str]:
    return [
        sys.executable, str(HOME / "judgemark.py"), "--judge-model", judge, "--run-id", run_id,
        "--samples-file", str(folder / "s.json"), "--writing-prompts", str(folder / "p.json"),
        "--runs-dir", str(folder / "runs"), *flags,
    ]  # fmt: skip


def judged(folder: Path, run_id: str, judge: str, *flags: str) -> dict[str, Any]:
    done = subprocess.run(
        command(folder, run_id, judge, *flags), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    text = (folder / "runs" / run_id / "result.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def ratings(result: dict[str, Any]) -> dict[str, float]:
    return {line["writer"]: line["rating"] for line in result["tournament"]["leaderboard"]}


LOCAL = ("--max-model-len", str(CONTEXT))
VLLM = (*LOCAL, "--enforce-eager", "--kv-cache-gib", "0.25")


@pytest.fixture(scope="module")
def through_vllm(folder: Path, tiny: Path) -> dict[str, Any]:
    return judged(folder, "vllm", f"vllm:{tiny}", *VLLM)


def test_three_engines_rate_alike(
    folder: Path, tiny: Path, server: str, through_vllm: dict[str, Any]
) -> None:
    through_hf = judged(folder, "hf", f"hf:{tiny}", *LOCAL)
    at = ("--mode", "pairwise", "--base-url", server)
    through_server = judged(folder, "server", "tiny", *at)
    assert through_vllm["tournament"]["missing"] == 0
    assert through_server["tournament"]["protocol"] == "pairwise-logprob"
    assert through_server["tournament"]["letters"]["censored"] == 0
    for other in (through_hf, through_server):
        # P within 0.02 in five rounds of K 32 is within 3.2 points, and much less here.
        assert ratings(other) == pytest.approx(ratings(through_vllm), abs=0.5)


def test_killed_and_resumed_the_ratings_are_the_same(
    folder: Path, tiny: Path, through_vllm: dict[str, Any]
) -> None:
    journal = folder / "runs" / "killed" / "verdicts.jsonl"
    process = subprocess.Popen(
        command(folder, "killed", f"vllm:{tiny}", *VLLM),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not (journal.exists() and journal.read_bytes().count(b"\n") >= 1):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    again = judged(folder, "killed", f"vllm:{tiny}", *VLLM)
    assert ratings(again) == pytest.approx(ratings(through_vllm), abs=1e-3)
    assert again["tournament"]["calls"] == through_vllm["tournament"]["calls"]
