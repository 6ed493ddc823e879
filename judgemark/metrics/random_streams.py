"""The random streams of the figures, spawned from one seed.

Streams that are numbered by hand can be one stream: numpy pads its seeds with zeros, so that
`default_rng([1, 7])` and `default_rng([1, 7, 0])` draw the same numbers. Spawned streams cannot.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from enum import IntEnum

import numpy as np


class Stream(IntEnum):
    """What is drawn: each has a stream of its own. New ones go to the end."""

    ITEMS = 0
    SHUFFLES = 1
    OTHER_SHUFFLES = 2
    ITEMS_AGAIN = 3
    SHUFFLES_AGAIN = 4
    OTHER_SHUFFLES_AGAIN = 5
    PERMUTATIONS = 6
    MEMBER_ERRORS = 7
    JURY_FOLDS = 8


def stream_of(seed: int, stream: Stream, names: Sequence[str] = ()) -> np.random.Generator:
    """Return the generator of one stream of `seed` (0 or more), the same in every process.

    With `names`, it depends on these too, and on their order. A stream is the child that
    `SeedSequence.spawn` would give as number `stream`, or, with names, a child of that child.
    """
    key: tuple[int, ...] = (int(stream),)
    if names:
        digest = hashlib.sha256(json.dumps(list(names)).encode()).digest()
        key += tuple(int.from_bytes(digest[n : n + 4], "big") for n in range(0, 32, 4))
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def stability_stream(seed: int) -> np.random.Generator:
    """Return the generator of the stability shuffles.

    It is older than the spawned streams and stays as it was: stability, and with it the scores of
    v2 and v2.1 in stored runs, come from its draws. It is none of the spawned streams.
    """
    return np.random.default_rng([seed, 1])
