"""Judges that answer in a stream: in any order, as they take questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import pytest

from judgemark.errors import AskFault, CapReached, Interrupted
from judgemark.judges.base import Json
from judgemark.records import Class, Failure, Question, Reply, Usage, Verdict
from judgemark.run.budget import Budget, CostCap, Prices
from judgemark.run.journal import read_entries
from judgemark.run.stop import Stop
from tests.support.asking import ask, by_item
from tests.support.questions import direct, pieces

JOURNAL = "verdicts.jsonl"
Answers = Iterator[tuple[int, Reply | AskFault]]


class Reversing:
    """Takes `window` questions at a time and answers them from the last to the first."""

    def __init__(self, window: int) -> None:
        self.window = window
        self.taken: list[str] = []
        self.streams = 0

    @property
    def configuration(self) -> Mapping[str, Json]:
        return {"kind": "test"}

    def ask_stream(self, questions: Iterator[Question]) -> Answers:
        self.streams += 1
        numbered = enumerate(questions)
        while window := list(islice(numbered, self.window)):
            self.taken += [question.item for _, question in window]
            for number, question in reversed(window):
                yield number, self.answer(question)

    def answer(self, question: Question) -> Reply | AskFault:
        return Reply(question.item, usage=Usage(10, 5))

    def close(self) -> None:
        """Nothing to let go of."""


def test_answers_may_come_in_any_order(tmp_path: Path) -> None:
    entries = ask(tmp_path / JOURNAL, Reversing(4), direct(pieces(10)))
    assert {e.item: e.outcome for e in entries} == {
        f"{n:04}": Verdict(Class.OK, value=float(n)) for n in range(10)
    }
    assert [e.item for e in entries[:4]] == ["0003", "0002", "0001", "0000"]


def test_each_answer_is_in_the_journal_before_the_next_one_comes(tmp_path: Path) -> None:
    path = tmp_path / JOURNAL
    known: list[int] = []

    class Looking(Reversing):
        def answer(self, question: Question) -> Reply | AskFault:
            known.append(len(list(read_entries(path))))
            return super().answer(question)

    ask(path, Looking(4), direct(pieces(8)))
    assert known == list(range(8))


def test_a_stop_acts_on_the_next_question_and_keeps_what_was_taken(tmp_path: Path) -> None:
    stop = Stop()

    class Stopping(Reversing):
        def answer(self, question: Question) -> Reply | AskFault:
            stop.set(Interrupted("SIGINT"))
            return super().answer(question)

    judge = Stopping(3)
    with pytest.raises(Interrupted):
        ask(tmp_path / JOURNAL, judge, direct(pieces(9)), stop=stop)
    assert judge.taken == ["0000", "0001", "0002"]
    assert len(list(read_entries(tmp_path / JOURNAL))) == 3


def test_max_requests_holds(tmp_path: Path) -> None:
    judge = Reversing(3)
    with pytest.raises(CapReached, match="max_requests 4"):
        ask(tmp_path / JOURNAL, judge, direct(pieces(9)), budget=Budget(max_requests=4))
    assert len(judge.taken) == 4
    assert len(list(read_entries(tmp_path / JOURNAL))) == 4


def test_what_does_not_fit_the_budget_is_asked_in_a_later_stream(tmp_path: Path) -> None:
    # Five tokens at a dollar each are paid for a reply, but twenty may come: 45 dollars hold two
    # of those at once, and six questions of five dollars each fit one after the other.
    cap = CostCap(45.0, Prices(0.0, 1e6), 20)
    priced = {f"{n:04}": Reply("7", usage=Usage(0, 5, 5.0)) for n in range(30)}

    class Priced(Reversing):
        def answer(self, question: Question) -> Reply | AskFault:
            return priced[question.item]

    judge, budget = Priced(100), Budget(cost_cap=cap)
    with pytest.raises(CapReached, match="max_cost 45"):
        ask(tmp_path / JOURNAL, judge, direct(pieces(30)), budget=budget)
    assert judge.streams > 1
    # The last one that fits is asked when 25 are spent: 25 + 20 = 45.
    assert budget.cost == 30.0


def test_a_fault_and_a_missing_answer_concern_their_question_alone(tmp_path: Path) -> None:
    class Forgetful(Reversing):
        def ask_stream(self, questions: Iterator[Question]) -> Answers:
            for number, told in super().ask_stream(questions):
                if number != 2:
                    yield number, told

        def answer(self, question: Question) -> Reply | AskFault:
            return AskFault("too long") if question.item == "0001" else super().answer(question)

    found = by_item(ask(tmp_path / JOURNAL, Forgetful(4), direct(pieces(4))))
    assert found["0001"].outcome == Failure(Class.ERROR, "too long")
    missing = found["0002"].outcome
    assert isinstance(missing, Failure)
    assert "without an answer" in missing.reason
    assert found["0003"].outcome.cls.good


def test_a_judge_that_can_end_early_does_so_after_ctrl_c(tmp_path: Path) -> None:
    stop = Stop()

    class Ending(Reversing):
        ended = False

        def interrupt(self) -> None:
            self.ended = True

        def ask_stream(self, questions: Iterator[Question]) -> Answers:
            for answer in super().ask_stream(questions):
                if self.ended:
                    return
                yield answer

        def answer(self, question: Question) -> Reply | AskFault:
            stop.set(Interrupted("SIGINT"))
            return super().answer(question)

    path = tmp_path / JOURNAL
    with pytest.raises(Interrupted):
        ask(path, Ending(5), direct(pieces(9)), stop=stop)
    # The first of five came; the four others count as not asked.
    assert [e.item for e in read_entries(path)] == ["0004"]


def test_a_judge_that_waits_for_machines_is_told_at_once(tmp_path: Path) -> None:
    stop = Stop()

    class Waiting(Reversing):
        told = False

        def stop_waiting(self) -> None:
            self.told = True

        def ask_stream(self, questions: Iterator[Question]) -> Answers:
            next(questions)
            # The machine that should answer is gone, and the signal comes while it is waited for.
            stop.set(Interrupted("SIGTERM"))
            if not self.told:
                yield 0, AskFault("waited in vain")

    path = tmp_path / JOURNAL
    with pytest.raises(Interrupted):
        ask(path, Waiting(5), direct(pieces(9)), stop=stop)
    assert not list(read_entries(path))
