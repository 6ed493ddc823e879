"""Remove from a judge's settings what must not be shared: keys and long texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from judgemark.records import text_hash

WITHHELD = "(withheld)"
LONGEST_TEXT = 120

_SECRET_NAME = re.compile(
    r"api[-_]?key|access[-_]?key|secret|passw|authorization|credential|bearer"
    r"|(^|[-_])(auth|cookie)($|[-_])|(^|[-_])(auth|access|api|session|id)[-_]?token$|^token$",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"\b(sk|pk|hf|gsk|xai|AIza)[-_][\w-]{8,}|\bAIza[\w-]{20,}|\bBearer\s+\S+"
)


def scrubbed(value: Any) -> Any:
    """Return a value without what looks like a key; long texts become their digests."""
    if isinstance(value, Mapping):
        return {
            str(k): WITHHELD if _SECRET_NAME.search(str(k)) and v else scrubbed(v)
            for k, v in value.items()
        }
    if isinstance(value, list | tuple):
        return [scrubbed(v) for v in value]
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            return f"sha256:{text_hash(value)}"
        return _SECRET_VALUE.sub(WITHHELD, value)
    return value
