"""Which jury of K judges to ask, from finished runs: by score, by margin, and against cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from judgemark.damage.known_damage import damage_pairs
from judgemark.errors import UndefinedFigure, UsageError
from judgemark.judged import JudgedRun
from judgemark.metrics.effective_judges import effective_judges, residual_errors
from judgemark.metrics.ensemble_gain import on_common_cells
from judgemark.metrics.judge_comparison import Contender, check_same_samples
from judgemark.metrics.jury_search import (
    MOST_JURIES,
    ChosenJury,
    JuryFigures,
    JurySearch,
    KnownCells,
)
from judgemark.metrics.validity.counting_rules import features_of
from judgemark.metrics.validity.known_pair import KnownPair
from judgemark.metrics.validity.reading import count_pairs
from judgemark.scoring.result_types import ResultSection
from judgemark.scoring.run_tables import tables_of
from judgemark.table.score_table import ScoreTable, build_table

_FREE = ("baseline", "python", "command", "vllm", "hf")
"""Kinds of judge whose answers have no price."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One judge that may sit in a jury; `cost` is in dollars, None where it is not known."""

    name: str
    table: ScoreTable
    cost: float | None


def choose_jury(
    runs: Sequence[JudgedRun], size: int, *, method: str = "average", seed: int = 0
) -> ResultSection:
    """Return the best jury of `size` judges from the runs, with its figures on items held out.

    The members of a run of several judges are candidates of their own. All figures rest on the
    pieces that every candidate scored. Raises UsageError for runs on different samples, without
    common pieces, and for a size that no jury can have.
    """
    candidates = [candidate for run in runs for candidate in _candidates(run)]
    if len(candidates) < 2:
        raise UsageError("one judge alone is not a jury; name two runs or more")
    _refuse_different(runs)
    try:
        tables = on_common_cells([candidate.table for candidate in candidates])
        known, reason = _known_cells(runs, tables[0], seed)
        search = JurySearch(tables, size, method, known, seed)
    except UndefinedFigure as undefined:
        raise UsageError(f"no jury can be chosen: {undefined}") from None
    notes: dict[str, str] = {"margin": reason} if reason else {}
    named = [candidate.name for candidate in candidates]
    every = [*search.single, *_smaller(len(candidates), size)]
    return {
        "size": size,
        "method": method,
        "juries": len(search.juries),
        "candidates": [
            {"judge": n + 1, "spec": c.name, "cost": c.cost} for n, c in enumerate(candidates)
        ],
        "pieces": int(np.count_nonzero(~np.isnan(tables[0].values))),
        "items": len(tables[0].items),
        "known_pairs": len(known.items) if known else 0,
        "score": _attempt(search, "score", named, candidates, tables, seed, notes),
        "margin": _attempt(search, "margin", named, candidates, tables, seed, notes),
        "frontier": _frontier(search.figures(every), candidates, notes),
        "seed": seed,
        "notes": notes,
    }


def _candidates(run: JudgedRun) -> list[Candidate]:
    if run.ratings:
        raise UsageError(f'run "{run.run_id}" compares pairs; a jury scores single pieces')
    tables = tables_of(run)
    if not run.members:
        kind = str(run.judge.get("kind"))
        cost = run.spent.cost if run.spent.cost is not None else 0.0 if kind in _FREE else None
        return [Candidate(str(run.judge.get("spec") or run.run_id), tables.v21, cost)]
    return [
        Candidate(
            member.spec,
            build_table(o for o in tables.observations if o.member == member.number),
            member.spent.cost
            if member.spent.cost is not None
            else 0.0
            if member.kind in _FREE
            else None,
        )
        for member in run.members
    ]


def _refuse_different(runs: Sequence[JudgedRun]) -> None:
    def contender(run: JudgedRun) -> Contender:
        tables = tables_of(run)
        hashes = {(j.writer, j.iteration, j.item): j.text_sha256 for j in run.judged}
        return Contender(tables.v2, tables.v21, hashes)

    first, *others = [contender(run) for run in runs]
    for other in others:
        check_same_samples(first, other)


def _smaller(count: int, size: int) -> list[tuple[int, ...]]:
    """Return the juries of two judges to `size`, as long as there are not too many."""
    found: list[tuple[int, ...]] = []
    for number in range(2, size + 1):
        listed = list(combinations(range(count), number))
        if len(found) + len(listed) <= 2 * MOST_JURIES:
            found += listed
    return found


