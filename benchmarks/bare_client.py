"""A client that only sends requests and receives answers: the least that asking costs in Python.

It reads nothing of an answer but its length, and keeps nothing. What it takes beyond the ideal is
the machine's own part of what any client takes there.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import deque
from collections.abc import Iterable

_END_OF_HEAD = b"\r\n\r\n"


class _BareConnection(asyncio.Protocol):
    """Sends the next request as soon as an answer is whole; `answered` is then called."""

    def __init__(self, requests: deque[bytes], answered: asyncio.Semaphore) -> None:
        self._requests = requests
        self._answered = answered
        self._seen = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """Look whether the answer is whole."""
        self._seen += data
        head, end, body = self._seen.partition(_END_OF_HEAD)
        if end and len(body) >= int(head.lower().partition(b"content-length:")[2].split()[0]):
            self._seen = b""
            self._send()
            self._answered.release()

    def _send(self) -> None:
        if self._requests and self._transport is not None:
            self._transport.write(self._requests.popleft())


def request(port: int, body: bytes) -> bytes:
    """Return a request of this body as it is sent."""
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _exchange(port: int, requests: deque[bytes], connections: int) -> None:
    loop = asyncio.get_running_loop()
    answered = asyncio.Semaphore(0)
    count = len(requests)
    opened = []
    for _ in range(min(connections, count)):
        # Connecting here is done at once; in the event loop it would be waited for.
        connected = socket.create_connection(("127.0.0.1", port))
        connected.setblocking(False)
        opened.append(
            await loop.create_connection(
                lambda: _BareConnection(requests, answered), sock=connected
            )
        )
    for _ in range(count):
        await answered.acquire()
    for transport, _ in opened:
        transport.close()


def seconds_of(port: int, bodies: Iterable[bytes], connections: int, probes: int) -> float:
    """Return how long all answers take: those of `probes` requests first, then the others at once.

    At most `connections` are open together; the requests are put together beforehand.
    """
    requests = [request(port, body) for body in bodies]

    async def all_of_them() -> float:
        started = time.monotonic()
        await _exchange(port, deque(requests[:probes]), connections)
        await _exchange(port, deque(requests[probes:]), connections)
        return time.monotonic() - started

    return asyncio.run(all_of_them())
