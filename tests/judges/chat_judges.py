"""A chat judge at an endpoint that answers as a script tells it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from judgemark.judges.chat import ChatJudge
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.endpoint import choose_endpoint
from judgemark.judges.request_limits import RequestLimits
from judgemark.records import Question, Reply
from tests.support.fake_endpoint import Answer, FakeEndpoint, Script

KEY = "sk-very-secret-0123456789"


@contextmanager
def judge_at(
    script: Script,
    parameters: ChatParameters | None = None,
    *,
    timeout: float = 5.0,
    known: frozenset[str] = frozenset(),
) -> Iterator[tuple[ChatJudge, FakeEndpoint]]:
    """A chat judge and the endpoint that it asks."""
    with FakeEndpoint(script) as server:
        endpoint = choose_endpoint("some/judge:free", {"OPENAI_API_KEY": KEY}, base_url=server.url)
        judge = ChatJudge(endpoint, parameters or ChatParameters(), RequestLimits(timeout), known)
        try:
            yield judge, server
        finally:
            judge.close()


Asks = Callable[[ChatJudge, Question], Reply]
"""A way to ask a chat judge one question."""


def from_a_thread(judge: ChatJudge, asked: Question) -> Reply:
    """Ask in the calling thread."""
    return judge.ask(asked)


def from_a_loop(judge: ChatJudge, asked: Question) -> Reply:
    """Ask in an event loop, which ends after it."""

    async def ask() -> Reply:
        try:
            return await judge.ask_in_loop(asked)
        finally:
            judge.leave_loop()
            for _ in range(3):
                await asyncio.sleep(0)

    return asyncio.run(ask())


BOTH_WAYS = pytest.mark.parametrize(
    "asks", [from_a_thread, from_a_loop], ids=["from a thread", "from a loop"]
)


def always(answer: Answer) -> Script:
    return lambda _: answer
