"""`--help` at most 0.1 s, `import judgemark` 0.15 s: the median of seven starts of each."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.as_installed import environment

HOME = Path(__file__).resolve().parents[1]
STARTS = (
    ("--help", (str(HOME / "judgemark.py"), "--help"), 0.1),
    ("import judgemark", ("-c", "import judgemark"), 0.15),
)


def seconds(arguments: Sequence[str]) -> float:
    """One start of Python with these arguments, as a whole process."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        cwd=HOME,
        check=True,
        capture_output=True,
        env=environment(),
    )
    return time.perf_counter() - started


def main() -> int:
    """Measure; 1 where a bound is missed."""
    missed = False
    for name, arguments, bound in STARTS:
        seconds(arguments)
        median = statistics.median(seconds(arguments) for _ in range(7))
        print(f"{name}: {median:.3f} s (at most {bound})")
        missed = missed or median > bound
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
