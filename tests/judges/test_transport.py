"""One clock and one size limit for every request, and an end to all of them on demand."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator

import httpcore2
import httpx2
import pytest

from judgemark.judges.http_exchange import BrokenOff, HttpAnswer, ReplyTooLarge
from judgemark.judges.open_connections import OpenConnections
from judgemark.judges.request_limits import RequestLimits
from judgemark.judges.transport import BoundedTransport
from tests.support.raw_server import RawServer, Sent, Wait
from tests.support.transports import GET, Way, from_loop, from_threads

LIMITS = RequestLimits(timeout=0.3, reply_mb=0.01)


@pytest.fixture(params=[from_threads, from_loop], ids=["threads", "loop"])
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    """One of the ways in which requests travel; each must keep all that is said here."""
    with request.param() as one:
        yield one


def get(way: Way, server: RawServer, limits: RequestLimits = LIMITS) -> HttpAnswer:
    """The answer to one request."""
    return way.to(server.url, limits).send(GET)


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


def test_an_answer_comes_back_whole_and_decompressed(way: Way) -> None:
    packed = gzip.compress(b"hello")
    with RawServer(lambda: [answer(packed, "Content-Encoding: gzip", "X-More: 1")]) as server:
        came = get(way, server)
    assert (came.status, came.content) == (200, b"hello")
    assert came.headers["x-more"] == "1"
    assert "content-encoding" not in came.headers


def test_headers_are_texts_by_their_names_in_small_letters(way: Way) -> None:
    headers = ("X-More: 1", "x-more: 2", "Location: /caf\u00e9")
    with RawServer(lambda: [answer(b"hello", *headers)]) as server:
        came = get(way, server)
    assert (came.headers["x-more"], came.headers["location"]) == ("1, 2", "/caf\u00e9")


def trickle(part: bytes) -> Iterator[Sent]:
    """One part after another, each well within any timeout for a single read."""
    while True:
        yield part
        yield Wait(0.02)


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"],
)
def test_a_trickle_ends_when_the_time_is_over(way: Way, start: bytes) -> None:
    def script() -> Iterator[Sent]:
        yield start
        yield from trickle(b"H" if not start else b"x: y\r\n")

    # Without a deadline in all this test would never end.
    with RawServer(script) as server, pytest.raises(httpx2.ReadTimeout):
        get(way, server)


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_larger_than_the_limit_is_not_read(way: Way, packed: bool) -> None:
    body = b"0" * 1_000_000
    whole = answer(gzip.compress(body), "Content-Encoding: gzip") if packed else answer(body)
    limits = RequestLimits(timeout=30, reply_mb=0.9)
    with (
        RawServer(lambda: [whole]) as server,
        pytest.raises(ReplyTooLarge, match=r"larger than 0\.9 MB"),
    ):
        get(way, server, limits)
    with RawServer(lambda: [whole]) as server:
        assert len(get(way, server, RequestLimits(timeout=30, reply_mb=1)).content) == 1_000_000


def test_all_requests_are_broken_off_from_another_thread(way: Way) -> None:
    limits = RequestLimits(timeout=60)
    faults: list[Exception] = []

    def ask(server: RawServer) -> None:
        try:
            get(way, server, limits)
        except httpx2.HTTPError as exc:
            faults.append(exc)

    with RawServer(lambda: [Wait(60)]) as server:
        threads = [threading.Thread(target=ask, args=(server,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        server.wait_for(3)
        way.break_off()
        for thread in threads:
            thread.join(5)
        ask(server)
    assert [type(fault) for fault in faults] == [BrokenOff] * 4


def test_a_request_that_waits_for_nothing_is_not_counted_against_the_next(way: Way) -> None:
    with RawServer(lambda: [Wait(0.2), answer(b"x")]) as server:
        answers = [get(way, server) for _ in range(3)]
    assert [came.content for came in answers] == [b"x"] * 3


def test_a_connection_is_kept_until_the_server_closes_it(way: Way) -> None:
    closed = threading.Event()

    def serve(listening: socket.socket) -> None:
        """Answer two requests on each of two connections, with the numbers of both."""
        for number in range(2):
            connection, _ = listening.accept()
            with connection:
                for request in range(2):
                    heard = b""
                    while not heard.endswith(b"\r\n\r\n"):
                        heard += connection.recv(65_536)
                    connection.sendall(
                        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n%d-%d" % (number, request)
                    )
            closed.set()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        transport = way.to(address, RequestLimits(timeout=20))
        came = [transport.send(GET).content for _ in range(2)]
        assert closed.wait(20)
        came += [transport.send(GET).content for _ in range(2)]
        thread.join()
    assert came == [b"0-0", b"0-1", b"1-0", b"1-1"]


ONE = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"


@pytest.mark.parametrize(
    "surplus",
    [ONE, b"\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ncut", b"garbage\r\n\r\n"],
)
def test_what_a_server_sent_unasked_passes_for_no_answer(way: Way, surplus: bytes) -> None:
    numbers = iter(range(1, 9))

    def script() -> Iterator[Sent]:
        body = b"%d" % next(numbers)
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + body + surplus
        # The connection stays open: only what was sent already tells that it cannot be used.
        yield Wait(9)

    with RawServer(script) as server:
        transport = way.to(server.url, RequestLimits(timeout=5))
        came = [transport.send(GET).content for _ in range(4)]
        assert len(server.heard) == 4
    assert came == [b"1", b"2", b"3", b"4"]


def test_the_zone_of_an_address_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def connect(_: httpcore2.SyncBackend, host: str, *_given: object) -> httpcore2.NetworkStream:
        asked.append(host)
        raise httpcore2.ConnectError("no such machine")

    def found(host: str, port: int, **_given: object) -> list[tuple[object, ...]]:
        assert host == "fe80::1%eth0"
        return [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fe80::1", port, 0, 4))]

    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", connect)
    monkeypatch.setattr(socket, "getaddrinfo", found)
    address = httpx2.URL("http://[fe80::1%25eth0]:9/v1")
    transport = BoundedTransport(address, LIMITS, OpenConnections())
    with pytest.raises(httpx2.ConnectError):
        transport.send(GET)
    assert asked == ["fe80::1%4"]
