"""Runs every benchmark; exits 1 where any misses its bound."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Each `bench_*.py` beside this file, one after the other."""
    missed = []
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        print(f"== {path.stem}", flush=True)
        if subprocess.run(
            [sys.executable, "-m", f"benchmarks.{path.stem}"], check=False
        ).returncode:
            missed.append(path.stem)
    print(f"missed: {', '.join(missed)}" if missed else "all bounds kept")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
