"""The report's details of the scores: intervals, the permutation null and all components."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from judgemark.report.page_table import PageCell, PagePart, PageTable, columns, row
from judgemark.scoring.number_format import count, figure, interval, p_value, percent, signed
from judgemark.scoring.result_types import Result, ResultBlock

SCORECARDS = ("v4", "v2.1", "v2")
VERSIONS = ("raw", "calibrated")
CLUSTERS = (("items", "ci95"), ("writers", "ci95_other_writers"))

THREE: Callable[[Any], str] = lambda value: figure(value, 3)  # noqa: E731
COMPONENTS: tuple[tuple[str, str, str, Callable[[Any], str]], ...] = (
    ("kw_stat", "Kruskal-Wallis H", "", lambda value: figure(value, 1)),
    ("anova_f", "ANOVA F", "", lambda value: figure(value, 1)),
    ("std_dev", "Standard deviation of the writers' means", "", THREE),
    ("score_range", "Range of the writers' means", "", THREE),
    ("overlap_pct", "Overlap of neighbouring writers' intervals",
     "of 99% intervals for v2, of 70% intervals otherwise", percent),
    ("cohens_d", "Cohen's d of neighbouring writers", "", THREE),
    ("average_ci95", "Half-width of a writer's 95% interval", "the mean over writers", THREE),
    ("emd", "Earth mover's distance of two writers", "the mean over pairs", THREE),
    ("omega_squared", "Omega squared", "share of the variance that lies between writers", THREE),
    ("cliffs_delta", "|Cliff's delta| of two writers", "the mean over pairs", THREE),
    ("stability_tau", "Stability",
     "Kendall's tau between the orders of the writers in different iterations",
     THREE),
    ("kendall_tau", "Kendall's tau with the reference", "the mean over iterations", signed),
    ("pearson_r", "Pearson's r with the reference", "the mean over iterations", signed),
    ("separability", "Separability", "0 to 1; v2 and v2.1 only", THREE),
)  # fmt: skip


def intervals_part(result: Result) -> PagePart | None:
    """Return what each interval refers to, its method, and the data it was computed from."""
    intervals = result.get("intervals") or {}
    notes = result.get("notes") or {}
    rows = []
    for card in SCORECARDS:
        for cluster, key in CLUSTERS:
            found = {v: ((intervals.get(card) or {}).get(v) or {}).get(cluster) for v in VERSIONS}
            said = next((i for i in found.values() if i), None)
            if said is None:
                continue
            reasons = [notes.get(f"scorecards.{card}.{v}.{key}") for v in VERSIONS if not found[v]]
            small = (
                f"{said.get('method', '')}: {_basis(found, cluster)}",
                *(str(reason) for reason in reasons if reason),
            )
            speaks = PageCell(f"{card}: {_estimands(found)}", small)
            rows.append(row(speaks, *_both_ends(found)))
    if not rows:
        reason = notes.get("scorecards.v4.raw.ci95")
        return (
            PagePart("What the intervals refer to", (f"No intervals: {reason}.",))
            if reason
            else None
        )
    return PagePart(
        "What the intervals refer to",
        lead=(
            "Two intervals answer two questions: how much the figure would change with other "
            "items by the same writers, and how much it would change with other writers.",
        ),
        table=PageTable(columns("The 95% interval refers to", "Raw", "Calibrated"), tuple(rows)),
    )


def _both_ends(found: Mapping[str, ResultBlock | None]) -> list[str]:
    return [_printed(i) for i in found.values()]


def _printed(found: ResultBlock | None) -> str:
    """Format an interval, and the corrected score that a bias-corrected one lies around."""
    if not found:
        return interval(None)
    text = interval((found["low"], found["high"]))
    corrected = found.get("corrected")
    return text if corrected is None else f"{text} around {figure(corrected, 1)}, corrected"


def _estimands(found: Mapping[str, ResultBlock | None]) -> str:
    """Say what the raw interval refers to, and how the calibrated one differs."""
    said = [str(i.get("estimand", "")) for i in found.values() if i]
    added = said[-1].removeprefix(said[0])
    return said[0] if added in ("", said[-1]) else f"{said[0]} (calibrated: {added.strip(', ')})"


def _basis(found: Mapping[str, ResultBlock | None], cluster: str) -> str:
    """Say how many clusters and resamples an interval used, and how many were undefined."""
    said = [(version, i) for version, i in found.items() if i]
    first = said[0][1]
    text = f"{count(first.get('n'))} {cluster}"
    if first.get("resamples"):
        text += f", {count(first['resamples'])} resamples, seed {first.get('seed')}"
    void = [
        f"{count(i['void'])} undefined resamples ({version})"
        for version, i in said
        if i.get("void")
    ]
    wide = [
        f"variance divided by {figure(i['overstated'], 2)} ({version})"
        for version, i in said
        if i.get("overstated", 1.0) != 1.0
    ]
    return ", ".join([text, *void, *wide])


def chance_part(result: Result) -> PagePart | None:
    """Return the permutation null of the raw and of the calibrated scores."""
    null = result.get("null")
    if not null:
        return None
    rows = tuple(
        row(
            name,
            figure(version.get("observed"), 1),
            figure(version.get("mean"), 1),
            figure(version.get("p95"), 1),
            p_value(version.get("p_value")),
        )
        for name, version in (("raw", null), ("calibrated", null.get("calibrated")))
        if version
    )
    method = "Within each item the writers exchange all their scores at once"
    if null.get("permutations"):
        method += f", {count(null['permutations'])} times (seed {null.get('seed')})"
    return PagePart(
        "What chance scores",
        lead=(
            f"{method}. p is the share of shuffles (the observed scores counted as one) that "
            "reach the observed v4 score.",
        ),
        table=PageTable(columns("v4", "Observed", "By chance,\nmean", "95% below", "p"), rows),
    )


def components_part(result: Result) -> PagePart | None:
    """Return all components of the scorecards; v2.1 and v4 use the same score table."""
    cards = result.get("scorecards") or {}
    shown = [
        (name, version, (cards.get(name) or {}).get(version))
        for name in ("v4", "v2")
        for version in VERSIONS
    ]
    # v4 has no separability of its own; v2.1 is made from the same table.
    from_v21 = {v: ((cards.get("v2.1") or {}).get(v) or {}).get("separability") for v in VERSIONS}
    columns_shown = [
        (f"{'v4, v2.1' if name == 'v4' else name}\n{version}",
         {**card, "separability": from_v21[version]} if name == "v4" else card)
        for name, version, card in shown
        if card
    ]  # fmt: skip
    if not columns_shown:
        return None
    rows = tuple(
        row(
            PageCell(label, (small,) if small else ()),
            *(shape(card.get(key)) for _, card in columns_shown),
        )
        for key, label, small, shape in COMPONENTS
    )
    return PagePart(
        "All components",
        table=PageTable(columns("Component", *(title for title, _ in columns_shown)), rows),
        folded=True,
    )
