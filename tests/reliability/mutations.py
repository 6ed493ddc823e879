"""Damages files in the ways that disks, editors, programs and people do."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

NUMBERS = (
    "1e14",
    "-1e14",
    "1e-300",
    "999999999",
    "1e308",
    "-1e308",
    "1e999",
    "9" * 400,
    "9" * 5000,
    "-1",
    "0",
    "1.5",
    "NaN",
    "Infinity",
)
_MARK = "MUTATED HERE"
WORDS = ("null", "true", '"text"', "[]", "{}", '""', '"\\ud800"', "[[[[]]]]", '"\\u0000"')


def cut(data: bytes, chance: random.Random) -> bytes:
    """The beginning alone."""
    return data[: chance.randrange(0, max(1, len(data)))]


def flipped(data: bytes, chance: random.Random) -> bytes:
    """One to eight bytes changed."""
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 9)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def without_a_part(data: bytes, chance: random.Random) -> bytes:
    """A part from the middle is gone."""
    start = chance.randrange(0, max(1, len(data)))
    return data[:start] + data[start + chance.randrange(1, 200) :]


def doubled(data: bytes, chance: random.Random) -> bytes:
    """A part stands there twice."""
    start = chance.randrange(0, max(1, len(data)))
    end = start + chance.randrange(1, 200)
    return data[:end] + data[start:end] + data[end:]


def zeroed(data: bytes, chance: random.Random) -> bytes:
    """A block of zeros, as a crash of the machine leaves it."""
    start = chance.randrange(0, max(1, len(data)))
    length = min(chance.randrange(1, 4096), len(data) - start)
    return data[:start] + bytes(length) + data[start + length :]


def as_utf16(data: bytes, chance: random.Random) -> bytes:
    """Saved as UTF-16, as PowerShell does."""
    del chance
    return data.decode("utf-8", "replace").encode("utf-16")


def with_bom(data: bytes, chance: random.Random) -> bytes:
    """With a byte order mark, as Windows editors write it."""
    del chance
    return b"\xef\xbb\xbf" + data


def empty(data: bytes, chance: random.Random) -> bytes:
    """Nothing at all."""
    del data, chance
    return b""


def another_value(data: bytes, chance: random.Random) -> bytes:
    """Valid JSON with another value at some place, in the whole or in one of the lines."""
    lines = data.split(b"\n")
    whole = _parsed(data)
    if whole is not None:
        return _changed(whole, chance)
    at = chance.randrange(len(lines))
    line = _parsed(lines[at])
    if line is not None:
        lines[at] = _changed(line, chance)
    return b"\n".join(lines)


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    cut, flipped, without_a_part, doubled, zeroed, as_utf16, with_bom, empty,
    another_value, another_value, another_value, another_value, another_value,
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The data with one damage of a random kind."""
    return chance.choice(MUTATIONS)(data, chance)


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None


def _changed(value: Any, chance: random.Random) -> bytes:
    """The value as JSON, with another one somewhere in it.

    The place is found by going down by chance, so that a long list is no likelier than a name.
    """
    found = _place(value, chance)
    if found is None:
        return chance.choice((*NUMBERS, *WORDS)).encode()
    holder, key = found
    action = chance.randrange(10)
    if action == 0:
        del holder[key]
    elif action == 1 and isinstance(holder, dict):
        holder[f"{key} "] = holder.pop(key)
    else:
        holder[key] = _MARK
    text = json.dumps(value, ensure_ascii=False)
    return text.replace(f'"{_MARK}"', chance.choice((*NUMBERS, *WORDS))).encode("utf-8", "replace")


def _place(value: Any, chance: random.Random) -> tuple[Any, Any] | None:
    """A container within the value and a key of it; None where there is none."""
    found = None
    while isinstance(value, dict | list) and value:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        found = value, chance.choice(keys)
        value = value[found[1]]
        if chance.random() < 0.2:
            break
    return found
