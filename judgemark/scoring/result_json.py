"""Composes `result.json`: every figure of a run, and a reason for each that it has not."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from judgemark import __version__
from judgemark.errors import UndefinedFigure
from judgemark.judged import JudgedRun
from judgemark.metrics.calibration import calibrated
from judgemark.metrics.permutation_null import permutation_nulls
from judgemark.metrics.reference_agreement import Estimate, reference_agreement
from judgemark.metrics.resampling import RESAMPLES
from judgemark.metrics.scorecards import Scorecards, scorecards
from judgemark.metrics.surface_bias import LengthBias, feature_values, length_bias, style_bounds
from judgemark.metrics.variance import (
    observation_components,
    repeat_difference,
    repeat_icc,
    repeated_pieces,
)
from judgemark.records import Class, text_hash
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.criteria_section import criterion_section, item_section
from judgemark.scoring.figures import COMPUTED, Measured, computed_section
from judgemark.scoring.floors import floors
from judgemark.scoring.metric_version import METRIC_VERSION
from judgemark.scoring.run_tables import RunTables, judged_samples, lengths_of, tables_of
from judgemark.scoring.tournament_floors import rating_floors
from judgemark.scoring.tournament_section import (
    NOT_OF_ITEMS,
    SHARED_LUCK,
    SHARED_VERDICTS,
    is_pooled,
    tournament_section,
)
from judgemark.table.score_table import Floats, ScoreTable

Section = dict[str, Any]
MOST_FAILURES = 200
_Z95 = 1.96


@dataclass(frozen=True, slots=True)
class Composed:
    """A result, and what `Scorecards` has as its `replicates` and `twins`."""

    result: Section
    replicates: Mapping[tuple[str, str], Floats]
    twins: Mapping[tuple[str, str], Floats]


def compose(
    run: JudgedRun, reference: Mapping[str, float] | None = None, *, seed: int | None = None
) -> Section:
    """All figures of a run, as plain values that JSON can hold.

    `reference` maps writers to scores, higher is better; it and `seed` are the run's own by
    default.
    """
    return compose_with_replicates(run, reference, seed=seed).result


def compose_with_replicates(
    run: JudgedRun,
    reference: Mapping[str, float] | None = None,
    *,
    seed: int | None = None,
    tables: RunTables | None = None,
) -> Composed:
    """As `compose`, with the replicates that paired ranks need.

    `tables` are the run's, where the caller has them already.
    """
    seed = run.seed if seed is None else seed
    reference = run.references if reference is None else reference
    notes = Notes()
    tables = tables or tables_of(run)
    pooled = is_pooled(run)
    cards = scorecards(
        tables.v2,
        tables.v21,
        reference,
        ratings=run.ratings,
        seed=seed,
        no_intervals=SHARED_VERDICTS if pooled else "",
    )
    scored = cards.to_json()
    notes.reasons.update(cards.notes)
    lengths = _length_bias(run, tables.v21, notes)
    result = {
        "format": 1,
        "metric_version": METRIC_VERSION,
        "program": {"name": "judgemark", "version": __version__},
        "run_id": run.run_id,
        "status": status(run),
        "judge": dict(run.judge),
        "dataset": _dataset(run, tables.v21),
        "fingerprint": dict(run.fingerprint),
        "verdicts_sha256": run.verdicts_sha256,
        "seed": seed,
        "coverage": _coverage(run, tables, notes),
        "usage": _usage(run, notes),
        "scorecards": scored["scorecards"],
        "landmarks": scored["landmarks"],
        "intervals": scored["intervals"],
        "reach": scored["reach"],
        "caveats": {n: r.caveat for n, r in cards.reach.items() if r and r.caveat},
        "writers": _writers(tables, lengths, reference, intervals=not pooled),
        "floors": _floors(run, cards, reference, seed, notes),
        "null": _null(run, tables.v21, seed, notes),
        "reference": _reference(tables.v21, reference, cards, seed, notes, pooled=pooled),
        "variance": _variance(tables, notes),
        "retest": _retest(tables, notes),
        "bias": _bias(run, tables.v21, lengths, notes),
        "criteria": criterion_section(run),
        "item_agreement": _item_agreement(run, tables.v21, notes),
        COMPUTED: computed_section(Measured(run, tables, cards, reference, seed), notes),
        "notes": notes.reasons,
    }
    if run.tournaments is not None:
        section = tournament_section(run, run.tournaments, reference, seed, notes)
        result["tournament"] = section
    return Composed(result, cards.replicates, cards.twins)


def status(run: JudgedRun) -> str:
    """`complete`; `incomplete`: something asked has no verdict; `limited`: not all was asked.

    A run without any verdict is incomplete.
    """
    if run.unjudged or not run.judged:
        return "incomplete"
    if run.tournaments is not None and run.tournaments.played.result.incomplete:
        return "incomplete"
    judged = {(j.writer, j.iteration, j.item, j.repeat) for j in run.judged}
    return "complete" if len(judged) >= run.pieces * run.repeats else "limited"


def _dataset(run: JudgedRun, table: ScoreTable) -> Section:
    pieces, iterations, items = run.pieces, table.iterations, table.items
    if is_pooled(run):
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


def _coverage(run: JudgedRun, tables: RunTables, notes: Notes) -> Section:
    cells = tables.v21.values
    scored = int(np.count_nonzero(~np.isnan(cells)))
    if scored < cells.size:
        notes.reasons["coverage"] = (
            f"{cells.size - scored} of {cells.size} (writer, iteration, item) have no score: "
            "figures rest on the others, stability on the items scored in every iteration"
        )
    asked = {(j.writer, j.iteration, j.item) for j in run.judged}
    asked |= {(u.writer, u.iteration, u.item) for u in run.unjudged}
    first = run.first_try
    return {
        "pieces": run.pieces,
        "asked": len(asked),
        "asked_sha256": text_hash(json.dumps(sorted(asked))),
        "repeats": run.repeats,
        "scored": scored,
        "share": scored / run.pieces if run.pieces else None,
        "first_try_parse_rate": first.parsed / first.replied if first and first.replied else None,
        "classes": {cls.value: run.classes[cls] for cls in Class if run.classes.get(cls)},
        "too_few_criteria": dict(tables.unscored),
        "failures": [
            {
                "writer": u.writer,
                "iteration": u.iteration,
                "item": u.item,
                "class": u.cls.value,
                "reason": u.reason,
            }
            for u in run.unjudged[:MOST_FAILURES]
        ],
        "failures_total": len(run.unjudged),
    }


def _usage(run: JudgedRun, notes: Notes) -> Section:
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
    lengths: LengthBias | None,
    reference: Mapping[str, float] | None,
    *,
    intervals: bool,
) -> Section:
    raw = tables.v21
    try:
        after: ScoreTable | None = calibrated(raw)
    except UndefinedFigure:
        after = None
    found: Section = {}
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


def _mean(scores: Floats, interval: bool) -> Section | None:
    """A mean and its interval, mean ± 1.96 s / sqrt(n): the scorecards' own convention."""
    if not len(scores):
        return None
    mean = float(scores.mean())
    if len(scores) < 2 or not interval:
        return {"mean": mean, "ci95": None}
    half = _Z95 * float(scores.std(ddof=1)) / math.sqrt(len(scores))
    return {"mean": mean, "ci95": [mean - half, mean + half]}


