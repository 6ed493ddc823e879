"""Every promise of docs/reliability.md stands beside tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
PAGE = (HOME / "docs" / "reliability.md").read_text("utf-8")
HEADS = ("| promise ", "| --- ")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(HEADS)]


def test_every_promise_names_a_test_that_is_there() -> None:
    assert len(ROWS) >= 25
    for row in ROWS:
        named = re.findall(r"`(tests/[^`]*)`", row.split("|")[2])
        assert named, row
        for test in named:
            assert (HOME / test).is_file(), test
