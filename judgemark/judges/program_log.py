"""The log of a judge that is a program: what it writes to stderr, and what fits no question."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from judgemark.redaction import Scrubber

_LONGEST_LINE = 4_000
_LARGEST = 20_000_000
_FULL = "the log is full; nothing more is kept\n"


class ProgramLog:
    """Appends lines to a file, without secrets; safe for several threads.

    Without a path nothing is kept. At 20 MB the log is full. Where it cannot be written, the run
    goes on without it.
    """

    def __init__(self, path: Path | None, scrubber: Scrubber) -> None:
        self._path = path
        self._scrubber = scrubber
        self._lock = threading.Lock()
        self._size = path.stat().st_size if path is not None and path.exists() else 0

    def add(self, number: int, stream: str, text: str) -> str:
        """Append a line of the program with this number; return it as it was kept."""
        kept = self._scrubber.message(text.rstrip("\r\n"))[:_LONGEST_LINE]
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._append(f"{now} [{number}] {stream}: {kept}\n")
        return kept

    def _append(self, line: str) -> None:
        with self._lock:
            if self._path is None or self._size >= _LARGEST:
                return
            data = line.encode("utf-8", "backslashreplace")
            self._size += len(data)
            if self._size >= _LARGEST:
                data += _FULL.encode()
            try:
                with self._path.open("ab") as file:
                    file.write(data)
            except OSError:
                self._path = None
