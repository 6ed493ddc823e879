"""A chat judge at an endpoint that answers as a script tells it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from judgemark.judges.chat import ChatJudge
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.endpoint import choose_endpoint
from judgemark.judges.request_limits import RequestLimits
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


def always(answer: Answer) -> Script:
    return lambda _: answer
