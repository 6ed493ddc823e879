"""What large runs and boards cost: seconds, peak memory and room on the disk.

`python -m benchmarks.bench_scale [--full] [--only pairs|rubric|board]` measures a full round robin
of 100,000 verdicts, a rubric run of 10,000 pieces and a board of 1,000 runs; with `--full` ten
times as many (`docs/scale.md`). `--verdicts N`, `--pieces N`, `--runs N` set other sizes. It exits
with 1 where a bound is missed; bounds grow with the sizes. Whole commands are measured, their start
included. `--keep FOLDER` works there and leaves everything.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.as_installed import environment
from benchmarks.bench_board import opened, write_runs
from benchmarks.large_runs import MadeRun, pairs_run, rubric_run
from judgemark.jobs.board_runs import scored
from judgemark.run.folder import RunFolder
from judgemark.run.run_lookup import list_runs

_Made = TypeVar("_Made")
HOME = Path(__file__).resolve().parents[1]
PROGRAM = str(HOME / "judgemark.py")
VERDICTS, PIECES, RUNS, TIMES_FULL = 100_000, 10_000, 1_000, 10
HELD_BACK = 1_000
MEGABYTE = 1 << 20
STREAM = (
    "import sys; from pathlib import Path; from judgemark.run.journal import read_entries; "
    "print(sum(1 for _ in read_entries(Path(sys.argv[1]))))"
)
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a run or board of the full size may cost at the most."""

    seconds: float
    megabytes: float


SCORED_PAIRS, SCORED_PIECES = Bounds(240.0, 2048.0), Bounds(240.0, 2048.0)
REBUILT, ADDED = Bounds(60.0, 2048.0), Bounds(5.0, 512.0)
FIXED = Bounds(10.0, 300.0)
"""What any size may cost: the start of the program and what it always holds."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds of the wall and of the processor, and peak memory in MB."""

    seconds: float
    processor: float
    megabytes: float

    def __str__(self) -> str:
        return (
            f"{self.seconds:.1f} s (processor {self.processor:.1f} s), peak {self.megabytes:.0f} MB"
        )


def cost_of(words: Sequence[str], folder: Path) -> Cost:
    """Run a Python program with these arguments in a folder; RuntimeError where it fails."""
    started = time.perf_counter()
    with (folder / "said.txt").open("wb") as said:
        child = subprocess.Popen([sys.executable, *words], cwd=folder, stdout=said, stderr=said,
                                 env=_environment())  # fmt: skip
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{words}: {(folder / 'said.txt').read_text()[-2_000:]}")
    seconds = time.perf_counter() - started
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _environment() -> dict[str, str]:
    return environment({"OPENAI_API_KEY": "none", "PYTHONPATH": str(HOME)})


class FirstQuestion:
    """An endpoint that answers no question and notes when the first one comes."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._server.getsockname()[1]
        self.came = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with ExitStack() as held:
            while True:
                try:
                    connection, _ = self._server.accept()
                except OSError:
                    return
                held.enter_context(connection)
                # A command that is killed resets its connections.
                with suppress(OSError):
                    if b"/chat/completions" in connection.recv(65_536)[:100]:
                        self.came.set()
                    else:
                        connection.sendall(_NOT_FOUND)
                        connection.close()

    def close(self) -> None:
        """Stop listening and close what is held open."""
        # Only a shut socket wakes the thread that waits for a connection.
        self._server.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._server.close()


def resumed(made: MadeRun, folder: Path, first: FirstQuestion) -> Cost:
    """Resume a run until its first new question is asked, then kill it."""
    started = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, PROGRAM, *made.command], cwd=folder, env=_environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while not first.came.wait(0.05):
        if child.poll() is not None:
            raise RuntimeError("the command ended without a question")
    seconds = time.perf_counter() - started
    child.kill()
    _, _, used = os.wait4(child.pid, 0)
    child.returncode = -9
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def say(what: str, cost: Cost | str) -> None:
    """Print one figure at once."""
    sys.stdout.write(f"  {what}: {cost}\n")
    sys.stdout.flush()


def kept(what: str, cost: Cost, bounds: Bounds, share: float) -> bool:
    """Print a figure beside its bound for this share of the full size; whether it is kept."""
    seconds = FIXED.seconds + share * bounds.seconds
    megabytes = FIXED.megabytes + share * (bounds.megabytes - FIXED.megabytes)
    say(what, f"{cost} (at most {seconds:.0f} s, {megabytes:.0f} MB)")
    return cost.seconds <= seconds and cost.megabytes <= megabytes


def measure_run(
    make: Callable[[Path, int, int, int], MadeRun], size: int, full: int, bounds: Bounds, home: Path
) -> bool:
    """Make a run of this size and measure everything that is done with it."""
    started = time.perf_counter()
    with closing(FirstQuestion()) as first:
        made = apart(make, home, size, min(HELD_BACK, size // 10), first.port)
        say("made", f"{made.verdicts:,} verdicts, {_seconds(started)}")
        say("resumed until the first new question", resumed(made, home, first))
    made.complete()
    folder = RunFolder(made.folder)
    for path in (folder.journal, folder.path / "asked.jsonl", folder.path / "samples.json.gz"):
        say(path.name, f"{path.stat().st_size / MEGABYTE:.1f} MB")
    say("journal read as a stream", cost_of(["-c", STREAM, str(folder.journal)], home))
    whole = cost_of([PROGRAM, *made.command], home)
    within = kept("the command once all is answered: scored, drawn", whole, bounds, size / full)
    say("the same command again", cost_of([PROGRAM, *made.command], home))
    say("export", cost_of([PROGRAM, "export", folder.run_id, "-o", "scores.csv"], home))
    say("repair, with nothing to repair", cost_of([PROGRAM, "repair", folder.run_id], home))
    return within


def apart(make: Callable[..., _Made], *given: object) -> _Made:
    """Call a function in a process of its own.

    The memory of this process would count as that of the commands that it starts.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(make, *given).result()


