"""Holds the verdicts of a run together: one shape for each judge, and criteria that are shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from judgemark.judges.answers import SCORES
from judgemark.protocols.common_criteria import common_criteria
from judgemark.protocols.function_protocol import held_to_one_shape
from judgemark.protocols.reply_classes import restrict_to_criteria
from judgemark.records import Outcome, QuestionKey, Rubric, Verdict
from judgemark.run.counted_entries import CountedEntry
from judgemark.run.journal_entry import JournalEntry
from judgemark.table.item_scores import are_other_criteria


def is_function(protocol: Mapping[str, Any]) -> bool:
    """Return whether this is the protocol of functions and programs."""
    return bool(protocol["name"] == "function")


def held_to_run(
    found: dict[QuestionKey, CountedEntry], protocol: Mapping[str, Any], rubric: Rubric
) -> dict[QuestionKey, CountedEntry]:
    """Return the entries with outcomes of one shape for each judge, held to the run's criteria.

    What does not fit the others of the run counts as a failure.
    """
    for member, own in enumerate(protocol.get("members") or [protocol]):
        if is_function(own):
            keys = [key for key in found if key.slot.member == member]
            held = held_to_one_shape(found[key].outcome for key in keys)
            for key, outcome in zip(keys, held, strict=True):
                if outcome is not found[key].outcome:
                    found[key] = replace(found[key], outcome=outcome)
    return _restricted_to_criteria(found, protocol, rubric)


def _restricted_to_criteria(
    found: dict[QuestionKey, CountedEntry], protocol: Mapping[str, Any], rubric: Rubric
) -> dict[QuestionKey, CountedEntry]:
    """Return the verdicts restricted to the criteria that most of them name.

    In an ensemble each function may have criteria of its own. Judges that are shown the prompts
    share theirs; those of the rubric have been read by it already.
    """
    members = protocol.get("members") or ()
    alone = {number for number, own in enumerate(members) if is_function(own)}
    by_judge: dict[int | None, list[QuestionKey]] = {}
    for key in found:
        member = key.slot.member
        by_judge.setdefault(member if member in alone else None, []).append(key)
    held = dict(found)
    for judge, keys in by_judge.items():
        if rubric.criteria is not None and judge is None:
            continue
        names = common_criteria([scores for key in keys if (scores := _scores_of(found[key]))])
        for key in keys:
            scores = _scores_of(found[key])
            if rubric.criteria is None or (scores and are_other_criteria(scores, rubric.criteria)):
                held[key] = _restricted(found[key], names)
    return held


def _scores_of(counted: CountedEntry) -> Mapping[str, float] | None:
    return counted.outcome.scores if isinstance(counted.outcome, Verdict) else None


def _restricted(counted: CountedEntry, names: Sequence[str]) -> CountedEntry:
    """Return the entry with the outcomes of its reply and of its first reply under these
    criteria."""
    outcome = _restricted_outcome(counted.outcome, counted.entry, names)
    first = counted.first
    if first is not None:
        first = _restricted_outcome(first, counted.entry, names)
    return replace(counted, outcome=outcome, first=first)


def _restricted_outcome(outcome: Outcome, entry: JournalEntry, names: Sequence[str]) -> Outcome:
    if not isinstance(outcome, Verdict) or not outcome.scores:
        return outcome
    ending = entry.reply.finish_reason if entry.reply else None
    # Named scores come whole; their finish reason only tells that they are no text.
    ending = None if ending == SCORES else ending
    restricted = restrict_to_criteria(outcome.scores, names, ending)
    if isinstance(restricted, Verdict) and outcome.words is not None:
        return replace(restricted, words=outcome.words)
    return restricted
