"""Both ways in which requests travel, as a test uses them: from threads and from an event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import httpx2

from judgemark.judges.http_exchange import HttpAnswer, HttpRequest
from judgemark.judges.loop_transport import LoopTransport
from judgemark.judges.open_connections import OpenConnections
from judgemark.judges.request_limits import RequestLimits
from judgemark.judges.transport import BoundedTransport

GET = HttpRequest("GET", b"/path?own=1", ((b"Host", b"localhost"),), b"")


def post(content: bytes) -> HttpRequest:
    """A POST of this content."""
    return HttpRequest("POST", b"/", ((b"Host", b"localhost"),), content)


class Transport(Protocol):
    """Sends requests from any thread, one after the other."""

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send a request and wait for its answer."""


class Way(Protocol):
    """A way in which requests travel."""

    def to(self, url: str, limits: RequestLimits) -> Transport:
        """A transport to an address."""

    def break_off(self) -> None:
        """Break off what all transports have under way."""


class FromThreads:
    """Each transport has a connection of its own."""

    def __init__(self) -> None:
        self._connections = OpenConnections()
        self.opened: list[BoundedTransport] = []

    def to(self, url: str, limits: RequestLimits) -> Transport:
        """Implement `Way`."""
        made = BoundedTransport(httpx2.URL(url), limits, self._connections)
        self.opened.append(made)
        return made

    def break_off(self) -> None:
        """Implement `Way`."""
        self._connections.break_off()


class _Looped:
    """Sends from an event loop that runs in another thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: LoopTransport) -> None:
        self._loop = loop
        self._transport = transport

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Implement `Transport`."""
        return asyncio.run_coroutine_threadsafe(self._transport.send(request), self._loop).result()


class FromLoop:
    """All transports are used by one event loop, those to one address are the same."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.opened: dict[str, LoopTransport] = {}

    def to(self, url: str, limits: RequestLimits) -> Transport:
        """Implement `Way`."""
        if url not in self.opened:
            self.opened[url] = LoopTransport(httpx2.URL(url), limits, None)
        return _Looped(self._loop, self.opened[url])

    def break_off(self) -> None:
        """Implement `Way`."""
        for transport in self.opened.values():
            transport.break_off()


@contextmanager
def from_threads() -> Iterator[Way]:
    """Ways from threads; what is open is closed at the end."""
    way = FromThreads()
    try:
        yield way
    finally:
        for transport in way.opened:
            transport.close()


@contextmanager
def from_loop() -> Iterator[Way]:
    """Ways from an event loop, which ends at the end."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    way = FromLoop(loop)

    async def leave() -> None:
        for transport in way.opened.values():
            transport.leave()
        for _ in range(3):
            await asyncio.sleep(0)

    try:
        yield way
    finally:
        asyncio.run_coroutine_threadsafe(leave(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
