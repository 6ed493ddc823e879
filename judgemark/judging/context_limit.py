"""Pairs that are too long for the judge's context: they stop the run or are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from judgemark.judges.judge_kind import LengthCheck
from judgemark.judges.rendering import TooLong, refuse_too_long
from judgemark.protocols.judging_protocol import Plan
from judgemark.protocols.stored_words import TOO_LONG
from judgemark.records import Class, Failure, Outcome, Question, QuestionKey, Usage
from judgemark.run.journal import Journal, read_entries
from judgemark.run.journal_entry import JournalEntry


def within_context(plan: Plan, check: LengthCheck, journal: Journal, *, skip: bool) -> Plan:
    """Return a plan without the questions that are too long for the judge's context.

    With `skip`, each of them is recorded in the journal, once, as a question without a verdict.
    Without it, the first wave that contains one raises UsageError before any of it is asked.
    """
    out: dict[QuestionKey, Outcome] = {}
    try:
        wave = next(plan)
        while True:
            unasked = [q for q in wave if q.key not in journal.good]
            found = check(unasked)
            if not skip:
                refuse_too_long(found)
            out |= _left_out(found, journal)
            fits = [q for q in wave if q.key not in out]
            outcomes = (yield fits) if fits else {}
            wave = plan.send({**outcomes, **_of(wave, out)})
    except StopIteration:
        return
    finally:
        plan.close()


def _of(wave: Sequence[Question], out: Mapping[QuestionKey, Outcome]) -> dict[QuestionKey, Outcome]:
    return {q.key: out[q.key] for q in wave if q.key in out}


def _left_out(found: Sequence[TooLong], journal: Journal) -> dict[QuestionKey, Outcome]:
    if not found:
        return {}
    known = {e.key for e in read_entries(journal.path) if not e.outcome.cls.good}
    out: dict[QuestionKey, Outcome] = {}
    for one in found:
        failure = Failure(Class.ERROR, f"{TOO_LONG}{one}")
        out[one.key] = failure
        if one.key not in known:
            journal.append(_entry(one, failure))
    return out


def _entry(one: TooLong, failure: Failure) -> JournalEntry:
    return JournalEntry(
        key=one.key,
        item=one.question.item,
        texts={role: s.sha256 for role, s in one.question.pieces.items()},
        outcome=failure,
        reply=None,
        attempts=0,
        first_class=None,
        seconds=0.0,
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        usage=Usage(),
    )
