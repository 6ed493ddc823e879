"""Sends many requests at once to one host from an event loop, each with a deadline and a limit.

A thread for each request that is under way costs more of the interpreter than all the work that
an answer makes, once there are hundreds. Here one thread waits for all of them.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import os
import socket
import ssl
import sys
import threading
import time
from typing import Any, TypeAlias

import httpx2

from judgemark.judges.http_exchange import (
    IDLE_SECONDS,
    PORTS,
    BrokenOff,
    HttpAnswer,
    HttpRequest,
    read_answer,
)
from judgemark.judges.loop_connection import LoopConnection
from judgemark.judges.request_limits import RequestLimits

_ENDED = "broken off because the run has ended"

_Place: TypeAlias = tuple[int, tuple[Any, ...]]


class LoopTransport:
    """Sends requests from the event loop that first used it; every answer comes back whole.

    Connections are kept between requests, unless an answer lacks `proof`, which stands in every
    answer to what is asked: it may have been sent unasked, and then the real one is still to come
    and would pass for the answer to another question. Threads can send over the same ones
    (`send_for_thread`): a server that serves one connection at a time would never come to a
    second one.
    """

    def __init__(
        self,
        host: httpx2.URL,
        limits: RequestLimits,
        tls: ssl.SSLContext | None,
        proof: bytes = b"",
    ) -> None:
        self._proof = proof
        self._shown = f"{host.scheme}://{host.netloc.decode('ascii')}"
        # The zone of an address (fe80::1%25eth0) stands behind an encoded percent sign.
        self._name = host.raw_host.decode("ascii").replace("%25", "%")
        self._port = host.port or PORTS[host.scheme]
        self._limits = limits
        self._timeout = limits.seconds
        self._tls = tls
        self._loop: asyncio.AbstractEventLoop | None = None
        self._kept: list[tuple[float, LoopConnection]] = []
        self._places: asyncio.Future[list[_Place]] | None = None
        self._sending: set[asyncio.Task[Any]] = set()
        self._for_threads: set[asyncio.Task[HttpAnswer]] = set()
        self._broken_off = False
        # Held while a thread looks whether the loop still sends, and while it stops doing so.
        self._leaving = threading.Lock()

    async def send(self, request: HttpRequest) -> HttpAnswer:
        """Send a request and return its answer, whatever its status is.

        Raises the exceptions of httpx2, and beside them ReplyTooLarge and BrokenOff.
        """
        self._loop = asyncio.get_running_loop()
        if self._broken_off:
            raise BrokenOff("not sent because the run was stopped")
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a request is sent by a task")
        self._sending.add(task)
        try:
            return await self._answer(request)
        except asyncio.CancelledError as exc:
            if self._broken_off:
                task.uncancel()
                raise BrokenOff("broken off because the run was stopped") from exc
            raise
        finally:
            self._sending.discard(task)

    def send_for_thread(self, request: HttpRequest) -> HttpAnswer | None:
        """Send a request for another thread, which waits; None where no loop sends at the moment.

        Raises what `send` does.
        """
        came: concurrent.futures.Future[HttpAnswer] = concurrent.futures.Future()
        with self._leaving:
            if self._loop is None:
                return None
            self._loop.call_soon_threadsafe(self._begin_for_thread, request, came)
        return came.result()

    def _begin_for_thread(
        self, request: HttpRequest, came: concurrent.futures.Future[HttpAnswer]
    ) -> None:
        def tell(sent: asyncio.Task[HttpAnswer]) -> None:
            self._for_threads.discard(sent)
            fault = BrokenOff(_ENDED) if sent.cancelled() else sent.exception()
            if fault is not None:
                came.set_exception(fault)
            else:
                came.set_result(sent.result())

        if self._loop is None:
            came.set_exception(BrokenOff(_ENDED))
            return
        task = self._loop.create_task(self.send(request))
        self._for_threads.add(task)
        task.add_done_callback(tell)

    async def _answer(self, request: HttpRequest) -> HttpAnswer:
        ends = asyncio.get_running_loop().time() + self._timeout
        connection = self._kept_connection() or await self._opened(ends)
        try:
            status, headers, body = await connection.exchange(request, ends)
            url = self._shown + request.target.decode("ascii")
            answer = read_answer(status, headers, body, self._limits, url)
        except BaseException:
            connection.abort()
            raise
        if connection.idle and self._proof in answer.content:
            self._kept.append((time.monotonic() + IDLE_SECONDS, connection))
        else:
            connection.abort()
        return answer

    def _kept_connection(self) -> LoopConnection | None:
        """Return the connection that was used last, if one is still good."""
        while self._kept:
            expires, connection = self._kept.pop()
            if time.monotonic() < expires and connection.reusable:
                return connection
            connection.abort()
        return None

    async def _opened(self, ends: float) -> LoopConnection:
        try:
            async with asyncio.timeout_at(ends):
                return await self._open()
        except TimeoutError as exc:
            said = f"no whole answer within {self._timeout:g} s"
            raise httpx2.ConnectTimeout(said) from exc

    async def _open(self) -> LoopConnection:
        try:
            opened = await self._connected()
        except TimeoutError:
            raise
        except (OSError, UnicodeError) as exc:
            raise httpx2.ConnectError(str(exc)) from exc
        connection = LoopConnection(opened, self._limits, plain=self._tls is None)
        try:
            await asyncio.get_running_loop().create_connection(
                lambda: connection,
                sock=opened,
                ssl=self._tls,
                server_hostname=self._name.partition("%")[0] if self._tls else None,
                ssl_handshake_timeout=self._timeout if self._tls else None,
            )
        except OSError as exc:
            opened.close()
            said = str(exc) or "the server closed before the TLS handshake was done"
            raise httpx2.ConnectError(said) from exc
        except BaseException:
            opened.close()
            raise
        return connection

    async def _connected(self) -> socket.socket:
        """Return a socket that is connected to the first address of the host that answers.

        Each address gets an equal share of the time, so that one which swallows every packet does
        not use up the time of the others.
        """
        ends = time.monotonic() + self._timeout
        places = await self._found()
        for number, (family, address) in enumerate(places):
            left = len(places) - number
            opened = socket.socket(family, socket.SOCK_STREAM)
            try:
                opened.setblocking(False)
                # The last one has all the time of the request.
                share = (ends - time.monotonic()) / left if left > 1 else None
                if not _connected_at_once(opened, address):
                    async with asyncio.timeout(share):
                        await asyncio.get_running_loop().sock_connect(opened, address)
            except OSError as exc:
                opened.close()
                if left == 1:
                    # Another look-up may find other addresses.
                    self._places = None
                    if exc.errno is None:
                        raise
                    # The event loop has words of its own, which do not say what is wrong.
                    said = f"[Errno {exc.errno}] {os.strerror(exc.errno)}"
                    raise httpx2.ConnectError(said) from exc
            except BaseException:
                opened.close()
                raise
            else:
                return opened
        raise OSError(f"{self._name} has no address")

    async def _found(self) -> list[_Place]:
        """Return the addresses of the host: all requests share one look-up."""
        if self._places is None:
            self._places = asyncio.get_running_loop().create_future()
            _look_up(self._name, self._port, self._places)
        places = self._places
        try:
            return await asyncio.shield(places)
        except (OSError, UnicodeError, RuntimeError):
            if self._places is places:
                self._places = None
            raise

    def break_off(self) -> None:
        """End all requests in flight with BrokenOff, from any thread; later ones fail at once."""
        self._broken_off = True
        if self._loop is not None:
            # A loop that was closed has no request in flight.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._cancel_all)

    def _cancel_all(self) -> None:
        for task in self._sending:
            task.cancel()

    def leave(self) -> None:
        """Close all connections, in the event loop, which will send nothing more."""
        for task in self._for_threads:
            task.cancel()
        for _, connection in self._kept:
            connection.abort()
        self._kept.clear()
        self._places = None
        with self._leaving:
            self._loop = None


def _connected_at_once(opened: socket.socket, address: tuple[Any, ...]) -> bool:
    """Begin to connect; return whether that is done already, as with a server on this machine.

    Waiting for it in the event loop would take as long as connecting. Elsewhere than on Linux a
    socket cannot be asked a second time whether it is connected.
    """
    if sys.platform != "linux":
        return False
    return opened.connect_ex(address) == 0 or opened.connect_ex(address) == 0


def _look_up(name: str, port: int, found: asyncio.Future[list[_Place]]) -> None:
    """Look a host up in a thread, which may take long and cannot be broken off."""
    loop = asyncio.get_running_loop()

    def tell(places: list[_Place], fault: Exception | None) -> None:
        if found.done():
            return
        if fault is None:
            found.set_result(places)
        else:
            found.set_exception(fault)
            # Nobody may be left to wait for it.
            found.exception()

    def look() -> None:
        places: list[_Place] = []
        fault: Exception | None = None
        try:
            answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
            places = list(dict.fromkeys((one[0], one[4]) for one in answers))
        except (OSError, UnicodeError) as exc:
            fault = exc
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, places, fault)

    try:
        threading.Thread(target=look, daemon=True).start()
    except RuntimeError as exc:
        # This machine starts no more threads; all that wait for the addresses have to end.
        tell([], exc)
