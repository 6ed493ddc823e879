from __future__ import annotations

import pickle

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from judgemark.leaderboard.packed_scores import PackedScores, points

SCORES = st.lists(st.none() | st.integers(-(10**9), 10**9), max_size=20)


@given(SCORES)
def test_packed_scores_are_the_scores(scores: list[int | None]) -> None:
    packed = PackedScores(scores)
    assert list(packed) == packed.listed() == scores
    assert packed == scores
    assert packed == PackedScores(scores)
    assert hash(packed) == hash(PackedScores(scores))
    assert [packed[n] for n in range(len(scores))] == scores
    assert list(packed[1:3]) == scores[1:3]
    assert np.array_equal(packed.points(), points(scores), equal_nan=True)


def test_packed_scores_differ_from_others() -> None:
    assert PackedScores([1, None]) != PackedScores([1, 0])
    assert PackedScores([1]) != "1"
    assert repr(PackedScores([1, None])) == "PackedScores([1, None])"


def test_packed_scores_need_four_bytes_each() -> None:
    long = PackedScores(range(100_000, 101_000))
    assert len(pickle.dumps(long)) < 4_300
