"""Lent verdicts: copied when they are used, at no cost, with the name of who asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from judgemark.judging.reuse import reusable_verdicts, reusing
from judgemark.protocols.judging_protocol import Plan
from judgemark.protocols.pairwise_protocol import Pair, Pairwise
from judgemark.records import Class, Failure, Outcome, Question, Reply, Sample, Usage, Verdict
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal, read_entries
from judgemark.run.journal_entry import JournalEntry

ASKING = Pairwise({"name": "test"}, {"7": "Write."})
PIECES = [Sample("ann", "1", "7", text) for text in "abcd"]
ONE, TWO, THREE = (ASKING.questions(Pair.of(PIECES[0], other))[0] for other in PIECES[1:])


def entry(question: Question, outcome: Outcome, lent: str | None = None) -> JournalEntry:
    texts = {role: s.sha256 for role, s in question.pieces.items()}
    reply = Reply("A", "length")
    usage = Usage(100, 1, 0.5)
    return JournalEntry(
        question.key, "7", texts, outcome, reply, 2, Class.OK, 1.5, "then", usage, lent=lent
    )


def written(path: Path, *entries: JournalEntry) -> RunFolder:
    path.mkdir()
    with Journal(path / "verdicts.jsonl") as journal:
        for one in entries:
            journal.append(one)
    return RunFolder(path)


def plan_of(*waves: Sequence[Question]) -> Plan:
    for wave in waves:
        _ = yield wave


FIRST = Verdict(Class.OK, preference=0.7)


def test_only_good_verdicts_are_lent_and_they_took_nothing_here(tmp_path: Path) -> None:
    bad = entry(TWO, Failure(Class.UNPARSEABLE, "no letter"))
    lender = written(tmp_path / "lender", entry(ONE, FIRST), bad)
    lent = reusable_verdicts(lender)
    assert set(lent) == {ONE.key}
    found = lent[ONE.key]
    assert (found.attempts, found.seconds, found.usage) == (0, 0.0, Usage())
    assert (found.outcome, found.reply, found.lent) == (FIRST, Reply("A", "length"), "lender")


def test_a_verdict_lent_twice_names_who_asked(tmp_path: Path) -> None:
    lender = written(tmp_path / "second", entry(ONE, FIRST, lent="first"))
    assert reusable_verdicts(lender)[ONE.key].lent == "first"


def test_what_is_used_is_copied_before_the_wave_is_asked(tmp_path: Path) -> None:
    lender = written(tmp_path / "lender", *(entry(q, FIRST) for q in (ONE, TWO, THREE)))
    own = entry(TWO, Verdict(Class.OK, preference=0.2))
    borrower = written(tmp_path / "borrower", own)
    with Journal(borrower.journal) as journal:
        plan = reusing(plan_of([ONE, TWO]), reusable_verdicts(lender), journal)
        assert next(plan) == [ONE, TWO]
        assert journal.good[ONE.key] == FIRST
        plan.close()
    # Its own verdict stands, and what no wave held is not copied.
    assert [(e.key, e.lent) for e in read_entries(borrower.journal)] == [
        (TWO.key, None), (ONE.key, "lender"),
    ]  # fmt: skip
