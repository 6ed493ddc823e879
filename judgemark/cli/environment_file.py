"""The settings of the environment, and those of a `.env` file in the current folder."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Mapping
from pathlib import Path

from judgemark.errors import InputError

_LARGEST = 1_000_000
_ENCODINGS = (
    # The longer marks first: that of UTF-32 begins like that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_environment(path: Path = Path(".env")) -> Mapping[str, str]:
    """Return the environment, over what `.env` in the current folder says.

    Raises InputError, with the line's number and never its text, where `.env` cannot be read.
    """
    return {**_read_file(path), **os.environ}


def _read_file(path: Path) -> dict[str, str]:
    # A folder of this name is a virtual environment; a pipe belongs to a password manager.
    if not path.is_file() and not path.is_fifo():
        return {}
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as exc:
        problem = f"cannot be read ({exc.strerror})"
        raise InputError(path, problem, fix="check its permissions") from exc
    if len(data) > _LARGEST:
        raise InputError(path, "is larger than 1 MB", fix="keep only lines of NAME=value in it")
    from dotenv import dotenv_values
    from dotenv.parser import parse_stream

    text = _decoded(path, data)
    for binding in parse_stream(io.StringIO(text)):
        if binding.error:
            raise InputError(
                path,
                "is not of the form NAME=value, or a quote in it is not closed",
                place=f"line {binding.original.line + _blank_lines(binding.original.string)}",
                fix="correct the line, or put # before it",
            )
    found = dotenv_values(stream=io.StringIO(text))
    return {name: value for name, value in found.items() if value is not None}


def _blank_lines(start: str) -> int:
    """Return how many empty lines come before what a text says."""
    blank = start[: len(start) - len(start.lstrip())]
    return len(blank.splitlines())


def _decoded(path: Path, data: bytes) -> str:
    """Return the text; PowerShell's `>` writes UTF-16, Windows' editors write a mark before it."""
    marked = next((name for mark, name in _ENCODINGS if data.startswith(mark)), None)
    encoding = marked or _unmarked(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as exc:
        line = data[: exc.start].count(b"\n") + 1
        raise InputError(
            path,
            f"is not {encoding.removesuffix('-sig').upper()}",
            place=f"line {line}",
            fix="save the file as UTF-8",
        ) from exc
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        problem = "holds a NUL character"
        raise InputError(path, problem, place=f"line {line}", fix="save the file as UTF-8")
    return text


def _unmarked(data: bytes) -> str:
    """Return the encoding of a file without a mark: names begin with an ASCII character."""
    if data[1:2] == b"\x00":
        return "utf-16-le"
    return "utf-16-be" if data[:1] == b"\x00" else "utf-8"
