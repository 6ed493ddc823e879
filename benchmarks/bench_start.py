"""`--help` at most 0.3 s: the median of seven starts of the real command."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

BOUND = 0.3
PROGRAM = Path(__file__).resolve().parents[1] / "judgemark.py"


def seconds() -> float:
    """One start, as a whole process."""
    started = time.perf_counter()
    subprocess.run([sys.executable, str(PROGRAM), "--help"], check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> int:
    """Measure; 1 where the bound is missed."""
    seconds()
    median = statistics.median(seconds() for _ in range(7))
    print(f"--help: {median:.3f} s (at most {BOUND})")
    return int(median > BOUND)


if __name__ == "__main__":
    raise SystemExit(main())
