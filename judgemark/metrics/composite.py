"""Combines components into one score, with the constants of each scorecard.

Where no other source is named, it is the published code of Judgemark v2 in its two states (see
`item_scores.ITEM_RULES`). Where a component is NaN, so is everything that is computed from it. All
functions work on single numbers and, number by number, on arrays of any shape, so that resampled
tables are scored by the same code as the table itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from judgemark.table.score_table import Floats

MODULATION_SLOPE = 3.17
MODULATION_KNEE = 0.3

VERSIONS = ("raw", "calibrated")
"""What each scorecard is made of: the table as it is, and on its own calibrated scale."""

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"stability_tau": 1.0, "kendall_tau": 1.0, "separability": 4.0}
)
"""What v2 and v2.1 are the weighted mean of."""

V4_CEILING = 0.75
"""v4 counts this much as 1, so its ceiling is 100 / 0.75 = 133; `v4-unscaled` does not."""

V4_MOST = 100.0 / V4_CEILING
"""The greatest v4 score."""


@dataclass(frozen=True, slots=True)
class Band:
    """The values of a component that count as 0 (`low`) and as 1 (`high`); `inverted` swaps
    them."""

    low: float
    high: float
    inverted: bool = False

    def share(self, value: Floats | float) -> Floats:
        """Return the value's place in the band, 0..1, clamped; higher is better, and NaN stays
        NaN."""
        place: Floats = np.clip((np.asarray(value) - self.low) / (self.high - self.low), 0.0, 1.0)
        return 1.0 - place if self.inverted else place


def modulation(d: Floats | float) -> Floats:
    """Return how much v2 counts narrow intervals, given Cohen's d normalized to d in 0..1; 0..1.

    It is 3.17 d (1 - 0.15 d) up to d = 0.3, then a parabola from there to 1: a judge that does not
    set the writers apart earns nothing by being consistent. Source: Judgemark v2.
    """
    d = np.asarray(d, dtype=float)
    base = MODULATION_SLOPE * MODULATION_KNEE * (1 - 0.15 * MODULATION_KNEE)
    t = (d - MODULATION_KNEE) / (1 - MODULATION_KNEE)
    low = MODULATION_SLOPE * d * (1 - 0.15 * d)
    shares: Floats = np.where(d <= MODULATION_KNEE, low, base + (1 - base) * t * (2 - t))
    return shares


@dataclass(frozen=True, slots=True)
class Constants:
    """One scorecard's constants: the interval level of its overlap and its bands.

    `stability` differs between raw and calibrated tables; `separability` maps each of its parts
    to its band; `modulation_band`, where there is one, scales the Cohen's d between neighbours that
    narrow intervals need in order to count.
    """

    name: str
    overlap_level: float
    stability: Mapping[str, Band]
    reference: Band
    separability: Mapping[str, Band]
    modulation_band: Band | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The figures that separability is made of."""
        modulating = () if self.modulation_band is None else ("cohens_d",)
        return (*self.separability, *modulating)

    def separability_of(self, parts: Mapping[str, Floats | float]) -> Floats:
        """Return the mean of the shares of `parts`, 0..1; higher = further apart."""
        shares = {name: band.share(parts[name]) for name, band in self.separability.items()}
        if self.modulation_band is not None:
            apart = self.modulation_band.share(parts["cohens_d"])
            shares["average_ci95"] = shares["average_ci95"] * modulation(apart)
        total: Floats = sum(shares.values(), np.zeros(())) / len(shares)
        return total

    def score_of(self, components: Mapping[str, Floats | float], version: str) -> Floats:
        """Return the score, 0..100, of those of WEIGHTS that are present; higher is better.

        `components` holds stability_tau and kendall_tau as measured and separability as above;
        `version` is raw or calibrated. An absent component takes no part in the weighted mean; at
        least one must be there.
        """
        shares: dict[str, Floats | float] = dict(components)
        if "stability_tau" in shares:
            shares["stability_tau"] = self.stability[version].share(shares["stability_tau"])
        if "kendall_tau" in shares:
            shares["kendall_tau"] = self.reference.share(shares["kendall_tau"])
        weight = sum(WEIGHTS[name] for name in shares)
        total = sum((WEIGHTS[n] * np.asarray(s) for n, s in shares.items()), np.zeros(()))
        return 100.0 * total / weight

    def stability_part(self, tau: Floats, version: str, present: Sequence[str]) -> Floats:
        """Return the points, 0 or more, that a stability tau adds beside the components
        `present`."""
        weight = sum(WEIGHTS[name] for name in present)
        return 100.0 * WEIGHTS["stability_tau"] * self.stability[version].share(tau) / weight


CONSTANTS: Mapping[str, Constants] = MappingProxyType(
    {
        "v2": Constants(
            name="v2",
            overlap_level=0.99,
            stability={"raw": Band(0.4, 1.0), "calibrated": Band(0.4, 1.0)},
            reference=Band(0.1, 1.0),
            separability={
                "kw_stat": Band(0.0, 1800.0),
                "overlap_pct": Band(0.0, 1.0, inverted=True),
                "std_dev": Band(0.0, 2.6),
                "score_range": Band(0.0, 10.0),
                "average_ci95": Band(0.08, 0.45, inverted=True),
                "emd": Band(0.0, 4.0),
            },
            modulation_band=Band(0.0, 0.4),
        ),
        "v2.1": Constants(
            name="v2.1",
            overlap_level=0.70,
            stability={"raw": Band(0.7, 1.0), "calibrated": Band(0.6, 1.0)},
            reference=Band(0.15, 0.75),
            separability={
                "kw_stat": Band(100.0, 1300.0),
                "overlap_pct": Band(0.4, 0.85, inverted=True),
            },
        ),
    }
)
"""The published constants. They were made for 17 writers x 120 and x 96 pieces."""


def v4_score(omega_squared: Floats | float, cliffs_delta: Floats | float) -> Floats:
    """(0.5 omega squared + 0.5 mean |Cliff's delta|) / 0.75, times 100; at most 133.

    Higher = further apart; slightly below 0 is possible. Source: the v4 leaderboard's page.
    """
    return v4_unscaled(omega_squared, cliffs_delta) / V4_CEILING


def v4_unscaled(omega_squared: Floats | float, cliffs_delta: Floats | float) -> Floats:
    """Return the mean of omega squared and mean |Cliff's delta|, times 100; at most 100.

    Higher = further apart; slightly below 0 is possible. Source: as `v4_score`.
    """
    scaled: Floats = 50.0 * (np.asarray(omega_squared) + np.asarray(cliffs_delta))
    return scaled
