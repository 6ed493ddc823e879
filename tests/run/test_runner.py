"""Asking: again where it may help, at once no more where it cannot, and never twice for nothing."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from judgemark.errors import (
    AskFault,
    CapReached,
    Interrupted,
    ParameterRejected,
    Refused,
    TransientFault,
)
from judgemark.judges.base import Json
from judgemark.protocols.base import Plan
from judgemark.records import Class, Failure, Question, Reply, Usage, Verdict
from judgemark.run.budget import Budget, Prices
from judgemark.run.entries import Entry
from judgemark.run.journal import read_entries
from judgemark.run.runner import RunnerSettings, total_usage
from judgemark.run.stop import Stop, stop_on_signals
from tests.support.asking import QUICK, ScriptedJudge, Told, ask
from tests.support.questions import direct, pieces

JOURNAL = "verdicts.jsonl"


class Unslept(threading.Event):
    """Notes every pause and lets none happen."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout or 0.0)
        return self.is_set()


def unslept() -> tuple[Stop, list[float]]:
    """A stop whose pauses are noted instead of slept."""
    stop, event = Stop(), Unslept()
    stop.event = event
    return stop, event.pauses


def in_turn(*told: Told) -> Callable[[Question, int], Told]:
    """The n-th attempt at a question gets the n-th of these, the last one for ever."""
    return lambda _, number: told[min(number, len(told)) - 1]


def by_item(entries: Sequence[Entry]) -> dict[str, Entry]:
    return {e.item: e for e in entries}


def busy(**more: float | bool) -> TransientFault:
    return TransientFault("HTTP 503: busy", **more)  # type: ignore[arg-type]


def test_every_question_is_asked_once_and_kept(tmp_path: Path) -> None:
    judge = ScriptedJudge(lambda question, _: question.item)
    entries = ask(tmp_path / JOURNAL, judge, direct(pieces(30)))
    assert {e.item: e.outcome for e in entries} == {
        f"{n:04}": Verdict(Class.OK, value=float(n)) for n in range(30)
    }
    assert set(judge.asked.values()) == {1}
    assert judge.greeted == QUICK.threads
    assert all((e.attempts, e.first_class) == (1, Class.OK) for e in entries)


def test_transient_faults_are_asked_again(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(busy(), busy(), "7"))
    (entry,) = ask(tmp_path / JOURNAL, judge, direct(pieces(1)))
    assert (entry.outcome, entry.attempts) == (Verdict(Class.OK, value=7.0), 3)
    # A fault is no reply: the first reply could be scored.
    assert entry.first_class is Class.OK


def test_pauses_double_up_to_a_limit_with_jitter(tmp_path: Path) -> None:
    stop, pauses = unslept()
    settings = RunnerSettings(threads=1, max_retries=6, retry_delay=1.0, longest_delay=8.0)
    judge = ScriptedJudge(in_turn(busy()))
    ask(tmp_path / JOURNAL, judge, direct(pieces(1)), settings=settings, stop=stop)
    assert len(pauses) == 6
    for pause, least in zip(pauses, (1, 2, 4, 8, 8, 8), strict=True):
        assert least <= pause <= least + 1
    assert len({round(pause % 1, 6) for pause in pauses}) > 1


def test_retry_after_is_honoured(tmp_path: Path) -> None:
    stop, pauses = unslept()
    settings = RunnerSettings(threads=1, max_retries=1, retry_delay=1.0, longest_delay=8.0)
    judge = ScriptedJudge(in_turn(busy(retry_after=60.0), "7"))
    ask(tmp_path / JOURNAL, judge, direct(pieces(1)), settings=settings, stop=stop)
    assert pauses == [60.0]


def test_a_short_retry_after_does_not_shorten_the_pause(tmp_path: Path) -> None:
    stop, pauses = unslept()
    settings = RunnerSettings(threads=1, max_retries=1, retry_delay=1.0, longest_delay=8.0)
    judge = ScriptedJudge(in_turn(busy(retry_after=0.1), "7"))
    ask(tmp_path / JOURNAL, judge, direct(pieces(1)), settings=settings, stop=stop)
    assert 1 <= pauses[0] <= 2


def test_the_limit_is_over_all_causes(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(busy(), "no number", busy(), "none either", "7"))
    (entry,) = ask(tmp_path / JOURNAL, judge, direct(pieces(1)))
    # One and three retries: the fifth answer is never asked for.
    assert (judge.asked["0000"], entry.attempts) == (4, 4)
    assert isinstance(entry.outcome, Failure)
    assert (entry.outcome.cls, entry.first_class) == (Class.UNPARSEABLE, Class.UNPARSEABLE)
    assert entry.reply is not None
    assert entry.reply.text == "none either"


