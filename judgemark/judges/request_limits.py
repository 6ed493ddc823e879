"""How long one request to an endpoint may take, and how large its answer may be."""

from __future__ import annotations

from dataclasses import dataclass

_BYTES_PER_MB = 1_000_000
_LONGEST_TIMEOUT = 1e7


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """Bounds of every single request.

    Attributes:
        timeout: seconds from the first attempt to connect until the answer has been read whole.
        reply_mb: the largest answer that is read, in millions of bytes after decompression.
    """

    timeout: float = 300.0
    reply_mb: float = 32.0

    @property
    def seconds(self) -> float:
        """The timeout as sockets and event loops take it: not one of centuries."""
        return min(self.timeout, _LONGEST_TIMEOUT)

    @property
    def reply_bytes(self) -> int:
        """The largest answer in bytes after decompression."""
        return int(self.reply_mb * _BYTES_PER_MB)
