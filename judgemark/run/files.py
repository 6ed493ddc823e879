"""Write files atomically: a reader sees the old file or the new one, never a part of it."""

from __future__ import annotations

import errno
import gzip
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from judgemark.errors import UsageError
from judgemark.judges.open_files import NO_MORE_FILES, RAISE_LIMIT

_QUICK = 1
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def fix_for(exc: OSError) -> str:
    """Return what the user can do about a file that cannot be written."""
    if exc.errno in _NO_ROOM:
        return "free some space there and run the same command again"
    if exc.errno in NO_MORE_FILES:
        return f"{RAISE_LIMIT} and run the same command again"
    return "check the folder and its permissions and run the same command again"


def refuse_unwritable(path: Path, flag: str = "") -> None:
    """Raise UsageError where a file cannot be put at `path`; `flag` names the setting in it.

    A file beside it is made and removed, since only that tells for every kind of file system.
    """
    named = f"{flag}: {path}" if flag else f"{path}"
    if path.is_dir():
        raise UsageError(f"{named} is a folder; give the path of a file")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:60]}.")
        os.close(handle)
        Path(name).unlink()
    except OSError as exc:
        raise UsageError(f"{named} cannot be written ({exc.strerror}); {fix_for(exc)}") from exc


def write_bytes(path: Path, data: bytes) -> None:
    """Replace `path` by `data`, atomically; UsageError where the folder does not allow it."""
    _replace(path, (data,))


def write_byte_parts(path: Path, parts: Iterable[bytes]) -> None:
    """Replace `path` by `parts` joined, without holding them all; atomically."""
    _replace(path, parts)


def write_parts(path: Path, parts: Iterable[str]) -> None:
    """Replace `path` by `parts` joined, as UTF-8, without holding them all; atomically.

    A lone surrogate is written as its escape. Whatever `parts` raises leaves `path` as it was;
    UsageError where the folder does not allow writing.
    """
    _replace(path, (part.encode("utf-8", "backslashreplace") for part in parts))


def _replace(path: Path, parts: Iterable[bytes]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(parts)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as exc:
        raise UsageError(f"{path}: cannot be written ({exc.strerror}); {fix_for(exc)}") from exc


def write_json(path: Path, value: Any) -> None:
    """Replace `path` by `value` as JSON, atomically; NaN and infinities raise ValueError."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
    write_bytes(path, (text + "\n").encode("utf-8", "backslashreplace"))


def write_json_gz(path: Path, value: Any) -> None:
    """Write compressed JSON atomically; the same value gives the same bytes."""
    data = json.dumps(value, ensure_ascii=False, allow_nan=False).encode(
        "utf-8", "backslashreplace"
    )
    write_bytes(path, gzip.compress(data, _QUICK, mtime=0))
