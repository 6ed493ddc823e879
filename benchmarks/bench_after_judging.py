"""What follows the last reply: scores, intervals, nulls, floors, charts and report, imports too.

`python -m benchmarks.bench_after_judging`; exits 1 where a bound is missed. Runs are judged by a
function that gives criterion scores and by the lexical baseline, whose scores hardly ever tie. Then
`result.json` is taken away and the same command runs again: all is answered, so that it does
exactly what follows the last reply. Seconds of the wall and of the processor (user and system) are
those of whole processes; on a machine that others use, only the latter say something.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.as_installed import environment

HOME = Path(__file__).resolve().parents[1]
CRITERIA = 16
JUDGE = """
import random, zlib
def judge(piece):
    draw = random.Random(zlib.crc32(piece.text.encode()))
    level = 5 + len(piece.text) % 17 / 10
    return {f"Quality {chr(65 + n)}": max(0, min(10, round(draw.gauss(level, 1.5))))
            for n in range(16)}
"""
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class BenchedSet:
    """A set of pieces and the seconds that its bounds allow: after judging, or for all of it."""

    name: str
    writers: int
    iterations: int
    items: int
    words: int
    after: float | None
    whole: float | None = None


SETS = (
    BenchedSet("3,000 pieces, 31 writers", 31, 3, 32, 900, after=3.0),
    BenchedSet("101 writers x 32 ratings", 101, 1, 32, 900, after=4.0),
    BenchedSet("20,000 pieces, 31 writers", 31, 5, 129, 400, after=None, whole=20.0),
    # The pieces of real sets are about as long as these.
    BenchedSet("20,000 pieces of 1,000 words", 31, 5, 129, 1_000, after=None, whole=20.0),
)
MOST_MEMORY = 1024


def write_inputs(folder: Path, bench: BenchedSet) -> None:
    """Samples with more words to choose from for every next writer, a judge, and criteria."""
    draw = np.random.default_rng(0)
    words = np.array([f"word{n}" for n in range(4_000)])
    samples = {
        f"writer-{w:03}": {
            "samples": {
                str(t): {
                    str(i): " ".join(
                        draw.choice(words[: 1_500 + 20 * w], bench.words + draw.integers(-99, 99))
                    )
                    for i in range(1, bench.items + 1)
                }
                for t in range(bench.iterations)
            }
        }
        for w in range(bench.writers)
    }
    criteria = [{"name": f"Quality {chr(65 + n)}", "negative": n % 2 == 1} for n in range(CRITERIA)]
    (folder / "samples.json").write_text(json.dumps(samples), "utf-8")
    (folder / "criteria.json").write_text(json.dumps({"criteria": criteria}), "utf-8")
    (folder / "judge.py").write_text(JUDGE, "utf-8")


def command(folder: Path, judge: str) -> tuple[float, float, float]:
    """Seconds of the wall and of the processor, and peak memory in MB, of one whole command."""
    words = [sys.executable, str(HOME / "judgemark.py"), "--judge-model", judge,
             "--samples-file", "samples.json", "--run-id", "run"]  # fmt: skip
    if judge.startswith("python:"):
        words += ["--criteria-file", "criteria.json"]
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, cwd=folder, check=True, capture_output=True, env=environment(_ONE_THREAD))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, spent, used.ru_maxrss / 1024


def measure(bench: BenchedSet, judge: str) -> bool:
    """Judge a set, then take its result away and finish it again; whether all bounds are kept."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_inputs(folder, bench)
        whole = command(folder, judge)
        (folder / "runs" / "run" / "result.json").unlink()
        after = command(folder, judge)
        again = command(folder, judge)
    kind = judge.partition(":")[0]
    bound = "" if bench.after is None else f" (at most {bench.after:g})"
    print(
        f"{bench.name}, {kind}: after the last reply {after[0]:.1f} s{bound}, processor "
        f"{after[1]:.1f} s; shown again {again[0]:.1f} s, processor {again[1]:.1f} s"
    )
    kept = bench.after is None or after[0] <= bench.after
    if bench.whole is not None:
        print(
            f"{bench.name}, {kind}: judged and scored in {whole[0]:.1f} s (at most "
            f"{bench.whole:g}), processor {whole[1]:.1f} s; peak {whole[2]:.0f} MB "
            f"(at most {MOST_MEMORY})"
        )
        kept = kept and whole[0] <= bench.whole and whole[2] <= MOST_MEMORY
    return kept


def seconds_of_ten_million_additions() -> float:
    """How fast this machine is now: seconds in which Python adds up ten million numbers."""
    started, total = time.perf_counter(), 0
    for number in range(10_000_000):
        total += number
    return time.perf_counter() - started


def main() -> int:
    """Measure; 1 where a bound is missed."""
    print(f"ten million additions take {seconds_of_ten_million_additions():.2f} s on this machine")
    kept = []
    for bench in SETS:
        if bench.whole is None:
            kept.append(measure(bench, "python:judge.py:judge"))
        kept.append(measure(bench, "baseline:lexical"))
    return int(not all(kept))


if __name__ == "__main__":
    raise SystemExit(main())