def _floors(
    run: JudgedRun,
    cards: Scorecards,
    reference: Mapping[str, float] | None,
    seed: int,
    notes: Notes,
) -> Section | None:
    samples = run.samples if run.ratings else judged_samples(run)
    if not samples:
        notes.reasons["floors"] = "the texts of the pieces are not known"
        return None
    if run.tournaments is not None:
        rules = run.tournaments.played.result.settings
        found = rating_floors(samples, rules, reference, seed)
    else:
        found = floors(samples, reference, seed)
    for name, floor in found.items():
        if floor.reason:
            notes.reasons[f"floors.{name}"] = floor.reason
    card = cards.cards["v4"]["raw"]
    score, lexical = card.score if card else None, found["lexical"].score
    above = score - lexical if score is not None and lexical is not None else None
    return {name: floor.to_json() for name, floor in found.items()} | {"s_minus_lexical": above}


def _item_agreement(run: JudgedRun, table: ScoreTable, notes: Notes) -> Section | None:
    if is_pooled(run):
        notes.reasons["item_agreement"] = NOT_OF_ITEMS
        return None
    return notes.attempt("item_agreement", lambda: item_section(table))


def _null(run: JudgedRun, table: ScoreTable, seed: int, notes: Notes) -> Section | None:
    if is_pooled(run):
        notes.reasons["null"] = SHARED_LUCK
        return None
    nulls = notes.attempt("null", lambda: permutation_nulls(table, seed))
    if nulls is None:
        return None
    by_version = {
        version: {
            "observed": null.observed,
            "mean": null.mean,
            "p95": null.p95,
            "p_value": null.p_value,
        }
        for version, null in nulls.items()
    }
    raw = nulls["raw"]
    drawn = {"permutations": raw.n, "seed": raw.seed}
    return by_version["raw"] | drawn | {"calibrated": by_version["calibrated"]}


