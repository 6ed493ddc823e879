"""Threads that stay for a whole run."""

from __future__ import annotations

import threading

import pytest

from judgemark.errors import CapReached, Interrupted, JudgemarkError, UsageError
from judgemark.records import Question
from judgemark.run.stop import Stop
from judgemark.run.workers import StopTimeouts, WorkerHooks, Workers
from tests.support.questions import direct, pieces


def nothing() -> None:
    """A hook that has nothing to prepare and nothing to break off."""


def nothing_about(_: Question) -> None:
    """A task that is done at once."""


def questions(count: int) -> list[Question]:
    protocol = direct(pieces(count))
    return [protocol.question(s) for s in protocol.samples]


def test_every_question_is_served_once_by_the_same_threads_wave_after_wave() -> None:
    served: list[tuple[str, int]] = []
    entered: list[int] = []
    workers = Workers(
        3, WorkerHooks(lambda: entered.append(threading.get_ident()), nothing), Stop()
    )
    for _ in range(3):
        workers.do(lambda q: served.append((q.item, threading.get_ident())), questions(20))
    workers.close()
    assert sorted(item for item, _ in served) == sorted(q.item for q in questions(20) * 3)
    assert {thread for _, thread in served} <= set(entered)
    assert len(entered) == 3


def test_no_thread_outlives_the_workers() -> None:
    before = threading.enumerate()
    patience = StopTimeouts(broken_off=30.0)
    workers = Workers(20, WorkerHooks(nothing, nothing), Stop(), patience)
    workers.do(nothing_about, questions(40))
    workers.close()
    assert [thread for thread in threading.enumerate() if thread not in before] == []


def test_an_error_stops_the_run_with_itself_as_the_reason() -> None:
    stop, served = Stop(), []

    def task(question: Question) -> None:
        served.append(question.item)
        if len(served) == 3:
            raise KeyError("broken")

    workers = Workers(1, WorkerHooks(nothing, nothing), stop)
    workers.do(task, questions(50))
    workers.close()
    assert isinstance(stop.reason, KeyError)
    assert len(served) == 3


def test_a_thread_that_cannot_be_prepared_stops_the_run() -> None:
    stop = Stop()

    def enter() -> None:
        raise KeyError("no client")

    workers = Workers(2, WorkerHooks(enter, nothing), stop)
    workers.do(lambda _: pytest.fail("nothing may be asked"), questions(5))
    workers.close()
    assert isinstance(stop.reason, KeyError)


def test_too_many_threads_for_the_machine_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, start, started, served = Stop(), threading.Thread.start, list[int](), list[str]()

    def refuse_the_third(thread: threading.Thread) -> None:
        if len(started) == 2:
            raise RuntimeError("can't start new thread")
        started.append(1)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse_the_third)
    workers = Workers(3, WorkerHooks(nothing, nothing), stop)
    workers.do(lambda q: served.append(q.item), questions(50))
    workers.close()
    assert isinstance(stop.reason, UsageError)
    assert "starts only 2 of 3 threads" in str(stop.reason)


@pytest.mark.parametrize(
    ("reason", "patience"),
    [
        (Interrupted("SIGINT"), StopTimeouts(interrupted=0.05, otherwise=60.0)),
        (CapReached("--max-cost"), StopTimeouts(interrupted=60.0, otherwise=0.05)),
    ],
)
def test_what_hangs_is_broken_off_when_patience_ends(
    reason: JudgemarkError, patience: StopTimeouts
) -> None:
    stop, broken_off, ended = Stop(), threading.Event(), threading.Event()

    def task(_: Question) -> None:
        stop.set(reason)
        broken_off.wait(30)
        ended.set()

    workers = Workers(1, WorkerHooks(nothing, broken_off.set), stop, patience)
    workers.do(task, questions(2))
    assert broken_off.is_set()
    assert ended.wait(5)
    workers.close()


def test_a_task_that_cannot_be_broken_off_is_left_behind() -> None:
    stop, release = Stop(), threading.Event()

    def task(_: Question) -> None:
        stop.set(Interrupted("SIGINT"))
        release.wait(30)

    patience = StopTimeouts(interrupted=0.01, broken_off=0.01)
    workers = Workers(1, WorkerHooks(nothing, nothing), stop, patience)
    workers.do(task, questions(2))
    assert not release.is_set()
    release.set()
    workers.close()


def test_an_interruption_cuts_the_wait_after_a_cap_short() -> None:
    stop, broken_off = Stop(), threading.Event()

    def task(_: Question) -> None:
        stop.set(CapReached("--max-cost"))
        stop.set(Interrupted("SIGINT"))
        broken_off.wait(30)

    patience = StopTimeouts(interrupted=0.01, otherwise=60.0)
    workers = Workers(1, WorkerHooks(nothing, broken_off.set), stop, patience)
    workers.do(task, questions(1))
    assert broken_off.is_set()
    assert isinstance(stop.reason, CapReached)
    workers.close()
