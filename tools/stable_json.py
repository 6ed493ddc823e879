"""How the makers write JSON, and how they say that a file is out of date."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path


def as_json(data: object) -> str:
    """Sorted by key, one entry a line, non-ASCII characters as they are, a newline at the end."""
    text = json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return text + "\n"


def write_or_check(files: Mapping[Path, object], *, check: bool, maker: str) -> int:
    """Write each file, or with `check` only name on stderr those that would come out different.

    Returns the exit status: 1 if any differ, else 0.
    """
    stale = [p for p, data in files.items() if check and not _is(p, as_json(data).encode())]
    for path in stale:
        print(f"{path} is not what python -m {maker} writes", file=sys.stderr)
    if not check:
        for path, data in files.items():
            path.write_bytes(as_json(data).encode())
    return 1 if stale else 0


def _is(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
