"""How often is a judge accused, and how well is what sways it found? Simulated judges, no calls.

Every function draws each run from a generator spawned from a seed and takes a `spread` (like
`map`), so that the validation page can use all cores. The judges answer as numbers; the arms and
the statistics are those of `judgemark probe`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from scipy.special import expit

from judgemark.metrics.validity.probe_statistics import ContrastFinding, assess_contrasts
from judgemark.probes.compared_contrasts import ArmPreferences, Passes, compared_contrasts
from judgemark.probes.measured_contrast import ArmScores, scored_contrasts
from judgemark.probes.probe_arm import PLAIN
from judgemark.probes.probe_registry import PAIRWISE, PROBES, RUBRIC, Probe, contrasts_of
from judgemark.records import Place

Findings = tuple[ContrastFinding, ...]
Runs = Callable[
    [Callable[[np.random.SeedSequence], Findings], Iterable[np.random.SeedSequence]],
    Iterable[Findings],
]
"""Like `map`: applies a function to the seeds of runs, perhaps in several processes."""

ASKED: Mapping[str, tuple[Probe, ...]] = {
    mode: tuple(probe for probe in PROBES if mode in probe.modes and not probe.source)
    for mode in (RUBRIC, PAIRWISE)
}
"""The probes that ask a judge of each mode."""


@dataclass(frozen=True, slots=True)
class SwayedScorer:
    """A judge of single pieces, in points of 0..10, with steady tastes and noise.

    `sways` is what each contrast adds to its scores; what it adds to a single piece varies by
    `uneven` (a standard deviation), as does every verdict by `noise`.
    """

    pieces: int = 24
    noise: float = 0.4
    uneven: float = 0.2
    sways: Mapping[str, float] = field(default_factory=dict)

    def probed(self, seed: np.random.SeedSequence) -> Findings:
        """Return the findings of one run of all probes that ask a judge of single pieces."""
        rng = np.random.default_rng(seed)
        taste = rng.normal(6.0, 1.0, self.pieces)
        scores: dict[str, dict[Place, float]] = {}
        for key in (PLAIN, *(p.key_of(c) for p, c in contrasts_of(ASKED[RUBRIC]))):
            sway = self.sways.get(key)
            moved = 0.0 if sway is None else rng.normal(sway, self.uneven, self.pieces)
            given = np.round(taste + moved + rng.normal(0.0, self.noise, self.pieces), 2)
            scores[key] = {("w", "1", f"i{n:03}"): float(x) for n, x in enumerate(given)}
        arms = ArmScores(scores, dict.fromkeys(scores, self.pieces), {})
        return assess_contrasts([m.contrast for m in scored_contrasts(ASKED[RUBRIC], arms)])


@dataclass(frozen=True, slots=True)
class SwayedComparer:
    """A judge of pairs: the log-odds that A is better are a difference of tastes, and noise.

    `sways` is what each contrast adds to the log-odds of the changed text; `position.first` is what
    the first place adds. Every verdict has its own `noise`.
    """

    pairs: int = 24
    noise: float = 0.5
    taste: float = 1.0
    sways: Mapping[str, float] = field(default_factory=dict)

    def probed(self, seed: np.random.SeedSequence) -> Findings:
        """Return the findings of one run of all probes that ask a judge of pairs."""
        rng = np.random.default_rng(seed)
        better = rng.normal(0.0, self.taste * 2**0.5, self.pairs)
        first = self.sways.get("position.first", 0.0)

        def passes(towards_one: float) -> dict[str, Passes]:
            as_a = expit(better + towards_one + first + rng.normal(0, self.noise, self.pairs))
            as_b = expit(-better - towards_one + first + rng.normal(0, self.noise, self.pairs))
            both = zip(as_a.tolist(), as_b.tolist(), strict=True)
            return {f"p{n:03}": pair for n, pair in enumerate(both)}

        def averaged(towards_one: float) -> list[float]:
            return [(a + 1.0 - b) / 2.0 for a, b in passes(towards_one).values()]

        plain, again = passes(0.0), passes(0.0)
        keys = [p.key_of(c) for p, c in contrasts_of(ASKED[PAIRWISE])]
        changed = {}
        for key in keys:
            sway = 0.0 if key.startswith("position") else self.sways.get(key, 0.0)
            ones, twos = averaged(sway), averaged(-sway)
            changed[key] = {
                pair: (one, 1.0 - other) for pair, one, other in zip(plain, ones, twos, strict=True)
            }
        arms = ArmPreferences(plain, again, changed, dict.fromkeys(keys, self.pairs), {})
        return assess_contrasts([m.contrast for m in compared_contrasts(ASKED[PAIRWISE], arms)])


Judge = SwayedScorer | SwayedComparer


@dataclass(frozen=True, slots=True)
class FoundRate:
    """In how many of `runs` something was found."""

    found: int
    runs: int


def accused_rate(judge: Judge, runs: int, seed: int, spread: Runs = map) -> FoundRate:
    """Count the runs of a fair judge in which it is accused of anything at all."""
    accused = [any(f.found for f in run) for run in _runs(judge, runs, seed, spread)]
    return FoundRate(sum(accused), runs)


def cleared_rate(judge: Judge, key: str, runs: int, seed: int, spread: Runs = map) -> FoundRate:
    """Count the runs that say of one contrast that it has no effect."""
    found = [_one(run, key).found is False for run in _runs(judge, runs, seed, spread)]
    return FoundRate(sum(found), runs)


def detected_rate(judge: Judge, key: str, runs: int, seed: int, spread: Runs = map) -> FoundRate:
    """Count the runs in which one contrast, which sways the judge, is found."""
    found = [_one(run, key).found is True for run in _runs(judge, runs, seed, spread)]
    return FoundRate(sum(found), runs)


def covered_rate(
    judge: Judge, key: str, truth: float, runs: int, seed: int, spread: Runs = map
) -> FoundRate:
    """Count the runs whose interval contains the true effect of one contrast."""
    inside = 0
    for run in _runs(judge, runs, seed, spread):
        ci95 = _one(run, key).ci95
        inside += ci95 is not None and ci95[0] <= truth <= ci95[1]
    return FoundRate(inside, runs)


def _runs(judge: Judge, runs: int, seed: int, spread: Runs) -> Iterable[Findings]:
    return spread(partial(_probed, judge), np.random.SeedSequence(seed).spawn(runs))


def _probed(judge: Judge, seed: np.random.SeedSequence) -> Findings:
    return judge.probed(seed)


def _one(run: Findings, key: str) -> ContrastFinding:
    return next(finding for finding in run if finding.key == key)