def test_a_reply_that_cannot_be_scored_is_asked_again_at_once(tmp_path: Path) -> None:
    stop, pauses = unslept()
    judge = ScriptedJudge(in_turn("no number", "7"))
    (entry,) = ask(tmp_path / JOURNAL, judge, direct(pieces(1)), stop=stop)
    assert (entry.outcome, entry.attempts) == (Verdict(Class.OK, value=7.0), 2)
    assert entry.first_class is Class.UNPARSEABLE
    assert pauses == [0.0]


def test_the_last_reply_is_kept_though_a_fault_came_after_it(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn("no number", busy()))
    (entry,) = ask(tmp_path / JOURNAL, judge, direct(pieces(1)))
    assert entry.reply == Reply("no number", "stop")
    assert entry.outcome.cls is Class.UNPARSEABLE


def test_no_reply_at_all_is_an_error_with_its_reason(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(busy()))
    (entry,) = ask(tmp_path / JOURNAL, judge, direct(pieces(1)))
    assert entry.outcome == Failure(Class.ERROR, "HTTP 503: busy")
    assert (entry.reply, entry.first_class, entry.attempts) == (None, None, 4)


def test_a_question_that_is_refused_leaves_the_others_alone(tmp_path: Path) -> None:
    def script(question: Question, _: int) -> Told:
        return AskFault("HTTP 413: too large") if question.item == "0003" else "7"

    judge = ScriptedJudge(script)
    entries = by_item(ask(tmp_path / JOURNAL, judge, direct(pieces(10))))
    assert entries["0003"].outcome == Failure(Class.ERROR, "HTTP 413: too large")
    assert judge.asked["0003"] == 1
    assert sum(e.outcome.cls.good for e in entries.values()) == 9


def test_a_rejected_parameter_is_asked_again_without_a_pause(tmp_path: Path) -> None:
    stop, pauses = unslept()
    judge = ScriptedJudge(in_turn(ParameterRejected("temperature", "HTTP 400"), "7"))
    (entry,) = ask(tmp_path / JOURNAL, judge, direct(pieces(1)), stop=stop)
    assert (entry.outcome.cls, pauses) == (Class.OK, [0.0])


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


def test_a_resume_asks_only_what_has_no_good_verdict(tmp_path: Path) -> None:
    protocol = direct(pieces(6))

    def script(question: Question, _: int) -> Told:
        return "no number" if question.item in ("0002", "0004") else "7"

    ask(tmp_path / JOURNAL, ScriptedJudge(script), protocol)
    better = ScriptedJudge(in_turn("8"))
    entries = ask(tmp_path / JOURNAL, better, protocol)
    assert set(better.asked) == {"0002", "0004"}
    assert len(entries) == 8
    tries = [e for e in entries if e.item == "0002"]
    # The file keeps both: the first reply was none, and that is not forgotten.
    assert [e.first_class for e in tries] == [Class.UNPARSEABLE, Class.OK]


def test_a_finished_run_asks_nothing(tmp_path: Path) -> None:
    protocol = direct(pieces(5))
    ask(tmp_path / JOURNAL, ScriptedJudge(in_turn("7")), protocol)
    before = (tmp_path / JOURNAL).read_bytes()
    again = ScriptedJudge(in_turn("8"))
    ask(tmp_path / JOURNAL, again, protocol, probes=3)
    assert again.asked.total() == 0
    assert (tmp_path / JOURNAL).read_bytes() == before


def test_the_same_question_twice_in_a_wave_is_asked_once(tmp_path: Path) -> None:
    one, two = pieces(2)
    judge = ScriptedJudge(in_turn("7"))
    entries = ask(tmp_path / JOURNAL, judge, direct((one, two, one, one)))
    assert len(entries) == 2
    assert judge.asked.total() == 2


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


