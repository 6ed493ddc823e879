"""Judges for tournaments that have every verdict at hand: functions from matches to outcomes."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from judgemark.records import Place
from judgemark.tournaments.tournament_settings import Match

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
GOLDEN = SHARED / "golden"

Verdicts = Callable[[Sequence[Match]], Sequence[float | None]]

needs_golden = pytest.mark.skipif(
    not GOLDEN.is_dir(), reason="no golden figures beside this checkout (../shared/golden)"
)


def by_strength(strengths: Mapping[str, float]) -> Verdicts:
    """A judge that knows each writer's strength in log-odds."""

    def judge(wave: Sequence[Match]) -> list[float | None]:
        return [1 / (1 + math.exp(strengths[m.second] - strengths[m.first])) for m in wave]

    return judge


def even(wave: Sequence[Match]) -> list[float | None]:
    """A judge without preferences."""
    return [0.5 for _ in wave]


def places(writers: Sequence[str], items: int = 1, iterations: int = 1) -> list[Place]:
    """Every writer's piece of each iteration ("1", "2", ...) and item ("00", "01", ...)."""
    return [
        (writer, str(iteration + 1), f"{item:02d}")
        for writer in writers
        for iteration in range(iterations)
        for item in range(items)
    ]


@cache
def recipe() -> Mapping[str, Any]:
    """The synthetic judge's recipe, its tolerances and the published figures."""
    content: Mapping[str, Any] = json.loads((GOLDEN / "simulated_judge.json").read_text("utf-8"))
    return content


@dataclass(frozen=True)
class Simulated:
    """One draw of the synthetic soft judge; `chance[q, i, j]` is P(i better than j on item q)."""

    writers: tuple[str, ...]
    latent: Mapping[str, float]
    chance: Sequence[Sequence[Sequence[float]]]

    @property
    def places(self) -> list[Place]:
        """One piece per writer and item."""
        return places(self.writers, items=len(self.chance))

    def judge(self, wave: Sequence[Match]) -> list[float | None]:
        """The outcomes of a wave, by look-up."""
        at = {writer: n for n, writer in enumerate(self.writers)}
        return [self.chance[int(m.item)][at[m.first]][at[m.second]] for m in wave]


def simulated(seed: int) -> Simulated:
    """A draw of the recipe in simulated_judge.json."""
    made = recipe()
    rng = np.random.default_rng(seed)
    writers = tuple(sorted(made["theta"]))
    theta = np.array([made["theta"][writer] for writer in writers])
    items, size = made["prompts"], len(writers)
    sharpness = np.exp(made["tau"] * rng.standard_normal(items))
    quality = theta + made["su"] * rng.standard_normal((items, size))
    upper = np.triu(rng.standard_normal((items, size, size)), k=1)
    noise = made["su"] * made["sef"] * (upper - upper.transpose(0, 2, 1))
    difference = quality[:, :, None] - quality[:, None, :] + noise
    chance = 1 / (1 + np.exp(-sharpness[:, None, None] * difference))
    return Simulated(writers, made["theta"], chance.tolist())
