"""Decide the outcome class of a reply from the scores that were read in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from judgemark.protocols.finish_reasons import ending_failure, is_unclear
from judgemark.records import Class, Failure, Verdict
from judgemark.table.item_scores import FEWEST, fold_name

# A refusal stands at the beginning; an analysis may say "I cannot help but admire" later.
_OPENING = 600
_CANNOT = r"(?:cannot|can not|can't|could not|won't|will not|(?:am |are |'m |'re )?unable to)"
_TASK = (
    r"(?:assist|help(?! but)|comply|continue|engage|evaluat|rate\b|rating|scor|judge|review|"
    r"assess|provide|fulfil|process|analy[sz]|discuss|grad|do (?:that|this|so)\b)"
)
_REFUSALS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:I|we) ?(?:\w+ )?{_CANNOT}\b.{{0,40}}?\b{_TASK}",
        rf"^\W*(?:sorry|unfortunately)\b.{{0,60}}?\b{_CANNOT}\b.{{0,40}}?\b{_TASK}",
        r"\bI(?:'m| am) not (?:able|willing|comfortable)\b",
        r"\bI (?:must |have to |respectfully )*(?:decline|refuse)\b",
        r"\b(?:against|violat\w{1,4}|prohibited by) .{0,30}?\b(?:guideline|polic|terms of)",
    )
)
_QUOTES = str.maketrans("’‘", "''")


@dataclass(frozen=True, slots=True)
class ReadScores:
    """What was read in one reply.

    `said` is the reply without hidden reasoning. `scores` maps criteria to valid scores, as given
    (not inverted), in the order in which they were first named; `left_out` maps criteria to what
    stood there instead of a valid score (`N/A`, `30`, `3/5`). `aside` holds numbers beside names
    that are no criteria. `places` says where in `said` the value of each valid score stands.
    """

    said: str
    scores: Mapping[str, float]
    left_out: Mapping[str, str]
    aside: Mapping[str, float]
    places: Mapping[str, int] = field(default_factory=dict)


def classify(
    read: ReadScores, finish_reason: str | None, criteria: int | None
) -> Verdict | Failure:
    """Return the outcome of a reply; `criteria` is how many the rubric has, None where unknown.

    Good are `ok` (every criterion scored; without known criteria, five names) and `partial` (at
    least five scored). A reply that a limit, a filter or a fault cut off is never good, whatever
    it holds; one whose finish reason is unclear is good only if every criterion is scored.
    """
    failure = ending_failure(finish_reason, _found_before_the_end(len(read.scores)))
    if failure is not None:
        return failure
    if not read.said.strip():
        return Failure(Class.EMPTY, "the reply holds nothing, or hidden reasoning alone")
    verdict = _graded(read.scores, criteria)
    if verdict is not None:
        return _if_whole(verdict, finish_reason, criteria)
    refusal = None if read.scores else _refusal(read.said)
    if refusal is not None:
        return Failure(Class.REFUSED, f"the judge declined: “{refusal}”")
    return Failure(Class.UNPARSEABLE, _shortage(read, criteria))


def restrict_to_criteria(
    scores: Mapping[str, float], criteria: Sequence[str], finish_reason: str | None = None
) -> Verdict | Failure:
    """Return the outcome of a reply once its `criteria` are known, from all scores read in it.

    Where no rubric names criteria they are found in all replies together (`common_criteria`).
    Names are matched after folding and take the spelling of `criteria`; others are dropped.
    """
    spelt = {fold_name(name): name for name in criteria}
    kept = {
        spelt[folded]: score
        for name, score in scores.items()
        if (folded := fold_name(name)) in spelt
    }
    verdict = _graded(kept, len(criteria))
    if verdict is not None:
        return _if_whole(verdict, finish_reason, len(criteria))
    return Failure(Class.UNPARSEABLE, _count(len(kept), len(criteria)))


def _if_whole(
    verdict: Verdict, finish_reason: str | None, criteria: int | None
) -> Verdict | Failure:
    """Return a failure for a partial verdict whose reply may have been cut off."""
    if verdict.cls is not Class.PARTIAL or not is_unclear(finish_reason):
        return verdict
    return Failure(
        Class.UNPARSEABLE,
        f"{_count(len(verdict.scores or {}), criteria)}, and the finish reason “{finish_reason}” "
        "does not say that the reply is whole",
    )


def _graded(scores: Mapping[str, float], criteria: int | None) -> Verdict | None:
    if criteria is None:
        return Verdict(Class.OK, scores) if len(scores) >= FEWEST else None
    if criteria and len(scores) >= criteria:
        return Verdict(Class.OK, scores)
    return Verdict(Class.PARTIAL, scores) if len(scores) >= FEWEST else None


def _found_before_the_end(scored: int) -> str:
    return f", after {scored} scores" if scored else ", before any score"


def _refusal(said: str) -> str | None:
    opening = " ".join(said[:_OPENING].translate(_QUOTES).split())
    for pattern in _REFUSALS:
        found = pattern.search(opening)
        if found is not None:
            return found[0]
    return None


def _count(scored: int, criteria: int | None) -> str:
    if criteria is None:
        return f"{scored} scores found; {FEWEST} are needed"
    return f"{scored} of {criteria} criteria scored; {min(FEWEST, criteria)} are needed"


def _shortage(read: ReadScores, criteria: int | None) -> str:
    reason = _count(len(read.scores), criteria)
    if read.left_out:
        name, given = next(iter(read.left_out.items()))
        reason += f"; {len(read.left_out)} without a valid score (“{name}: {given}”)"
    if read.aside and criteria is not None:
        reason += f"; {len(read.aside)} under other names (“{next(iter(read.aside))}”)"
    return reason
