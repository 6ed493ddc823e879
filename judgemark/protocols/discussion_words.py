"""Reads what a judge says in a discussion: words, not scores."""

from __future__ import annotations

from dataclasses import replace

from judgemark.protocols.finish_reasons import FinishKind, ending_failure, finish_kind
from judgemark.protocols.reasoning import visible_text
from judgemark.records import Class, Failure, Outcome, Verdict


def discussion_outcome(text: str, finish_reason: str | None) -> Outcome:
    """Return the words of a reply without its hidden reasoning.

    Words that were cut off at the token limit can be discussed as well and are `partial`. A reply
    without words is a failure, and so is one that a filter or a fault cut short.
    """
    words = visible_text(text).strip()
    if finish_kind(finish_reason) is FinishKind.TRUNCATED and words:
        return Verdict(Class.PARTIAL, words=words)
    failure = ending_failure(finish_reason)
    if failure is not None:
        return failure
    if not words:
        return Failure(Class.EMPTY, "the judge said nothing")
    return Verdict(Class.OK, words=words)


def with_words(outcome: Outcome, text: str) -> Outcome:
    """Return the outcome of scores with the words of the reply, which the judge is shown again."""
    if isinstance(outcome, Failure):
        return outcome
    return replace(outcome, words=visible_text(text).strip())
