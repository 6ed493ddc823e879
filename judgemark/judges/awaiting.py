"""Waits for asynchronous answers from ordinary threads, on one event loop of its own."""

from __future__ import annotations

import concurrent.futures
import threading
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from judgemark.errors import TransientFault
from judgemark.judges.open_files import new_event_loop

if TYPE_CHECKING:
    import asyncio

_LONGEST_END = 1.0


class EventLoop:
    """An event loop in a thread of its own, begun when it is first needed.

    All answers are awaited on the same loop, so that an asynchronous judge can share one client,
    and it works where the caller has a loop of its own, as in a notebook.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._pending: set[concurrent.futures.Future[Any]] = set()

    def wait_for(self, awaited: Awaitable[Any]) -> Any:
        """Return what an awaitable gives; raises what it raises, TransientFault if broken off."""
        import asyncio  # few judges are asynchronous

        loop = self._running()
        # It may begin at once: a `break_off` from then on must find it.
        with self._lock:
            future = asyncio.run_coroutine_threadsafe(_awaited(awaited), loop)
            self._pending.add(future)
        try:
            return future.result()
        except concurrent.futures.CancelledError:
            raise TransientFault("the judge was broken off") from None
        finally:
            with self._lock:
                self._pending.discard(future)

    def break_off(self) -> None:
        """Cancel everything that is awaited."""
        with self._lock:
            pending = tuple(self._pending)
        for future in pending:
            future.cancel()

    def close(self) -> None:
        """Cancel what is awaited and end the loop."""
        self.break_off()
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(_LONGEST_END)

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = new_event_loop()
                self._thread = threading.Thread(target=_serve, args=(self._loop,), daemon=True)
                self._thread.start()
            return self._loop


async def _awaited(awaited: Awaitable[Any]) -> Any:
    return await awaited


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    import asyncio

    try:
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
