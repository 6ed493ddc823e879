"""Look up a dotted path in a result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def found_at(result: Any, path: str) -> tuple[bool, Any]:
    """Look up a dotted path in a result, whose keys may hold dots themselves.

    Returns:
        Whether the path exists, and its value. Every path below an absent section (null) exists
        and has the value None.
    """
    if not path:
        return True, result
    if isinstance(result, Mapping):
        for key in _keys_on(result, path):
            found = found_at(result[key], path[len(key) + 1 :])
            if found[0]:
                return found
        return False, None
    if isinstance(result, Sequence) and not isinstance(result, str):
        index, _, rest = path.partition(".")
        if index.isdecimal() and int(index) < len(result):
            return found_at(result[int(index)], rest)
    return result is None, None


def _keys_on(mapping: Mapping[str, Any], path: str) -> Iterator[str]:
    return (key for key in mapping if path == key or path.startswith(f"{key}."))
