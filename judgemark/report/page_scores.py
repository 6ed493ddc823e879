"""The report's scores: each scorecard, what it lacks, and the baselines beside the judge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from judgemark.report.page_table import PagePart, PageTable, columns, row
from judgemark.scoring.number_format import corrected_score, count, figure, signed
from judgemark.scoring.result_types import Result

Ends = tuple[float, float]

CARDS = (
    ("v4", "raw", "v4", "the headline: omega squared and |Cliff's delta| of the scores as given"),
    ("v4", "calibrated", "v4, calibrated", "the v4 score after calibration to a common scale"),
    ("v4-unscaled", "raw", "v4, unscaled", "v4 without its division by 0.75; at most 100"),
    ("v4-unscaled", "calibrated", "v4, unscaled, calibrated", "after calibration; at most 100"),
    ("v2.1", "calibrated", "v2.1", "stability, reference order and separability, weighted 1:1:4"),
    ("v2.1", "raw", "v2.1, raw", "v2.1 from the scores as given, without calibration"),
    ("v2", "calibrated", "v2", "the older scorecard: more components, other constants"),
    ("v2", "raw", "v2, raw", "v2 from the scores as given, without calibration"),
)
HEADLINE = ("v4", "raw")
FLOORS = (
    ("lexical", "counts distinct words"),
    ("length", "counts characters"),
    ("random", "scores at random"),
)
_KEY = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
MISSING_NAMES = {"stability_tau": "stability", "kendall_tau": "a reference order"}


@dataclass(frozen=True, slots=True)
class ScorecardView:
    """One scorecard: its score, intervals and components, its meaning and what it lacks.

    `reason` says why there is no score, `no_interval` why there is no interval.
    """

    label: str
    meaning: str
    score: float | None
    ci95: Ends | None
    ci95_other_writers: Ends | None
    separability: float | None
    stability: float | None
    omega_squared: float | None
    cliffs_delta: float | None
    missing: tuple[str, ...]
    caveat: str
    reason: str
    no_interval: str

    @property
    def corrected(self) -> float | None:
        """The corrected score, where the interval leaves the score itself out."""
        return corrected_score(self.score, self.ci95)


@dataclass(frozen=True, slots=True)
class Rival:
    """A row of the table that compares the judge with judges that do not read.

    `null_mean` and `null_p95` are the mean and the 95th percentile of its permutation null.
    """

    label: str
    kind: str
    remark: str
    score: float | None
    ci95: Ends | None
    omega_squared: float | None
    cliffs_delta: float | None
    kendall_tau: float | None
    null_mean: float | None
    null_p95: float | None


def cards_of(result: Result) -> Iterator[ScorecardView]:
    """Yield the scorecards, the headline first; those that are not in the result are left out."""
    cards, notes = result.get("scorecards") or {}, result.get("notes") or {}
    caveats = dict(result.get("caveats") or {})
    for name, version, label, meaning in CARDS:
        card = (cards.get(name) or {}).get(version) or {}
        path = f"scorecards.{name}.{version}"
        reason = notes.get(f"{path}.score") or notes.get(path) or ""
        if not card and not reason and (name, version) != HEADLINE:
            continue
        yield ScorecardView(
            label=label,
            meaning=meaning,
            score=card.get("score"),
            ci95=ends(card.get("ci95")),
            ci95_other_writers=ends(card.get("ci95_other_writers")),
            separability=card.get("separability"),
            stability=card.get("stability_tau"),
            omega_squared=card.get("omega_squared"),
            cliffs_delta=card.get("cliffs_delta"),
            missing=tuple(MISSING_NAMES.get(m, in_words(m)) for m in card.get("missing") or ()),
            caveat=str(caveats.pop(name, None) or ""),
            reason=in_words(str(reason)),
            no_interval=str(notes.get(f"{path}.ci95") or ""),
        )


def in_words(text: str) -> str:
    """Replace keys of figures in a text by words: stability_tau becomes stability tau."""
    return _KEY.sub(lambda key: key[0].replace("_", " "), text)


def rivals_of(result: Result, headline: ScorecardView) -> tuple[Rival, ...]:
    """Return this judge, the floors and the null; empty where none of them has a score."""
    rivals = tuple(_rivals(result, headline))
    return rivals if any(rival.score is not None for rival in rivals) else ()


def _rivals(result: Result, headline: ScorecardView) -> Iterator[Rival]:
    null = result.get("null") or {}
    yield Rival(
        "this judge",
        "judge",
        "",
        headline.score,
        headline.ci95,
        headline.omega_squared,
        headline.cliffs_delta,
        (result.get("reference") or {}).get("kendall_tau"),
        null.get("mean"),
        null.get("p95"),
    )
    for name, remark in FLOORS:
        floor = (result.get("floors") or {}).get(name)
        if floor is not None:
            # Results of earlier versions have the older names alone.
            chance = floor.get("chance") or {
                "mean": floor.get("null_mean"),
                "p95": floor.get("null_p95"),
            }
            yield Rival(
                name,
                "floor",
                remark,
                floor.get("score"),
                None,
                floor.get("omega_squared"),
                floor.get("cliffs_delta"),
                floor.get("kendall_tau"),
                chance.get("mean"),
                chance.get("p95"),
            )
    if null:
        remark = f"writers shuffled; 95% of shuffles below {figure(null['p95'], 1)}"
        yield Rival("chance", "null", remark, null["mean"], *[None] * 6)


def rivals_part(rivals: tuple[Rival, ...]) -> PagePart | None:
    """Return the judge beside the floors, each with its own permutation null where known."""
    judges = [r for r in rivals if r.kind != "null"]
    if len(judges) < 2:
        return None
    by_chance = any(r.null_mean is not None for r in judges)
    chance = ("By chance,\nmean", "By chance,\n95% below") if by_chance else ()
    rows = []
    for r in judges:
        own = (figure(r.null_mean, 1), figure(r.null_p95, 1)) if by_chance else ()
        parts = figure(r.omega_squared, 3), figure(r.cliffs_delta, 3), signed(r.kendall_tau)
        rows.append(row(r.label, figure(r.score, 1), *own, *parts))
    heads = "Omega\nsquared", "|Cliff's\ndelta|", "Tau with the\nreference"
    return PagePart(
        "The judge, the floors and chance" if by_chance else "The judge and the floors",
        lead=(
            "Each judge has its own chance level: what its scores reach with the writers shuffled "
            "within each item. It is low for scores that depend on the item and high for random "
            "scores, so compare each row with its own chance level.",
        )
        if by_chance
        else (),
        table=PageTable(columns("Who", "v4 score", *chance, *heads), tuple(rows)),
    )


def attainable_part(result: Result) -> PagePart | None:
    """Return the highest v2 and v2.1 scores that are possible on a set of this size."""
    rows = []
    for name in ("v2.1", "v2"):
        attainable = (result.get("reach") or {}).get(name)
        if attainable and attainable.get("score_max") is not None:
            rows.append(
                row(
                    name,
                    count(attainable.get("writers")),
                    count(attainable.get("scores")),
                    figure(attainable.get("kw_max"), 0),
                    figure(attainable.get("kw_share"), 3),
                    figure(attainable.get("score_max"), 1),
                )
            )
    if not rows:
        return None
    return PagePart(
        "The highest possible v2 and v2.1 scores here",
        lead=(
            "Kruskal-Wallis H grows with the number of scores. The constants of v2 and v2.1 were "
            "made for a larger set, so a perfect judge on a smaller set stays below 100. H divided "
            "by (N − 1) does not depend on the size of the set and can be compared.",
        ),
        table=PageTable(
            columns(
                "Scorecard",
                "Writers",
                "Scores",
                "Greatest H\nhere",
                "H / (N − 1)",
                "Highest score\nhere",
            ),
            tuple(rows),
        ),
    )


def ends(interval: Any) -> Ends | None:
    """Return an interval as two numbers, or None where there is none."""
    return None if not interval else (float(interval[0]), float(interval[1]))