def _seconds(started: float) -> str:
    return f"{time.perf_counter() - started:.1f} s"


def measure_board(runs: int, home: Path) -> bool:
    """Make a runs folder and a board of this size and measure what is done with them."""
    share = runs / (RUNS * TIMES_FULL)
    started = time.perf_counter()
    apart(write_runs, home, runs)
    say("made", f"{runs:,} runs, {_seconds(started)}")
    page, board = home / "board.html", home / "board.jsonl"
    rebuilt = cost_of([PROGRAM, "leaderboard", "-o", page.name], home)
    within = kept("page from the runs folder", rebuilt, REBUILT, share)
    say(page.name, f"{page.stat().st_size / MEGABYTE:.1f} MB")
    spent = opened(page, home / "profile")
    say("page opened by Chromium", "not measured" if spent is None else f"{spent:.2f} s")
    apart(write_board, home / "runs", board)
    say(board.name, f"{board.stat().st_size / MEGABYTE:.1f} MB")
    made = apart(rubric_run, home, 1_000, 0, 9)
    cost_of([PROGRAM, *made.command], home)
    add = [PROGRAM, "leaderboard", "add", made.folder.name, "--board", board.name]
    within &= kept("one more run added", cost_of(add, home), ADDED, share)
    drawn = cost_of([PROGRAM, "leaderboard", "--board", board.name, "-o", page.name], home)
    within &= kept("page from the board", drawn, REBUILT, share)
    verify = [PROGRAM, "leaderboard", "verify", "--board", board.name]
    say("one run verified", cost_of([*verify, made.folder.name], home))
    say("all digests and signatures verified", cost_of(verify, home))
    return within


def write_board(runs: Path, board: Path) -> None:
    """Write the entries of all runs of a folder into a board file."""
    with board.open("w", encoding="utf-8") as file:
        for folder in list_runs(runs):
            file.writelines(f"{one.entry.line()}\n" for one in scored(str(folder.path), runs))


def main(arguments: list[str]) -> int:
    """Measure; 1 where a bound is missed."""
    parser = argparse.ArgumentParser(prog="bench_scale")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", choices=("pairs", "rubric", "board"))
    parser.add_argument("--keep", type=Path)
    for name, size in (("verdicts", VERDICTS), ("pieces", PIECES), ("runs", RUNS)):
        parser.add_argument(f"--{name}", type=int, help=f"{size} if not given")
    args = parser.parse_args(arguments)
    times = TIMES_FULL if args.full else 1
    verdicts, pieces, runs = (
        args.verdicts or VERDICTS * times,
        args.pieces or PIECES * times,
        args.runs or RUNS * times,
    )
    parts: dict[str, Callable[[Path], bool]] = {
        "pairs": lambda home: measure_run(
            pairs_run, verdicts, VERDICTS * TIMES_FULL, SCORED_PAIRS, home
        ),
        "rubric": lambda home: measure_run(
            rubric_run, pieces, PIECES * TIMES_FULL, SCORED_PIECES, home
        ),
        "board": lambda home: measure_board(runs, home),
    }
    within = True
    for name, part in parts.items():
        if args.only in (None, name):
            sys.stdout.write(f"{name}:\n")
            with ExitStack() as stack:
                temporary = tempfile.TemporaryDirectory
                home = args.keep / name if args.keep else Path(stack.enter_context(temporary()))
                home.mkdir(parents=True, exist_ok=True)
                within &= part(home)
    return int(not within)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
