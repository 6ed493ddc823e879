"""How close asking comes to the ideal: 3,000 pieces at 0.5 s per reply from a local endpoint.

`python -m benchmarks.bench_judging [THREADS ...]`; exits 1 where a bound is missed. Three probes go
ahead of all others, so that the ideal is (1 + ceil((N - 3) / threads)) x latency. Each figure is
the median of five runs, each in a process of its own, so that its peak memory is its own. Each is
followed by a run of `bare_client`, which only sends and receives, at the same endpoint: what that
takes beyond the ideal is the machine's. The modules that ask are loaded before the clock starts, as
where the bounds were set; how long that takes, once in a process, is printed too.
"""

from __future__ import annotations

import importlib
import io
import json
import math
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.as_installed import environment
from benchmarks.bare_client import seconds_of
from judgemark.inputs.prompts import END, START
from judgemark.jobs.ask_run import ask, outstanding
from judgemark.jobs.prepare_run import prepare
from judgemark.judging.job_settings import InputFiles, JobSettings, Limits
from judgemark.run.stored_run import read_run
from judgemark.scoring.result_json import compose

PIECES = 3_000
LATENCY = 0.5
PROBES = 3
BOUNDS = {64: 1.03, 256: 1.08, 1000: 1.2}
ROUNDS = 5
MOST_MEMORY = 300
CRITERIA = 16
LOADED_TO_ASK = ("filelock", "judgemark.jobs.ask_questions", "judgemark.judges.chat")


def write_inputs(folder: Path) -> JobSettings:
    """Samples (10 writers x 3 iterations x 100 items of about 1,000 words), prompts, criteria."""
    draw = np.random.default_rng(0)
    words = np.array([f"word{n}" for n in range(4_000)])
    samples = {
        f"writer-{w}": {
            "samples": {
                str(t): {str(i): " ".join(draw.choice(words, 1_000)) for i in range(PIECES // 30)}
                for t in range(3)
            }
        }
        for w in range(10)
    }
    criteria = [{"name": f"Quality {chr(65 + n)}", "negative": n % 2 == 1} for n in range(CRITERIA)]
    prompts = {str(i): f"Score this.\n{START}\n{END}\nThank you." for i in range(PIECES // 30)}
    reply = "A thoughtful piece. " * 150 + "\n".join(f"{c['name']}: 6" for c in criteria)
    (folder / "samples.json").write_text(json.dumps(samples), "utf-8")
    (folder / "prompts.json").write_text(json.dumps(prompts), "utf-8")
    (folder / "criteria.json").write_text(json.dumps({"criteria": criteria}), "utf-8")
    (folder / "reply.txt").write_text(reply, "utf-8")
    return JobSettings(
        judge_model="slow",
        files=InputFiles(
            samples_file=folder / "samples.json",
            prompts_file=folder / "prompts.json",
            criteria_file=folder / "criteria.json",
        ),
        run_id="bench",
        runs_dir=folder / "runs",
    )


def free_port() -> int:
    """Return a port on which no server listens now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


def ideal(threads: int) -> float:
    """Seconds that no way of asking can beat: one round of probes, then full rounds."""
    return (1 + math.ceil((PIECES - PROBES) / threads)) * LATENCY


@contextmanager
def _slow_server(folder: Path) -> Iterator[int]:
    """Within this context a local endpoint answers at the port that is given."""
    port = free_port()
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "benchmarks.slow_server",
            str(port),
            str(LATENCY),
            str(folder / "reply.txt"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if server.stdout is None or server.stdout.readline() != "ready\n":
            raise RuntimeError("the local endpoint did not start")
        yield port
    finally:
        server.kill()
        server.wait()


def _seconds_to_load() -> float:
    started = time.monotonic()
    for name in LOADED_TO_ASK:
        importlib.import_module(name)
    return time.monotonic() - started


def measure(threads: int) -> dict[str, float]:
    """Judge all pieces with this many threads: seconds, and as a ratio to the ideal; seconds to
    load what asks; peak memory in MB."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = write_inputs(folder)
        with _slow_server(folder) as port:
            settings = JobSettings(
                **{
                    **vars(settings),
                    "base_url": f"http://127.0.0.1:{port}/v1",
                    "limits": Limits(threads=threads),
                }
            )
            prepared = prepare(settings, {})
            # The copy of the samples is written once a run, whatever the judging costs.
            prepared.folder.begin(prepared.description(), prepared.samples)
            work = outstanding(prepared, None)
            loading = _seconds_to_load()
            started = time.monotonic()
            ask(prepared, work, bar=io.StringIO(), say=lambda _: None)
            seconds = time.monotonic() - started
        coverage = compose(read_run(prepared.folder))["coverage"]
        if coverage["scored"] != PIECES:
            raise RuntimeError("not every piece was scored")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "ratio": seconds / ideal(threads),
        "loading": loading,
        "peak_mb": peak,
    }


def measure_bare(threads: int) -> dict[str, float]:
    """Send requests about all pieces over this many connections, by a client that reads nothing:
    seconds, and seconds in the ideal case."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_inputs(folder)
        samples = json.loads((folder / "samples.json").read_text("utf-8"))
        bodies = [
            json.dumps({"model": "slow", "messages": [{"role": "user", "content": text}]}).encode()
            for writer in samples.values()
            for items in writer["samples"].values()
            for text in items.values()
        ]
        with _slow_server(folder) as port:
            seconds = seconds_of(port, bodies, threads, PROBES)
    return {"seconds": seconds, "ratio": seconds / ideal(threads)}


def _in_a_process(how: str, threads: int) -> dict[str, float]:
    out = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_judging", how, str(threads)],
        check=True,
        capture_output=True,
        text=True,
        env=environment(),
    ).stdout
    found: dict[str, float] = json.loads(out)
    return found


MEASURES = {"--one": measure, "--bare": measure_bare}


def main(arguments: list[str]) -> int:
    """Measure each thread count in a child process; 1 where a bound is missed."""
    if len(arguments) == 2 and arguments[0] in MEASURES:
        sys.stdout.write(json.dumps(MEASURES[arguments[0]](int(arguments[1]))))
        return 0
    missed = False
    for threads in [int(a) for a in arguments] or list(BOUNDS):
        found, bare = [], []
        for _ in range(ROUNDS):
            found.append(_in_a_process("--one", threads))
            bare.append(_in_a_process("--bare", threads)["ratio"])
        seconds, ratio, loading, peak = (
            statistics.median(one[name] for one in found)
            for name in ("seconds", "ratio", "loading", "peak_mb")
        )
        bound = BOUNDS.get(threads, 1.2)
        print(
            f"judging {PIECES} pieces, {threads} threads: {seconds:.2f} s, "
            f"{ratio:.3f} x ideal (at most {bound}), {ratio + loading / ideal(threads):.3f} x with "
            f"{loading:.2f} s of loading; peak {peak:.0f} MB (at most {MOST_MEMORY}); "
            f"a bare client {statistics.median(bare):.3f} x"
        )
        missed |= ratio > bound or peak > MOST_MEMORY
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
