"""What processes that are measured are given: the environment of an installed package."""

from __future__ import annotations

import os
from collections.abc import Mapping


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment with `more`, in which Python keeps compiled modules.

    An installed package has them beside it, and so has this one after the first process. Without
    them, every process would compile all it loads.
    """
    found = {**os.environ, **(more or {})}
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    return found
