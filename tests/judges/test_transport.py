"""One clock and one size limit for every request, and an end to all of them on demand."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator

import httpx2
import pytest

from judgemark.judges.request_limits import RequestLimits
from judgemark.judges.transport import (
    BoundedTransport,
    BrokenOff,
    OpenConnections,
    ReplyTooLarge,
)
from tests.support.raw_server import RawServer, Sent, Wait

LIMITS = RequestLimits(timeout=0.3, reply_mb=0.01)


def get(server: RawServer, limits: RequestLimits = LIMITS, query: str = "") -> httpx2.Response:
    """The answer to one request over a transport of its own."""
    transport = BoundedTransport(limits, OpenConnections(), query=query)
    with httpx2.Client(transport=transport) as client:
        return client.get(server.url + "/path?own=1")


def answer(body: bytes, *headers: str) -> bytes:
    """A whole answer of status 200."""
    lines = [
        "HTTP/1.1 200 OK",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


def test_an_answer_comes_back_whole_and_decompressed() -> None:
    packed = gzip.compress(b"hello")
    with RawServer(lambda: [answer(packed, "Content-Encoding: gzip", "X-More: 1")]) as server:
        came = get(server)
    assert (came.status_code, came.content) == (200, b"hello")
    assert came.headers["x-more"] == "1"
    assert "content-encoding" not in came.headers


def test_the_query_stands_behind_the_path_of_every_request() -> None:
    with RawServer(lambda: [answer(b"")]) as server:
        get(server, query="api-version=1&api-version=2")
    assert server.heard[0].startswith(b"GET /path?own=1&api-version=1&api-version=2 HTTP/1.1\r\n")


def trickle(part: bytes) -> Iterator[Sent]:
    """One part after another, each well within any timeout for a single read."""
    while True:
        yield part
        yield Wait(0.02)


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"],
)
def test_a_trickle_ends_when_the_time_is_over(start: bytes) -> None:
    def script() -> Iterator[Sent]:
        yield start
        yield from trickle(b"H" if not start else b"x: y\r\n")

    # Without a deadline in all this test would never end.
    with RawServer(script) as server, pytest.raises(httpx2.ReadTimeout):
        get(server)


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_larger_than_the_limit_is_not_read(packed: bool) -> None:
    body = b"0" * 1_000_000
    whole = answer(gzip.compress(body), "Content-Encoding: gzip") if packed else answer(body)
    limits = RequestLimits(timeout=30, reply_mb=0.9)
    with RawServer(lambda: [whole]) as server:
        with pytest.raises(ReplyTooLarge, match=r"larger than 0\.9 MB"):
            get(server, limits)
        assert len(get(server, RequestLimits(timeout=30, reply_mb=1)).content) == 1_000_000


def test_all_requests_are_broken_off_from_another_thread() -> None:
    connections = OpenConnections()
    limits = RequestLimits(timeout=60)
    faults: list[Exception] = []

    def ask(server: RawServer) -> None:
        with httpx2.Client(transport=BoundedTransport(limits, connections)) as client:
            try:
                client.get(server.url)
            except httpx2.HTTPError as exc:
                faults.append(exc)

    with RawServer(lambda: [Wait(60)]) as server:
        threads = [threading.Thread(target=ask, args=(server,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        server.wait_for(3)
        connections.break_off()
        for thread in threads:
            thread.join(5)
        ask(server)
    assert [type(fault) for fault in faults] == [BrokenOff] * 4


def test_a_request_that_waits_for_nothing_is_not_counted_against_the_next() -> None:
    with RawServer(lambda: [Wait(0.2), answer(b"x")]) as server:
        transport = BoundedTransport(LIMITS, OpenConnections())
        with httpx2.Client(transport=transport) as client:
            assert [client.get(server.url).content for _ in range(3)] == [b"x"] * 3
