"""One connection of an event loop: what came early, late, unasked or not at all."""

from __future__ import annotations

import asyncio
import socket

import httpx2
import pytest

from judgemark.judges.http_exchange import HttpRequest
from judgemark.judges.loop_connection import LoopConnection, Received
from judgemark.judges.request_limits import RequestLimits
from tests.support.transports import GET, post

LIMITS = RequestLimits(timeout=20, reply_mb=1)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"


@pytest.mark.parametrize("stays", [True, False])
def test_what_came_before_the_first_request_is_its_answer(stays: bool) -> None:
    """A server without room says so to every client that connects, and closes."""

    async def exchange() -> bytes:
        here, there = socket.socketpair()
        here.setblocking(False)
        connection = LoopConnection(here, LIMITS, plain=True)
        there.sendall(ANSWER)
        if not stays:
            there.close()
        await asyncio.get_running_loop().create_connection(lambda: connection, sock=here)
        await asyncio.sleep(0.01)
        try:
            return b"".join((await connection.exchange(GET))[2])
        finally:
            connection.abort()
            await asyncio.sleep(0)
            there.close()

    assert asyncio.run(exchange()) == b"one"


def test_a_server_that_reads_no_further_can_still_say_why() -> None:
    """It answers after the head and resets the connection under a body of megabytes."""
    said = b"HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge"

    async def exchange() -> tuple[int, bytes]:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            here = socket.create_connection(listening.getsockname())
            here.setblocking(False)
            connection = LoopConnection(here, LIMITS, plain=True)
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: connection, sock=here)
            there, _ = listening.accept()
            asking = asyncio.create_task(connection.exchange(post(b"x" * 20_000_000)))
            await asyncio.sleep(0.01)
            there.sendall(said)
            there.close()
            status, _, body = await asking
            await asyncio.sleep(0)
            return status, b"".join(body)

    assert asyncio.run(exchange()) == (413, b"large")


class Deaf(asyncio.Transport):
    """A transport that sends nothing; its connection is told by the test what happens."""

    def write(self, data: object) -> None:
        """Send nothing."""
        del data

    def abort(self) -> None:
        """Do nothing."""

    def get_write_buffer_size(self) -> int:
        """All is sent."""
        return 0


async def asked(
    here: socket.socket, *, plain: bool
) -> tuple[LoopConnection, asyncio.Task[Received]]:
    """A connection whose request was sent, and the exchange that waits for its answer."""
    here.setblocking(False)
    connection = LoopConnection(here, LIMITS, plain=plain)
    connection.connection_made(Deaf())
    asking = asyncio.create_task(connection.exchange(GET))
    await asyncio.sleep(0)
    return connection, asking


def test_a_connection_that_was_never_opened_is_a_fault_of_connecting() -> None:
    async def exchange() -> None:
        here, there = socket.socketpair()
        with here, there:
            await LoopConnection(here, LIMITS, plain=True).exchange(GET)

    with pytest.raises(httpx2.ConnectError, match="never opened"):
        asyncio.run(exchange())


def test_a_request_that_http_does_not_allow_is_not_sent() -> None:
    broken = HttpRequest("GET", b"/", ((b"Host", b"here"), (b"X-Own", b"two\nlines")), b"")

    async def exchange() -> None:
        here, there = socket.socketpair()
        with here, there:
            connection = LoopConnection(here, LIMITS, plain=True)
            connection.connection_made(Deaf())
            await connection.exchange(broken)

    with pytest.raises(httpx2.LocalProtocolError, match="header value"):
        asyncio.run(exchange())


@pytest.mark.parametrize(
    ("left", "plain", "kept"), [(ANSWER, True, b"one"), (ANSWER, False, None), (b"", True, None)]
)
def test_what_a_reset_connection_still_holds_is_read(
    left: bytes, plain: bool, kept: bytes | None
) -> None:
    """What is encrypted cannot be read past its transport."""

    async def exchange() -> bytes:
        here, there = socket.socketpair()
        with here, there:
            connection, asking = await asked(here, plain=plain)
            there.sendall(left)
            connection.connection_lost(ConnectionResetError("reset by peer"))
            return b"".join((await asking)[2])

    if kept is None:
        with pytest.raises(httpx2.ReadError, match="reset by peer"):
            asyncio.run(exchange())
    else:
        assert asyncio.run(exchange()) == kept


def test_a_connection_that_was_sent_something_unasked_is_not_used_again() -> None:
    async def exchange() -> list[bool]:
        here, there = socket.socketpair()
        with here, there:
            connection, asking = await asked(here, plain=True)
            connection.data_received(ANSWER)
            await asking
            reusable = [connection.reusable]
            connection.data_received(b"HTTP/1.1 200 OK")
            return [*reusable, connection.reusable]

    assert asyncio.run(exchange()) == [True, False]


def test_a_socket_that_is_closed_is_not_used_again() -> None:
    here, there = socket.socketpair()
    connection = LoopConnection(here, LIMITS, plain=True)
    here.setblocking(False)
    assert connection.reusable
    here.close()
    there.close()
    assert not connection.reusable
