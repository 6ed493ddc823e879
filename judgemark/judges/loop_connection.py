"""One connection of an event loop, over which one request at a time is answered."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from functools import lru_cache
from typing import TypeAlias

import h11
import httpx2

from judgemark.judges.arriving_answer import ArrivingAnswer
from judgemark.judges.http_exchange import HttpRequest, RawHeaders, ReplyTooLarge, SentHeaders
from judgemark.judges.request_limits import RequestLimits

_PIECE = 65_536
_END_OF_LINE = b"\r\n"

Received: TypeAlias = tuple[int, RawHeaders, list[bytes]]
"""The status, the headers and the body of an answer, as they were sent."""


class LoopConnection(asyncio.Protocol):
    """Sends a request and reads its answer; not to be used outside its event loop.

    What a server sends without being asked spoils the connection: it must not pass for the answer
    to a later request. Before the first request it may be one: a server that has no room says so
    and closes.
    """

    def __init__(self, opened: socket.socket, limits: RequestLimits, *, plain: bool) -> None:
        """`plain` says that what the socket receives is not encrypted."""
        self._socket = opened
        self._plain = plain
        self._limits = limits
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Received] | None = None
        self._arriving: ArrivingAnswer | None = None
        self._early: list[bytes] | None = []
        self._kept = True
        self._lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Implement `asyncio.Protocol`."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    async def exchange(self, request: HttpRequest, ends: float | None = None) -> Received:
        """Send a request and return its answer; raises the exceptions of httpx2, ReplyTooLarge.

        `ends` is the time of the event loop until which the answer must be whole.
        """
        if self._transport is None:
            raise httpx2.ConnectError("the connection was never opened")
        loop = asyncio.get_running_loop()
        self._kept = False
        self._arriving = ArrivingAnswer(self._limits)
        self._answer = loop.create_future()
        ending = None if ends is None else loop.call_at(ends, self._time_out)
        try:
            self._transport.write(_written(request))
            self._take_what_came_early()
            return await self._answer
        finally:
            self._answer = None
            if ending is not None:
                ending.cancel()

    def _time_out(self) -> None:
        said = f"no whole answer within {self._limits.seconds:g} s"
        self._fail(httpx2.WriteTimeout(said) if self._unsent else httpx2.ReadTimeout(said))

    def _take_what_came_early(self) -> None:
        early, self._early = self._early, None
        for data in early or ():
            self._take(data)
        if self._lost:
            self._take_end()

    @property
    def _unsent(self) -> bool:
        """Whether a part of the request still waits for being sent."""
        return self._transport is not None and self._transport.get_write_buffer_size() > 0

    @property
    def idle(self) -> bool:
        """Whether the last answer came whole, and the connection was kept after it."""
        return self._kept and not self._lost

    @property
    def reusable(self) -> bool:
        """Whether the next request can be sent: nothing was received since the last answer."""
        if not self.idle:
            return False
        try:
            # What came already, but was not read yet, is the server's end or was sent unasked.
            self._socket.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return True
        except OSError:
            return False
        return False

    def data_received(self, data: bytes) -> None:
        """Implement `asyncio.Protocol`."""
        if self._awaited:
            self._take(data)
        elif self._early is not None:
            self._early.append(data)
        else:
            self.abort()

    def eof_received(self) -> None:
        """Implement `asyncio.Protocol`; the connection is closed then."""
        self._lost = True
        self._take_end()

    def connection_lost(self, exc: Exception | None) -> None:
        """Implement `asyncio.Protocol`."""
        self._lost = True
        if exc is not None:
            self._take_the_rest()
            self._fail(httpx2.ReadError(str(exc) or type(exc).__name__))
        self._take_end()

    def _take_the_rest(self) -> None:
        """Read what is left: a server may answer and close before it has read all of a request."""
        with contextlib.suppress(OSError):
            while self._plain and self._awaited and (data := self._socket.recv(_PIECE)):
                self._take(data)

    @property
    def _awaited(self) -> bool:
        return self._answer is not None and not self._answer.done()

    def _take(self, data: bytes) -> None:
        if self._arriving is None:
            return
        try:
            self._arriving.take(data)
        except (httpx2.RemoteProtocolError, ReplyTooLarge) as exc:
            self._fail(exc)
        else:
            self._finish(self._arriving)

    def _take_end(self) -> None:
        """Take in that the server sends no more, which can be the end of a body."""
        if self._arriving is None or not self._awaited:
            return
        try:
            self._arriving.take_end()
        except httpx2.RemoteProtocolError as exc:
            self._fail(exc)
        else:
            self._finish(self._arriving)

    def _finish(self, came: ArrivingAnswer) -> None:
        answer = self._answer
        if not came.whole or answer is None or answer.done():
            return
        answer.set_result((came.status, came.headers, came.body))
        if came.reusable:
            self._kept = True
        else:
            self.abort()

    def _fail(self, exc: httpx2.RequestError) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc)
        self.abort()

    def abort(self) -> None:
        """Close the connection at once."""
        self._lost = True
        if self._transport is not None:
            self._transport.abort()


def _written(request: HttpRequest) -> bytes:
    """Return the request as it is sent; of its head, only the length differs between most."""
    head = _head(request.method, request.target, request.headers)
    length = b"".join(b"%s: %s\r\n" % pair for pair in request.length)
    return b"".join((head, length, _END_OF_LINE, request.content))


@lru_cache(maxsize=16)
def _head(method: str, target: bytes, headers: SentHeaders) -> bytes:
    """Return the head of a request without its length and without the empty line behind it.

    Raises httpx2.LocalProtocolError for what HTTP forbids. Looking at every header takes longer
    than writing all of them.
    """
    try:
        request = h11.Request(method=method, target=target, headers=list(headers))
    except h11.LocalProtocolError as exc:
        raise httpx2.LocalProtocolError(str(exc)) from exc
    return (h11.Connection(h11.CLIENT).send(request) or b"").removesuffix(_END_OF_LINE)
