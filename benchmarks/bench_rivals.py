"""The same pieces at the same slow endpoint: judgemark, plain threads with the SDK, Inspect AI.

`python -m benchmarks.bench_rivals [ROUNDS]`. Every program runs as a whole process, one after the
other in each round, the first of a round by turns; figures are medians. The ideal is the same for
all: pieces / threads x latency. Inspect AI comes from the package index into an environment of its
own under build/bench/inspect; where that fails, its row says why.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.as_installed import environment
from benchmarks.slow_server import SlowChat, completion
from judgemark.inputs.prompts import END, START

WRITERS, ITEMS, WORDS, CRITERIA = 8, 80, 1_000, 16
PIECES = WRITERS * ITEMS
THREADS = 64
LATENCY = 0.5
IDEAL = math.ceil(PIECES / THREADS) * LATENCY
ROUNDS = 5
INSPECT = Path("build/bench/inspect")


@dataclass(frozen=True)
class Rival:
    """A program, the command that starts it in a folder, and what it does with a reply."""

    name: str
    command: Callable[[Path, str], Sequence[str]]
    does: str


@dataclass(frozen=True)
class Timing:
    """Seconds of a whole process, seconds until its last reply was sent, peak memory in MB."""

    seconds: float
    last_reply: float
    peak_mb: float


class LastAnswer:
    """When the endpoint sent its latest answer, by `time.monotonic`; and who is connected to it."""

    def __init__(self) -> None:
        self.at = 0.0
        self.connected: set[asyncio.BaseTransport] = set()


class WatchedChat(SlowChat):
    """A connection of the slow endpoint that notes when it answers."""

    def __init__(self, response: bytes, latency: float, last: LastAnswer) -> None:
        super().__init__(response, latency)
        self._last = last

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection, to close it at the end."""
        super().connection_made(transport)
        self._last.connected.add(transport)

    def _answer(self) -> None:
        super()._answer()
        self._last.at = time.monotonic()


@contextmanager
def slow_endpoint(reply: str, latency: float = LATENCY) -> Iterator[tuple[str, LastAnswer]]:
    """Serve on a free port, in a thread of this process, which only waits meanwhile."""
    loop, last, response = asyncio.new_event_loop(), LastAnswer(), completion(reply)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def listening() -> asyncio.Server:
        return await loop.create_server(
            lambda: WatchedChat(response, latency, last), "127.0.0.1", 0, backlog=1024
        )

    async def ended(server: asyncio.Server) -> None:
        server.close()
        for transport in last.connected:
            transport.close()
        await asyncio.sleep(0)

    try:
        server = asyncio.run_coroutine_threadsafe(listening(), loop).result(10)
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", last
        asyncio.run_coroutine_threadsafe(ended(server), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def write_inputs(folder: Path) -> str:
    """Write the pieces as judgemark reads them and as the rivals do; return a judge's reply."""
    draw = np.random.default_rng(0)
    words = np.array([f"word{n}" for n in range(4_000)])
    items = [str(i) for i in range(ITEMS)]
    texts = {
        f"writer-{w}": {item: " ".join(draw.choice(words, WORDS)) for item in items}
        for w in range(WRITERS)
    }
    names = [f"Quality {chr(65 + n)}" for n in range(CRITERIA)]
    around = f"Score this.\n{START}\n", f"\n{END}\nThank you."
    files = {
        "samples.json": {w: {"samples": {"0": of}} for w, of in texts.items()},
        "prompts.json": {item: "".join(around) for item in items},
        "criteria.json": {"criteria": [{"name": n, "negative": False} for n in names]},
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content), "utf-8")
    questions = [
        json.dumps({"id": f"{writer} {item}", "prompt": text.join(around)})
        for writer, of in texts.items()
        for item, text in of.items()
    ]
    (folder / "questions.jsonl").write_text("\n".join(questions), "utf-8")
    return "A thoughtful piece. " * 150 + "\n" + "\n".join(f"{name}: 6" for name in names)


def judgemark(folder: Path, address: str) -> Sequence[str]:
    """The whole command: asks, keeps, scores, draws and writes the report."""
    files = [f"--{n}-file={folder / n}.json" for n in ("samples", "prompts", "criteria")]
    return [
        sys.executable, "-m", "judgemark", "--judge-model", "slow", "--base-url", address,
        "--threads", str(THREADS), "--runs-dir", str(folder / "runs"), "--run-id", "bench", *files,
    ]  # fmt: skip


