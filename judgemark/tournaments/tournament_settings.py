"""How tournaments are played: the frozen settings, the match, and the seeded random streams."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from judgemark.errors import UsageError

DEFAULT_ROUNDS = {"isolated": 5, "bootstrap": 20}


class Option(StrEnum):
    """Which tournaments are played: per prompt (A), over bootstrapped prompts (B), or all pairs."""

    ISOLATED = "isolated"
    BOOTSTRAP = "bootstrap"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Settings:
    """The rules of an option; ratings under different rules can never be compared.

    `rounds` None means the option's own number (isolated 5, bootstrap 20); a full round robin plays
    every pair once and takes no number. `k_factor` and `initial_rating` are in rating points, and
    `scale` is the difference that stands for odds of ten to one. Raises UsageError for a value
    outside its range.
    """

    option: Option = Option.ISOLATED
    rounds: int | None = None
    bootstraps: int = 10
    k_factor: float = 32.0
    initial_rating: float = 1200.0
    scale: float = 400.0
    seed: int = 42

    def __post_init__(self) -> None:
        if self.option is Option.FULL and self.rounds is not None:
            raise UsageError("a full round robin plays every pair once: leave the rounds out")
        if self.rounds is not None and self.rounds < 1:
            raise UsageError(f"a tournament needs at least 1 round, not {self.rounds}")
        if self.bootstraps < 1:
            raise UsageError(f"at least 1 bootstrap is needed, not {self.bootstraps}")
        for name, value in (("K-factor", self.k_factor), ("rating scale", self.scale)):
            if not (math.isfinite(value) and value > 0):
                raise UsageError(f"the {name} must be a positive number, not {value}")
        if not math.isfinite(self.initial_rating):
            raise UsageError(f"the initial rating must be a number, not {self.initial_rating}")

    @property
    def rounds_played(self) -> int | None:
        """The number of rounds of each tournament; None for a full round robin."""
        return self.rounds or DEFAULT_ROUNDS.get(self.option)

    @property
    def fingerprint(self) -> Mapping[str, str | int | float]:
        """The settings that two runs must share for their ratings to be compared, as JSON."""
        common: dict[str, str | int | float] = {
            "option": str(self.option),
            "k_factor": self.k_factor,
            "initial_rating": self.initial_rating,
            "scale": self.scale,
            "seed": self.seed,
        }
        if self.rounds_played is not None:
            common["rounds"] = self.rounds_played
        if self.option is Option.BOOTSTRAP:
            common["bootstraps"] = self.bootstraps
        return common


@dataclass(frozen=True, slots=True)
class Match:
    """Two writers' pieces of one item and iteration, to be asked in both orders.

    `tournament` is the position in `TournamentResult.standings`, and `round` counts from 1. `first`
    is always the writer whose name sorts first, so that a pair of pieces is one question wherever
    it comes up. The outcome is P(first is better).
    """

    tournament: int
    round: int
    item: str
    iteration: str
    first: str
    second: str


def stream(seed: int, *names: str) -> np.random.Generator:
    """Return the random stream of (seed, names): the same in every process, independent of
    others."""
    content = json.dumps([seed, *names], ensure_ascii=True)
    digest = hashlib.sha256(content.encode()).digest()
    return np.random.default_rng(np.random.SeedSequence(int.from_bytes(digest, "big")))
