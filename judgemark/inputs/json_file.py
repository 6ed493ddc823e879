"""Reads JSON that a user wrote, and reports in one line what is wrong with it."""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from judgemark.errors import InputError

LARGEST_FILE = 512 << 20
"""The largest JSON file that is read, in bytes after unpacking: a larger one would fill the
memory."""

_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ")
"""How files begin that gzip, zip, zstd, bzip2 and xz have packed."""

_STRING_OR_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[-+\w.]+')


class _NoNumber(ValueError):
    """A number in the file that cannot be used."""

    def __init__(self, literal: str, problem: str) -> None:
        super().__init__(f"{literal[:40]} {problem}")
        self.literal = literal


def _no_constant(name: str) -> NoReturn:
    raise _NoNumber(name, "is not JSON")


def _as_null(name: str) -> None:
    del name


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _NoNumber(text, "is too large a number")
    return value


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file without its byte order mark.

    Raises InputError where the file is missing, unreadable, too large or not UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            problem = f"is larger than {LARGEST_FILE >> 20} MB"
            raise InputError(path, problem, fix="split it, or name another file")
        return data.decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(path, "no such file", fix="check the path") from None
    except IsADirectoryError:
        raise InputError(path, "is a folder, not a file", fix="name the file in it") from None
    except UnicodeDecodeError as exc:
        if data.startswith(_PACKED):
            raise InputError(path, "is packed, not text", fix="unpack it first") from exc
        raise InputError(
            path,
            f"is not {exc.encoding.upper()}",
            place=f"byte {exc.start}",
            fix="save it as UTF-8",
        ) from exc
    except OSError as exc:
        problem = f"cannot be read ({exc.strerror})"
        raise InputError(path, problem, fix="check the path and its permissions") from exc


def holds_json(data: bytes) -> bool:
    """Return whether the bytes are one JSON value."""
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def parse_json(text: str, path: Path | str, *, nan_as_null: bool = False) -> Any:
    """Return the value that `text` holds; `path` names the file in errors.

    NaN and Infinity are not JSON. With `nan_as_null` they are read as null, for files of programs
    that write them. Raises InputError where the text is not JSON, and where an object has the same
    key twice, since one of the two values would be lost in silence.
    """
    constant = _as_null if nan_as_null else _no_constant
    twice: list[tuple[dict[str, Any], str]] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            times = Counter(key for key, _ in pairs)
            twice.append((found, next(key for key, n in times.items() if n > 1)))
        return found

    try:
        value = json.loads(
            text, object_pairs_hook=unique, parse_constant=constant, parse_float=_finite
        )
    except json.JSONDecodeError as exc:
        fix = "correct the file at that place"
        if not text.strip():
            fix = "it is empty: name a file that holds JSON"
        elif exc.msg == "Extra data":
            fix = "one JSON value is read, not JSON Lines or several values one after the other"
        raise InputError(
            path,
            f"is not JSON ({exc.msg})",
            place=f"line {exc.lineno}, column {exc.colno}",
            fix=fix,
        ) from exc
    except RecursionError as exc:
        problem = "is nested too deeply to be read"
        raise InputError(path, problem, fix="nest it less deeply") from exc
    except _NoNumber as exc:
        place = _place_of_word(text, exc.literal.__eq__)
        raise InputError(path, str(exc), place=place, fix="write null or leave it out") from exc
    except ValueError as exc:
        place = _place_of_word(text, lambda word: len(word) > sys.get_int_max_str_digits())
        problem = "holds a number of too many digits"
        raise InputError(path, problem, place=place, fix="round it") from exc
    if twice:
        within, key = twice[0]
        place = place_of((*_way_to(value, within), key))
        problem = "the key occurs twice in one object"
        raise InputError(path, problem, place=place, fix="keep one of the two")
    return value


def _place_of_word(text: str, wanted: Callable[[str], bool]) -> str:
    """Return line and column of the first wanted word outside of strings, or "" where there is
    none."""
    for found in _STRING_OR_WORD.finditer(text):
        at = found.start()
        if text[at] != '"' and wanted(found[0]):
            return (
                f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"
            )
    return ""


def _way_to(value: Any, wanted: object) -> tuple[int | str, ...]:
    """Return the keys that lead to this object; () where it is the whole value, or was
    overwritten."""
    ways: list[tuple[tuple[int | str, ...], Any]] = [((), value)]
    while ways:
        way, here = ways.pop()
        if here is wanted:
            return way
        inner = here.items() if isinstance(here, dict) else ()
        ways += [((*way, key), inside) for key, inside in inner]
        if isinstance(here, list):
            ways += [((*way, n), inside) for n, inside in enumerate(here)]
    return ()


def read_json(path: Path, *, nan_as_null: bool = False) -> Any:
    """Return the value in a JSON file, as `parse_json` reads it; raises InputError."""
    return parse_json(read_text(path), path, nan_as_null=nan_as_null)


def refuse_half_characters(text: str, path: Path | str, place: str) -> None:
    """Raise InputError where the text has half of a surrogate pair, which cannot be sent."""
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        problem = f"has half of a surrogate pair, {text[exc.start]!a}"
        raise InputError(path, problem, place=place, fix="write the whole character") from exc


def place_of(location: tuple[int | str, ...]) -> str:
    """Return a place in a JSON document as a reader follows it: `"writer" > "samples" > "1"`."""
    return " > ".join(f'"{part}"' if isinstance(part, str) else f"[{part}]" for part in location)


def json_kind(value: object) -> str:
    """Return the JSON type of a value in words."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true or false"
    kinds = {str: "a string", int: "a number", float: "a number", list: "an array"}
    return kinds.get(type(value), "an object")
