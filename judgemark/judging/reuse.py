"""Another run's verdicts for this one: looked up before a question is asked, copied when used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from judgemark.errors import UsageError
from judgemark.judges.base import Json
from judgemark.protocols.judging_protocol import Plan
from judgemark.records import QuestionKey, Usage
from judgemark.redaction import Scrubber
from judgemark.run.folder import RunFolder, differences
from judgemark.run.journal import Journal, read_entries
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.stored_pairwise_run import is_pairwise


def check_lender(
    lender: RunFolder,
    judge: Mapping[str, Json],
    protocol: Mapping[str, Json],
    instructions: Mapping[str, str],
) -> None:
    """UsageError that names what differs, where the lender's verdicts answer other questions.

    Judge, protocol (whatever was played by it) and the writing prompts of the items that both
    runs have must be the same.
    """
    spec = lender.spec()
    if not is_pairwise(spec):
        raise UsageError(f'--verdicts: run "{lender.run_id}" did not compare pieces')
    theirs = lender.instructions()
    shared = theirs.keys() & instructions.keys()
    if not shared:
        raise UsageError(f'--verdicts: run "{lender.run_id}" shares no item with this one')
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
            f'--verdicts: run "{lender.run_id}" was asked something else: {", ".join(changed)}'
        )


def _asking(protocol: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in protocol.items() if name != "tournament"}


def lent_verdicts(lender: RunFolder) -> dict[QuestionKey, JournalEntry]:
    """The good entries of a run, as they stand in the journal of the run that they are lent to.

    What they took was paid by the lender: they take nothing here.
    """
    return {
        e.key: replace(e, usage=Usage(), attempts=0, seconds=0.0, lent=e.lent or lender.run_id)
        for e in read_entries(lender.journal)
        if e.outcome.cls.good
    }


def borrowing(plan: Plan, lent: Mapping[QuestionKey, JournalEntry], journal: Journal) -> Plan:
    """The same plan; before a wave is asked, what was lent of it is in the journal."""
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
