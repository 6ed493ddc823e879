"""A server on the loopback that sends exactly the bytes of a script, for answers gone wrong."""

from __future__ import annotations

import contextlib
import itertools
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Wait:
    """Send nothing for this many seconds."""

    seconds: float


@dataclass(frozen=True)
class Reset:
    """Reset the connection."""


@dataclass(frozen=True)
class HalfClose:
    """Send no more, but keep listening."""


Sent = bytes | Wait | Reset | HalfClose
ByteScript = Callable[[], Iterable[Sent]]


class RawServer:
    """Within `with`, answers every request with what `script` gives, and closes the connection.

    `heard` are the requests, head and body, in order of arrival. With `unasked` the script is sent
    before anything was heard. With `tls` connections are secured, except for those whose number,
    counted from 0, is among `plain`: these are sent an answer in plain text.
    """

    def __init__(
        self,
        script: ByteScript,
        *,
        unasked: bool = False,
        tls: ssl.SSLContext | None = None,
        plain: Collection[int] = (),
    ) -> None:
        self._script = script
        self._unasked = unasked
        self._tls = tls
        self._plain = plain
        self._numbers = itertools.count()
        self._over = threading.Event()
        self._came = threading.Condition()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self.heard: list[bytes] = []

    @property
    def url(self) -> str:
        """Its address."""
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self._listening.getsockname()[1]}"

    def wait_for(self, requests: int) -> None:
        """Wait until this many requests were heard."""
        with self._came:
            if not self._came.wait_for(lambda: len(self.heard) >= requests, timeout=10):
                raise TimeoutError(f"only {len(self.heard)} requests came")

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        with socket.create_connection(self._listening.getsockname()):
            self._accepting.join()
        self._listening.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while not self._over.is_set():
            connection, _ = self._listening.accept()
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, accepted: socket.socket) -> None:
        accepted.settimeout(5)
        try:
            number = next(self._numbers)
            tls = self._tls
            if number in self._plain:
                accepted.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                accepted.recv(65_536)
                accepted.close()
                return
            connection = tls.wrap_socket(accepted, server_side=True) if tls else accepted
        except OSError:
            accepted.close()
            return
        with connection, contextlib.suppress(OSError):
            connection.settimeout(0.05)
            if self._unasked or self._hear(connection):
                self._send(connection)

    def _hear(self, connection: socket.socket) -> bool:
        heard = b""
        while not self._over.is_set():
            try:
                part = connection.recv(65_536)
            except TimeoutError:
                continue
            heard += part
            head, end, body = heard.partition(b"\r\n\r\n")
            if end and len(body) >= _length(head):
                with self._came:
                    self.heard.append(heard)
                    self._came.notify_all()
                return True
            if not part:
                return False
        return False

    def _send(self, connection: socket.socket) -> None:
        for sent in self._script():
            if isinstance(sent, Wait):
                self._over.wait(sent.seconds)
            elif isinstance(sent, HalfClose):
                connection.shutdown(socket.SHUT_WR)
            elif isinstance(sent, Reset):
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return
            else:
                self._send_whole(connection, sent)
            if self._over.is_set():
                return

    def _send_whole(self, connection: socket.socket, data: bytes) -> None:
        left = memoryview(data)
        while left and not self._over.is_set():
            try:
                left = left[connection.send(left) :]
            except TimeoutError:
                continue


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
