"""Processes that are measured find compiled modules, as an installed package does."""

from __future__ import annotations

import pytest

from benchmarks.as_installed import environment


def test_compiled_modules_are_kept_whatever_the_workplace_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("KEPT", "as it is")
    found = environment({"OPENAI_API_KEY": "none"})
    assert "PYTHONDONTWRITEBYTECODE" not in found
    assert (found["KEPT"], found["OPENAI_API_KEY"]) == ("as it is", "none")
