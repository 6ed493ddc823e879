"""The progress bar: done, failed, rate, time left, cost so far."""

from __future__ import annotations

import threading
from typing import TextIO

from tqdm import tqdm


class Progress:
    """Counts outcomes for the reader; draws a bar on a terminal only."""

    def __init__(self, file: TextIO, *, known: int = 0) -> None:
        self.failed = 0
        self.cost = 0.0
        self._priced = False
        self._lock = threading.Lock()
        self._bar = tqdm(
            total=known,
            initial=known,
            file=file,
            unit="",
            dynamic_ncols=True,
            leave=True,
            disable=None,
            desc="judging",
            smoothing=0.05,
        )

    def expect(self, more: int) -> None:
        """`more` questions have joined the work."""
        with self._lock:
            self._bar.total = (self._bar.total or 0) + more
            self._bar.refresh()

    def came(self, *, good: bool, cost: float | None) -> None:
        """One question is done."""
        with self._lock:
            self.failed += not good
            if cost is not None:
                self._priced = True
                self.cost += cost
            money = f", ${self.cost:.4f}" if self._priced else ""
            self._bar.set_postfix_str(f"{self.failed} failed{money}", refresh=False)
            self._bar.update(1)

    def close(self) -> None:
        """Leave the bar as it stands."""
        self._bar.close()
