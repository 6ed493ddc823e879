"""Runs every benchmark; exits 1 where any misses its bound."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
ON_ENGINES = frozenset({"bench_hf", "bench_replicas", "bench_vllm"})
"""The benchmarks that need vLLM, transformers or Ray."""


def python_for(name: str, home: Path = HOME) -> str:
    """Return the Python that runs a benchmark: that of the engines, where it is needed and made.

    Without it such a benchmark says in one line why it is not measured.
    """
    engines = home / ".venv-engines"
    made = name in ON_ENGINES and (engines / "made").exists()
    return str(engines / "bin" / "python") if made else sys.executable


def main() -> int:
    """Each `bench_*.py` beside this file, one after the other."""
    missed = []
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        print(f"== {path.stem}", flush=True)
        command = [python_for(path.stem), "-m", f"benchmarks.{path.stem}"]
        if subprocess.run(command, check=False).returncode:
            missed.append(path.stem)
    print(f"missed: {', '.join(missed)}" if missed else "all bounds kept")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
