"""What the report page shows: a typed view of a result, made without computing any figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgemark.judged import JudgedRun
from judgemark.report.chart_tables import Chart
from judgemark.report.page_facts import (
    bias_facts,
    coverage_facts,
    other_facts,
    reference_facts,
    settings_facts,
    usage_facts,
)
from judgemark.report.page_numbers import signed
from judgemark.report.page_pieces import Failed, WriterPieces, failures_of, pieces_of

Result = Mapping[str, Any]
Ends = tuple[float, float]
Fact = tuple[str, str]

CARDS = (
    ("v4", "raw", "v4", "the headline: omega squared and |Cliff's delta| of the scores as given"),
    ("v4", "calibrated", "v4, calibrated", "the same after calibration to a common scale"),
    ("v4-unscaled", "raw", "v4, unscaled", "v4 without its division by 0.75; at most 100"),
    ("v2.1", "calibrated", "v2.1", "stability, reference order and separability, weights 1:1:4"),
    ("v2.1", "raw", "v2.1, raw", "the same from scores as given"),
    ("v2", "calibrated", "v2", "the older scorecard: more components, other constants"),
    ("v2", "raw", "v2, raw", "the same from scores as given"),
)
HEADLINE = ("v4", "raw")
FLOORS = (
    ("lexical", "counts distinct words"),
    ("length", "counts characters"),
    ("random", "throws dice"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """One scorecard: its score, intervals and parts, what it means and what it lacks."""

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


@dataclass(frozen=True, slots=True)
class Rival:
    """A row of the table that holds the judge against what does not read."""

    label: str
    kind: str
    remark: str
    score: float | None
    ci95: Ends | None
    omega_squared: float | None
    cliffs_delta: float | None
    kendall_tau: float | None


@dataclass(frozen=True, slots=True)
class WriterRow:
    """One writer's figures."""

    name: str
    n: int
    raw: float | None
    raw_ci95: Ends | None
    calibrated: float | None
    calibrated_ci95: Ends | None
    length_rho: float | None
    reference: float | None


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion's figures; `used` pairs each score given with its share (0..1)."""

    name: str
    negative: bool
    n: int
    mean: float | None
    std: float | None
    used: tuple[tuple[float, float], ...]
    drop: float | None
    correlation: float | None
    correlation_rest: float | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """All that the page shows. Empty tuples and None leave their sections out."""

    title: str
    run_id: str
    status: str
    subtitle: tuple[str, ...]
    headline: Card
    above_lexical: float | None
    null: Mapping[str, float] | None
    cards: tuple[Card, ...]
    rivals: tuple[Rival, ...]
    reference: tuple[Fact, ...]
    charts: tuple[Chart, ...]
    writers: tuple[WriterRow, ...]
    criteria: tuple[CriterionLine, ...]
    items_most: tuple[Fact, ...]
    items_least: tuple[Fact, ...]
    coverage: tuple[Fact, ...]
    failures: tuple[Failed, ...]
    failures_total: int
    bias: tuple[Fact, ...]
    other: tuple[Fact, ...]
    usage: tuple[Fact, ...]
    settings: tuple[Fact, ...]
    notes: tuple[Fact, ...]
    pieces: tuple[WriterPieces, ...]
    absent: Mapping[str, str]


def view_of(
    result: Result, charts: Sequence[Chart] = (), run: JudgedRun | None = None
) -> ReportView:
    """The view of a result.

    `run` is given where texts and replies are to be shown; without it the page holds figures
    alone. Keys that the result lacks leave their sections out.
    """
    cards = tuple(_cards(result))
    agreement = result.get("item_agreement") or {}
    coverage = result.get("coverage") or {}
    failures = failures_of(coverage.get("failures") or (), run)
    judge = result.get("judge") or {}
    notes = {str(path): str(reason) for path, reason in (result.get("notes") or {}).items()}
    return ReportView(
        title=str(judge.get("spec") or result.get("run_id") or "a run"),
        run_id=str(result.get("run_id", "")),
        status=str(result.get("status", "complete")),
        subtitle=tuple(_subtitle(result)),
        headline=cards[0],
        above_lexical=(result.get("floors") or {}).get("s_minus_lexical"),
        null=result.get("null"),
        cards=cards,
        rivals=tuple(_rivals(result, cards[0])),
        reference=reference_facts(result),
        charts=tuple(charts),
        writers=tuple(_writers(result)),
        criteria=tuple(_criteria(result)),
        items_most=tuple(_items(agreement.get("most"))),
        items_least=tuple(_items(agreement.get("least"))),
        coverage=coverage_facts(result),
        failures=failures,
        failures_total=int(coverage.get("failures_total", len(failures))),
        bias=bias_facts(result),
        other=other_facts(result),
        usage=usage_facts(result),
        settings=settings_facts(result),
        notes=tuple(notes.items()),
        pieces=pieces_of(run) if run is not None else (),
        absent={path: reason for path, reason in notes.items() if "." not in path},
    )


