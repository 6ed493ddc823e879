"""What of a judge's settings may stand on a shared board: no secrets, and no long texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judgemark.records import text_hash
from judgemark.redaction import Scrubber

LONGEST_TEXT = 120


def shareable(value: Any) -> Any:
    """Return a JSON value without secrets; a long text is its digest."""
    return _shortened(Scrubber().value(value))


def _shortened(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _shortened(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_shortened(inner) for inner in value]
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"sha256:{text_hash(value)}"
    return value
