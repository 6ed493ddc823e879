"""Which values that a function holds tell judges apart, and how they are shown."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from enum import Enum
from fractions import Fraction

_PLAIN = (str, bytes, bool, int, float, complex, Decimal, Fraction, range, Enum)
# Neither dates nor paths: a start time or the folder of a file is no other judge.


def counts(value: object, *, changing: bool) -> bool:
    """Return whether a value tells judges apart.

    Plain values and patterns do, and so do containers and arrays of numbers where no code that is
    involved changes (`changing`) any container.
    """
    if isinstance(value, re.Pattern):
        return True
    if isinstance(value, list | dict | set | frozenset) and not changing:
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        return all(counts(part, changing=changing) for part in parts)
    return is_plain(value) or (not changing and _array(value) is not None)


def shown(value: object) -> str:
    """Return a value that counts as text that is the same in every process."""
    if isinstance(value, re.Pattern):
        return repr((value.pattern, value.flags))
    if isinstance(value, dict):
        return repr([(shown(name), shown(part)) for name, part in value.items()])
    if isinstance(value, set | frozenset):
        return repr(sorted(shown(part) for part in value))
    if isinstance(value, list):
        return repr([shown(part) for part in value])
    if is_plain(value):
        return repr(value)
    return _array(value) or repr(value)


def is_plain(value: object) -> bool:
    """Return whether a value is one that cannot change, with an unambiguous `repr`."""
    if isinstance(value, tuple):
        return all(is_plain(part) for part in value)
    return value is None or isinstance(value, _PLAIN)


def _array(value: object) -> str | None:
    """Return what tells an array or a scalar of numpy apart; None for what is neither."""
    dtype, content = getattr(value, "dtype", None), getattr(value, "tobytes", None)
    # The bytes of an array of objects are addresses, other ones in every process.
    if isinstance(value, type) or not callable(content) or getattr(dtype, "hasobject", True):
        return None
    digits = hashlib.sha256(content()).hexdigest()
    return f"{dtype} {getattr(value, 'shape', ())} {digits}"
