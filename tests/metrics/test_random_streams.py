from __future__ import annotations

import numpy as np

from judgemark.metrics.random_streams import Stream, stability_stream, stream_of


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
    assert not seen & {float(stability_stream(seed).random()) for seed in (0, 1, 2**32)}


def test_stability_keeps_the_draws_of_stored_runs() -> None:
    assert stability_stream(7).random() == np.random.default_rng([7, 1]).random()
