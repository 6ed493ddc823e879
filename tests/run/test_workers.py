"""Threads that stay for a whole run."""

from __future__ import annotations

import threading

import pytest

from judgemark.records import Question
from judgemark.run.stop import Stop
from judgemark.run.workers import Workers
from tests.support.questions import direct, pieces


def questions(count: int) -> list[Question]:
    protocol = direct(pieces(count))
    return [protocol.question(s) for s in protocol.samples]


def test_every_question_is_served_once_by_the_same_threads_wave_after_wave() -> None:
    served: list[tuple[str, int]] = []
    greeted: list[int] = []
    workers = Workers(3, lambda: greeted.append(threading.get_ident()), Stop())
    for _ in range(3):
        workers.do(lambda q: served.append((q.item, threading.get_ident())), questions(20))
    workers.close()
    assert sorted(item for item, _ in served) == sorted(q.item for q in questions(20) * 3)
    assert {thread for _, thread in served} <= set(greeted)
    assert len(greeted) == 3


def test_an_error_stops_the_run_with_itself_as_the_reason() -> None:
    stop, served = Stop(), []

    def task(question: Question) -> None:
        served.append(question.item)
        if len(served) == 3:
            raise KeyError("broken")

    workers = Workers(1, lambda: None, stop)
    workers.do(task, questions(50))
    workers.close()
    assert isinstance(stop.reason, KeyError)
    assert len(served) == 3


def test_a_greeting_that_fails_stops_the_run() -> None:
    stop = Stop()

    def greet() -> None:
        raise KeyError("no client")

    workers = Workers(2, greet, stop)
    assert stop.event.wait(5)
    workers.do(lambda _: pytest.fail("nothing may be asked"), questions(5))
    workers.close()
    assert isinstance(stop.reason, KeyError)


def test_what_hangs_does_not_hold_a_stopped_run_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judgemark.run.workers._GRACE", 0.05)
    stop, release = Stop(), threading.Event()

    def task(_: Question) -> None:
        stop.set(KeyError("stop"))
        release.wait(10)

    workers = Workers(1, lambda: None, stop)
    workers.do(task, questions(2))
    assert not release.is_set()
    release.set()
    workers.close()
