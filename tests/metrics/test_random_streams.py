from __future__ import annotations

import numpy as np

from judgemark.metrics.random_streams import Stream, stream_of


def first(seed: int, stream: Stream, names: tuple[str, ...] = ()) -> float:
    return float(stream_of(seed, stream, names).random())


def test_a_stream_is_the_child_that_numpy_spawns() -> None:
    for stream, child in zip(Stream, np.random.SeedSequence(7).spawn(len(Stream)), strict=True):
        assert first(7, stream) == np.random.default_rng(child).random()


def test_seeds_streams_and_names_never_share_their_draws() -> None:
    # Numbers of numpy's padded seeds would: default_rng([1, 7]) and default_rng([1, 7, 0]) are one.
    names: tuple[tuple[str, ...], ...] = ((), ("a",), ("b",), ("a", "b"), ("b", "a"))
    seen = {first(seed, stream, n) for seed in (0, 1, 2**32) for stream in Stream for n in names}
    assert len(seen) == 3 * len(Stream) * len(names)
