"""Long replies stay in the journal; what is read of them later is the same."""

from __future__ import annotations

import json
import weakref
from dataclasses import replace
from pathlib import Path

import pytest

from judgemark.errors import InputError
from judgemark.records import Class, Failure, NumberLogprobs, Reply
from judgemark.run import stored_texts
from judgemark.run.counted_entries import counted_entries, digest
from judgemark.run.files import write_bytes
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal, read_entries
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.stored_run import read_run
from judgemark.run.stored_texts import ReadWhenNeeded, StoredTexts
from tests.fixtures.kept_runs import RUNS
from tests.support.entries import entry

LONG = 'A "long" reply – é\\\n' * 40


def told(name: str, text: str) -> JournalEntry:
    made = entry(name)
    return replace(made, reply=Reply(text, "stop"), texts={"piece": "0" * 64})


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "verdicts.jsonl"
    with Journal(path) as writing:
        for name in ("one", "two", "three"):
            writing.append(told(name, LONG + name))
        writing.append(told("four", "short"))
    return path


def kept_of(texts: StoredTexts, journal: Path) -> list[JournalEntry]:
    return [texts.kept(e) for e in read_entries(journal)]


def test_texts_beyond_the_room_are_read_again(journal: Path) -> None:
    texts = StoredTexts(journal, most=len(LONG) + 10)
    kept = kept_of(texts, journal)
    assert [e.reply.text if e.reply else None for e in kept] == [LONG + "one", "", "", "short"]
    assert [texts.text_of(e) for e in kept] == [
        LONG + "one", LONG + "two", LONG + "three", "short",
    ]  # fmt: skip
    assert texts.text_of(replace(kept[0], reply=None)) is None


def test_with_room_nothing_is_left_in_the_journal(journal: Path) -> None:
    texts = StoredTexts(journal)
    kept = kept_of(texts, journal)
    journal.unlink()
    assert [texts.text_of(e) for e in kept][1] == LONG + "two"


def test_failures_and_numbers_with_probabilities_keep_their_text(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    failed = replace(told("one", LONG), outcome=Failure(Class.UNPARSEABLE, "no scores"))
    numbers = (NumberLogprobs(0, ((("7", -0.1),),)),)
    numbered = replace(told("two", LONG), reply=Reply(LONG, "stop", numbers=numbers))
    with Journal(path) as writing:
        writing.append(failed)
        writing.append(numbered)
    kept = kept_of(StoredTexts(path, most=0), path)
    assert [e.reply.text if e.reply else None for e in kept] == [LONG, LONG]


def test_the_journal_stays_open_as_it_was(journal: Path) -> None:
    texts = StoredTexts(journal, most=0)
    kept = kept_of(texts, journal)
    write_bytes(journal, b"other\n" * 999)
    assert texts.text_of(kept[1]) == LONG + "two"


def test_the_journal_is_closed_with_the_last_entry(journal: Path) -> None:
    texts = StoredTexts(journal, most=0)
    kept_of(texts, journal)
    closes = weakref.finalize(texts, lambda: None)
    opened = len(list(Path("/proc/self/fd").iterdir()))
    del texts
    assert not closes.alive
    assert len(list(Path("/proc/self/fd").iterdir())) == opened - 1


@pytest.mark.parametrize("content", [b"", b"{}\n" * 2_000])
def test_a_journal_that_was_changed_in_place_is_named(journal: Path, content: bytes) -> None:
    texts = StoredTexts(journal, most=0)
    kept = kept_of(texts, journal)
    journal.write_bytes(content)
    with pytest.raises(InputError, match="was changed while it was read"):
        texts.text_of(kept[2])


def test_a_journal_that_cannot_be_opened_is_named(journal: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        StoredTexts(journal.with_name("none.jsonl"), most=0).text(0)


def test_entries_share_the_digests_of_texts(journal: Path) -> None:
    kept = kept_of(StoredTexts(journal), journal)
    assert kept[0].texts["piece"] is kept[1].texts["piece"]


def test_the_digest_does_not_depend_on_where_texts_are(journal: Path) -> None:
    texts = StoredTexts(journal, most=0)
    whole = counted_entries(read_entries(journal), lambda e: e.outcome)
    slim = counted_entries(read_entries(journal), lambda e: e.outcome, texts.kept)
    assert digest(slim.values(), texts.text_of) == digest(whole.values())


def test_the_digest_is_that_of_sorted_rows() -> None:
    """Runs of earlier versions were named in this way."""
    import hashlib

    entries = [told(name, "reply") for name in ("b", "a", "a b", 'a"', "é", "a")]
    slots = [replace(e.key.slot, repeat=n) for n, e in enumerate(entries)]
    placed = [replace(e, key=replace(e.key, slot=s)) for e, s in zip(entries, slots, strict=True)]
    found = counted_entries(placed, lambda e: e.outcome)
    rows = [
        [
            f.entry.key.question,
            f.entry.key.slot.to_json(),
            sorted(f.entry.texts.items()),
            "reply",
            f.outcome.cls.value,
        ]
        for f in found.values()
    ]
    text = "\n".join(sorted(json.dumps(row) for row in rows))
    assert digest(found.values()) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", ["rubric-endpoint", "rubric-two-repeats", "pairwise-worded"])
def test_a_run_is_the_same_with_its_replies_in_the_journal(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(RUNS / name)
    whole = read_run(folder)
    monkeypatch.setattr(stored_texts, "_SHORT", 0)
    monkeypatch.setattr(stored_texts.StoredTexts.__init__, "__defaults__", (0,))
    left = read_run(folder)
    assert left.verdicts_sha256 == whole.verdicts_sha256
    assert left.judged == whole.judged
    assert left.replies == whole.replies


def test_values_are_read_when_they_are_needed() -> None:
    asked = []

    def read(number: int) -> str:
        asked.append(number)
        return str(number)

    found = ReadWhenNeeded({"a": 1, "b": 2}, read)
    assert len(found) == 2
    assert list(found) == ["a", "b"]
    assert "a" in found
    assert asked == []
    assert found["b"] == "2"
    assert found == {"a": "1", "b": "2"}