def _reference(
    table: ScoreTable,
    reference: Mapping[str, float] | None,
    cards: Scorecards,
    seed: int,
    notes: Notes,
    *,
    pooled: bool,
) -> Section | None:
    if not reference:
        notes.reasons["reference"] = "no reference scores"
        return None
    card = cards.cards["v4"]["raw"]
    resamples = 0 if pooled else RESAMPLES
    agreement = notes.attempt(
        "reference", lambda: reference_agreement(table, reference, seed, resamples)
    )
    section: Section = {
        "writers": len([w for w in table.writers if w in reference]),
        "kendall_tau": card.kendall_tau if card else None,
        "pearson_r": card.pearson_r if card else None,
    }
    for name in ("pair_concordance", "item_concordance", "signed_delta"):
        figure: Estimate | None = getattr(agreement, name) if agreement else None
        if pooled and name == "item_concordance":
            figure = Estimate(None, None, NOT_OF_ITEMS)
        if figure is not None and figure.reason:
            notes.reasons[f"reference.{name}"] = figure.reason
        section[name] = figure.value if figure else None
        section[f"{name}_ci95"] = figure.ci95.ends() if figure and figure.ci95 else None
    return section


def _variance(tables: RunTables, notes: Notes) -> Section | None:
    found = notes.attempt(
        "variance", lambda: observation_components(tables.observations, tables.across_members)
    )
    if found is None:
        return None
    return {
        "components": [
            {"name": c.name, "variance": c.variance, "share": c.share, "clipped": c.clipped}
            for c in found.components
        ],
        "scores": found.scores,
        "remarks": list(found.notes),
    }


def _retest(tables: RunTables, notes: Notes) -> Section:
    seen, join = tables.observations, tables.across_members
    return {
        "pieces": repeated_pieces(seen),
        "icc": notes.attempt("retest.icc", lambda: repeat_icc(seen, join)),
        "mean_absolute_difference": notes.attempt(
            "retest.mean_absolute_difference", lambda: repeat_difference(seen, join)
        ),
    }


def _length_bias(run: JudgedRun, table: ScoreTable, notes: Notes) -> LengthBias | None:
    known = lengths_of(run)
    lengths = np.full(table.values.shape, np.nan)
    at = [
        {name: n for n, name in enumerate(axis)}
        for axis in (table.writers, table.iterations, table.items)
    ]
    for (writer, iteration, item), length in known.items():
        place = (at[0].get(writer), at[1].get(iteration), at[2].get(item))
        if None not in place:
            lengths[place] = length

    def bias() -> LengthBias:
        if not known:
            raise UndefinedFigure("the lengths of the pieces are not known")
        return length_bias(table, lengths)

    return notes.attempt("bias.length", bias)


def _bias(run: JudgedRun, table: ScoreTable, lengths: LengthBias | None, notes: Notes) -> Section:
    texts = {(s.writer, s.iteration, s.item): s.text for s in run.samples}
    if not texts:
        notes.reasons["bias.style"] = "the texts of the pieces are not known"
        bounds = None
    else:
        features = feature_values(table, texts)
        bounds = notes.attempt("bias.style", lambda: style_bounds(table, features))
    return {
        "length": {"rho": lengths.rho, "n": lengths.n} if lengths else None,
        "style": {
            "omega_squared": bounds.uncontrolled,
            "without_writers": bounds.without_writers,
            "within_writers": bounds.within_writers,
        }
        if bounds
        else None,
    }
