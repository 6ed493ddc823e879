"""The types of results and of their parts, which are plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Result = Mapping[str, Any]
"""The whole content of a `result.json`."""

ResultBlock = Mapping[str, Any]
"""A part of a result that is only read."""

ResultSection = dict[str, Any]
"""A part of a result that is being made."""
