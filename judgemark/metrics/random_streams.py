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

    STABILITY = 0
    ITEMS = 1
    SHUFFLES = 2
    OTHER_SHUFFLES = 3
    ITEMS_AGAIN = 4
    SHUFFLES_AGAIN = 5
    OTHER_SHUFFLES_AGAIN = 6
    PERMUTATIONS = 7
    MEMBER_ERRORS = 8
    JURY_FOLDS = 9


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
