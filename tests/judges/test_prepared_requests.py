"""Requests that wait to be sent: no more of them than there is room for."""

from __future__ import annotations

from typing import Any

from judgemark.judges.prepared_requests import PreparedRequests
from judgemark.records import QuestionKey
from tests.support.questions import question
from tests.support.transports import post

BODY = {"temperature": 0.0}


def key(number: int) -> QuestionKey:
    """The key of one of several questions."""
    return question(str(number)).key


def held(requests: PreparedRequests, numbers: range, content: bytes = b"x" * 10) -> list[bool]:
    """Prepare what is wanted of these questions; which were wanted."""
    wanted = []
    for number in numbers:
        wanted.append(requests.wants(key(number)))
        if wanted[-1]:
            requests.hold(key(number), BODY, post(content))
    return wanted


def test_no_more_is_held_than_there_is_room_for() -> None:
    requests = PreparedRequests(most=25)
    assert held(requests, range(5)) == [True, True, True, False, False]
    assert requests.take(key(0), BODY) is not None
    assert held(requests, range(3, 5)) == [True, False]


def test_what_was_taken_cleared_or_replaced_takes_no_room() -> None:
    requests = PreparedRequests(most=25)
    for _ in range(10):
        requests.hold(key(0), BODY, post(b"x" * 10))
    assert held(requests, range(1, 3)) == [True, True]
    requests.clear()
    assert requests.take(key(0), BODY) is None
    assert held(requests, range(4)) == [True, True, True, False]


def test_a_request_made_of_another_body_is_forgotten() -> None:
    requests = PreparedRequests(most=5)
    learnt: dict[str, Any] = {}
    held(requests, range(1))
    assert requests.take(key(0), learnt) is None
    assert requests.take(key(0), BODY) is None
    assert requests.wants(key(0))
