"""What the report page shows: a typed view of a result that computes no figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from judgemark.judged import JudgedRun
from judgemark.report.charts_tables import Chart
from judgemark.report.page_ensemble import ensemble_parts
from judgemark.report.page_evidence import evidence_parts, reference_parts
from judgemark.report.page_facts import (
    coverage_facts,
    figure_facts,
    judge_words,
    note_facts,
    other_facts,
    settings_facts,
    usage_facts,
)
from judgemark.report.page_intervals import chance_part, components_part, intervals_part
from judgemark.report.page_reading import LadderHint, ladder_hint_of, reading_parts
from judgemark.report.page_score_methods import score_methods_part
from judgemark.report.page_scores import (
    Ends,
    Rival,
    ScorecardView,
    attainable_part,
    cards_of,
    ends,
    rivals_of,
    rivals_part,
)
from judgemark.report.page_table import Fact, PagePart
from judgemark.report.page_tournament import tournament_parts
from judgemark.scoring.number_format import count, percent, signed
from judgemark.scoring.result_types import Result
from judgemark.table.score_table import ScoreTable

if TYPE_CHECKING:
    from judgemark.report.page_pieces import Failed, WriterPieces


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
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """How far the order of the writers on one item agrees with their order in the whole run."""

    item: str
    tau: str
    writers: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """All that the page shows. A section whose tuple is empty or None is left out.

    `scored` says whether any scorecard has a score, and `no_floors` why there are no baselines.
    `notice` says why the run is incomplete, and `warnings` what readers must know before they
    trust the figures. `rated` is what each writer has: "pieces" or "ratings". `absent` maps
    sections that are missing to the reason.
    """

    title: str
    run_id: str
    notice: str
    warnings: tuple[str, ...]
    subtitle: tuple[str, ...]
    headline: ScorecardView
    scored: bool
    above_lexical: float | None
    above_lexical_ci95: Ends | None
    no_floors: str
    null: Mapping[str, Any] | None
    cards: tuple[ScorecardView, ...]
    rivals: tuple[Rival, ...]
    reading: tuple[PagePart, ...]
    ladder_hint: LadderHint | None
    swayed: tuple[PagePart, ...]
    ensemble: tuple[PagePart, ...]
    scores: tuple[PagePart, ...]
    tournament: tuple[PagePart, ...]
    reference: tuple[PagePart, ...]
    charts: tuple[Chart, ...]
    rated: str
    writers: tuple[WriterRow, ...]
    criteria: tuple[CriterionLine, ...]
    items_most: tuple[ItemLine, ...]
    items_least: tuple[ItemLine, ...]
    coverage: tuple[Fact, ...]
    failures: tuple[Failed, ...]
    failures_total: int
    verdicts_missing: bool
    evidence: tuple[PagePart, ...]
    other: tuple[Fact, ...]
    usage: tuple[Fact, ...]
    settings: tuple[Fact, ...]
    notes: tuple[Fact, ...]
    pieces: tuple[WriterPieces, ...]
    absent: Mapping[str, str]


def view_of(
    result: Result,
    charts: Sequence[Chart] = (),
    run: JudgedRun | None = None,
    table: ScoreTable | None = None,
) -> ReportView:
    """Return the view of a result.

    Where `run` and its score `table` are given, the page shows the pieces and the replies as
    well as the figures. Sections whose keys are not in the result are left out.
    """
    cards = tuple(cards_of(result))
    rivals = rivals_of(result, cards[0])
    agreement = result.get("item_agreement") or {}
    coverage = result.get("coverage") or {}
    played = result.get("tournament") or {}
    failures = _failures(coverage.get("failures") or (), run)
    judge = result.get("judge") or {}
    floors = result.get("floors") or {}
    notes = {str(path): str(reason) for path, reason in (result.get("notes") or {}).items()}
    return ReportView(
        title=str(judge.get("spec") or result.get("run_id") or "a run"),
        run_id=str(result.get("run_id", "")),
        notice=_notice(result),
        warnings=_warnings(result),
        subtitle=tuple(_subtitle(result)),
        headline=cards[0],
        scored=any(card.score is not None for card in cards),
        no_floors=notes.get("floors") or notes.get("floors.lexical") or "",
        above_lexical=floors.get("s_minus_lexical"),
        above_lexical_ci95=ends(floors.get("s_minus_lexical_ci95")),
        null=result.get("null"),
        cards=cards,
        rivals=rivals,
        reading=reading_parts(result),
        ladder_hint=ladder_hint_of(result),
        swayed=_swayed(result),
        ensemble=ensemble_parts(result),
        scores=_score_parts(result, rivals),
        tournament=tournament_parts(result),
        reference=reference_parts(result),
        charts=tuple(charts),
        rated="ratings" if played else "pieces",
        writers=tuple(_writers(result)),
        criteria=tuple(_criteria(result)),
        items_most=tuple(_items(agreement.get("most"))),
        items_least=tuple(_items(agreement.get("least"))),
        coverage=coverage_facts(result),
        failures=failures,
        failures_total=int(coverage.get("failures_total", len(failures))),
        verdicts_missing=bool(failures or played.get("missing")),
        evidence=evidence_parts(result),
        other=(*figure_facts(result), *other_facts(result)),
        usage=usage_facts(result),
        settings=settings_facts(result),
        notes=note_facts(result),
        pieces=_pieces(run, table),
        absent={path: reason for path, reason in notes.items() if "." not in path},
    )


def _failures(listed: Sequence[Mapping[str, str]], run: JudgedRun | None) -> tuple[Failed, ...]:
    if not listed:
        return ()
    from judgemark.report.page_pieces import failures_of

    return failures_of(listed, run)


def _pieces(run: JudgedRun | None, table: ScoreTable | None) -> tuple[WriterPieces, ...]:
    if run is None or table is None:
        return ()
    from judgemark.report.page_pieces import pieces_of

    return pieces_of(run, table)


def _swayed(result: Result) -> tuple[PagePart, ...]:
    """Return what probes show; few runs of the main job have any."""
    if not (result.get("validity") or {}).get("probes"):
        return ()
    from judgemark.report.page_swayed import swayed_parts

    return swayed_parts(result)


def _score_parts(result: Result, rivals: tuple[Rival, ...]) -> tuple[PagePart, ...]:
    parts = (
        rivals_part(rivals),
        intervals_part(result),
        chance_part(result),
        score_methods_part(result),
        attainable_part(result),
        components_part(result),
    )
    return tuple(part for part in parts if part is not None)


def _warnings(result: Result) -> tuple[str, ...]:
    return tuple(str(warning["text"]) for warning in result.get("warnings") or ())


def _notice(result: Result) -> str:
    """Say why the run is incomplete; empty for a complete run."""
    status = result.get("status", "complete")
    if status == "complete":
        return ""
    coverage, played = result.get("coverage") or {}, result.get("tournament") or {}
    failed = int(coverage.get("failures_total") or 0)
    if played.get("missing"):
        why = (
            f"{count(played['missing'])} of {count(played.get('matches'))} matches "
            f"({percent(played.get('missing_share'))}) have no verdict"
        )
    elif failed:
        why = f"{count(failed)} {'piece has' if failed == 1 else 'pieces have'} no verdict"
    elif coverage.get("asked") is not None and coverage.get("pieces"):
        why = f"{count(coverage['asked'])} of {count(coverage['pieces'])} pieces were asked about"
    else:
        why = "not every piece was asked about"
    meaning = "Its figures cover only what was judged; do not rank it with complete runs."
    return f"This run is {status}: {why}. {meaning}"


def _subtitle(result: Result) -> Iterator[str]:
    judge, dataset = result.get("judge") or {}, result.get("dataset") or {}
    yield from judge_words(judge)
    counts = [
        f"{dataset[key]} {key if dataset[key] != 1 else key.removesuffix('s')}"
        for key in ("pieces", "writers", "items", "iterations")
        if isinstance(dataset.get(key), int)
    ]
    if counts:
        yield ", ".join(counts)


def _writers(result: Result) -> Iterator[WriterRow]:
    """Yield the writers, best raw mean first."""
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
            reasons=tuple(dict.fromkeys(map(str, (c.get("reasons") or {}).values()))),
        )


def _items(listed: Sequence[Mapping[str, Any]] | None) -> Iterator[ItemLine]:
    for entry in listed or ():
        yield ItemLine(str(entry["item"]), signed(entry.get("tau")), count(entry.get("writers")))
