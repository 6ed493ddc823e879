"""The entries of a journal whose questions stand in arms with scales of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from judgemark.records import Outcome, QuestionKey, Rubric
from judgemark.run.counted_entries import CountedEntry, Read, counted_entries
from judgemark.run.held_verdicts import held_to_run
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.stored_run import reader_of


def counted_arms(
    entries: Iterable[JournalEntry],
    protocol: Mapping[str, Any],
    rubric: Rubric,
    rubrics: Mapping[str, Rubric],
) -> dict[QuestionKey, CountedEntry]:
    """Return the outcomes that count, each parsed again on the scale of its arm.

    `protocol` is the protocol's fingerprint. `rubrics` gives the rubric of each question by the
    digest of its key; `rubric` is that of the plain arm, to which questions belong that no arm has
    any more.
    """
    readers: dict[Rubric, Read] = {}

    def read(entry: JournalEntry) -> Outcome:
        own = rubrics.get(entry.key.question, rubric)
        if own not in readers:
            readers[own] = reader_of(protocol, own)
        return readers[own](entry)

    return held_to_run(counted_entries(entries, read), protocol, rubric)
