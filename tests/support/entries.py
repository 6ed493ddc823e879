"""A journal's entry for tests that care about a part of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from judgemark.records import Class, QuestionKey, Reply, Slot, Usage, Verdict
from judgemark.run.journal_entry import JournalEntry


def entry(name: str = "q", **more: Any) -> JournalEntry:
    """A good entry about the question `name`, with `more` instead."""
    made = JournalEntry(
        key=QuestionKey(name, Slot()),
        item="7",
        texts={"piece": "ab12"},
        outcome=Verdict(Class.OK, scores={"Wit": 7.0}),
        reply=Reply("Wit: 7", "stop", "judge-2025", "Host", adapted=("max_tokens",)),
        attempts=2,
        first_class=Class.EMPTY,
        seconds=1.25,
        time="2026-01-01T00:00:00+00:00",
        usage=Usage(10, 5, 0.25),
    )
    return replace(made, **more)
