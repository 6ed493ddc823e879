"""Reuse another run's verdicts: they are looked up before a question is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from judgemark.errors import UsageError
from judgemark.judges.base import Json
from judgemark.protocols.judging_protocol import Plan
from judgemark.records import QuestionKey, Sample, Usage
from judgemark.redaction import Scrubber
from judgemark.run.folder import RunFolder, differences
from judgemark.run.journal import Journal, read_entries
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.kind_of_run import is_pairwise


def check_reused_run(
    reused_run: RunFolder,
    judge: Mapping[str, Json],
    protocol: Mapping[str, Json],
    instructions: Mapping[str, str],
) -> None:
    """Raise UsageError, with what differs, if the other run answered different questions.

    The judge, the protocol (apart from the tournament) and the writing prompts of shared items
    must be the same.
    """
    spec = reused_run.spec()
    if not is_pairwise(spec):
        raise UsageError(f'‹verdicts›: run "{reused_run.run_id}" is not a pairwise run; name one')
    theirs = reused_run.instructions()
    shared = theirs.keys() & instructions.keys()
    if not shared:
        raise UsageError(
            f'‹verdicts›: run "{reused_run.run_id}" has no item in common with this one; '
            "leave ‹verdicts› out"
        )
    scrubber = Scrubber()
    changed = differences(
        {
            "judge": scrubber.value(spec["fingerprint"]["judge"]),
            "protocol": _asking(spec["fingerprint"]["protocol"]),
            "writing prompts": {item: theirs[item] for item in shared},
        },
        {
            "judge": scrubber.value(judge),
            "protocol": _asking(protocol),
            "writing prompts": {item: instructions[item] for item in shared},
        },
    )
    if changed:
        raise UsageError(
            f'‹verdicts›: run "{reused_run.run_id}" asked different questions; these differ: '
            f"{', '.join(changed)}; leave ‹verdicts› out, or ask in the same way"
        )


def _asking(protocol: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in protocol.items() if name != "tournament"}


def reusable_verdicts(reused_run: RunFolder) -> dict[QuestionKey, JournalEntry]:
    """Return the good entries of a run in the form in which the other run stores them.

    Their usage is zero, because the first run has paid for them.
    """
    return {
        e.key: replace(e, usage=Usage(), attempts=0, seconds=0.0, lent=e.lent or reused_run.run_id)
        for e in read_entries(reused_run.journal)
        if e.outcome.cls.good
    }


def told_of_reuse(reused_run: RunFolder, journal: Path, pieces: Iterable[Sample]) -> str:
    """Return one line that says how many verdicts a run took over from another, or why none.

    Args:
        reused_run: the run whose verdicts could be reused.
        journal: the journal of the run that reuses them, after it was asked.
        pieces: the pieces of that run.
    """
    there, own = reusable_verdicts(reused_run), list(read_entries(journal))
    taken = len({e.key for e in own if e.lent is not None} & there.keys())
    if taken:
        return f'Verdicts   {taken:,} taken over from run "{reused_run.run_id}"'
    reason = why_none(there, pieces)
    if reason is None and any(entry.key in there for entry in own):
        reason = "this run had verdicts of its own on the same pairs"
    reason = reason or "it judged no pair that this run asks about"
    return f'Verdicts   none taken over from run "{reused_run.run_id}": {reason}'


def why_none(reusable: Mapping[QuestionKey, JournalEntry], pieces: Iterable[Sample]) -> str | None:
    """Return why no verdict can be reused for these pieces; None where one may be."""
    if not reusable:
        return "it has no verdict that can be used"
    texts = {text for entry in reusable.values() for text in entry.texts.values()}
    if texts.isdisjoint(piece.sha256 for piece in pieces):
        return "it judged other texts"
    return None


def reusing(plan: Plan, lent: Mapping[QuestionKey, JournalEntry], journal: Journal) -> Plan:
    """Return a plan that copies reusable verdicts of each wave into the journal first."""
    try:
        wave = next(plan)
        while True:
            for question in wave:
                entry = lent.get(question.key)
                if entry is not None and question.key not in journal.good:
                    journal.append(entry)
            wave = plan.send((yield wave))
    except StopIteration:
        return
    finally:
        plan.close()
