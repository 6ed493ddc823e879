from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from benchmarks.chunk_cache import CHUNK, KeptSpread
from benchmarks.run_streams import run_streams
from judgemark.table.score_table import Floats

asked: list[int] = []


def squared(plus: float, run: int) -> Floats:
    asked.append(run)
    return np.array([run**2 + plus])


@pytest.fixture(autouse=True)
def _nothing_asked() -> None:
    asked.clear()


def results(folder: Path, runs: int, plus: float = 0.0, until: float = float("inf")) -> list[float]:
    with ThreadPoolExecutor(1) as pool:
        spread = KeptSpread(folder, pool, 1, until)
        return [float(row[0]) for row in spread(partial(squared, plus), range(runs))]


def test_what_is_kept_is_not_computed_again_and_more_runs_continue_it(tmp_path: Path) -> None:
    assert results(tmp_path, 3) == [0, 1, 4]
    assert sorted(asked) == list(range(CHUNK))
    assert results(tmp_path, CHUNK + 1) == [n**2 for n in range(CHUNK + 1)]
    assert sorted(asked) == list(range(2 * CHUNK))


def test_other_arguments_are_another_simulation(tmp_path: Path) -> None:
    assert results(tmp_path, 1) == [0]
    assert results(tmp_path, 1, plus=5) == [5]
    assert len(list(tmp_path.iterdir())) == 2


def test_without_time_only_what_is_there_comes_back(tmp_path: Path) -> None:
    assert results(tmp_path, 5, until=0.0) == []
    results(tmp_path, 5)
    assert results(tmp_path, CHUNK + 5, until=0.0) == [n**2 for n in range(CHUNK)]


def test_streams_of_runs_never_share_their_draws() -> None:
    places = [(s, p, r) for s in (0, 1) for p in ("a", "b") for r in range(8)]
    seen = {rng.random() for s, p, r in places for rng in run_streams(s, p, r, 3)}
    assert len(seen) == 3 * len(places)
    # As the two judges of a comparison once did: default_rng([1, 7]) is default_rng([1, 7, 0]).
    assert np.random.default_rng([1, 7]).random() == np.random.default_rng([1, 7, 0]).random()
