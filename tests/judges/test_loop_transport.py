"""What only the event loop's transport does: look-ups, addresses and connections of its own.

What it has in common with the transport of threads is in test_transport.py.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import httpx2
import pytest

from judgemark.judges.http_exchange import BrokenOff, HttpAnswer
from judgemark.judges.loop_transport import LoopTransport
from judgemark.judges.request_limits import RequestLimits
from tests.support.raw_server import RawServer, Wait
from tests.support.transports import GET

LIMITS = RequestLimits(timeout=20, reply_mb=1)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
# The raw server closes after every answer; unless it says so, the next request may run into that.
LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\none"

Found = list[tuple[Any, ...]]


def sending(
    url: str, ask: Callable[[LoopTransport], Coroutine[Any, Any, list[HttpAnswer]]]
) -> list[HttpAnswer]:
    """The answers that `ask` gets from a transport to this address."""

    async def all_of_it() -> list[HttpAnswer]:
        transport = LoopTransport(httpx2.URL(url), LIMITS, None)
        try:
            return await ask(transport)
        finally:
            transport.leave()
            for _ in range(3):
                await asyncio.sleep(0)

    return asyncio.run(all_of_it())


def look_up(monkeypatch: pytest.MonkeyPatch, *found: Found | Exception) -> list[str]:
    """Let look-ups find these, one after the other; the names that are looked up."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *rest: Any, **more: Any) -> Found:
        if host == "127.0.0.1":
            return list(real(host, port, *rest, **more))
        asked.append(host)
        answer = found[len(asked) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def place(address: str, port: int) -> tuple[Any, ...]:
    """An entry of a look-up."""
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


async def three_at_once(transport: LoopTransport) -> list[HttpAnswer]:
    """The answers to three requests that are under way at the same time."""
    return list(await asyncio.gather(*(transport.send(GET) for _ in range(3))))


async def two_in_a_row(transport: LoopTransport) -> list[HttpAnswer]:
    """The answers to two requests, the second after the first."""
    return [await transport.send(GET), await transport.send(GET)]


def test_requests_that_are_under_way_at_once_share_a_look_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with RawServer(lambda: [Wait(0.05), ANSWER]) as server:
        port = int(server.url.rsplit(":", 1)[1])
        asked = look_up(monkeypatch, [place("127.0.0.1", port)])
        came = sending("http://judge.example/v1", three_at_once)
    assert [one.content for one in came] == [b"one"] * 3
    assert asked == ["judge.example"]


def test_the_next_address_is_tried_and_what_failed_is_looked_up_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        dead = free.getsockname()[1]

    async def four(transport: LoopTransport) -> list[HttpAnswer]:
        for _ in range(2):
            with pytest.raises(httpx2.ConnectError):
                await transport.send(GET)
        return await two_in_a_row(transport)

    with RawServer(lambda: [LAST]) as server:
        port = int(server.url.rsplit(":", 1)[1])
        asked = look_up(
            monkeypatch,
            socket.gaierror("no such name"),
            [place("127.0.0.1", dead)],
            [place("127.0.0.1", dead), place("127.0.0.1", port)],
        )
        came = sending("http://judge.example/v1", four)
    assert [one.content for one in came] == [b"one"] * 2
    assert len(asked) == 3


def test_where_no_thread_can_be_started_for_a_look_up_nobody_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    async def three_and_one(transport: LoopTransport) -> list[HttpAnswer]:
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", refused)
            sent = (transport.send(GET) for _ in range(3))
            faults = await asyncio.gather(*sent, return_exceptions=True)
        assert [str(fault) for fault in faults] == ["can't start new thread"] * 3
        return [await transport.send(GET)]

    with RawServer(lambda: [LAST]) as server:
        assert [one.content for one in sending(server.url, three_and_one)] == [b"one"]


def test_the_zone_of_an_address_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = look_up(monkeypatch, OSError("looked up"))

    async def one(transport: LoopTransport) -> list[HttpAnswer]:
        return [await transport.send(GET)]

    with pytest.raises(httpx2.ConnectError, match="looked up"):
        sending("http://[fe80::1%25eth0]:9/v1", one)
    assert asked == ["fe80::1%eth0"]


def test_a_port_where_nobody_listens_is_said_in_the_words_of_the_system() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        dead = free.getsockname()[1]

    async def one(transport: LoopTransport) -> list[HttpAnswer]:
        return [await transport.send(GET)]

    with pytest.raises(httpx2.ConnectError, match=r"^\[Errno \d+\] Connection refused$"):
        sending(f"http://127.0.0.1:{dead}/v1", one)


def test_a_server_without_tls_that_hangs_up_is_said_as_such() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65_536)
        writer.close()

    async def one() -> None:
        server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            tls = ssl.create_default_context()
            transport = LoopTransport(httpx2.URL(f"https://127.0.0.1:{port}/v1"), LIMITS, tls)
            await transport.send(GET)

    with pytest.raises(httpx2.ConnectError, match="closed before the TLS handshake was done"):
        asyncio.run(one())


