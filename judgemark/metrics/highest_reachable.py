"""The highest v2 and v2.1 score that is possible on a set other than the constants' own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from judgemark.errors import UndefinedFigure
from judgemark.metrics.composite import CONSTANTS
from judgemark.table.score_table import ScoreTable

UPSTREAM_WRITERS = 17
UPSTREAM_PIECES = (96, 120)
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class HighestReachable:
    """The size of a set, and the highest score that a scorecard can give on it.

    `kw_max` is the greatest possible Kruskal-Wallis H: without ties, or N - 1 where ties have
    raised the set's own H above that. `kw_share` = H / (N - 1), 0..1, does not grow with the set;
    it is None where H is undefined. `score_max` (0..100) is the score at `kw_max` with every other
    present component at its best; it is None where no component is present. `caveat` is None on a
    set of the same size as upstream's.
    """

    writers: int
    scores: int
    kw_max: float
    kw_share: float | None
    score_max: float | None
    caveat: str | None

    def to_json(self) -> dict[str, float | str | None]:
        """Return the fields as plain values."""
        return {
            "writers": self.writers,
            "scores": self.scores,
            "kw_max": self.kw_max,
            "kw_share": self.kw_share,
            "score_max": self.score_max,
            "caveat": self.caveat,
        }


def greatest_kruskal_wallis(sizes: Sequence[int]) -> float:
    """Return the greatest H of writers with these numbers of scores, when no two scores tie.

    H = 12 / (N (N+1)) * (SST - SSW) of the ranks 1..N. SST is always N (N^2 - 1) / 12; SSW is least
    when each writer's ranks are neighbours, n (n^2 - 1) / 12 each. So H_max = (N^3 - sum n^3) / (N
    (N+1)), in whatever order the writers are: about N for many writers. Undefined without scores.
    Derived here from the H of Kruskal and Wallis (1952).
    """
    total = sum(sizes)
    if total == 0:
        raise UndefinedFigure("no scores")
    return (total**3 - sum(n**3 for n in sizes)) / (total * (total + 1))


def reach(
    table: ScoreTable, scorecard: str, kw_stat: float | None, present: Iterable[str]
) -> HighestReachable:
    """Return how high the scorecard (v2 or v2.1) can go on a table of this shape.

    `kw_stat` is the table's own H, and `present` are the components (of WEIGHTS) that its score
    has. Raises UndefinedFigure for a table without scores.
    """
    sizes = [g.size for g in table.groups if g.size]
    total = sum(sizes)
    kw_max = greatest_kruskal_wallis(sizes)
    if kw_stat is not None and kw_stat > kw_max * (1 + _ROUNDING):
        kw_max = total - 1.0
    constants = CONSTANTS[scorecard]
    best = {
        name: band.low if band.inverted else band.high
        for name, band in constants.separability.items()
    }
    apart = constants.modulation_band.high if constants.modulation_band else 0.0
    separability = constants.separability_of({**best, "cohens_d": apart, "kw_stat": kw_max})
    components = {
        "stability_tau": 1.0,
        "kendall_tau": 1.0,
        "separability": float(separability),
    }
    shown = {name: value for name, value in components.items() if name in set(present)}
    score_max = float(constants.score_of(shown, "calibrated")) if shown else None
    caveat = None
    if len(sizes) != UPSTREAM_WRITERS or max(sizes) not in UPSTREAM_PIECES:
        top = constants.separability["kw_stat"].high
        limit = f"H {kw_max:.0f} of {top:.0f}"
        most = limit if score_max is None else f"{score_max:.1f} ({limit})"
        caveat = f"constants made for 17 writers x 96; at most {most} reachable here"
    share = None if kw_stat is None or total < 2 else kw_stat / (total - 1)
    return HighestReachable(len(sizes), total, kw_max, share, score_max, caveat)
