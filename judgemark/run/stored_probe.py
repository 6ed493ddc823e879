"""A stored run of probes, read from its folder alone: the answers of every arm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from judgemark.inputs.validation import validated
from judgemark.judged import Judged, JudgedRun, Unjudged
from judgemark.probes.compared_contrasts import DRIFT, FIRST, FLIPS, ArmPreferences, Passes
from judgemark.probes.measured_contrast import ArmScores
from judgemark.probes.probe_arm import PLAIN
from judgemark.protocols.pairwise_protocol import PASSES
from judgemark.records import Failure, Outcome, Place, QuestionKey, Rubric, Verdict
from judgemark.run.armed_entries import counted_arms
from judgemark.run.counted_entries import CountedEntry, digest
from judgemark.run.folder import DRAWN, RunFolder
from judgemark.run.journal import read_entries
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.kind_of_run import is_pairwise, kind_of
from judgemark.run.stored_answers import StoredAnswers, read_answers
from judgemark.run.stored_facts import stored_facts
from judgemark.run.stored_pairwise_run import counted_answers, pairwise_of
from judgemark.run.stored_run import rubric_of
from judgemark.table.item_scores import ITEM_RULES, ItemRule, valid_scores

LOW, HIGH = 0.0, 10.0
GIVEN_EFFECTS = "kin"
"""The name, in stored runs, of the effects that runs of other judges gave."""
OF_PLAIN = (FIRST, FLIPS, DRIFT)
"""The contrasts that the plain answers give, once or twice asked."""

_RULE: ItemRule = ITEM_RULES["v2.1"]


class _StoredArm(BaseModel):
    model_config = ConfigDict(extra="ignore")
    ends: tuple[float, float]
    later: bool
    asked: list[tuple[str, str, str, str]]


class _StoredDraw(BaseModel):
    model_config = ConfigDict(extra="ignore")
    probes: list[str]
    absent: dict[str, str]
    given: dict[str, list[float]] = Field({}, alias=GIVEN_EFFECTS)


class _ScoredDraw(_StoredDraw):
    arms: dict[str, _StoredArm]


class _ComparedDraw(_StoredDraw):
    arms: dict[str, list[tuple[int, int | None, int, str, int]]]


_ANY = TypeAdapter(_StoredDraw)
_SCORED, _COMPARED = TypeAdapter(_ScoredDraw), TypeAdapter(_ComparedDraw)


@dataclass(frozen=True)
class StoredProbe:
    """What a run of probes asked and what it was answered.

    `arms` holds the answers by arm. `units` counts the plain pieces, or pairs of them. `served`
    has the names under which the endpoint answered, at first and in the repeats. `given_effects`
    has, by item, the effects of the contrasts that runs of other judges gave.
    """

    answers: StoredAnswers
    probes: tuple[str, ...]
    arms: ArmScores | ArmPreferences
    units: int
    given_effects: Mapping[str, Sequence[float]]
    served: tuple[tuple[str, ...], tuple[str, ...]]


def read_probe(folder: RunFolder) -> StoredProbe:
    """Read a run of probes; replies are parsed again, and no judge is asked.

    Raises InputError where a file is damaged.
    """
    return _read_compared(folder) if is_pairwise(folder.spec()) else _read_scored(folder)


def stored_effects(folder: RunFolder) -> Mapping[str, Sequence[float]]:
    """Return the effects of a run of probes that runs of other judges gave, by contrast and item.

    Raises InputError where the file is damaged.
    """
    draw: _StoredDraw = _draw(folder, _ANY)
    return {key: effects for key, effects in draw.given.items() if effects}


def _draw(folder: RunFolder, adapter: TypeAdapter[Any]) -> Any:
    path = folder.path / DRAWN
    return validated(adapter, folder.drawn(), path, fix="restore it from a copy",
                     summary="is not the draw of a run of probes")  # fmt: skip


def _read_scored(folder: RunFolder) -> StoredProbe:
    draw: _ScoredDraw = _draw(folder, _SCORED)
    spec = folder.spec()
    base = rubric_of(spec)
    rubrics = {
        key: Rubric(*arm.ends, base.criteria, base.single_range) for key, arm in draw.arms.items()
    }
    by_question = {row[3]: rubrics[key] for key, arm in draw.arms.items() for row in arm.asked}
    protocol = spec["fingerprint"]["protocol"]
    entries = list(read_entries(folder.journal))
    found = counted_arms(entries, protocol, base, by_question)
    given = _by_question(found)
    scores: dict[str, dict[Place, float]] = {key: {} for key in draw.arms}
    rows: list[tuple[str, Place, CountedEntry]] = []
    for key, arm in draw.arms.items():
        for writer, iteration, item, question in arm.asked:
            counted = given.get((question, int(arm.later)))
            if counted is None:
                continue
            rows.append((key, (writer, iteration, item), counted))
            score = piece_score(counted.outcome, rubrics[key])
            if score is not None:
                scores[key][writer, iteration, item] = score
    asked = {key: len(arm.asked) for key, arm in draw.arms.items()}
    own_scale = base.single_range is None and any(_is_number(f.outcome) for f in found.values())
    run = _run_of(folder, entries, found, base, rows)
    return StoredProbe(
        StoredAnswers(kind_of(spec), run, folder.drawn(), None),
        tuple(draw.probes),
        ArmScores(scores, asked, draw.absent, own_scale),
        asked[PLAIN],
        draw.given,
        _served(found.values()),
    )


def _read_compared(folder: RunFolder) -> StoredProbe:
    draw: _ComparedDraw = _draw(folder, _COMPARED)
    asking = pairwise_of(folder.spec(), folder.instructions())
    given = _by_question(counted_answers(read_entries(folder.journal), asking))
    shown: dict[tuple[str, int | None, int, int], dict[int, float]] = defaultdict(dict)
    for arm, rows in draw.arms.items():
        for number, changed, first_shown, question, repeat in rows:
            counted = given.get((question, repeat))
            outcome = counted.outcome if counted else None
            if isinstance(outcome, Verdict) and outcome.preference is not None:
                shown[arm, changed, number, repeat][first_shown] = outcome.preference
    plain, repeated = (_passes(shown, repeat) for repeat in (0, 1))
    changed_pairs = {arm: _changed(shown, arm) for arm in draw.arms if arm != PLAIN}
    units = len({row[0] for row in draw.arms[PLAIN]})
    asked = {arm: len({row[0] for row in rows}) for arm, rows in draw.arms.items()}
    asked |= dict.fromkeys(OF_PLAIN, units)
    return StoredProbe(
        read_answers(folder),
        tuple(draw.probes),
        ArmPreferences(plain, repeated, changed_pairs, asked, draw.absent),
        units,
        draw.given,
        _served(given.values()),
    )


def _by_question(
    found: Mapping[QuestionKey, CountedEntry],
) -> dict[tuple[str, int], CountedEntry]:
    return {(key.question, key.slot.repeat): counted for key, counted in found.items()}


def _passes(
    shown: Mapping[tuple[str, int | None, int, int], Mapping[int, float]], wanted: int
) -> dict[str, Passes]:
    """P(A) of both passes of the plain pairs, of which both are known."""
    return {
        _name(number): (both[0], both[1])
        for (arm, _, number, repeat), both in shown.items()
        if arm == PLAIN and repeat == wanted and len(both) == len(PASSES)
    }


def _changed(
    shown: Mapping[tuple[str, int | None, int, int], Mapping[int, float]], wanted: str
) -> dict[str, tuple[float, float]]:
    """P(the changed piece is better), averaged over both orders, with each piece changed."""
    better: dict[int, dict[int, float]] = defaultdict(dict)
    for (arm, changed, number, _), both in shown.items():
        if arm == wanted and changed is not None and len(both) == len(PASSES):
            better[number][changed] = (both[changed] + 1.0 - both[1 - changed]) / 2.0
    return {
        _name(number): (found[0], found[1])
        for number, found in better.items()
        if len(found) == len(PASSES)
    }


def _name(number: int) -> str:
    return f"{number:06}"


def piece_score(outcome: Outcome, rubric: Rubric) -> float | None:
    """Return the score of a piece in points of 0..10, higher is better; None without a verdict.

    Criterion scores are inverted and averaged as for v2.1, and their mean is mapped linearly from
    the ends of the rubric, without rounding. One number is mapped from its declared range; where
    none is declared it stays as it is.
    """
    if not isinstance(outcome, Verdict):
        return None
    if outcome.value is not None:
        if rubric.single_range is None:
            return outcome.value
        return _in_points(outcome.value, *rubric.single_range)
    valid = valid_scores(outcome.scores or {}, rubric, _RULE)
    if len(valid) < _RULE.fewest:
        return None
    return _in_points(sum(valid) / len(valid), rubric.scoring_min, rubric.scoring_max)


def _in_points(value: float, low: float, high: float) -> float:
    return LOW + (value - low) * ((HIGH - LOW) / (high - low))


def _is_number(outcome: Outcome) -> bool:
    return isinstance(outcome, Verdict) and outcome.value is not None


def _served(found: Iterable[CountedEntry]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names that came with the replies, sorted: of first answers, and of repeats."""
    names: tuple[set[str], set[str]] = (set(), set())
    for counted in found:
        reply = counted.entry.reply
        if reply is not None and reply.judge_name:
            names[min(counted.entry.key.slot.repeat, 1)].add(reply.judge_name)
    return tuple(sorted(names[0])), tuple(sorted(names[1]))


def _run_of(
    folder: RunFolder,
    entries: Sequence[JournalEntry],
    found: Mapping[QuestionKey, CountedEntry],
    rubric: Rubric,
    rows: Iterable[tuple[str, Place, CountedEntry]],
) -> JudgedRun:
    """Return the run with the verdicts of its plain arm, and the failures of all arms."""
    spec, samples = folder.spec(), folder.samples()
    judged: list[Judged] = []
    unjudged: list[Unjudged] = []
    for arm, (writer, iteration, item), counted in rows:
        outcome = counted.outcome
        if isinstance(outcome, Failure):
            shown = writer if arm == PLAIN else f"{writer} [{arm}]"
            unjudged.append(Unjudged(shown, iteration, item, outcome.cls, outcome.reason))
        elif arm == PLAIN:
            judged.append(Judged(writer, iteration, item, 0, 0, outcome.scores, outcome.value))
    return stored_facts(
        folder,
        spec,
        samples,
        found,
        entries,
        verdicts_sha256=digest(found.values()),
        rubric=rubric,
        judged=judged,
        unjudged=unjudged,
    )
