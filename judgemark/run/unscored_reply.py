"""Says what a reply that cannot be scored looked like, which limit ended it, and what helps."""

from __future__ import annotations

from judgemark.records import Class, Failure
from judgemark.run.attempts import advice
from judgemark.run.journal_entry import JournalEntry

_LONGEST_START = 120
_FORMAT_HELPS = "‹structured› auto asks for a JSON schema, which small judges follow better"


def described(entry: JournalEntry, max_tokens: int | None, *, takes_schema: bool) -> str:
    """Return a sentence about a failed question, for the terminal.

    `max_tokens` is the most tokens that a reply was allowed; None where that is not known. Which
    limit ended a reply is told from the tokens that the endpoint reports for a single request.
    `takes_schema` says that ‹structured› works with the judge.
    """
    outcome = entry.outcome
    if not isinstance(outcome, Failure):
        return ""
    parts = [f"{outcome.cls.value}, {outcome.reason}"]
    if outcome.cls is Class.TRUNCATED:
        parts.append(_limit(entry, max_tokens, takes_schema=takes_schema) or advice(outcome.cls))
    elif outcome.cls is Class.UNPARSEABLE and takes_schema:
        parts.append(_FORMAT_HELPS)
    elif advice(outcome.cls):
        parts.append(advice(outcome.cls))
    text = " ".join((entry.reply.text if entry.reply else "").split())
    if text:
        start = text if len(text) <= _LONGEST_START else text[:_LONGEST_START] + "…"
        parts.append(f"the reply begins “{start}”")
    return "; ".join(parts)


def _limit(entry: JournalEntry, max_tokens: int | None, *, takes_schema: bool) -> str:
    prompt, completion = entry.usage.prompt_tokens, entry.usage.completion_tokens
    if entry.attempts != 1 or completion is None:
        return ""
    if max_tokens is not None and completion >= max_tokens:
        shorter = ", or ‹structured› auto, which makes replies short" if takes_schema else ""
        return f"‹max_tokens› {max_tokens:,} ended it: give a larger one{shorter}"
    together = ""
    own_limit = ""
    if prompt is not None:
        own_limit = f"; if it is larger than that, the server ends replies at {completion:,} tokens"
        together = f" of {prompt + completion:,} tokens ({prompt:,} prompt + {completion:,} reply)"
    shorter = ", or ask for short replies with ‹structured› auto" if takes_schema else ""
    helps = f"serve it with a larger context{shorter}{own_limit}"
    return f"the judge's context{together} was full: {helps}"
