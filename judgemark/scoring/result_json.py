"""Compose `result.json`: every figure of a run, and a reason for each absent figure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.judged import JudgedRun
from judgemark.metrics.calibration import calibrated
from judgemark.metrics.scorecards import Scorecards, scorecards
from judgemark.metrics.surface_bias import ScoreLengthBias
from judgemark.records import text_hash
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.coverage_parts import class_counts, listed_failures
from judgemark.scoring.criteria_section import criterion_section
from judgemark.scoring.evidence_sections import (
    agreement_by_item,
    bias_section,
    length_bias_of,
    null_section,
    reference_section,
    retest_section,
    variance_section,
)
from judgemark.scoring.figures import COMPUTED, FigureInputs, computed_section
from judgemark.scoring.floors_section import BegunFigures, floors_section, texts_beside
from judgemark.scoring.metric_version import METRIC_VERSION
from judgemark.scoring.pooled_ratings import SHARED_VERDICTS, is_pooled
from judgemark.scoring.reading_section import reading_section
from judgemark.scoring.result_types import ResultSection
from judgemark.scoring.run_tables import RunTables, no_raw_scale, tables_of
from judgemark.scoring.run_warnings import warnings_of
from judgemark.scoring.score_methods import methods_section
from judgemark.scoring.second_process import beside
from judgemark.table.score_table import Floats, ScoreTable
from judgemark.version import __version__

_Z95 = 1.96


@dataclass(frozen=True, slots=True)
class Composed:
    """A result, and the `replicates`, `twins` and `nested` resamples of its scorecards."""

    result: ResultSection
    replicates: Mapping[tuple[str, str], Floats]
    twins: Mapping[tuple[str, str], Floats]
    nested: Mapping[tuple[str, str], Floats] = field(default_factory=dict)


def compose(
    run: JudgedRun, reference: Mapping[str, float] | None = None, *, seed: int | None = None
) -> ResultSection:
    """Return all figures of a run as plain values that JSON can hold.

    `reference` maps writers to scores, higher is better. By default, the reference and the seed
    are the run's own.
    """
    return compose_with_replicates(run, reference, seed=seed).result


def compose_with_replicates(
    run: JudgedRun,
    reference: Mapping[str, float] | None = None,
    *,
    seed: int | None = None,
    tables: RunTables | None = None,
    begun: BegunFigures | None = None,
) -> Composed:
    """Compose the result with the replicates that paired ranks need.

    `tables` are the run's score tables, where the caller has computed them already, and `begun` are
    figures of its texts, used where they are those of this run.
    """
    seed = run.seed if seed is None else seed
    reference = run.references if reference is None else reference
    notes = Notes()
    tables = tables or tables_of(run)
    pooled = is_pooled(run)
    texts = texts_beside(run, reference, seed, begun)
    others = beside(lambda: _without_scorecards(run, tables.v21, seed))
    cards = _scorecards(run, tables, reference, seed)
    scored = cards.to_json()
    notes.reasons.update(cards.notes)
    lengths = length_bias_of(run, tables.v21, notes)
    validity = reading_section(run, tables, seed, notes)
    surface, (null, criteria, reasons) = texts(), others()
    notes.reasons.update(reasons)
    inputs = FigureInputs(run, tables, cards, reference, seed, validity)
    result = {
        **_identity(run),
        "dataset": _dataset(run, tables.v21),
        "fingerprint": dict(run.fingerprint),
        "verdicts_sha256": run.verdicts_sha256,
        "seed": seed,
        "coverage": _coverage(run, tables, notes),
        "usage": usage_section(run, notes),
        "scorecards": scored["scorecards"],
        "landmarks": scored["landmarks"],
        "intervals": scored["intervals"],
        "reach": scored["reach"],
        "caveats": {n: r.caveat for n, r in cards.reach.items() if r and r.caveat},
        "writers": _writers(tables, lengths, reference, intervals=not pooled),
        "floors": floors_section(surface.floors, tables.v21, cards, notes, pooled=pooled),
        "null": null,
        "reference": reference_section(tables.v21, reference, cards, seed, notes, pooled=pooled),
        "validity": validity.values,
        "variance": variance_section(tables, notes),
        "retest": retest_section(tables, notes),
        "bias": bias_section(tables.v21, surface.features, lengths, notes),
        "criteria": criteria,
        "item_agreement": agreement_by_item(run, tables.v21, notes),
        COMPUTED: computed_section(inputs, notes),
        "notes": notes.reasons,
    }
    result |= _tournament(run, reference, seed, notes) | methods_section(run, reference, seed)
    _add_ensemble(result, run, tables, seed, notes)
    return Composed(result, cards.replicates, cards.twins, cards.nested)


def _scorecards(
    run: JudgedRun, tables: RunTables, reference: Mapping[str, float] | None, seed: int
) -> Scorecards:
    return scorecards(
        tables.v2,
        tables.v21,
        reference,
        no_raw=no_raw_scale(run),
        seed=seed,
        no_intervals=SHARED_VERDICTS if is_pooled(run) else "",
        beside=beside,
    )


def _without_scorecards(
    run: JudgedRun, table: ScoreTable, seed: int
) -> tuple[ResultSection | None, ResultSection | None, Mapping[str, str]]:
    """Return the sections of chance and of criteria, and the reasons for absent figures."""
    notes = Notes()
    return null_section(run, table, seed, notes), criterion_section(run), notes.reasons


def _add_ensemble(
    result: ResultSection, run: JudgedRun, tables: RunTables, seed: int, notes: Notes
) -> None:
    """Add the section of the members of an ensemble, where there are any, and its warnings."""
    if not run.members:
        return
    from judgemark.scoring.ensemble_section import ensemble_section, ensemble_warnings

    section = ensemble_section(run, tables, seed, notes)
    result["ensemble"] = section
    result["warnings"] += ensemble_warnings(section)


def _tournament(
    run: JudgedRun, reference: Mapping[str, float] | None, seed: int, notes: Notes
) -> ResultSection:
    """Return the section of the tournaments, where there were any, and the run's warnings."""
    if run.tournaments is None:
        return {"warnings": warnings_of(run, None)}
    from judgemark.scoring.tournament_section import tournament_section

    section = tournament_section(run, run.tournaments, reference, seed, notes)
    return {"tournament": section, "warnings": warnings_of(run, section)}


