"""The progress bar: done, failed, repeated requests, rate, time left, cost so far."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TextIO

from tqdm import tqdm


class _Bar(tqdm):  # type: ignore[type-arg]  # it has no arguments when it runs
    """A bar without tqdm's thread, which would outlive it: this process could not be forked then.

    The thread draws bars again that count many steps before they look at the clock; with a
    `miniters` of 1 this one looks at every step.
    """

    monitor_interval = 0


class Progress:
    """Counts outcomes for the user; draws a bar on a terminal only, unless `draw` says otherwise.

    `say` prints one line for the user, to `file` where it is not given; the bar makes room for it.
    """

    def __init__(
        self,
        file: TextIO,
        *,
        known: int = 0,
        say: Callable[[str], None] | None = None,
        draw: bool | None = None,
    ) -> None:
        self.failed = 0
        self.repeats = 0
        self.cost = 0.0
        self._priced = False
        self._file = file
        self._say = say
        self._lock = threading.Lock()
        self._bar = _Bar(
            total=known,
            initial=known,
            file=file,
            unit="",
            dynamic_ncols=True,
            leave=True,
            disable=None if draw is None else not draw,
            desc="judging",
            smoothing=0.05,
            miniters=1,
        )

    def expect(self, more: int) -> None:
        """Add `more` questions to the work."""
        with self._lock:
            self._bar.total = (self._bar.total or 0) + more
            self._bar.refresh()

    def came(self, *, good: bool, cost: float | None, requests: int = 1) -> None:
        """Count a question that is done, and the requests that it took."""
        with self._lock:
            self.failed += not good
            self.repeats += max(0, requests - 1)
            if cost is not None:
                self._priced = True
                self.cost += cost
            parts = [f"{self.failed} failed"]
            if self.repeats:
                parts.append(f"{self.repeats} repeats")
            if self._priced:
                parts.append(f"${self.cost:.4f}")
            self._bar.set_postfix_str(", ".join(parts), refresh=False)
            self._bar.update(1)

    def say(self, text: str) -> None:
        """Print one line without tearing the bar."""
        with self._lock, _Bar.external_write_mode(self._file):
            if self._say is not None:
                self._say(text)
            else:
                self._file.write(text + "\n")

    def close(self) -> None:
        """Leave the bar as it stands."""
        self._bar.close()
