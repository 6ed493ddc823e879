"""Sends HTTP requests with one deadline and one size limit each, and breaks them off on demand.

The timeouts of HTTP libraries bound every single read. A server that sends one byte now and then
keeps a request alive for ever under them. Here one clock bounds the whole request: connecting, the
TLS handshake, sending, and reading headers and body.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2

from judgemark.judges.http_exchange import (
    IDLE_SECONDS,
    PORTS,
    BrokenOff,
    HttpAnswer,
    HttpRequest,
    read_answer,
)
from judgemark.judges.open_connections import OpenConnections
from judgemark.judges.proxies import Proxy
from judgemark.judges.request_limits import RequestLimits

_PIECE = 65_536
_AS_HTTPX: dict[type[Exception], type[httpx2.TransportError]] = {
    httpcore2.ConnectTimeout: httpx2.ConnectTimeout,
    httpcore2.PoolTimeout: httpx2.PoolTimeout,
    httpcore2.ReadTimeout: httpx2.ReadTimeout,
    httpcore2.WriteTimeout: httpx2.WriteTimeout,
    httpcore2.ConnectError: httpx2.ConnectError,
    httpcore2.ReadError: httpx2.ReadError,
    httpcore2.WriteError: httpx2.WriteError,
    httpcore2.ProxyError: httpx2.ProxyError,
    httpcore2.UnsupportedProtocol: httpx2.UnsupportedProtocol,
    httpcore2.LocalProtocolError: httpx2.LocalProtocolError,
    httpcore2.RemoteProtocolError: httpx2.RemoteProtocolError,
}


class RequestClock:
    """The time that is left for the request under way; `sent` once anything of it was sent."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._ends = 0.0
        self.sent = False

    def start(self) -> None:
        """Begin a request."""
        self._ends = time.monotonic() + self._timeout
        self.sent = False

    def left(self, kind: type[httpcore2.TimeoutException]) -> float:
        """Return the seconds left; raise `kind` where there are none."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise kind(f"no whole answer within {self._timeout:g} s")
        return seconds


class _TimedStream(httpcore2.NetworkStream):
    """A network stream whose every operation ends when the request's time is over."""

    def __init__(
        self, stream: httpcore2.NetworkStream, clock: RequestClock, connections: OpenConnections
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._connections = connections
        self._unsent: list[bytes] = []
        self._socket: socket.socket = stream.get_extra_info("socket")
        connections.add(self._socket)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Send what was written; read what is there, at most until the deadline."""
        del timeout
        # A server may close early and still say why, so that a failed write ends nothing.
        with contextlib.suppress(httpcore2.WriteError):
            self._send()
        data = self._stream.read(max_bytes, self._clock.left(httpcore2.ReadTimeout))
        # A socket that was shut down reads as ended, which can look like the end of a body.
        if self._connections.broken_off:
            raise httpcore2.ReadError("broken off")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Keep the bytes until the next read, so that head and body of a request go together."""
        del timeout
        self._unsent.append(buffer)

    def _send(self) -> None:
        if not self._unsent:
            return
        whole = b"".join(self._unsent)
        self._unsent.clear()
        self._clock.sent = True
        for start in range(0, len(whole), _PIECE):
            left = self._clock.left(httpcore2.WriteTimeout)
            self._stream.write(whole[start : start + _PIECE], left)

    def close(self) -> None:
        """Close the connection."""
        self._connections.discard(self._socket)
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        """Begin TLS; the handshake as a whole ends at the deadline."""
        del timeout
        self._connections.discard(self._socket)
        left = self._clock.left(httpcore2.ConnectTimeout)
        secured = self._stream.start_tls(ssl_context, server_hostname, left)
        return _TimedStream(secured, self._clock, self._connections)

    def get_extra_info(self, info: str) -> object:
        """Return what the stream below knows."""
        return self._stream.get_extra_info(info)


class _TimedBackend(httpcore2.NetworkBackend):
    """Opens timed streams."""

    def __init__(self, clock: RequestClock, connections: OpenConnections) -> None:
        self._clock = clock
        self._connections = connections
        self._below = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of a host that answers.

        Each address gets an equal share of the time that is left, so that one which swallows every
        packet does not use up the time of the others.
        """
        del timeout
        try:
            # The zone of an address (fe80::1%25eth0) stands behind an encoded percent sign.
            found = socket.getaddrinfo(host.replace("%25", "%"), port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as exc:
            raise httpcore2.ConnectError(exc) from exc
        addresses = list(dict.fromkeys(_with_zone(entry[4]) for entry in found))
        for number, address in enumerate(addresses):
            last = number == len(addresses) - 1
            share = self._clock.left(httpcore2.ConnectTimeout) / (len(addresses) - number)
            try:
                stream = self._below.connect_tcp(
                    address, port, share, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if last or self._connections.broken_off:
                    raise
            else:
                return _TimedStream(stream, self._clock, self._connections)
        raise httpcore2.ConnectError(f"{host} has no address")


def _with_zone(place: tuple[Any, ...]) -> str:
    """Return a found address; that of a link holds the number of its zone too."""
    zone = place[3] if len(place) == 4 else 0
    return f"{place[0]}%{zone}" if zone else str(place[0])


class BoundedTransport:
    """Sends one request at a time to one host; every answer comes back whole and decompressed.

    One connection is kept between requests. Not to be shared by threads.
    """

    def __init__(
        self,
        host: httpx2.URL,
        limits: RequestLimits,
        connections: OpenConnections,
        *,
        tls: ssl.SSLContext | None = None,
        proxy: Proxy | None = None,
    ) -> None:
        self._host = host
        self._shown = f"{host.scheme}://{host.netloc.decode('ascii')}"
        self._limits = limits
        self._connections = connections
        self._clock = RequestClock(limits.seconds)
        self._origin = httpcore2.Origin(
            host.raw_scheme, host.raw_host, host.port or PORTS[host.scheme]
        )
        self._maker = _pool(proxy, tls, _TimedBackend(self._clock, connections))
        self._kept: httpcore2.ConnectionInterface | None = None

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send a request and return its answer, whatever its status is.

        Raises the exceptions of httpx2, and beside them ReplyTooLarge and BrokenOff.
        """
        self._clock.start()
        try:
            return self._answer(request)
        except tuple(_AS_HTTPX) as exc:
            if self._connections.broken_off:
                raise BrokenOff("broken off because the run was stopped") from exc
            raise _AS_HTTPX[type(exc)](str(exc)) from exc
        except OSError as exc:
            raise httpx2.ConnectError(str(exc)) from exc

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        if self._connections.broken_off:
            raise BrokenOff("not sent because the run was stopped")
        host, target = self._host, request.target
        url = httpcore2.URL(
            scheme=host.raw_scheme, host=host.raw_host, port=host.port, target=target
        )
        came = self._exchange(
            httpcore2.Request(
                request.method,
                url,
                headers=(*request.headers, *request.length),
                content=request.content,
            )
        )
        shown = self._shown + target.decode("ascii")
        try:
            return read_answer(came.status, came.headers, came.iter_stream(), self._limits, shown)
        finally:
            came.close()

    def _exchange(self, request: httpcore2.Request) -> httpcore2.Response:
        """Send a request and return the head of its answer.

        A server may have sent more than it was asked for. What is left of that on the kept
        connection comes before the request is sent, and must not pass for its answer.
        """
        try:
            came = self._connection().handle_request(request)
        except httpcore2.RemoteProtocolError:
            if self._clock.sent:
                raise
        else:
            if self._clock.sent:
                return came
            came.close()
        self.close()
        return self._connection().handle_request(request)

    def _connection(self) -> httpcore2.ConnectionInterface:
        """Return the connection kept from the last request, if it is still good, else a new one."""
        kept = self._kept
        if kept is not None:
            if kept.is_available() and not kept.has_expired():
                return kept
            kept.close()
        self._kept = self._maker.create_connection(self._origin)
        return self._kept

    def close(self) -> None:
        """Close the connection."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None


def _pool(
    proxy: Proxy | None, tls: ssl.SSLContext | None, backend: httpcore2.NetworkBackend
) -> httpcore2.ConnectionPool:
    """Return what makes the connections; it holds none, since each thread needs only one."""
    if proxy is None:
        return httpcore2.ConnectionPool(
            ssl_context=tls,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=backend,
        )
    parsed = httpx2.Proxy(proxy.address)
    kind = httpcore2.SOCKSProxy if proxy.is_socks else httpcore2.HTTPProxy
    return kind(
        proxy_url=httpcore2.URL(
            scheme=parsed.url.raw_scheme,
            host=parsed.url.raw_host,
            port=parsed.url.port,
            target=parsed.url.raw_path,
        ),
        proxy_auth=parsed.raw_auth,
        ssl_context=tls,
        keepalive_expiry=IDLE_SECONDS,
        network_backend=backend,
    )
