"""When asking ends before the plan does, and what is kept then; engines answer in batches."""

from __future__ import annotations

import signal
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from judgemark.errors import AskFault, CapReached, Interrupted, Refused, TransientFault
from judgemark.judges.base import Json
from judgemark.records import Class, Failure, Question, Reply, Usage, Verdict
from judgemark.run.budget import Budget, CostCap, Prices
from judgemark.run.journal import read_entries
from judgemark.run.runner import RunnerSettings
from judgemark.run.stop import Stop, stop_on_signals
from tests.support.asking import ScriptedJudge, Told, ask, busy, by_item, in_turn
from tests.support.questions import direct, pieces

JOURNAL = "verdicts.jsonl"


def test_max_requests_stops_resumably(tmp_path: Path) -> None:
    protocol = direct(pieces(10))
    judge = ScriptedJudge(in_turn("7"))
    with pytest.raises(CapReached, match="max_requests 4 is reached"):
        ask(tmp_path / JOURNAL, judge, protocol, budget=Budget(max_requests=4))
    assert judge.asked.total() == 4
    assert len(list(read_entries(tmp_path / JOURNAL))) == 4
    rest = ScriptedJudge(in_turn("7"))
    ask(tmp_path / JOURNAL, rest, protocol, budget=Budget(max_requests=6))
    assert rest.asked.total() == 6


PRICES = Prices(2.0, 10.0)


def test_max_cost_stops_before_it_is_passed(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(Reply("7", usage=Usage(1000, 500))))
    # 1000 x $2 / 1e6 + 500 x $10 / 1e6 = $0.007 a question. A reply of 1,000 tokens may cost $0.012
    # (with the first prompt's length unknown, at most $0.0101), so that at least five are asked.
    settings = RunnerSettings(threads=4, prices=PRICES)
    budget = Budget(cost_cap=CostCap(0.05, PRICES, 1000))
    with pytest.raises(CapReached, match=r"max_cost 0\.05 is reached"):
        ask(tmp_path / JOURNAL, judge, direct(pieces(100)), settings=settings, budget=budget)
    assert 5 <= judge.asked.total() <= 7
    assert budget.cost <= 0.05
    entries = list(read_entries(tmp_path / JOURNAL))
    assert sum(e.usage.cost or 0.0 for e in entries) == pytest.approx(budget.cost)


def test_max_cost_holds_where_no_usage_is_reported(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn("7"))
    # Each counts as a reply of 1,000 tokens: $0.01 and a few prompt tokens; four fit into $0.05.
    budget = Budget(cost_cap=CostCap(0.05, PRICES, 1000))
    settings = RunnerSettings(threads=16, prices=PRICES)
    with pytest.raises(CapReached):
        ask(tmp_path / JOURNAL, judge, direct(pieces(100)), settings=settings, budget=budget)
    assert judge.asked.total() == 4


def test_a_request_that_may_have_been_paid_counts_against_the_cap(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(TransientFault("cut", maybe_paid=True)))
    budget = Budget(cost_cap=CostCap(0.05, PRICES, 1000))
    settings = RunnerSettings(threads=1, retry_delay=0.001, prices=PRICES)
    with pytest.raises(CapReached):
        ask(tmp_path / JOURNAL, judge, direct(pieces(100)), settings=settings, budget=budget)
    assert judge.asked.total() == 4


def test_a_permanent_fault_stops_at_once_and_keeps_what_came(tmp_path: Path) -> None:
    def script(question: Question, _: int) -> Told:
        return Refused("HTTP 401: no such key") if question.item == "0005" else "7"

    judge = ScriptedJudge(script)
    settings = RunnerSettings(threads=1)
    with pytest.raises(Refused, match="HTTP 401"):
        ask(tmp_path / JOURNAL, judge, direct(pieces(100)), settings=settings)
    kept = list(read_entries(tmp_path / JOURNAL))
    assert [e.item for e in kept] == [f"{n:04}" for n in range(5)]
    assert judge.asked.total() == 6