def plain_threads(folder: Path, address: str) -> Sequence[str]:
    """A pool of threads, the openai SDK, one file at the end."""
    return [
        sys.executable, "-m", "benchmarks.rival_threads", address, str(THREADS),
        str(folder / "questions.jsonl"), str(folder / "answers.jsonl"),
    ]  # fmt: skip


def inspect_ai(folder: Path, address: str) -> Sequence[str]:
    """An Inspect AI task with a scorer."""
    return [
        str(INSPECT / "bin" / "python"), "-m", "benchmarks.rival_inspect", address, str(THREADS),
        str(folder / "questions.jsonl"), str(folder / "logs"),
    ]  # fmt: skip


RIVALS = (
    Rival(
        "judgemark",
        judgemark,
        "scores parsed; each reply on disk as it comes, resumed by the same command; statistics, "
        "charts and report are in the time",
    ),
    Rival(
        "plain threads + openai SDK",
        plain_threads,
        "scores parsed; one file at the end, nothing kept of a run that is broken off",
    ),
    Rival(
        "Inspect AI",
        inspect_ai,
        "scores parsed by a scorer; samples written to its .eval log by tens, resumed by `inspect "
        "eval-retry`; their mean is in the time",
    ),
)


def missing_inspect(
    home: Path = INSPECT, packages: Sequence[str] = ("inspect-ai", "openai")
) -> str:
    """Install Inspect AI where it is not; return why it cannot be had, in one line, or nothing."""
    if (home / "made").exists():
        return ""
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages]
    for command in ([sys.executable, "-m", "venv", str(home)], pip):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.strip()]
            return said[-1] if said else f"{command[2]} ended with {done.returncode}"
    (home / "made").touch()
    return ""


def measure(rival: Rival, folder: Path, address: str, last: LastAnswer) -> Timing:
    """Run one program in a folder of its own and see that it scored every piece."""
    command = rival.command(folder, address)
    with (folder / "said").open("wb") as said:
        started = time.monotonic()
        process = subprocess.Popen(
            command, stdout=said, stderr=subprocess.STDOUT, env=environment()
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    text = (folder / "said").read_text("utf-8", "replace")
    told = (
        f"{PIECES} of {PIECES} pieces scored"
        if rival.name == "judgemark"
        else f'"scored": {PIECES}'
    )
    if process.returncode or told not in text:
        raise RuntimeError(f"{rival.name} did not score every piece: {text[-500:]}")
    return Timing(seconds, last.at - started, usage.ru_maxrss / 1024)


def row(name: str, timings: Sequence[Timing], does: str) -> str:
    """Return one line of the table."""
    seconds = sorted(t.seconds for t in timings)
    middle = statistics.median(seconds)
    reply = statistics.median(t.last_reply for t in timings)
    peak = statistics.median(t.peak_mb for t in timings)
    return (
        f"{name}: {middle:.2f} s [{seconds[0]:.2f}, {seconds[-1]:.2f}], {middle / IDEAL:.2f} x the "
        f"ideal; last reply after {reply:.2f} s ({reply / IDEAL:.2f} x); peak {peak:.0f} MB; {does}"
    )


def main(arguments: list[str]) -> int:
    """Measure all that can be had, alternating; print a line for each."""
    rounds = int(arguments[0]) if arguments else ROUNDS
    reason = missing_inspect()
    rivals = [rival for rival in RIVALS if not (reason and rival.name == "Inspect AI")]
    found: dict[str, list[Timing]] = {rival.name: [] for rival in rivals}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with slow_endpoint(write_inputs(folder)) as (address, last):
            for turn in range(rounds):
                start = turn % len(rivals)
                for rival in rivals[start:] + rivals[:start]:
                    own = folder / f"{turn} {rival.name}"
                    own.mkdir()
                    for path in folder.glob("*.json*"):
                        (own / path.name).symlink_to(path)
                    found[rival.name].append(measure(rival, own, address, last))
    print(
        f"{PIECES} pieces at {LATENCY} s per reply, {THREADS} at once: the ideal is {IDEAL:.1f} s"
    )
    for rival in rivals:
        print(row(rival.name, found[rival.name], rival.does))
    if reason:
        print(f"Inspect AI: skipped, since it cannot be installed: {reason}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
