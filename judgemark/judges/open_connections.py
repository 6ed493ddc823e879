"""The sockets of a judge's requests from threads, which another thread can shut down."""

from __future__ import annotations

import contextlib
import socket
from threading import Lock


class OpenConnections:
    """The sockets of all transports of one judge, so that another thread can break them off."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sockets: set[socket.socket] = set()
        self.broken_off = False

    def add(self, opened: socket.socket) -> None:
        """Remember a socket; it is shut down at once where all were broken off already."""
        with self._lock:
            self._sockets.add(opened)
            if self.broken_off:
                _shut_down(opened)

    def discard(self, closed: socket.socket) -> None:
        """Forget a socket."""
        with self._lock:
            self._sockets.discard(closed)

    def break_off(self) -> None:
        """Shut down every socket: threads that read or write wake up with BrokenOff."""
        with self._lock:
            self.broken_off = True
            for opened in self._sockets:
                _shut_down(opened)


def _shut_down(opened: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # A TLS socket's own shutdown would drop the state that its reading thread still uses.
        socket.socket.shutdown(opened, socket.SHUT_RDWR)
