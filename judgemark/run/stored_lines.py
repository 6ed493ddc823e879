"""Reads files of lines that a crash, a full disk or another program may have damaged."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from judgemark.errors import InputError
from judgemark.judges.open_files import NO_MORE_FILES, RAISE_LIMIT

LONGEST_LINE = 512 << 20
"""The most bytes of one line that are read: more would fill the memory."""


class DamagedLineError(ValueError):
    """Bytes that are no whole line of a file; the message says why."""


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file with their numbers; none where there is no file.

    A last line without its newline is left out: it was torn while it was written. A line that is
    too long to be read comes as its beginning, `LONGEST_LINE` bytes without a newline.
    """
    if not path.exists():
        return
    with opened(path, "rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            if not line.endswith(b"\n") and len(line) < LONGEST_LINE:
                return
            number += 1
            yield number, line


def refuse_too_long(raw: bytes) -> None:
    """DamagedLineError where a line is too long to be read."""
    if len(raw) >= LONGEST_LINE:
        raise DamagedLineError(f"it is longer than {LONGEST_LINE >> 20} MB")


def damaged_line(path: Path, number: int, exc: DamagedLineError) -> InputError:
    """Return the error that names a damaged line of a run's file, and the command that repairs
    it."""
    return InputError(
        path,
        f"damaged ({exc})",
        place=f"line {number}",
        fix=f'run "judgemark repair {path.parent}": it keeps all whole lines and sets the damaged '
        "ones aside",
    )


def cut_torn_line(path: Path) -> bool:
    """Cut off a last line that a crash left without its newline; say whether there was one."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    with opened(path, "r+b") as file:
        end = file.seek(0, os.SEEK_END)
        position = end
        while position > 0:
            step = min(65_536, position)
            position -= step
            file.seek(position)
            newline = file.read(step).rfind(b"\n")
            if newline >= 0:
                position += newline + 1
                break
        if position == end:
            return False
        file.truncate(position)
        return True


def opened(path: Path, mode: str) -> BinaryIO:
    """Return the file, opened; InputError where that is not allowed."""
    try:
        return cast("BinaryIO", path.open(mode))
    except OSError as exc:
        raise not_opened(path, exc) from exc


def not_opened(path: Path, exc: OSError) -> InputError:
    """Return the error for a file that cannot be opened."""
    fix = RAISE_LIMIT if exc.errno in NO_MORE_FILES else "check its permissions"
    return InputError(path, f"cannot be opened ({exc.strerror})", fix=fix)
