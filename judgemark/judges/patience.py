"""How long an endpoint in trouble is waited for before a run begins."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a transient fault is retried; the first pause and the longest one, in seconds.

    The pause doubles with every retry.
    """

    retries: int = 10
    delay: float = 0.5
    longest: float = 30.0