def test_a_plan_that_looks_at_outcomes_before_it_yields_more(tmp_path: Path) -> None:
    protocol = direct(pieces(10))
    waves: list[list[str]] = []

    def best_of_pairs() -> Plan:
        left = [protocol.question(s) for s in protocol.samples]
        while len(left) > 1:
            waves.append([q.item for q in left])
            outcomes = yield left
            values = {k: o.value for k, o in outcomes.items() if isinstance(o, Verdict)}
            left = sorted(left, key=lambda q: values[q.key] or 0.0)[len(left) // 2 :]

    judge = ScriptedJudge(lambda question, _: question.item)
    entries = ask(tmp_path / JOURNAL, judge, protocol, plan=best_of_pairs())
    # 10 -> the better 5 -> the better 3 -> the better 2; a question of a later wave is known.
    assert [len(wave) for wave in waves] == [10, 5, 3, 2]
    assert waves[-1] == ["0008", "0009"]
    assert len(entries) == 10
    replayed = list(waves)
    waves.clear()
    again = ScriptedJudge(in_turn("0"))
    ask(tmp_path / JOURNAL, again, protocol, plan=best_of_pairs())
    assert waves == replayed
    assert again.asked.total() == 0


def test_a_plan_is_told_of_failures_and_closed(tmp_path: Path) -> None:
    protocol = direct(pieces(1))
    told: list[object] = []

    def plan() -> Plan:
        try:
            outcomes = yield [protocol.question(s) for s in protocol.samples]
            told.extend(outcomes.values())
            yield []
        finally:
            told.append("closed")

    ask(tmp_path / JOURNAL, ScriptedJudge(in_turn("no number")), protocol, plan=plan())
    assert told == [Failure(Class.UNPARSEABLE, "the reply is no number"), "closed"]


def test_concurrency_is_the_number_of_threads_and_halves_on_429(tmp_path: Path) -> None:
    together = threading.Barrier(8)
    lock, under_way, later = threading.Lock(), 0, [0]

    def script(question: Question, number: int) -> Told:
        nonlocal under_way
        if int(question.item) < 8 and number == 1:
            together.wait(5)
            slow = TransientFault("HTTP 429", throttled=True)
            return slow if question.item == "0000" else "7"
        with lock:
            under_way += 1
            later.append(under_way)
        threading.Event().wait(0.005)
        with lock:
            under_way -= 1
        return "7"

    settings = RunnerSettings(threads=8, retry_delay=0.05)
    judge = ScriptedJudge(script)
    ask(tmp_path / JOURNAL, judge, direct(pieces(18)), settings=settings)
    assert judge.peak == 8
    # Halved to 4; the 10th of at most 18 answers that came gives one slot back.
    assert 2 <= max(later) <= 5


def test_max_requests_stops_resumably(tmp_path: Path) -> None:
    protocol = direct(pieces(10))
    judge = ScriptedJudge(in_turn("7"))
    with pytest.raises(CapReached, match="--max-requests 4 is reached"):
        ask(tmp_path / JOURNAL, judge, protocol, budget=Budget(max_requests=4))
    assert judge.asked.total() == 4
    assert len(list(read_entries(tmp_path / JOURNAL))) == 4
    rest = ScriptedJudge(in_turn("7"))
    ask(tmp_path / JOURNAL, rest, protocol, budget=Budget(max_requests=6))
    assert rest.asked.total() == 6


def test_max_cost_stops_before_it_is_passed(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(Reply("7", usage=Usage(1000, 500))))
    # 1000 x $2 / 1e6 + 500 x $10 / 1e6 = $0.007 a question: seven fit into $0.05.
    settings = RunnerSettings(threads=4, prices=Prices(2.0, 10.0))
    budget = Budget(max_cost=0.05, expected_cost=0.007)
    with pytest.raises(CapReached, match=r"--max-cost 0\.05 is reached"):
        ask(tmp_path / JOURNAL, judge, direct(pieces(100)), settings=settings, budget=budget)
    # Requests under way are held back, so that four threads stop short, never past it.
    assert 4 <= judge.asked.total() <= 7
    assert budget.cost <= 0.05
    entries = list(read_entries(tmp_path / JOURNAL))
    assert sum(e.usage.cost or 0.0 for e in entries) == pytest.approx(budget.cost)


def test_the_endpoints_own_cost_beats_the_prices(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(Reply("7", usage=Usage(1000, 500, 0.5))))
    settings = RunnerSettings(threads=1, prices=Prices(2.0, 10.0))
    (entry,) = ask(tmp_path / JOURNAL, judge, direct(pieces(1)), settings=settings)
    assert entry.usage == Usage(1000, 500, 0.5)


def test_usage_is_summed_over_attempts(tmp_path: Path) -> None:
    first = Reply("no number", usage=Usage(10, 5, 0.25))
    second = Reply("7", usage=Usage(10, 3, 0.5))
    judge = ScriptedJudge(in_turn(first, busy(), second))
    (entry,) = ask(tmp_path / JOURNAL, judge, direct(pieces(1)))
    assert entry.usage == Usage(20, 8, 0.75)
    assert total_usage([]) == Usage()
    assert total_usage([Usage(1), Usage(None, 2)]) == Usage(1, 2)


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
    # What never got a reply is no failure of the judge's: it is simply asked next time.
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


def test_debug_tells_of_every_retry(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "judgemark")
    judge = ScriptedJudge(in_turn(busy(), "no number", "7"))
    ask(tmp_path / JOURNAL, judge, direct(pieces(1)))
    assert [record.getMessage().split("; asked")[0] for record in caplog.records] == [
        "item 0000: HTTP 503: busy",
        "item 0000: the reply is no number",
    ]


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


def test_the_place_is_kept_only_for_judges_that_look_at_it(tmp_path: Path) -> None:
    for by_place, place in ((True, ("ann", "1")), (False, None)):
        path = tmp_path / f"{by_place}.jsonl"
        protocol = direct(pieces(1), by_place=by_place)
        (entry,) = ask(path, ScriptedJudge(in_turn("7")), protocol)
        assert entry.place == place
        assert entry.texts == {"piece": pieces(1)[0].sha256}
