"""In which number format a judge on transformers computes where the user leaves that open.

On a GPU it is the format in which the weights are stored. A CPU computes in bfloat16 where the
weights are stored so and its instructions make that clearly faster than float32, else in float32.
The format is settled before anything is asked and is part of a question's key, so that answers in
two formats never meet in one run.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from judgemark.judges.engine import LocalJudge
from judgemark.judges.rendering import ChatRendering

AUTO, FLOAT32, BFLOAT16 = "auto", "float32", "bfloat16"
CLEARLY = 1.3
"""How many times as fast as float32 bfloat16 must be, so that the choice is the same each time."""

_ROWS, _WIDTH, _TRIES = 256, 1024, 5
_QUOTA = Path("/sys/fs/cgroup/cpu.max")

RenderingT = TypeVar("RenderingT", bound=ChatRendering)


def settled(local: LocalJudge[RenderingT], *, elsewhere: bool = False) -> LocalJudge[RenderingT]:
    """Return the judge with its number format settled.

    `elsewhere` says that other machines will compute: they take the stored format.
    """
    dtype = settled_dtype(local.settings.dtype, local.stored, elsewhere=elsewhere)
    return replace(local, settings=replace(local.settings, dtype=dtype))


def settled_dtype(wanted: str, stored: str | None, *, elsewhere: bool = False) -> str:
    """Return the number format for a wanted one; "auto" only where the stored one is not known."""
    if wanted != AUTO:
        return wanted
    if elsewhere or device() != "cpu":
        return stored or AUTO
    return BFLOAT16 if stored == BFLOAT16 and bfloat16_gain() >= CLEARLY else FLOAT32


def device() -> str:
    """Return where torch computes on this machine."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


@cache
def bfloat16_gain() -> float:
    """Return how many times as fast as in float32 this CPU multiplies matrices in bfloat16.

    It is measured once in a process, in about 0.1 s; the best of several tries on both sides.
    """
    import torch

    sides = {
        dtype: (torch.ones(_ROWS, _WIDTH, dtype=dtype), torch.ones(_WIDTH, _WIDTH, dtype=dtype))
        for dtype in (torch.float32, torch.bfloat16)
    }
    best = dict.fromkeys(sides, float("inf"))
    with torch.inference_mode():
        # The first try of each brings its code into memory.
        for _ in range(1 + _TRIES):
            for dtype, (left, right) in sides.items():
                started = time.perf_counter()
                torch.nn.functional.linear(left, right)
                best[dtype] = min(best[dtype], time.perf_counter() - started)
    return best[torch.float32] / best[torch.bfloat16]


def use_allowed_cores() -> None:
    """Let torch use no more threads than this process may use cores.

    Torch counts the cores of the machine. In a container with fewer, its threads would wait for
    each other. Where OMP_NUM_THREADS is set, that stays.
    """
    import torch

    if "OMP_NUM_THREADS" not in os.environ:
        cores = allowed_cores(_QUOTA)
        if cores < torch.get_num_threads():
            torch.set_num_threads(cores)


def allowed_cores(quota: Path) -> int:
    """Return how many cores this process may use; `quota` is the file of its control group."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        share, period = quota.read_text("ascii").split()
        return max(1, min(cores or 1, -(-int(share) // int(period))))
    except (OSError, ValueError):
        # No such file, or no quota ("max").
        return max(1, cores or 1)
