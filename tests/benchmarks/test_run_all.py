from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.run_all import HOME, ON_ENGINES, python_for


def test_benchmarks_of_engines_run_where_the_engines_are(tmp_path: Path) -> None:
    assert python_for("bench_hf", tmp_path) == sys.executable
    engines = tmp_path / ".venv-engines"
    engines.mkdir()
    # An environment that is only half installed is not used.
    assert python_for("bench_hf", tmp_path) == sys.executable
    (engines / "made").touch()
    assert python_for("bench_hf", tmp_path) == str(engines / "bin" / "python")
    assert python_for("bench_start", tmp_path) == sys.executable


@pytest.mark.parametrize("name", sorted(ON_ENGINES))
@pytest.mark.skipif(find_spec("torch") is not None, reason="this environment has the engines")
def test_without_engines_one_line_says_why_nothing_is_measured(name: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1
    assert "not measured, because" in done.stdout
    assert "make .venv-engines/made" in done.stdout