def _known_cells(
    runs: Sequence[JudgedRun], table: ScoreTable, seed: int
) -> tuple[KnownCells | None, str]:
    """Return the known pairs whose pieces all candidates scored, and why there are none."""
    samples = next((run.samples for run in runs if run.samples), ())
    at = {
        (writer, iteration, item): (w, t, i)
        for w, writer in enumerate(table.writers)
        for t, iteration in enumerate(table.iterations)
        for i, item in enumerate(table.items)
        if not np.isnan(table.values[w, t, i])
    }
    pairs = [pair for pair in damage_pairs(samples) if all(p in at for p in _places(pair))]
    if not pairs:
        return None, "no piece is known to be a damaged version of another"
    wanted = {text.text_sha256 for pair in pairs for text in (pair.better, pair.worse)}
    features = features_of({s.sha256: s.text for s in samples if s.sha256 in wanted})
    counted = count_pairs(pairs, features, seed)
    counter = counted.counter.answers if counted.counter else np.full(len(pairs), np.nan)
    cells = np.array([[at[place] for place in _places(pair)] for pair in pairs])
    flat = np.ravel_multi_index(tuple(np.moveaxis(cells, 2, 0)), table.values.shape)
    return KnownCells(flat[:, 0], flat[:, 1], cells[:, 0, 2], counter), counted.reason


def _places(pair: KnownPair) -> list[tuple[str, str, str]]:
    return [(text.writer, text.iteration, pair.item) for text in (pair.better, pair.worse)]


def _attempt(
    search: JurySearch,
    by: str,
    names: Sequence[str],
    candidates: Sequence[Candidate],
    tables: Sequence[ScoreTable],
    seed: int,
    notes: dict[str, str],
) -> ResultSection | None:
    """Return the jury chosen by one figure; None, with a note, where that is undefined."""
    try:
        chosen: ChosenJury = search.by_score() if by == "score" else search.by_margin()
    except UndefinedFigure as undefined:
        notes[by] = str(undefined)
        return None
    try:
        number = effective_judges(residual_errors([tables[n] for n in chosen.jury]), seed).number
    except UndefinedFigure as undefined:
        number = None
        notes[f"{by}.effective_judges"] = str(undefined)
    return {
        "jury": [n + 1 for n in chosen.jury],
        "specs": [names[n] for n in chosen.jury],
        "on_all_items": chosen.on_all,
        "held_out": chosen.held_out,
        "folds": chosen.of,
        "folds_that_chose_it": chosen.folds,
        "best_alone": chosen.best_alone + 1,
        "best_alone_spec": names[chosen.best_alone],
        "alone_on_all_items": chosen.alone,
        "alone_held_out": chosen.alone_held_out,
        "gain_held_out": chosen.held_out - chosen.alone_held_out,
        "effective_judges": number,
        "cost": _cost(chosen.jury, candidates),
    }


def _cost(jury: Sequence[int], candidates: Sequence[Candidate]) -> float | None:
    costs = [candidates[n].cost for n in jury]
    known = [cost for cost in costs if cost is not None]
    return sum(known) if len(known) == len(costs) else None


def _frontier(
    figures: Sequence[JuryFigures], candidates: Sequence[Candidate], notes: dict[str, str]
) -> list[ResultSection] | None:
    """Return the juries of any size up to K that no jury beats at the same or a lower cost."""
    unknown = [c.name for c in candidates if c.cost is None]
    if unknown:
        notes["frontier"] = f"the cost of {', '.join(dict.fromkeys(unknown))} is not known"
        return None
    listed = [(_cost(f.jury, candidates) or 0.0, f) for f in figures if f.score is not None]
    listed.sort(key=lambda one: (one[0], -(one[1].score or 0.0), len(one[1].jury)))
    frontier: list[ResultSection] = []
    for cost, one in listed:
        if not frontier or (one.score or 0.0) > frontier[-1]["v4"]:
            frontier.append(
                {
                    "jury": [n + 1 for n in one.jury],
                    "specs": [candidates[n].name for n in one.jury],
                    "v4": one.score,
                    "damage_accuracy": one.accuracy,
                    "cost": cost,
                }
            )
    return frontier
