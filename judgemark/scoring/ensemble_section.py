"""The `ensemble` section of a run with several judges: its members, and what joining them gains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from judgemark.damage.known_damage import damage_pairs
from judgemark.errors import UndefinedFigure
from judgemark.judged import JudgedRun, Member
from judgemark.metrics.effective_judges import (
    EffectiveJudges,
    answer_errors,
    effective_judges,
    residual_errors,
)
from judgemark.metrics.ensemble_gain import on_common_cells, v4_gain, v4_of
from judgemark.metrics.separability import cliffs_delta, omega_squared
from judgemark.metrics.validity.known_pair import KnownPair
from judgemark.records import Place
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.club_section import club_section
from judgemark.scoring.damage_reading import item_scores, scored_pairs
from judgemark.scoring.result_types import ResultSection
from judgemark.scoring.run_tables import RunTables
from judgemark.table.score_table import ScoreTable, build_table, mean

DAMAGE, RESIDUALS = "known damage", "residuals"
"""What errors are deviations from: the truth on known pairs, or the means of writer and item."""

UNEQUAL_SPREAD = 3.0
"""The widest scores of a member may vary this much more than the narrowest without a warning."""

_NO_PAIRS = "no piece is known to be a damaged version of another"


def ensemble_section(run: JudgedRun, tables: RunTables, seed: int, notes: Notes) -> ResultSection:
    """Return the section of a run with members.

    All figures but those of `members` rest on the pieces that every member scored. Figures that
    are undefined are None, and `notes` has the reasons.
    """
    alone = {m.number: _table_of(tables, m.number) for m in run.members}
    pairs = damage_pairs(run.samples)
    section: ResultSection = {
        "method": run.method,
        "members": [_member(m, alone[m.number], pairs) for m in run.members],
        "pieces_without_a_member": _without_a_member(alone),
    }
    if run.club is not None:
        section["club"] = club_section(run, run.club, tables, seed, notes)
    together = notes.attempt(
        "ensemble.gain", lambda: on_common_cells([tables.v21, *alone.values()])
    )
    if together is None:
        notes.reasons["ensemble.effective"] = notes.reasons["ensemble.gain"]
        return section | {"common_pieces": 0, "gain": None, "effective": None, "effective_by": {}}
    whole, *members = together
    effective = _effective(members, pairs, seed, notes)
    return section | {
        "common_pieces": int(np.count_nonzero(~np.isnan(whole.values))),
        "gain": notes.attempt("ensemble.gain", lambda: _gain(whole, members, seed)),
        "effective": next((found for found in effective.values() if found), None),
        "effective_by": {found["errors"]: found for found in effective.values() if found},
    }


def ensemble_warnings(section: Mapping[str, Any]) -> list[ResultSection]:
    """Return the warnings of an ensemble, each as {"kind", "text"}."""
    found = (("member_missing", _members_missing(section)), ("spread", _unequal_spread(section)))
    return [{"kind": kind, "text": text} for kind, text in found if text]


def _unequal_spread(section: Mapping[str, Any]) -> str:
    """Say which member's scores weigh most where their spreads differ much; else an empty text."""
    known = [m for m in section["members"] if m["std"]]
    if len(known) < 2:
        return ""
    wide, narrow = (pick(known, key=lambda m: float(m["std"])) for pick in (max, min))
    if wide["std"] < UNEQUAL_SPREAD * narrow["std"]:
        return ""
    return (
        f"the scores of member {wide['member']} ({wide['spec']}) vary "
        f"{wide['std'] / narrow['std']:.0f} times as much as those of member {narrow['member']} "
        f"({narrow['spec']}): the joined scores follow mostly member {wide['member']}"
    )


def _members_missing(section: Mapping[str, Any]) -> str:
    """Say how many item scores lack a member; an empty text where none does."""
    lacking = section["pieces_without_a_member"]
    if not lacking:
        return ""
    return (
        f"{lacking} item {'score lacks' if lacking == 1 else 'scores lack'} a member: "
        "the others alone are joined there, so that these scores are not quite comparable"
    )


def _table_of(tables: RunTables, member: int) -> ScoreTable:
    return build_table(o for o in tables.observations if o.member == member)


def _without_a_member(alone: Mapping[int, ScoreTable]) -> int:
    """Count the places that some members have scored and some have not."""
    scored: Counter[Place] = Counter(place for t in alone.values() for place in item_scores(t))
    return sum(members < len(alone) for members in scored.values())


def _member(member: Member, table: ScoreTable, pairs: Sequence[KnownPair]) -> ResultSection:
    scores = table.values[~np.isnan(table.values)]
    spent = member.spent
    return {
        "member": member.number + 1,
        "spec": member.spec,
        "kind": member.kind,
        "endpoint": member.endpoint,
        "source": member.source,
        "pieces": len(scores),
        "v4": _or_none(lambda: v4_of(table)),
        "omega_squared": _or_none(lambda: omega_squared(table)),
        "cliffs_delta": _or_none(lambda: cliffs_delta(table)),
        "mean": float(scores.mean()) if len(scores) else None,
        "std": float(scores.std(ddof=1)) if len(scores) > 1 else None,
        "damage_accuracy": _accuracy(_answers(table, pairs)),
        "failed": member.failed,
        "requests": spent.requests,
        "prompt_tokens": spent.prompt_tokens,
        "completion_tokens": spent.completion_tokens,
        "cost": spent.cost,
        "seconds": spent.seconds,
    }


def _or_none(figure: Callable[[], float]) -> float | None:
    try:
        return figure()
    except UndefinedFigure:
        return None


def _answers(table: ScoreTable, pairs: Sequence[KnownPair]) -> list[float | None]:
    return [one.right for one in scored_pairs(pairs, item_scores(table))]


def _accuracy(right: Sequence[float | None]) -> float | None:
    known = [value for value in right if value is not None]
    return mean(known) if known else None


def _gain(whole: ScoreTable, members: Sequence[ScoreTable], seed: int) -> ResultSection:
    """Return the gain over the member with the highest v4 score on the common pieces."""
    scores = [_or_none(partial(v4_of, table)) for table in members]
    known = [(score, -n) for n, score in enumerate(scores) if score is not None]
    if not known:
        raise UndefinedFigure("no member has a v4 score on the pieces that all members scored")
    best = -max(known)[1]
    gain = v4_gain(whole, members[best], seed).to_json()
    return {
        "best_member": best + 1,
        "ensemble": gain.pop("first"),
        "best": gain.pop("second"),
    } | gain


def _effective(
    members: Sequence[ScoreTable], pairs: Sequence[KnownPair], seed: int, notes: Notes
) -> dict[str, ResultSection | None]:
    """Return the effective number of judges by both kinds of errors, the surer one first."""

    def on_pairs() -> EffectiveJudges:
        if not pairs:
            raise UndefinedFigure(_NO_PAIRS)
        right = [_answers(table, pairs) for table in members]
        return effective_judges(answer_errors(right, [pair.cluster for pair in pairs]), seed)

    def on_scores() -> EffectiveJudges:
        return effective_judges(residual_errors(members), seed)

    found: dict[str, ResultSection | None] = {}
    for name, number in ((DAMAGE, on_pairs), (RESIDUALS, on_scores)):
        one = notes.attempt(f"ensemble.effective_by.{name}", number)
        found[name] = {"errors": name, "members": len(members)} | one.to_json() if one else None
    if not any(found.values()):
        notes.reasons["ensemble.effective"] = notes.reasons[f"ensemble.effective_by.{RESIDUALS}"]
    return found
