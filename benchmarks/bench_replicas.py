"""Two copies of a judge on a Ray cluster against one, at a fixed delay for each batch.

`make bench` runs it in the environment of the engines; without Ray it says so and keeps no bound.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.engine_runs import not_measured
from judgemark.errors import AskFault
from judgemark.judges.base import Json
from judgemark.protocols.number_protocol import NumberProtocol
from judgemark.records import Question, Reply, Sample
from judgemark.run.budget import Budget
from judgemark.run.journal import Journal
from judgemark.run.progress import Progress
from judgemark.run.runner import Runner, RunnerSettings
from judgemark.run.stop import Stop

BATCHES, BATCH, DELAY = 24, 8, 0.5
AT_LEAST = 1.9


class DelayedBatches:
    """Takes `DELAY` seconds for each batch."""

    batch = BATCH

    @property
    def configuration(self) -> Mapping[str, Json]:
        """The same wherever it runs."""
        return {"kind": "bench"}

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        """Answer every question with 1."""
        time.sleep(DELAY)
        return [Reply("1", "stop") for _ in questions]

    def close(self) -> None:
        """Nothing to let go of."""


def seconds(replicas: int) -> float:
    """The time to ask all questions of copies that are loaded already."""
    from judgemark.judges.ray_replicas import RayReplicas, ReplicaPlan

    samples = [Sample("ann", "1", f"{n:04}", f"piece {n}") for n in range(BATCHES * BATCH)]
    judge = RayReplicas(DelayedBatches(), ReplicaPlan("local", replicas), lambda _: None)
    try:
        judge.load()
        while len(judge.idle) < replicas:
            judge.take_in_started()
        with tempfile.TemporaryDirectory() as folder, Journal(Path(folder) / "j") as journal:
            runner = Runner(
                judge,
                NumberProtocol({"kind": "bench"}, samples, False),
                journal,
                RunnerSettings(),
                progress=Progress(io.StringIO()),
                stop=Stop(),
                budget=Budget(),
            )
            started = time.perf_counter()
            runner.run(NumberProtocol({"kind": "bench"}, samples, False).plan(), probes=0)
            return time.perf_counter() - started
    finally:
        judge.close()


def main() -> int:
    """Measure; 1 where the bound is missed."""
    if (why := not_measured("replicas", "ray")) is not None:
        print(why)
        return 0
    one, two = seconds(1), seconds(2)
    print(f"one replica {one:.2f} s, two {two:.2f} s: {one / two:.2f} x (at least {AT_LEAST})")
    return int(one / two < AT_LEAST)


if __name__ == "__main__":
    raise SystemExit(main())
