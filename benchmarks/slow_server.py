"""A local OpenAI-compatible endpoint that takes its time: for measuring what asking costs.

`python -m benchmarks.slow_server PORT LATENCY REPLY_FILE`; prints "ready" once it listens.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path


def completion(reply: str) -> bytes:
    """The whole HTTP response for one reply."""
    body = json.dumps(
        {
            "id": "r",
            "object": "chat.completion",
            "created": 0,
            "model": "slow",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": reply},
                }
            ],
            "usage": {"prompt_tokens": 1500, "completion_tokens": 700, "total_tokens": 2200},
        }
    ).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


class SlowChat(asyncio.Protocol):
    """One connection: reads a request, waits, answers; requests follow one another."""

    def __init__(self, response: bytes, latency: float) -> None:
        self._response = response
        self._latency = latency
        self._seen = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer, `latency` seconds after the request is whole."""
        self._seen += data
        end = self._seen.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._seen[:end]).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        if len(self._seen) < end + 4 + length:
            return
        self._seen.clear()
        asyncio.get_running_loop().call_later(self._latency, self._answer)

    def _answer(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(self._response)


async def serve(port: int, latency: float, reply: str) -> None:
    """Serve until killed."""
    response = completion(reply)
    server = await asyncio.get_running_loop().create_server(
        lambda: SlowChat(response, latency), "127.0.0.1", port, backlog=1024
    )
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]).read_text("utf-8")))
