"""Every command runs in an empty folder, without the machine's own endpoint settings."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_API_URL", "OPENAI_BASE_URL", "LOG_VERBOSITY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without charts and report page, which take longer than all the rest of a small run."""
    monkeypatch.setattr("judgemark.jobs.finish_run.write_report", lambda *_, **__: None)