def _identity(run: JudgedRun) -> ResultSection:
    return {
        "format": 1,
        "metric_version": METRIC_VERSION,
        "program": {"name": "judgemark", "version": __version__},
        "run_id": run.run_id,
        "status": status(run),
        "judge": dict(run.judge),
    }


def status(run: JudgedRun) -> str:
    """Return the status of a run: `complete`, `incomplete` or `limited`.

    A run is incomplete where a question that a command set out to ask has no verdict, also when
    the command was interrupted, and where there is no verdict at all. It is limited where all
    questions were answered but not every piece was asked about.
    """
    if run.unjudged or run.unanswered or not run.judged:
        return "incomplete"
    if run.tournaments is not None and run.tournaments.played.result.incomplete:
        return "incomplete"
    judged = {(j.writer, j.iteration, j.item, j.repeat) for j in run.judged}
    pieces = {(j.writer, j.iteration, j.item) for j in run.judged}
    whole = len(pieces) >= run.pieces and len(judged) >= run.pieces * run.repeats
    return "complete" if whole else "limited"


def _dataset(run: JudgedRun, table: ScoreTable) -> ResultSection:
    pieces, iterations, items = run.pieces, table.iterations, table.items
    if is_pooled(run) and run.samples:
        pieces = len(run.samples)
        iterations = tuple({s.iteration for s in run.samples})
        items = tuple(sorted({s.item for s in run.samples}))
    return {
        **run.dataset,
        "writers": len(table.writers),
        "iterations": len(iterations),
        "items": len(items),
        "pieces": pieces,
        "item_ids": list(items),
    }


def _coverage(run: JudgedRun, tables: RunTables, notes: Notes) -> ResultSection:
    cells = tables.v21.values
    scored = int(np.count_nonzero(~np.isnan(cells)))
    if scored < cells.size:
        notes.reasons["coverage"] = (
            f"{cells.size - scored} of {cells.size} (writer, iteration, item) have no score: "
            "figures rest on the others, stability on the items scored in every iteration"
        )
    asked = {(j.writer, j.iteration, j.item) for j in run.judged}
    asked |= {(u.writer, u.iteration, u.item) for u in run.unjudged}
    return {
        "pieces": run.pieces,
        "asked": len(asked),
        "asked_sha256": text_hash(json.dumps(sorted(asked))),
        "repeats": run.repeats,
        "scored": scored,
        "share": _share(run, scored),
        "first_try_parse_rate": run.first_try.parse_rate if run.first_try else None,
        "classes": class_counts(run),
        "too_few_criteria": dict(tables.unscored),
        "failures": listed_failures(run),
        "failures_total": len(run.unjudged),
        "unanswered": run.unanswered,
    }


def _share(run: JudgedRun, scored: int) -> float | None:
    """Return the share of the pieces that have a score.

    A tournament rates every writer, whatever was judged. So its share is never above that of the
    matches that have a verdict.
    """
    if not run.pieces:
        return None
    share = scored / run.pieces
    played = run.tournaments.played.result if run.tournaments else None
    if played is None or not played.match_count:
        return share
    return min(share, 1.0 - played.missing / played.match_count)


def usage_section(run: JudgedRun, notes: Notes) -> ResultSection:
    """Return what a run used: tokens, dollars, requests and seconds; None where not reported."""
    spent = run.spent
    answered = sum(run.classes.values())
    for name in ("prompt_tokens", "completion_tokens", "cost"):
        if getattr(spent, name) is None:
            notes.reasons[f"usage.{name}"] = "not reported"
    return {
        "prompt_tokens": spent.prompt_tokens,
        "completion_tokens": spent.completion_tokens,
        "cost": spent.cost,
        "requests": spent.requests,
        "seconds": spent.seconds,
        "seconds_per_item": spent.seconds / answered
        if spent.seconds is not None and answered
        else None,
    }


def _writers(
    tables: RunTables,
    lengths: ScoreLengthBias | None,
    reference: Mapping[str, float] | None,
    *,
    intervals: bool,
) -> ResultSection:
    raw = tables.v21
    try:
        after: ScoreTable | None = calibrated(raw)
    except UndefinedFigure:
        after = None
    found: ResultSection = {}
    for n, writer in enumerate(raw.writers):
        trend = lengths.by_writer.get(writer) if lengths else None
        found[writer] = {
            "n": len(raw.scores_of(n)),
            "raw": _mean(raw.scores_of(n), intervals),
            "calibrated": _mean(after.scores_of(n), intervals) if after else None,
            "length_rho": trend.rho if trend else None,
            "reference": reference.get(writer) if reference else None,
        }
    return found


def _mean(scores: Floats, interval: bool) -> ResultSection | None:
    """Return a mean and its interval, mean ± 1.96 s / sqrt(n), as in the scorecards."""
    if not len(scores):
        return None
    mean = float(scores.mean())
    if len(scores) < 2 or not interval:
        return {"mean": mean, "ci95": None}
    half = _Z95 * float(scores.std(ddof=1)) / math.sqrt(len(scores))
    return {"mean": mean, "ci95": [mean - half, mean + half]}
