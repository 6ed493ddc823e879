"""A run whose endpoint dies is paused, tries it now and then, and gives up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from judgemark.errors import AskFault, GivenUp, TransientFault
from judgemark.records import Question
from judgemark.run.breaker import FEWEST_FAILURES, Breaker
from judgemark.run.journal import read_entries
from judgemark.run.runner import RunnerSettings
from judgemark.run.stop import Stop
from tests.support.asking import FakeClock, ScriptedJudge, Told, ask, in_turn
from tests.support.questions import direct, pieces

JOURNAL = "verdicts.jsonl"
DEAD = TransientFault("HTTP 503: gone")
THROTTLED = TransientFault("HTTP 429: slow down", throttled=True)
QUICK = RunnerSettings(threads=6, max_retries=50, retry_delay=0.001, longest_delay=0.01)


class Watched:
    """A breaker with its clock and what it said."""

    def __init__(self, threads: int = 4, questions: int = 100, give_up_after: float = 600.0):
        self.clock, self.said = FakeClock(), list[str]()
        self.breaker = Breaker(
            threads, give_up_after, clock=self.clock, stop=Stop(), say=self.said.append
        )
        self.breaker.expect(questions)

    def request(self, fault: AskFault | None) -> None:
        """One request comes back with a fault, or with a reply."""
        self.breaker.came(self.breaker.enter(), fault)


@pytest.mark.parametrize(
    ("threads", "questions", "limit"), [(1, 100, 12), (4, 100, 12), (6, 100, 18), (64, 5, 15)]
)
def test_the_run_is_paused_after_as_many_failures_as_make_a_pattern(
    threads: int, questions: int, limit: int
) -> None:
    watched = Watched(threads, questions)
    for _ in range(limit - 1):
        watched.request(DEAD)
    assert not watched.breaker.paused
    watched.request(DEAD)
    assert watched.breaker.paused
    assert "paused" in watched.said[0]
    assert "HTTP 503: gone" in watched.said[0]


def test_a_paused_run_tries_an_endpoint_no_earlier_than_it_asks() -> None:
    watched = Watched()
    for _ in range(FEWEST_FAILURES):
        watched.request(TransientFault("HTTP 503: loading", retry_after=30.0))
    begun = watched.clock.now()
    permit = watched.breaker.enter()
    assert permit.tests_endpoint and watched.clock.now() - begun == pytest.approx(30.0)
    # Near the end of its patience the run still waits as asked, and gives up after that test.
    watched.breaker.came(permit, TransientFault("HTTP 503: loading", retry_after=600.0))
    with pytest.raises(GivenUp):
        watched.request(DEAD)
    assert watched.clock.now() - begun == pytest.approx(630.0)


def test_questions_that_are_done_count_no_more() -> None:
    watched = Watched(threads=64, questions=64)
    for _ in range(62):
        watched.breaker.done()
    for _ in range(FEWEST_FAILURES):
        watched.request(DEAD)
    assert watched.breaker.paused


@pytest.mark.parametrize("answer", [None, AskFault("HTTP 413: too large")])
def test_an_answer_of_any_kind_sets_the_count_back(answer: AskFault | None) -> None:
    watched = Watched()
    for _ in range(3 * FEWEST_FAILURES):
        watched.request(DEAD)
        watched.request(answer)
    assert not watched.breaker.paused


def test_complaints_of_too_many_requests_count_neither_way() -> None:
    watched = Watched()
    for _ in range(5 * FEWEST_FAILURES):
        watched.request(THROTTLED)
    assert not watched.breaker.paused
    for _ in range(FEWEST_FAILURES):
        watched.request(DEAD)
        watched.request(THROTTLED) if not watched.breaker.paused else None
    assert watched.breaker.paused


def test_pauses_grow_from_a_second_to_a_minute_and_end_with_an_answer() -> None:
    watched = Watched()
    for _ in range(FEWEST_FAILURES):
        watched.request(DEAD)
    waits = []
    for _ in range(8):
        before = watched.clock.now()
        watched.request(DEAD)
        waits.append(watched.clock.now() - before)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    watched.request(None)
    assert not watched.breaker.paused
    assert len(watched.said) == 2
    before = watched.clock.now()
    watched.request(None)
    assert watched.clock.now() == before


def give_up(watched: Watched, fault: TransientFault) -> float:
    """Let requests fail until the breaker gives up; the seconds that passed."""
    begun = watched.clock.now()
    with pytest.raises(GivenUp):
        for _ in range(1000):
            watched.request(fault)
    return watched.clock.now() - begun


@pytest.mark.parametrize("seconds", [0.0, 5.0, 600.0])
def test_it_gives_up_after_the_given_seconds(seconds: float) -> None:
    assert give_up(Watched(give_up_after=seconds), DEAD) == pytest.approx(seconds)


def test_it_gives_up_where_only_complaints_come_for_that_long() -> None:
    watched = Watched(give_up_after=60.0)
    watched.request(THROTTLED)
    watched.clock.sleep(59.0, Stop())
    watched.request(THROTTLED)
    watched.clock.sleep(1.0, Stop())
    with pytest.raises(GivenUp, match="429"):
        watched.request(THROTTLED)


def test_a_run_with_one_thread_waits_no_longer_than_given(tmp_path: Path) -> None:
    """The pauses of a single question grow: ten of them take two and a half minutes."""
    clock, judge = FakeClock(), ScriptedJudge(dies_after(5))
    settings = RunnerSettings(threads=1, give_up_after=3.0)
    with pytest.raises(GivenUp, match="answered no request for 3 s"):
        ask(tmp_path / JOURNAL, judge, direct(pieces(20)), settings=settings, clock=clock)
    # At most 3 s until the run is paused, and 3 s of pause.
    assert sum(clock.pauses) <= 6.1
    assert judge.asked.total() <= 5 + FEWEST_FAILURES + 4


def test_patience_is_counted_from_the_first_failure_after_an_answer() -> None:
    watched = Watched(give_up_after=10.0)
    watched.clock.sleep(100.0, Stop())
    assert watched.breaker.patience == pytest.approx(10.0)
    watched.request(DEAD)
    watched.clock.sleep(4.0, Stop())
    watched.request(DEAD)
    assert watched.breaker.patience == pytest.approx(6.0)
    watched.clock.sleep(40.0, Stop())
    assert watched.breaker.patience == 0.0
    watched.request(None)
    assert watched.breaker.patience == pytest.approx(10.0)


def test_a_pause_that_an_endpoint_asks_for_is_kept_however_little_patience_is_left(
    tmp_path: Path,
) -> None:
    clock = FakeClock()
    busy = TransientFault("HTTP 503: busy", retry_after=2.0)
    judge = ScriptedJudge(in_turn(DEAD, DEAD, busy, "7"))
    settings = RunnerSettings(threads=1, give_up_after=2.0)
    ask(tmp_path / JOURNAL, judge, direct(pieces(1)), settings=settings, clock=clock)
    assert clock.pauses[-1] == pytest.approx(2.0)
    # Two pauses may take all of the 2 s; their sum is then rounded.
    assert sum(clock.pauses[:-1]) <= 2.0 + 1e-9


@pytest.mark.parametrize("throttled", [True, False])
def test_a_wait_that_is_asked_for_beyond_the_limit_ends_the_run_at_once(throttled: bool) -> None:
    watched = Watched(give_up_after=600.0)
    watched.request(TransientFault("busy", retry_after=600.0, throttled=throttled))
    with pytest.raises(GivenUp, match=r"asks to wait 601 s.*give_up_after"):
        watched.request(TransientFault("busy", retry_after=601.0, throttled=throttled))


def dies_after(count: int, back_after: int | None = None) -> Callable[[Question, int], Told]:
    """Answers this many requests, then none, until as many more were made as `back_after` says."""
    made = [0]

    def script(_: Question, __: int) -> Told:
        made[0] += 1
        alive = made[0] <= count or (back_after is not None and made[0] > count + back_after)
        return "7" if alive else DEAD

    return script


def test_an_endpoint_that_dies_costs_few_requests_and_the_run_is_resumable(tmp_path: Path) -> None:
    said: list[str] = []
    judge, clock = ScriptedJudge(dies_after(20)), FakeClock()
    with pytest.raises(GivenUp, match=r"answered no request for 600 s"):
        ask(
            tmp_path / JOURNAL,
            judge,
            direct(pieces(950)),
            settings=QUICK,
            clock=clock,
            said=said,
        )
    # 20 answered, 18 failed in a row, up to 5 more in flight, and the probes of a growing pause:
    # 1 + 2 + 4 + 8 + 16 + 32 = 63 s, then one a minute: 6 + 9 = 15 and one more.
    assert judge.asked.total() <= 20 + 18 + 5 + 17
    kept = list(read_entries(tmp_path / JOURNAL))
    assert len(kept) == 20
    assert all(e.outcome.cls.good for e in kept)
    assert any("paused" in line for line in said)
    rest = ScriptedJudge(in_turn("7"))
    ask(tmp_path / JOURNAL, rest, direct(pieces(950)), settings=QUICK)
    assert rest.asked.total() == 930


def test_paused_questions_use_up_no_retries(tmp_path: Path) -> None:
    # The first question after the third fails twelve times, which pauses the run, and ten times
    # more while it is paused: more than its twelve retries in all.
    settings = RunnerSettings(threads=1, max_retries=12, retry_delay=0.001, longest_delay=0.01)
    judge, clock = ScriptedJudge(dies_after(3, back_after=12 + 10)), FakeClock()
    said: list[str] = []
    entries = ask(
        tmp_path / JOURNAL, judge, direct(pieces(9)), settings=settings, clock=clock, said=said
    )
    assert all(e.outcome.cls.good for e in entries)
    assert max(e.attempts for e in entries) == 12 + 10 + 1
    assert said[-1].startswith("the endpoint answers again")


def test_a_long_wait_is_announced_once(tmp_path: Path) -> None:
    said: list[str] = []
    patient = TransientFault("HTTP 429: slow down", retry_after=120.0, throttled=True)
    judge, clock = ScriptedJudge(in_turn(patient, "7")), FakeClock()
    ask(
        tmp_path / JOURNAL,
        judge,
        direct(pieces(1)),
        settings=RunnerSettings(threads=1),
        clock=clock,
        said=said,
    )
    assert len(said) == 1
    assert "waiting 120 s" in said[0]


def test_a_wait_of_a_minute_is_not_announced(tmp_path: Path) -> None:
    said: list[str] = []
    judge = ScriptedJudge(in_turn(TransientFault("busy", retry_after=60.0), "7"))
    ask(tmp_path / JOURNAL, judge, direct(pieces(1)), clock=FakeClock(), said=said)
    assert said == []