def test_a_paid_reply_is_kept_where_asking_again_is_refused(tmp_path: Path) -> None:
    for told in (Refused("HTTP 402"), CapReached("--max-cost 1 is reached")):
        path = tmp_path / f"{type(told).__name__}.jsonl"
        with pytest.raises(type(told)):
            ask(path, ScriptedJudge(in_turn("no number", told)), direct(pieces(1)))
        (entry,) = read_entries(path)
        assert entry.reply == Reply("no number", "stop")
        assert (entry.outcome.cls, entry.attempts) == (Class.UNPARSEABLE, 1)


def test_an_address_where_nobody_is_stops_the_run(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(TransientFault("connection failed", unreached=True)))
    settings = RunnerSettings(threads=1, max_retries=10, retry_delay=0.001)
    with pytest.raises(Refused, match="is the endpoint running at that address"):
        ask(tmp_path / JOURNAL, judge, direct(pieces(50)), settings=settings)
    assert judge.asked.total() == 3


def test_an_endpoint_that_was_reached_once_may_come_back(tmp_path: Path) -> None:
    gone = TransientFault("connection failed", unreached=True)

    def script(question: Question, number: int) -> Told:
        return gone if question.item == "0001" and number <= 4 else "7"

    judge = ScriptedJudge(script)
    settings = RunnerSettings(threads=1, max_retries=10, retry_delay=0.001)
    entries = ask(tmp_path / JOURNAL, judge, direct(pieces(2)), settings=settings)
    assert all(e.outcome.cls.good for e in entries)


def test_an_unparseable_judge_costs_three_calls(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn("I would rather not."))
    with pytest.raises(Refused, match=r"none of the 3 probe pieces could be scored.*unparseable"):
        ask(tmp_path / JOURNAL, judge, direct(pieces(100)), probes=3)
    assert judge.asked.total() == 3
    kept = list(read_entries(tmp_path / JOURNAL))
    assert [e.reply.text for e in kept if e.reply] == ["I would rather not."] * 3


def test_a_bad_key_costs_three_calls_at_most(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(Refused("HTTP 401: no such key")))
    with pytest.raises(Refused, match="HTTP 401"):
        ask(tmp_path / JOURNAL, judge, direct(pieces(100)), probes=3)
    assert 1 <= judge.asked.total() <= 3


def test_probes_are_the_first_pieces_and_are_kept(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn("7"))
    entries = ask(tmp_path / JOURNAL, judge, direct(pieces(20)), probes=3)
    assert {e.item for e in entries[:3]} == {"0000", "0001", "0002"}
    assert set(judge.asked.values()) == {1}


def test_one_probe_that_can_be_scored_is_enough(tmp_path: Path) -> None:
    def script(question: Question, number: int) -> Told:
        return "7" if question.item == "0001" or number > 1 else "no number"

    judge = ScriptedJudge(script)
    entries = ask(tmp_path / JOURNAL, judge, direct(pieces(5)), probes=3)
    latest = by_item(entries)
    assert all(e.outcome.cls.good for e in latest.values())
    # A probe that could not be scored is not asked again before the others have come.
    assert [e.first_class for e in entries if e.item == "0000"] == [Class.UNPARSEABLE, Class.OK]


def test_probing_bears_faults_that_pass(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(busy(), "7"))
    entries = ask(tmp_path / JOURNAL, judge, direct(pieces(3)), probes=3)
    assert all(e.outcome.cls.good for e in entries)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_asking_and_keeps_what_came(tmp_path: Path, number: int) -> None:
    stop = Stop()

    def script(question: Question, _: int) -> Told:
        if question.item == "0005":
            signal.raise_signal(number)
            stop.event.wait(5)
        return "7"

    protocol, settings = direct(pieces(100)), RunnerSettings(threads=2)
    judge = ScriptedJudge(script)
    with pytest.raises(Interrupted), stop_on_signals(stop):
        ask(tmp_path / JOURNAL, judge, protocol, settings=settings, stop=stop)
    kept = {e.item for e in read_entries(tmp_path / JOURNAL)}
    # What was under way when the signal came is kept as well, the question itself included.
    assert "0005" in kept
    assert len(kept) == judge.asked.total()
    rest = ScriptedJudge(in_turn("7"))
    ask(tmp_path / JOURNAL, rest, protocol)
    assert set(rest.asked) == {f"{n:04}" for n in range(100)} - kept


