"""The library is used in an empty folder, without the machine's own endpoint settings."""

from __future__ import annotations

from tests.cli.conftest import elsewhere, undrawn

__all__ = ["elsewhere", "undrawn"]
