"""Build score tables from a judged run; nothing after this depends on the kind of judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judgemark.judged import JudgedRun, has_probabilities
from judgemark.metrics.criteria import GivenScores
from judgemark.metrics.criterion_weights import CriterionWeights, rank_weights
from judgemark.metrics.scorecards import OWN_SCALE, RATINGS_HAVE_NO_RAW, UNDECLARED_RANGE
from judgemark.protocols.common_criteria import common_criteria
from judgemark.records import RANKED, Criterion, Place, Sample
from judgemark.table.item_scores import (
    ITEM_RULES,
    fold_name,
    item_scores,
    scores_other_criteria,
)
from judgemark.table.member_joining import ENSEMBLE_METHODS, Reduce
from judgemark.table.score_table import Observation, ScoreTable, build_table


@dataclass(frozen=True)
class RunTables:
    """The score tables of a run under the item rules of v2 and v2.1, and their observations.

    `observations` are those of v2.1. `unscored` counts, by rule, the judged pieces whose verdict
    has too few valid criteria.
    """

    v2: ScoreTable
    v21: ScoreTable
    observations: tuple[Observation, ...]
    unscored: Mapping[str, int]
    across_members: Reduce


def tables_of(run: JudgedRun) -> RunTables:
    """Return the score tables of a run."""
    join = ENSEMBLE_METHODS[run.method]
    scored = _observations(run)
    return RunTables(
        build_table(scored["v2"], join),
        build_table(scored["v2.1"], join),
        tuple(scored["v2.1"]),
        {name: len(run.judged) - len(found) for name, found in scored.items()},
        join,
    )


def _observations(run: JudgedRun) -> dict[str, list[Observation]]:
    """Return the observations of a run under each item rule; too few valid criteria give none."""
    found: dict[str, list[Observation]] = {name: [] for name in ITEM_RULES}
    rubric, weights = run.rubric, _criterion_weights(run)
    ranges = {member.number: member.single_range for member in run.members}
    for j in run.judged:
        if j.value is None:
            values = item_scores(j.scores or {}, rubric, weights.get(j.item))
        elif (declared := ranges.get(j.member, rubric.single_range)) is not None:
            values = {name: rule.place(j.value, *declared) for name, rule in ITEM_RULES.items()}
        else:
            values = dict.fromkeys(ITEM_RULES, j.value)
        for name, value in values.items():
            found[name].append(
                Observation(j.writer, j.iteration, j.item, j.member, j.repeat, value, j.text_sha256)
            )
    return found


def _criterion_weights(run: JudgedRun) -> CriterionWeights:
    """Return the weights of criteria by item; none for a run whose criteria all count alike."""
    if run.score_method != RANKED or not has_probabilities(run):
        return {}
    criteria = criteria_of(run)
    scale = (run.rubric.scoring_min, run.rubric.scoring_max)
    return rank_weights(sheets_of(run, criteria), criteria, scale)


def no_raw_scale(run: JudgedRun) -> str:
    """Say why raw v2 and v2.1 do not apply to the run's scores; empty where they do."""
    if run.ratings:
        return RATINGS_HAVE_NO_RAW
    if run.undeclared_range:
        return UNDECLARED_RANGE
    return OWN_SCALE if run.own_scale else ""


def baseline_table(samples: Sequence[Sample], values: Sequence[float]) -> ScoreTable:
    """Return the table of a judge that gives each sample one number."""
    return build_table(
        Observation(s.writer, s.iteration, s.item, 0, 0, v, s.sha256)
        for s, v in zip(samples, values, strict=True)
    )


def judged_samples(run: JudgedRun) -> list[Sample]:
    """Return the samples that have a verdict, in the run's order."""
    places = {(j.writer, j.iteration, j.item) for j in run.judged}
    return [s for s in run.samples if (s.writer, s.iteration, s.item) in places]


def criteria_of(run: JudgedRun) -> tuple[Criterion, ...]:
    """Return the run's criteria: those of its prompt set, else the names in most verdicts.

    Where the names come from verdicts, the marker list of v2.1 decides which criteria are
    negative. The result is () for judges without criteria.
    """
    if run.rubric.criteria is not None:
        return run.rubric.criteria if any(j.scores for j in run.judged) else ()
    names = common_criteria([j.scores for j in run.judged if j.scores])
    rule = ITEM_RULES["v2.1"]
    return tuple(Criterion(name, rule.is_negative(name)) for name in names)


def sheets_of(run: JudgedRun, criteria: Sequence[Criterion]) -> tuple[GivenScores, ...]:
    """Return the valid criterion scores of every verdict, with the criteria's own spelling."""
    spelt = {fold_name(c.name): c.name for c in criteria}
    low, high = run.rubric.scoring_min, run.rubric.scoring_max
    return tuple(
        GivenScores(
            j.writer,
            j.iteration,
            j.item,
            {
                spelt[fold_name(name)]: score
                for name, score in j.scores.items()
                if fold_name(name) in spelt and low <= score <= high
            },
            j.member,
            j.repeat,
        )
        for j in run.judged
        if j.scores and not scores_other_criteria(j.scores, run.rubric)
    )


def lengths_of(run: JudgedRun) -> dict[Place, int]:
    """Return the length in characters of each judged piece where it is known."""
    return {
        (j.writer, j.iteration, j.item): j.text_length
        for j in run.judged
        if j.text_length is not None
    }
