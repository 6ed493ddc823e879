"""One scorecard of one table, as it is shown in reports."""

from __future__ import annotations

from dataclasses import dataclass

from judgemark.metrics.interval_ends import Interval

Plain = None | float | str | list[float] | list[str]

FIGURES = (
    "kw_stat",
    "anova_f",
    "std_dev",
    "kendall_tau",
    "pearson_r",
    "score_range",
    "overlap_pct",
    "cohens_d",
    "average_ci95",
    "emd",
    "stability_tau",
    "omega_squared",
    "cliffs_delta",
)
"""The components that every scorecard shows, by the names of result.json."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The figures of one scorecard, None where unavailable.

    `score` and the intervals are on 0..100 (v4 up to 133); `separability` is 0..1 and None for v4;
    higher is further apart for both. `overlap_pct` is a fraction at the scorecard's own interval
    level. Ranges, directions and sources of the other figures are in `separability`,
    `order_agreement` and `stability`. `missing` names the components that the score lacks: it must
    not be ranked with complete scores. `ci95` is about these writers on other items, and
    `ci95_other_writers` about other writers.
    """

    kw_stat: float | None
    anova_f: float | None
    std_dev: float | None
    kendall_tau: float | None
    pearson_r: float | None
    score_range: float | None
    overlap_pct: float | None
    cohens_d: float | None
    average_ci95: float | None
    emd: float | None
    stability_tau: float | None
    omega_squared: float | None
    cliffs_delta: float | None
    separability: float | None
    score: float | None
    missing: tuple[str, ...] = ()
    ci95: Interval | None = None
    ci95_other_writers: Interval | None = None

    def to_json(self) -> dict[str, Plain]:
        """Return the keys of result.json in their order; each interval as [low, high]."""
        plain: dict[str, Plain] = {name: getattr(self, name) for name in FIGURES}
        plain["separability"] = self.separability
        plain["score"] = self.score
        plain["ci95"] = self.ci95.ends() if self.ci95 else None
        other = self.ci95_other_writers
        plain["ci95_other_writers"] = other.ends() if other else None
        plain["missing"] = list(self.missing)
        return plain