def test_a_stop_cuts_a_long_pause_short(tmp_path: Path) -> None:
    stop = Stop()

    def script(question: Question, _: int) -> Told:
        if question.item == "0001":
            stop.set(Interrupted("SIGINT"))
        return busy(retry_after=600.0) if question.item == "0000" else "7"

    with pytest.raises(Interrupted):
        ask(tmp_path / JOURNAL, ScriptedJudge(script), direct(pieces(2)), stop=stop)
    # What never got a reply is not a failure of the judge's: it is simply asked next time.
    assert {e.item for e in read_entries(tmp_path / JOURNAL)} <= {"0001"}


def test_a_stop_counts_no_attempt_that_was_not_made(tmp_path: Path) -> None:
    stop = Stop()

    def script(_: Question, __: int) -> Told:
        stop.set(Interrupted("SIGINT"))
        return "no number"

    with pytest.raises(Interrupted):
        ask(tmp_path / JOURNAL, ScriptedJudge(script), direct(pieces(1)), stop=stop)
    (entry,) = read_entries(tmp_path / JOURNAL)
    assert (entry.attempts, entry.outcome.cls) == (1, Class.UNPARSEABLE)


def test_an_unforeseen_error_ends_the_run_with_itself(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(ZeroDivisionError("a defect")))
    with pytest.raises(ZeroDivisionError, match="a defect"):
        ask(tmp_path / JOURNAL, judge, direct(pieces(3)))


def test_threads_end_with_the_run(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    ask(tmp_path / JOURNAL, ScriptedJudge(in_turn("7")), direct(pieces(10)))
    begun = set(threading.enumerate()) - before
    for thread in begun:
        thread.join(5)
    assert not any(thread.is_alive() for thread in begun)


class Engine:
    """Answers in batches of three, with a fault for one item."""

    batch = 3

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    @property
    def configuration(self) -> Mapping[str, Json]:
        return {"kind": "test"}

    def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
        self.batches.append([q.item for q in questions])
        return [AskFault("too long") if q.item == "0004" else Reply(q.item) for q in questions]

    def close(self) -> None:
        """Nothing to let go of."""


def test_an_engine_is_asked_in_its_batches(tmp_path: Path) -> None:
    engine = Engine()
    entries = by_item(ask(tmp_path / JOURNAL, engine, direct(pieces(7))))
    assert [len(batch) for batch in engine.batches] == [3, 3, 1]
    assert entries["0006"].outcome == Verdict(Class.OK, value=6.0)
    assert entries["0004"].outcome == Failure(Class.ERROR, "too long")
    again = Engine()
    ask(tmp_path / JOURNAL, again, direct(pieces(7)))
    assert again.batches == [["0004"]]


def test_caps_hold_for_an_engine_too(tmp_path: Path) -> None:
    engine = Engine()
    with pytest.raises(CapReached):
        ask(tmp_path / JOURNAL, engine, direct(pieces(9)), budget=Budget(max_requests=4))
    assert engine.batches == [["0000", "0001", "0002"], ["0003"]]
    assert len(list(read_entries(tmp_path / JOURNAL))) == 4


def test_a_stopped_engine_loses_no_batch_that_came(tmp_path: Path) -> None:
    stop = Stop()

    class Stopped(Engine):
        def ask_batch(self, questions: Sequence[Question]) -> Sequence[Reply | AskFault]:
            stop.set(Interrupted("SIGINT"))
            return super().ask_batch(questions)

    with pytest.raises(Interrupted):
        ask(tmp_path / JOURNAL, Stopped(), direct(pieces(9)), stop=stop)
    assert len(list(read_entries(tmp_path / JOURNAL))) == 3
