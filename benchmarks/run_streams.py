"""The random generators of simulated runs, spawned so that no two are the same."""

from __future__ import annotations

import zlib

import numpy as np


def run_streams(seed: int, purpose: str, run: int, count: int = 1) -> list[np.random.Generator]:
    """Return `count` generators of run number `run` (0, 1, ...) for one purpose.

    They are children of one another in numpy's sense (`SeedSequence.spawn`): generators that differ
    in seed, purpose, run or place never draw the same numbers. Seeds put together by hand may:
    `default_rng([1, 7])` and `default_rng([1, 7, 0])` are one stream, which once made two equal
    judges differ too often.
    """
    own = np.random.SeedSequence(seed, spawn_key=(zlib.crc32(purpose.encode()), run))
    return [np.random.default_rng(child) for child in own.spawn(count)]
