"""Intransitivity: triples that a judge prefers in a circle, in full round robins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.metrics.validity.probe_statistics import Contrast, intransitive_share
from judgemark.probes.measured_contrast import DECIMALS
from judgemark.probes.probe_registry import SHARE
from judgemark.table.score_table import Floats

BY_CHANCE = 0.25
"""The share of circles among the triples of a judge that answers at random."""

CLIP = 0.02
"""Probabilities are moved this far from 0 and 1, so that their log-odds are finite."""

DRAWS = 400
FEWEST = 3

Preferences = Mapping[tuple[str, str], float]
"""P(one is better) of each pair (one, two) of one round robin."""


@dataclass(frozen=True, slots=True)
class Circles:
    """The shares of circles in round robins, 0..1: as found, and as the fits expect them.

    `observed` and `expected` have one number for each group of round robins that stands alone.
    """

    observed: tuple[float, ...]
    expected: tuple[float, ...]

    def contrast(self, key: str, threshold: float) -> Contrast:
        """Return the contrast: the share is shown, and tested against what the fits expect."""
        excess = [round(o - e, DECIMALS) for o, e in zip(self.observed, self.expected, strict=True)]
        return Contrast(key, excess, SHARE, threshold, shown=self.observed)


def count_circles(groups: Mapping[str, Sequence[Preferences]], seed: int) -> Circles:
    """Return the shares of circles by group, such as the round robins of one item.

    A round robin in which a pair is missing, or in which no triple is decided, is left out, and
    so is a group without any.
    """
    rng = np.random.default_rng(seed)
    observed: list[float] = []
    expected: list[float] = []
    for name in sorted(groups):
        shares = [
            (share, expected_share(one, rng))
            for one in groups[name]
            if _is_full(one) and (share := intransitive_share(one)) is not None
        ]
        if shares:
            observed.append(float(np.mean([share for share, _ in shares])))
            expected.append(float(np.mean([chance for _, chance in shares])))
    return Circles(tuple(observed), tuple(expected))


def expected_share(preferences: Preferences, rng: np.random.Generator) -> float:
    """Return the share of circles under a Bradley-Terry fit with residual noise, 0..1.

    The fit is by least squares on log-odds, in which a full round robin has a closed solution:
    the strength of a text is the mean of its log-odds against all others (Thurstone 1927,
    Mosteller 1951, with logistic in place of normal quantiles). The residuals of n texts have
    (n - 1)(n - 2) / 2 degrees of freedom; noise of their size is added to the fitted log-odds of
    every pair and the circles are counted, in 400 draws.
    """
    names = sorted({name for pair in preferences for name in pair})
    at = {name: n for n, name in enumerate(names)}
    count = len(names)
    odds = np.zeros((count, count))
    for (one, two), p in preferences.items():
        clipped = min(max(p, CLIP), 1.0 - CLIP)
        value = float(np.log(clipped / (1.0 - clipped)))
        odds[at[one], at[two]], odds[at[two], at[one]] = value, -value
    strength = odds.sum(axis=1) / count
    fitted = strength[:, np.newaxis] - strength[np.newaxis, :]
    upper = np.triu_indices(count, 1)
    freedom = (count - 1) * (count - 2) / 2
    noise = float(np.sqrt(((odds - fitted)[upper] ** 2).sum() / freedom))
    return _drawn_share(fitted, noise, rng)


def _drawn_share(fitted: Floats, noise: float, rng: np.random.Generator) -> float:
    """Return the share of circles over draws of noise around fitted log-odds of shape (n, n)."""
    count = len(fitted)
    upper = np.triu_indices(count, 1)
    drawn = fitted[upper] + noise * rng.standard_normal((DRAWS, len(upper[0])))
    wins = np.zeros((DRAWS, count, count))
    wins[:, upper[0], upper[1]] = drawn > 0
    wins[:, upper[1], upper[0]] = drawn < 0
    # Each circle is three closed walks of length 3: one from each of its texts.
    circles = np.einsum("dij,dji->d", wins @ wins, wins).sum() / 3
    triples = DRAWS * count * (count - 1) * (count - 2) / 6
    return float(circles / triples)


def _is_full(preferences: Preferences) -> bool:
    names = {name for pair in preferences for name in pair}
    return len(names) >= FEWEST and len(preferences) == len(names) * (len(names) - 1) // 2
