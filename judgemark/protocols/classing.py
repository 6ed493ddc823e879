"""What was found in a reply becomes a classed outcome."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from judgemark.records import Class, Failure, Verdict
from judgemark.table.item_scores import fold_name

FEWEST = 5
"""Valid criterion scores that make a reply good although it leaves criteria out."""

# A refusal is said at once; an analysis may say "I cannot help but admire" anywhere.
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
class Parsed:
    """What one reply holds.

    `said` is the reply without hidden reasoning. `scores` maps criteria to valid scores, as given
    (not inverted), in the order in which they were first named; `left_out` maps criteria to what
    stood there instead of a valid score (`N/A`, `30`, `3/5`). `aside` holds numbers beside names
    that are no criteria.
    """

    said: str
    scores: Mapping[str, float]
    left_out: Mapping[str, str]
    aside: Mapping[str, float]


def classify(parsed: Parsed, finish_reason: str | None, criteria: int | None) -> Verdict | Failure:
    """The outcome of a reply; `criteria` is how many the rubric has, None where it names none.

    Good are `ok` (every criterion scored; without known criteria, five names) and `partial` (at
    least five scored). A reply that the token limit cut off is never good, whatever it holds.
    """
    if finish_reason == "length":
        return Failure(Class.TRUNCATED, _truncated(len(parsed.scores)))
    if finish_reason == "content_filter":
        return Failure(Class.REFUSED, "stopped by the endpoint's content filter")
    if not parsed.said.strip():
        return Failure(Class.EMPTY, "nothing in the reply, or hidden reasoning alone")
    verdict = _graded(parsed.scores, criteria)
    if verdict is not None:
        return verdict
    refusal = None if parsed.scores else _refusal(parsed.said)
    if refusal is not None:
        return Failure(Class.REFUSED, f"the judge declined: “{refusal}”")
    return Failure(Class.UNPARSEABLE, _shortage(parsed, criteria))


def common_criteria(replies: Iterable[Mapping[str, float]]) -> tuple[str, ...]:
    """The names that at least half of the scored replies give, where no rubric names them.

    Names are counted after folding and shown in their most common spelling (of two equally
    common ones the first in code point order), in the order of their mean place in the replies.
    Neither depends on the order of the replies. Replies without scores do not count; no scored
    replies give ().
    """
    scored = 0
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    places: Counter[str] = Counter()
    for scores in replies:
        scored += bool(scores)
        for place, name in enumerate(scores):
            folded = fold_name(name)
            spellings[folded][name] += 1
            places[folded] += place
    given = {folded: counts.total() for folded, counts in spellings.items()}
    common = [folded for folded, n in given.items() if 2 * n >= scored]
    common.sort(key=lambda folded: (places[folded] / given[folded], folded))
    return tuple(
        min(spellings[folded].items(), key=lambda spelt: (-spelt[1], spelt[0]))[0]
        for folded in common
    )


def hold_to(scores: Mapping[str, float], criteria: Sequence[str]) -> Verdict | Failure:
    """A reply's scores held to `criteria` that were found afterwards, and classed anew.

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
        return verdict
    return Failure(Class.UNPARSEABLE, _count(len(kept), len(criteria)))


def _graded(scores: Mapping[str, float], criteria: int | None) -> Verdict | None:
    if criteria is None:
        return Verdict(Class.OK, scores) if len(scores) >= FEWEST else None
    if criteria and len(scores) >= criteria:
        return Verdict(Class.OK, scores)
    return Verdict(Class.PARTIAL, scores) if len(scores) >= FEWEST else None


def _truncated(scored: int) -> str:
    found = f", after {scored} scores" if scored else ", before any score"
    return f"cut off at the token limit{found}"


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


def _shortage(parsed: Parsed, criteria: int | None) -> str:
    reason = _count(len(parsed.scores), criteria)
    if parsed.left_out:
        name, given = next(iter(parsed.left_out.items()))
        reason += f"; {len(parsed.left_out)} without a valid score (“{name}: {given}”)"
    if parsed.aside and criteria is not None:
        reason += f"; {len(parsed.aside)} under other names (“{next(iter(parsed.aside))}”)"
    return reason
