"""Keeps the results of simulated runs on disk, so that a validation can be stopped and resumed."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from judgemark.run.files import write_bytes
from judgemark.scoring.metric_version import METRIC_VERSION
from judgemark.table.score_table import Floats

CHUNK = 10
"""How many runs are computed and kept together."""

Simulation = Callable[[int], Floats]
"""One simulated run, from its number; all that it depends on besides is part of its `repr`."""


@dataclass(frozen=True, slots=True)
class KeptSpread:
    """Like `map` over the numbers of runs, in the processes of `pool`, with results kept on disk.

    What a simulation returned is looked up by its name, its arguments and the metric version: a
    figure that changes is measured again. Runs are numbered from 0 and depend on their number
    alone, so that more runs later begin with those that are kept. From `until` on (seconds of
    `time.monotonic`) nothing new is begun, and the answer has only the runs that are there.
    """

    folder: Path
    pool: Executor
    width: int
    until: float = float("inf")

    def __call__(self, simulation: Simulation, runs: Iterable[int]) -> Iterator[Floats]:
        """Yield the results of runs 0, 1, ... in their order, as far as time allows."""
        count = len(list(runs))
        home = self.folder / _name(simulation)
        home.mkdir(parents=True, exist_ok=True)
        about = home / "about.txt"
        if not about.exists():
            write_bytes(about, f"{_told(simulation)}\n".encode())
        self._fill(simulation, home, -(-count // CHUNK))
        for number in range(count):
            path = _chunk(home, number // CHUNK)
            if not path.exists():
                return
            if number % CHUNK == 0:
                rows = np.load(path, allow_pickle=False)
            yield rows[number % CHUNK]

    def _fill(self, simulation: Simulation, home: Path, chunks: int) -> None:
        """Compute the chunks that are missing, the first ones first."""
        missing = [n for n in range(chunks) if not _chunk(home, n).exists()]
        waiting: dict[Future[Floats], int] = {}
        while missing or waiting:
            while missing and len(waiting) < self.width and time.monotonic() < self.until:
                number = missing.pop(0)
                waiting[self.pool.submit(run_chunk, simulation, number)] = number
            if not waiting:
                return
            for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                held = io.BytesIO()
                np.save(held, done.result(), allow_pickle=False)
                write_bytes(_chunk(home, waiting.pop(done)), held.getvalue())


def run_chunk(simulation: Simulation, number: int) -> Floats:
    """The results of the runs of one chunk; shape (CHUNK, ...)."""
    return np.stack([simulation(number * CHUNK + n) for n in range(CHUNK)])


def _told(simulation: Simulation) -> str:
    """What a simulation is, with all that it depends on."""
    if isinstance(simulation, partial):
        inner, given = simulation.func, [*map(repr, simulation.args), repr(simulation.keywords)]
    else:
        inner, given = simulation, []
    name = f"{inner.__module__}.{inner.__qualname__}"
    return f"{name}({', '.join(given)}), metric version {METRIC_VERSION}"


def _name(simulation: Simulation) -> str:
    return hashlib.sha256(_told(simulation).encode()).hexdigest()[:16]


def _chunk(home: Path, number: int) -> Path:
    return home / f"{number:05}.npy"