def test_a_host_without_an_address_is_said_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up(monkeypatch, [])

    async def one(transport: LoopTransport) -> list[HttpAnswer]:
        return [await transport.send(GET)]

    with pytest.raises(httpx2.ConnectError, match=r"judge\.example has no address"):
        sending("http://judge.example/v1", one)


def from_another_thread(transport: LoopTransport) -> asyncio.Future[HttpAnswer | None]:
    """What a thread gets that asks over the connections of the loop."""
    return asyncio.ensure_future(asyncio.to_thread(transport.send_for_thread, GET))


def test_threads_send_over_the_connections_of_the_loop() -> None:
    async def all_of_it(url: str) -> list[HttpAnswer | None]:
        transport = LoopTransport(httpx2.URL(url), LIMITS, None)
        came = [await from_another_thread(transport), await transport.send(GET)]
        came.append(await from_another_thread(transport))
        transport.leave()
        came.append(await from_another_thread(transport))
        return came

    with RawServer(lambda: [LAST]) as server:
        came = asyncio.run(all_of_it(server.url))
    contents = [one.content if one is not None else None for one in came]
    assert contents == [None, b"one", b"one", None]


@pytest.mark.parametrize(("content", "connections"), [(b"one", 1), (b"two", 2)])
def test_a_connection_is_kept_only_where_the_answer_is_one_to_what_was_asked(
    content: bytes, connections: int
) -> None:
    """Else it may have been sent unasked, and the real answer pass for that to another request."""
    opened: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer)
        while (await reader.readline()).strip():
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + content)
        writer.close()

    async def two() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            address = httpx2.URL(f"http://127.0.0.1:{port}/v1")
            transport = LoopTransport(address, LIMITS, None, proof=b"one")
            for _ in range(2):
                assert (await transport.send(GET)).content == content
            transport.leave()
            await asyncio.sleep(0.02)

    asyncio.run(two())
    assert len(opened) == connections


@pytest.mark.parametrize("leaves", [True, False])
def test_a_thread_does_not_wait_for_a_loop_that_ends(leaves: bool) -> None:
    async def all_of_it(server: RawServer) -> None:
        transport = LoopTransport(httpx2.URL(server.url), LIMITS, None)
        first = asyncio.create_task(transport.send(GET))
        await asyncio.to_thread(server.wait_for, 1)
        waiting = from_another_thread(transport)
        await asyncio.to_thread(server.wait_for, 2)
        if leaves:
            transport.leave()
            first.cancel()
        else:
            transport.break_off()
        with pytest.raises(BrokenOff):
            await waiting
        with pytest.raises(asyncio.CancelledError if leaves else BrokenOff):
            await first

    with RawServer(lambda: [Wait(10)]) as server:
        asyncio.run(all_of_it(server))


def test_a_connection_that_rested_too_long_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("judgemark.judges.loop_transport.IDLE_SECONDS", -1.0)
    opened: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer)
        while (await reader.readline()).strip():
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ANSWER)
        writer.close()

    async def two() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            transport = LoopTransport(httpx2.URL(f"http://127.0.0.1:{port}/v1"), LIMITS, None)
            await two_in_a_row(transport)
            transport.leave()
            await asyncio.sleep(0.02)

    asyncio.run(two())
    assert len(opened) == 2


def test_a_server_that_accepts_later_is_waited_for() -> None:
    """Its queue of connections is full, so that connecting takes longer than one call."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        address = server.getsockname()
        first = socket.create_connection(address)
        second = socket.socket()
        second.setblocking(False)
        second.connect_ex(address)

        def serve() -> None:
            time.sleep(0.2)
            first.close()
            second.close()
            for _ in range(3):
                opened, _ = server.accept()
                with opened:
                    if opened.recv(65_536):
                        opened.sendall(answer)
                        return

        accepting = threading.Thread(target=serve)
        accepting.start()

        async def one(transport: LoopTransport) -> list[HttpAnswer]:
            return [await transport.send(GET)]

        came = sending(f"http://127.0.0.1:{address[1]}/v1", one)
        accepting.join()
    assert [answer.content for answer in came] == [b"one"]
