"""What the discussion of a book club changed, compared with the judges' first impressions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.judged import Club, JudgedRun
from judgemark.metrics.effective_judges import effective_judges, residual_errors
from judgemark.metrics.ensemble_gain import on_common_cells, v4_gain, v4_of
from judgemark.redaction import without_shapes
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.result_types import ResultSection
from judgemark.scoring.run_tables import RunTables, tables_of
from judgemark.table.score_table import ScoreTable, build_table

LONGEST_TURN = 1500
"""The most characters of a turn of the example that are kept in the result."""


def club_section(
    run: JudgedRun, club: Club, tables: RunTables, seed: int, notes: Notes
) -> ResultSection:
    """Return the section of a book club: its turns, and its final scores beside the first ones.

    All comparisons rest on the pieces for which every member gave both. Figures that are undefined
    are None, and `notes` has the reasons.
    """
    before = tables_of(replace(run, judged=club.impressions, club=None))
    section: ResultSection = {
        "merit_rounds": club.merit_rounds,
        "scoring_rounds": club.scoring_rounds,
        **_turns(club),
        "example": None,
        "against_plain": None,
        "against_best": None,
    }
    numbers = [member.number for member in run.members]
    first, last = (
        [build_table(o for o in t.observations if o.member == n) for n in numbers]
        for t in (before, tables)
    )
    common = notes.attempt(
        "ensemble.club", lambda: on_common_cells([tables.v21, before.v21, *first, *last])
    )
    if common is None:
        return section
    final, plain = common[:2]
    first, last = common[2 : 2 + len(numbers)], common[2 + len(numbers) :]
    return section | {
        "example": _example(run, club, final, plain),
        "against_plain": notes.attempt(
            "ensemble.club.against_plain", lambda: v4_gain(final, plain, seed).to_json()
        ),
        "against_best": notes.attempt(
            "ensemble.club.against_best", lambda: _against_best(final, first, seed)
        ),
        "spread": [_spread(first), _spread(last)],
        "moved": [
            float(np.nanmean(np.abs(b.values - a.values))) for a, b in zip(first, last, strict=True)
        ],
        "effective_before": _number(first, seed, notes, "before"),
        "effective_after": _number(last, seed, notes, "after"),
    }


def _turns(club: Club) -> ResultSection:
    turns = [turn for told in club.turns.values() for turn in told]
    failed = Counter(turn.member + 1 for turn in turns if turn.words is None)
    return {
        "discussions": len(club.turns),
        "turns": len(turns),
        "turns_failed": failed.total(),
        "failed_by_judge": {str(member): count for member, count in sorted(failed.items())},
    }


def _against_best(final: ScoreTable, first: Sequence[ScoreTable], seed: int) -> ResultSection:
    scores: list[tuple[float, int]] = []
    for number, table in enumerate(first):
        try:
            scores.append((v4_of(table), -number))
        except UndefinedFigure:
            continue
    if not scores:
        raise UndefinedFigure("no member's first impressions have a v4 score")
    best = -max(scores)[1]
    return {"best_member": best + 1, **v4_gain(final, first[best], seed).to_json()}


def _spread(tables: Sequence[ScoreTable]) -> float:
    """Return the mean, over pieces, of the standard deviation of the members' scores."""
    stacked = np.array([table.values for table in tables])
    return float(np.nanmean(stacked.std(axis=0, ddof=1)))


def _number(tables: Sequence[ScoreTable], seed: int, notes: Notes, when: str) -> float | None:
    return notes.attempt(
        f"ensemble.club.effective_{when}",
        lambda: effective_judges(residual_errors(tables), seed).number,
    )


def _example(
    run: JudgedRun, club: Club, final: ScoreTable, plain: ScoreTable
) -> ResultSection | None:
    """Return the discussion of the piece whose joined score moved furthest."""
    moved = np.abs(final.values - plain.values)
    if not club.turns or np.isnan(moved).all():
        return None
    w, t, i = np.unravel_index(int(np.nanargmax(moved)), moved.shape)
    place = (final.writers[w], final.iterations[t], final.items[i])
    found = next((s for s in run.samples if (s.writer, s.iteration, s.item) == place), None)
    if found is None:
        return None
    told = club.turns.get((found.item, found.sha256, 0), ())
    return {
        **dict(zip(("writer", "iteration", "item"), place, strict=True)),
        "before": float(plain.values[w, t, i]),
        "after": float(final.values[w, t, i]),
        "turns": [
            {"stage": turn.stage, "judge": turn.member + 1, "words": _shown(turn.words)}
            for turn in told
        ],
    }


def _shown(words: str | None) -> str | None:
    if words is None:
        return None
    text = without_shapes(words)
    return text if len(text) <= LONGEST_TURN else text[:LONGEST_TURN] + " …"
