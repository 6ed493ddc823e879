"""The entries of a journal that count: one outcome for each question, and their usage."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from judgemark.judged import FirstTry, Spent
from judgemark.records import Failure, Outcome, QuestionKey, Verdict
from judgemark.run.attempts import total_usage
from judgemark.run.journal_entry import JournalEntry

Read = Callable[[JournalEntry], Outcome]
"""Parses the reply of an entry with the current parser."""

Keep = Callable[[JournalEntry], JournalEntry]
TextOf = Callable[[JournalEntry], str | None]
"""Returns the text of an entry's reply; None where no reply came."""


@dataclass(frozen=True, slots=True)
class CountedEntry:
    """The entry that counts for one question, parsed again, and the outcome of its first reply.

    `first` is None where no reply came. Of a first reply that is not stored only the class is
    known: it could not be scored when it came, and the judge was asked again.
    """

    entry: JournalEntry
    outcome: Outcome
    first: Outcome | None

    @property
    def as_read(self) -> JournalEntry:
        """The entry with the outcome that the current parser reads in its reply."""
        same = self.entry.outcome is self.outcome
        return self.entry if same else replace(self.entry, outcome=self.outcome)


def counted_entries(
    entries: Iterable[JournalEntry], read: Read, keep: Keep | None = None
) -> dict[QuestionKey, CountedEntry]:
    """Return the last good entry of each question, or its last entry where none is good.

    `keep` returns what is kept of an entry once it has been read.
    """
    found: dict[QuestionKey, CountedEntry] = {}
    for each in entries:
        outcome = read(each)
        entry = each if keep is None else keep(each)
        before = found.get(entry.key)
        first = before.first if before is not None else None
        if first is None:
            first = _first_outcome(entry, outcome)
        if before is None or outcome.cls.good or not before.outcome.cls.good:
            found[entry.key] = CountedEntry(entry, outcome, first)
    return found


def _first_outcome(entry: JournalEntry, outcome: Outcome) -> Outcome | None:
    """Return the outcome of an entry's first reply, where `outcome` is its own.

    A reply that was good when it came, or that was asked for once, is the entry's own reply.
    """
    if entry.first_class is None or entry.first_class.good or entry.attempts <= 1:
        return None if entry.first_class is None else outcome
    return Failure(entry.first_class, "the reply was not kept")


def first_try(found: Iterable[CountedEntry]) -> FirstTry:
    """Return how many replies could be scored at the first try."""
    firsts = [f.first for f in found if f.first is not None]
    return FirstTry(sum(first.cls.good for first in firsts), len(firsts))


def spent_on(entries: Sequence[JournalEntry]) -> Spent:
    """Return the usage of all entries together; no time where a part came by batches."""
    usage = total_usage([e.usage for e in entries])
    return Spent(
        usage.prompt_tokens,
        usage.completion_tokens,
        usage.cost,
        None if any(e.batch for e in entries) else sum(e.seconds for e in entries),
        sum(e.attempts for e in entries),
    )


def text_of(entry: JournalEntry) -> str | None:
    """Return the text of an entry that was kept as it was read; None where no reply came."""
    return entry.reply.text if entry.reply else None


def digest(found: Collection[CountedEntry], text: TextOf = text_of) -> str:
    """Return a digest of the verdicts: questions, slots, texts, replies and preferences.

    It is the sha256 of their rows in sorted order, one line each. No two rows have the same
    question and slot, with which they begin, so that the rest need not be held to sort them.
    """
    rows = sorted(found, key=lambda f: json.dumps(f.entry.key.slot.to_json()))
    rows.sort(key=lambda f: json.dumps(f.entry.key.question))
    hashed, between = hashlib.sha256(), b""
    for f in rows:
        hashed.update(between + json.dumps(_row(f, text)).encode())
        between = b"\n"
    return hashed.hexdigest()


def _row(f: CountedEntry, text: TextOf) -> list[Any]:
    row = [
        f.entry.key.question,
        f.entry.key.slot.to_json(),
        sorted(f.entry.texts.items()),
        text(f.entry),
        f.outcome.cls.value,
    ]
    preference = f.outcome.preference if isinstance(f.outcome, Verdict) else None
    return row if preference is None else [*row, preference]
