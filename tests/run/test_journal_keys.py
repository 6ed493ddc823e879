"""Which questions a journal answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from judgemark.errors import InputError
from judgemark.records import Class, Failure, Outcome, QuestionKey, Reply, Slot, Usage, Verdict
from judgemark.run.journal import Journal, read_entries
from judgemark.run.journal_entry import JournalEntry


def entry(question: str, outcome: Outcome, passage: int = 0) -> JournalEntry:
    return JournalEntry(
        key=QuestionKey(question, Slot(0, 0, "pair", passage)),
        item="7",
        texts={"A": "a", "B": "b"},
        outcome=outcome,
        reply=Reply("A"),
        attempts=1,
        first_class=outcome.cls,
        seconds=0.1,
        time="2026-01-01T00:00:00+00:00",
        usage=Usage(),
    )


def test_only_good_outcomes_count_and_the_passes_are_apart(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    entries = [
        entry("one", Verdict(Class.OK, preference=0.7)),
        entry("one", Verdict(Class.OK, preference=0.4), passage=1),
        entry("two", Failure(Class.UNPARSEABLE, "nothing")),
    ]
    with Journal(path) as journal:
        for line in entries:
            journal.append(line)
        known = set(journal.good)
    assert known == {e.key for e in entries[:2]}
    assert list(read_entries(path)) == entries
    assert list(read_entries(tmp_path / "none.jsonl")) == []


@pytest.mark.parametrize("line", ["{}", '{"question": []}', "nonsense", '{"question": "x"}'])
def test_a_damaged_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "verdicts.jsonl"
    path.write_text(line + "\n", "utf-8")
    with pytest.raises(InputError, match="line 1"):
        list(read_entries(path))


def test_a_class_that_is_none_is_damage_too(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    with Journal(path) as journal:
        journal.append(entry("one", Verdict(Class.OK, preference=0.7)))
    path.write_text(path.read_text("utf-8").replace('"class": "ok"', '"class": "fine"'), "utf-8")
    with pytest.raises(InputError, match="line 1"):
        list(read_entries(path))
