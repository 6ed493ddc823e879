"""The bare client sends every request once and waits for every answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.bare_client import seconds_of
from benchmarks.slow_server import SlowChat, completion

LATENCY = 0.05


class _Counting(SlowChat):
    """Counts the connections that were opened and the answers that were sent."""

    opened = 0
    answers = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection."""
        type(self).opened += 1
        super().connection_made(transport)

    def _answer(self) -> None:
        type(self).answers += 1
        super()._answer()


@contextmanager
def _serving(protocol: type[SlowChat]) -> Iterator[int]:
    """Within this context an endpoint answers after 0.05 s, at the port that is given."""
    loop = asyncio.new_event_loop()
    answer = completion("The Turn: 7")
    server = loop.run_until_complete(
        loop.create_server(lambda: protocol(answer, LATENCY), "127.0.0.1", 0)
    )
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.run_until_complete(server.wait_closed())
        loop.close()


def test_probes_go_ahead_and_the_others_share_the_connections() -> None:
    # One probe, then six requests over two connections: 1 + 3 rounds of 0.05 s.
    with _serving(_Counting) as port:
        seconds = seconds_of(port, [b"{}"] * 7, connections=2, probes=1)
    assert seconds >= 4 * LATENCY
    assert (_Counting.opened, _Counting.answers) == (1 + 2, 7)