def _subtitle(result: Result) -> Iterator[str]:
    judge, dataset = result.get("judge") or {}, result.get("dataset") or {}
    for key in ("kind", "mode", "endpoint"):
        if judge.get(key):
            yield str(judge[key])
    counts = [
        f"{dataset[key]} {key if dataset[key] != 1 else key.removesuffix('s')}"
        for key in ("pieces", "writers", "items", "iterations")
        if isinstance(dataset.get(key), int)
    ]
    if counts:
        yield ", ".join(counts)


def _cards(result: Result) -> Iterator[Card]:
    cards, notes = result.get("scorecards") or {}, result.get("notes") or {}
    caveats = dict(result.get("caveats") or {})
    for name, version, label, meaning in CARDS:
        card = (cards.get(name) or {}).get(version) or {}
        path = f"scorecards.{name}.{version}"
        reason = notes.get(f"{path}.score") or notes.get(path) or ""
        if not card and not reason and (name, version) != HEADLINE:
            continue
        yield Card(
            label=label,
            meaning=meaning,
            score=card.get("score"),
            ci95=ends(card.get("ci95")),
            ci95_other_writers=ends(card.get("ci95_other_writers")),
            separability=card.get("separability"),
            stability=card.get("stability_tau"),
            omega_squared=card.get("omega_squared"),
            cliffs_delta=card.get("cliffs_delta"),
            missing=tuple(m.replace("_", " ") for m in card.get("missing") or ()),
            caveat=str(caveats.pop(name, None) or ""),
            reason=str(reason),
        )


def _rivals(result: Result, headline: Card) -> Iterator[Rival]:
    tau = (result.get("reference") or {}).get("kendall_tau")
    yield Rival(
        "this judge",
        "judge",
        "",
        headline.score,
        headline.ci95,
        headline.omega_squared,
        headline.cliffs_delta,
        tau,
    )
    for name, remark in FLOORS:
        floor = (result.get("floors") or {}).get(name)
        if floor is not None:
            yield Rival(
                name,
                "floor",
                remark,
                floor.get("score"),
                None,
                floor.get("omega_squared"),
                floor.get("cliffs_delta"),
                floor.get("kendall_tau"),
            )
    null = result.get("null")
    if null:
        remark = f"writers shuffled; 95% below {null['p95']:.1f}"
        yield Rival("chance", "null", remark, null["mean"], None, None, None, None)


def _writers(result: Result) -> Iterator[WriterRow]:
    """Best raw mean first."""
    rows = [
        WriterRow(
            name=str(name),
            n=int(w.get("n") or 0),
            raw=(w.get("raw") or {}).get("mean"),
            raw_ci95=ends((w.get("raw") or {}).get("ci95")),
            calibrated=(w.get("calibrated") or {}).get("mean"),
            calibrated_ci95=ends((w.get("calibrated") or {}).get("ci95")),
            length_rho=w.get("length_rho"),
            reference=w.get("reference"),
        )
        for name, w in (result.get("writers") or {}).items()
    ]
    yield from sorted(rows, key=lambda r: (r.raw is None, -(r.raw or 0.0), r.name))


def _criteria(result: Result) -> Iterator[CriterionLine]:
    for name, c in (result.get("criteria") or {}).items():
        yield CriterionLine(
            name=str(name),
            negative=bool(c.get("negative")),
            n=int(c.get("n") or 0),
            mean=c.get("mean"),
            std=c.get("std"),
            used=tuple((float(value), share) for value, share in (c.get("used") or {}).items()),
            drop=c.get("drop"),
            correlation=c.get("correlation"),
            correlation_rest=c.get("correlation_rest"),
        )


def _items(listed: Sequence[Mapping[str, Any]] | None) -> Iterator[Fact]:
    for entry in listed or ():
        yield str(entry["item"]), signed(entry.get("tau"))


def ends(interval: Sequence[float] | None) -> Ends | None:
    """An interval as two numbers."""
    return None if not interval else (float(interval[0]), float(interval[1]))
