"""A damaged journal is repaired: whole lines stay, the others are set aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import InputError, UsageError
from judgemark.records import QuestionKey, Slot
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal, read_entries
from judgemark.run.journal_repair import repair_run
from tests.support.entries import entry


def journal_of(folder: RunFolder, *names: str) -> list[bytes]:
    """Write a journal with one entry for each name; its lines."""
    folder.path.mkdir(exist_ok=True)
    with Journal(folder.journal) as journal:
        for name in names:
            journal.append(entry(name, item=f"item {name}"))
    return folder.journal.read_bytes().splitlines(True)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "r")


def names_in(folder: RunFolder) -> list[str]:
    return [e.key.question for e in read_entries(folder.journal)]


def test_a_whole_journal_stays_as_it_is(folder: RunFolder) -> None:
    before = b"".join(journal_of(folder, "one", "two"))
    repair = repair_run(folder)
    assert (repair.kept, repair.damaged, repair.aside) == (2, (), None)
    assert folder.journal.read_bytes() == before


def test_empty_lines_are_taken_out(folder: RunFolder) -> None:
    one, two = journal_of(folder, "one", "two")
    folder.journal.write_bytes(one + b"\n" + two[:-1])
    repair = repair_run(folder)
    assert (repair.kept, repair.damaged, repair.aside) == (2, (), None)
    assert folder.journal.read_bytes() == one + two


def test_the_list_of_what_was_to_be_asked_is_repaired_too(folder: RunFolder) -> None:
    before = b"".join(journal_of(folder, "one"))
    plans = folder.path / "asked.jsonl"
    slot = b'{"member": 0, "repeat": 0, "stage": "", "pass": 0}'
    whole = [b'{"slot": %s, "questions": ["%s"]}\n' % (slot, name) for name in (b"one", b"two")]
    plans.write_bytes(whole[0] + whole[1][:50] + b"\n" + whole[1])
    repair = repair_run(folder)
    assert plans.read_bytes() == b"".join(whole)
    assert repair.plans_aside == folder.path / "asked.damaged-1.jsonl"
    assert repair.plans_aside.read_bytes() == whole[1][:50] + b"\n"
    assert (repair.damaged, folder.journal.read_bytes()) == ((), before)
    assert repair_run(folder).plans_aside is None


def test_damaged_lines_are_set_aside_and_their_questions_named(folder: RunFolder) -> None:
    one, two, three = journal_of(folder, "one", "two", "three")
    folder.journal.write_bytes(one + two[:200] + b"\n" + three)
    repair = repair_run(folder)
    assert names_in(folder) == ["one", "three"]
    (line,) = repair.damaged
    assert (line.number, line.item, line.answered) == (2, "item two", False)
    assert (repair.kept, repair.asked_again) == (2, 1)
    assert repair.aside is not None
    assert repair.aside.name == "verdicts.damaged-1.jsonl"
    assert repair.aside.read_bytes() == two[:200] + b"\n"


def test_a_whole_line_behind_torn_ones_is_kept(folder: RunFolder) -> None:
    one, two, three = journal_of(folder, "one", "two", "three")
    folder.journal.write_bytes(one[:150] + two[:250] + three)
    repair = repair_run(folder)
    assert names_in(folder) == ["three"]
    assert repair.aside is not None
    assert repair.aside.read_bytes() == one[:150] + two[:250] + b"\n"


def test_a_question_with_an_answer_in_another_line_is_not_asked_again(folder: RunFolder) -> None:
    (one,) = journal_of(folder, "one")
    folder.journal.write_bytes(one[:300] + b"\n" + one)
    repair = repair_run(folder)
    assert repair.damaged[0].answered
    assert repair.asked_again == 0


def test_another_slot_of_the_question_is_another_question(folder: RunFolder) -> None:
    folder.path.mkdir()
    with Journal(folder.journal) as journal:
        journal.append(entry(key=QuestionKey("q", Slot(repeat=1))))
        journal.append(entry(key=QuestionKey("q", Slot(repeat=2))))
    first, second = folder.journal.read_bytes().splitlines(True)
    folder.journal.write_bytes(first[:300] + b"\n" + second)
    assert not repair_run(folder).damaged[0].answered


def test_a_second_repair_keeps_what_the_first_set_aside(folder: RunFolder) -> None:
    one, two = journal_of(folder, "one", "two")
    for number in (1, 2):
        folder.journal.write_bytes(one[:100] + b"\n" + two)
        aside = repair_run(folder).aside
        assert aside is not None
        assert aside.name == f"verdicts.damaged-{number}.jsonl"


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_the_damage_a_repaired_journal_opens_and_no_byte_is_lost(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = RunFolder(tmp_path_factory.mktemp("run"))
    whole = b"".join(journal_of(folder, "one", "two", "three"))
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 400)))
    damage = data.draw(st.binary(max_size=40))
    damaged = whole[:start] + damage + whole[end:]
    folder.journal.write_bytes(damaged)
    repair = repair_run(folder)
    with Journal(folder.journal) as journal:
        assert not journal.torn
    assert len(names_in(folder)) == repair.kept
    aside = repair.aside.read_bytes() if repair.aside else b""
    kept = folder.journal.read_bytes()
    # Every byte but newlines is in one of the two files.
    assert sorted((kept + aside).replace(b"\n", b"")) == sorted(damaged.replace(b"\n", b""))


def test_a_run_without_a_journal_has_nothing_to_repair(folder: RunFolder) -> None:
    with pytest.raises(InputError, match="no journal to repair"):
        repair_run(folder)


def test_a_run_that_is_being_asked_is_not_repaired(folder: RunFolder) -> None:
    journal_of(folder, "one")
    with folder.locked(), pytest.raises(UsageError, match="another process"):
        repair_run(folder)
