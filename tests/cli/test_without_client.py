"""Baselines and local engines work where the client of chat endpoints is not installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
BLOCKED = """
import sys

class NoClient:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("httpx2", "httpcore2"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NoClient())
sys.path.insert(0, sys.argv.pop(1))
from judgemark.cli import main
raise SystemExit(main(sys.argv[1:]))
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process that cannot import the client."""
    command = [sys.executable, "-c", BLOCKED, str(HOME), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("mode", ["rubric", "pairwise"])
def test_a_baseline_needs_no_client(mode: str, tmp_path: Path) -> None:
    command = ("--judge-model", "baseline:length", "--limit", "12", "--mode", mode)
    ran = run(tmp_path, *command, "--run-id", "r")
    assert ran.returncode == 0, ran.stderr
    result = json.loads((tmp_path / "runs" / "r" / "result.json").read_text("utf-8"))
    assert result["coverage"]["scored"] == 12


@pytest.mark.parametrize("engine", ["hf", "vllm"])
def test_a_local_engine_gets_as_far_as_its_own_packages(engine: str, tmp_path: Path) -> None:
    ran = run(tmp_path, "--judge-model", f"{engine}:no/such-judge-anywhere")
    assert ran.returncode == 2
    assert "httpx2" not in ran.stderr
    assert "Traceback" not in ran.stderr
