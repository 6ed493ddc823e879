"""Asking: again where it may help, at once no more where it cannot, and never twice for nothing."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import pytest

from judgemark.errors import (
    AskFault,
    ContentRefused,
    ParameterRejected,
    TransientFault,
)
from judgemark.protocols.judging_protocol import Plan
from judgemark.protocols.number_protocol import NumberProtocol
from judgemark.records import Class, Failure, Outcome, Question, Reply, Usage, Verdict
from judgemark.run.attempts import total_usage
from judgemark.run.budget import Prices
from judgemark.run.concurrency import Admission, ConcurrencyLimit
from judgemark.run.runner import RunnerSettings
from tests.support.asking import QUICK, FakeClock, ScriptedJudge, Told, ask, busy, by_item, in_turn
from tests.support.questions import direct, pieces

JOURNAL = "verdicts.jsonl"


def test_every_question_is_asked_once_and_kept(tmp_path: Path) -> None:
    judge = ScriptedJudge(lambda question, _: question.item)
    entries = ask(tmp_path / JOURNAL, judge, direct(pieces(30)))
    assert {e.item: e.outcome for e in entries} == {
        f"{n:04}": Verdict(Class.OK, value=float(n)) for n in range(30)
    }
    assert set(judge.asked.values()) == {1}
    assert judge.threads_entered == QUICK.threads
    assert all((e.attempts, e.first_class) == (1, Class.OK) for e in entries)


def test_questions_are_asked_together_and_their_replies_read_one_after_the_other(
    tmp_path: Path,
) -> None:
    together = threading.Barrier(4)

    class Reader(NumberProtocol):
        reading = 0

        def read(self, question: Question, reply: Reply) -> Outcome:
            Reader.reading += 1
            time.sleep(0.002)
            seen.append(Reader.reading)
            Reader.reading -= 1
            return super().read(question, reply)

    def answer(question: Question, _: int) -> str:
        together.wait(5)
        return question.item

    seen: list[int] = []
    judge = ScriptedJudge(answer)
    entries = ask(tmp_path / JOURNAL, judge, Reader({"kind": "test"}, pieces(20)), probes=0)
    assert (len(entries), judge.peak, seen) == (20, 4, [1] * 20)


def test_transient_faults_are_asked_again(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(busy(), busy(), "7"))
    (entry,) = ask(tmp_path / JOURNAL, judge, direct(pieces(1)))
    assert (entry.outcome, entry.attempts) == (Verdict(Class.OK, value=7.0), 3)
    # A fault is no reply: the first reply could be scored.
    assert entry.first_class is Class.OK


def test_pauses_double_up_to_a_limit_with_jitter(tmp_path: Path) -> None:
    clock = FakeClock()
    settings = RunnerSettings(threads=1, max_retries=6, retry_delay=1.0, longest_delay=8.0)
    judge = ScriptedJudge(in_turn(busy()))
    ask(tmp_path / JOURNAL, judge, direct(pieces(1)), settings=settings, clock=clock)
    assert len(clock.pauses) == 6
    for pause, least in zip(clock.pauses, (1, 2, 4, 8, 8, 8), strict=True):
        assert least <= pause <= least + 1
    assert len({round(pause % 1, 6) for pause in clock.pauses}) > 1


def test_retry_after_is_honoured(tmp_path: Path) -> None:
    clock = FakeClock()
    settings = RunnerSettings(threads=1, max_retries=1, retry_delay=1.0, longest_delay=8.0)
    judge = ScriptedJudge(in_turn(busy(retry_after=60.0), "7"))
    ask(tmp_path / JOURNAL, judge, direct(pieces(1)), settings=settings, clock=clock)
    assert clock.pauses == [60.0]


def test_a_short_retry_after_does_not_shorten_the_pause(tmp_path: Path) -> None:
    clock = FakeClock()
    settings = RunnerSettings(threads=1, max_retries=1, retry_delay=1.0, longest_delay=8.0)
    judge = ScriptedJudge(in_turn(busy(retry_after=0.1), "7"))
    ask(tmp_path / JOURNAL, judge, direct(pieces(1)), settings=settings, clock=clock)
    assert 1 <= clock.pauses[0] <= 2


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
    clock = FakeClock()
    judge = ScriptedJudge(in_turn("no number", "7"))
    (entry,) = ask(tmp_path / JOURNAL, judge, direct(pieces(1)), clock=clock)
    assert (entry.outcome, entry.attempts) == (Verdict(Class.OK, value=7.0), 2)
    assert entry.first_class is Class.UNPARSEABLE
    assert clock.pauses == [0.0]


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


def test_what_the_content_filter_refuses_is_refused_and_not_asked_again(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(ContentRefused("HTTP 400: blocked by the content filter"), "7"))
    (entry,) = ask(tmp_path / JOURNAL, judge, direct(pieces(1)))
    assert entry.outcome == Failure(Class.REFUSED, "HTTP 400: blocked by the content filter")
    assert judge.asked == {"0000": 1}


def test_a_rejected_parameter_is_asked_again_without_a_pause(tmp_path: Path) -> None:
    clock = FakeClock()
    judge = ScriptedJudge(in_turn(ParameterRejected("temperature", "HTTP 400"), "7"))
    (entry,) = ask(tmp_path / JOURNAL, judge, direct(pieces(1)), clock=clock)
    assert (entry.outcome.cls, clock.pauses) == (Class.OK, [0.0])


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
    assert told == [Failure(Class.UNPARSEABLE, "the reply is not a number"), "closed"]


def test_concurrency_is_the_number_of_threads_and_halves_on_429(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, halved, real = threading.Barrier(8), threading.Event(), ConcurrencyLimit.throttled
    lock, under_way, later = threading.Lock(), 0, [0]

    def throttled(limit: ConcurrencyLimit, admission: Admission) -> None:
        real(limit, admission)
        halved.set()

    def script(question: Question, number: int) -> Told:
        nonlocal under_way
        if int(question.item) < 8 and number == 1:
            together.wait(5)
            if question.item == "0000":
                return TransientFault("HTTP 429", throttled=True)
            halved.wait(5)
            return "7"
        with lock:
            under_way += 1
            later.append(under_way)
        threading.Event().wait(0.005)
        with lock:
            under_way -= 1
        return "7"

    monkeypatch.setattr(ConcurrencyLimit, "throttled", throttled)
    judge = ScriptedJudge(script)
    settings = RunnerSettings(threads=8, retry_delay=0.001)
    ask(tmp_path / JOURNAL, judge, direct(pieces(18)), settings=settings)
    assert judge.peak == 8
    # Halved to 4; the 10th of the 18 answers gives one slot back.
    assert 2 <= max(later) <= 5


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


def test_debug_tells_of_every_retry(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "judgemark")
    judge = ScriptedJudge(in_turn(busy(), "no number", "7"))
    ask(tmp_path / JOURNAL, judge, direct(pieces(1)))
    assert [record.getMessage().split("; asked")[0] for record in caplog.records] == [
        "item 0000: HTTP 503: busy",
        "item 0000: the reply is not a number",
    ]


def test_the_place_is_kept_only_for_judges_that_look_at_it(tmp_path: Path) -> None:
    for by_place, place in ((True, ("ann", "1")), (False, None)):
        path = tmp_path / f"{by_place}.jsonl"
        protocol = direct(pieces(1), by_place=by_place)
        (entry,) = ask(path, ScriptedJudge(in_turn("7")), protocol)
        assert entry.place == place
        assert entry.texts == {"piece": pieces(1)[0].sha256}


def test_a_reply_that_cannot_change_is_asked_twice_and_once_by_each_later_command(
    tmp_path: Path,
) -> None:
    cut = Reply("Wit: 3", "length")
    settings = RunnerSettings(threads=1, retry_delay=0.001, repeatable=True)
    protocol = CutOff({"kind": "test"}, pieces(1), False)
    requests = []
    for _ in range(3):
        judge = ScriptedJudge(in_turn(cut))
        ask(tmp_path / JOURNAL, judge, protocol, settings=settings)
        requests.append(judge.asked.total())
    assert requests == [2, 1, 1]


def test_a_probe_that_cannot_change_is_asked_once_more_with_the_rest(tmp_path: Path) -> None:
    def script(question: Question, _: int) -> Told:
        return Reply("7", "length" if question.item == "0000" else "stop")

    settings = RunnerSettings(threads=1, retry_delay=0.001, repeatable=True)
    protocol = CutOff({"kind": "test"}, pieces(4), False)
    judge = ScriptedJudge(script)
    ask(tmp_path / JOURNAL, judge, protocol, settings=settings, probes=3)
    assert judge.asked["0000"] == 2


def test_an_endpoint_where_asking_again_helps_is_asked_again_at_the_end(tmp_path: Path) -> None:
    def script(question: Question, number: int) -> Told:
        # Items 0 to 8 recover at the second try, the last one only at the fourth.
        tries = 4 if question.item == "0009" else 2
        return Reply("7", "stop" if number >= tries else "length")

    settings = RunnerSettings(threads=1, retry_delay=0.001, repeatable=True)
    protocol = CutOff({"kind": "test"}, pieces(10), False)
    judge = ScriptedJudge(script)
    entries = ask(tmp_path / JOURNAL, judge, protocol, settings=settings)
    assert all(e.outcome.cls.good for e in by_item(entries).values())
    assert judge.asked["0009"] == 4
    assert [e.attempts for e in entries if e.item == "0009"] == [2, 2]


def test_an_endpoint_where_it_seldom_helps_is_not(tmp_path: Path) -> None:
    def script(question: Question, number: int) -> Told:
        return Reply("7", "stop" if number >= 2 and int(question.item) < 10 else "length")

    settings = RunnerSettings(threads=1, retry_delay=0.001, repeatable=True)
    judge = ScriptedJudge(script)
    ask(tmp_path / JOURNAL, judge, CutOff({"kind": "test"}, pieces(20), False), settings=settings)
    assert set(judge.asked.values()) == {2}


class CutOff(NumberProtocol):
    """Reads numbers, but no reply that the token limit cut off."""

    def read(self, question: Question, reply: Reply) -> Outcome:
        """As in `JudgingProtocol`."""
        if reply.finish_reason == "length":
            return Failure(Class.TRUNCATED, "cut off")
        return super().read(question, reply)


def test_prices_beat_a_reported_cost_of_0(tmp_path: Path) -> None:
    judge = ScriptedJudge(in_turn(Reply("7", usage=Usage(1000, 500, 0.0))))
    settings = RunnerSettings(threads=1, prices=Prices(2.0, 10.0))
    (entry,) = ask(tmp_path / JOURNAL, judge, direct(pieces(1)), settings=settings)
    assert entry.usage.cost == pytest.approx(0.007)
