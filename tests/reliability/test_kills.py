"""A run that is killed at any moment goes on from what it had: nothing is lost, nothing doubled."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.fixtures.kept_runs import write_inputs
from tests.reliability.processes import run, said_in, start
from tests.reliability.run_kinds import KINDS, RunKind
from tests.support.fake_endpoint import FakeEndpoint


def whole_lines(folder: Path) -> list[bytes]:
    """The lines of the run's journal that are whole."""
    path = folder / "runs" / "r" / "verdicts.jsonl"
    lines = path.read_bytes().splitlines(True) if path.exists() else []
    return [line for line in lines if line.endswith(b"\n")]


def kill_after(kind: RunKind, url: str, folder: Path, lines: int, pause: float) -> bool:
    """Kill the command some time after this many more lines; whether it had ended before."""
    wanted = len(whole_lines(folder)) + lines
    process = start(kind.arguments(url), folder)
    while len(whole_lines(folder)) < wanted and process.is_alive():
        time.sleep(0.002)
    time.sleep(pause)
    ended = not process.is_alive()
    process.kill()
    process.join()
    return ended


def undisturbed(kind: RunKind, folder: Path) -> Path:
    """Ask the run without a kill; return its result."""
    folder.mkdir()
    write_inputs(folder)
    with FakeEndpoint(kind.script) as endpoint:
        assert run(kind.arguments(endpoint.url), folder) == 0, said_in(folder)
    return folder / "runs" / "r" / kind.result


def kill_and_finish(kind: RunKind, folder: Path, kills: int, seed: int) -> None:
    """Kill the run this many times, let it end, and compare it with an undisturbed one."""
    chance = random.Random(seed)
    write_inputs(folder)
    expected = kind.expected or undisturbed(kind, folder / "whole")
    with FakeEndpoint(kind.slowly) as endpoint:
        for _ in range(kills):
            before = whole_lines(folder)
            kill_after(
                kind, endpoint.url, folder, chance.randrange(0, 12), chance.uniform(0.0, 0.03)
            )
            assert whole_lines(folder)[: len(before)] == before
        assert run(kind.arguments(endpoint.url), folder) == 0, said_in(folder)
        requests = len([a for a in endpoint.asked if a.path.endswith("/chat/completions")])
    lines = [json.loads(line) for line in whole_lines(folder)]
    asked = Counter((line["question"], *line["slot"].values()) for line in lines)
    assert max(asked.values()) == 1
    # What is asked twice is at most what was under way at a kill, and the probe of a judge.
    assert len(lines) <= requests <= len(lines) + (kills + 1) * 7
    found = folder / "runs" / "r" / kind.result
    assert kind.figures_in(found) == kind.figures_in(expected)
    assert "Traceback" not in said_in(folder)


@pytest.mark.reliability
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_run_killed_at_five_random_moments_loses_nothing(kind: RunKind, tmp_path: Path) -> None:
    kill_and_finish(kind, tmp_path, kills=5, seed=7)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_run_killed_at_fifty_random_moments_loses_nothing(kind: RunKind, tmp_path: Path) -> None:
    for number in range(5):
        folder = tmp_path / str(number)
        folder.mkdir()
        kill_and_finish(kind, folder, kills=10, seed=number)
