"""Property tests draw the same examples each time, so that a red run can be run again.

`HYPOTHESIS_PROFILE=new make test` draws new ones.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Generator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("new", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# Whole commands and generated files from end to end: seconds each, run by `make test-slow`.
_SLOW = (
    "benchmarks/",
    "cli/test_batches.py",
    "cli/test_book_club.py",
    "cli/test_command_judge.py",
    "cli/test_command_ladder.py",
    "cli/test_command_leaderboard.py",
    "cli/test_command_leaderboard_signed.py",
    "cli/test_command_pairs.py",
    "cli/test_ensemble_run.py",
    "cli/test_damaged_runs.py",
    "cli/test_endpoint_trouble.py",
    "cli/test_failures.py",
    "cli/test_interrupted.py",
    "cli/test_pairwise.py",
    "cli/test_pairwise_endpoint.py",
    "cli/test_people_pairs.py",
    "cli/test_reading.py",
    "cli/test_score_method.py",
    "cli/test_secrets.py",
    "cli/test_servers.py",
    "cli/test_stored_secrets.py",
    "cli/test_structured.py",
    "cli/test_without_client.py",
    "fixtures/",
    "library/test_ensemble_call.py",
    "library/test_pairs_call.py",
    "protocols/test_real_replies.py",
    "report/test_charts.py",
    "report/test_page_facts.py",
    "test_dependencies.py",
    "test_library_examples.py",
    "tools/test_make_pictures.py",
    "tools/test_make_samples.py",
    "tournaments/test_published.py",
)


_MARKS = {
    "slow": _SLOW,
    "browser": ("browser/",),
    "engines": ("engines/",),
    "installed": ("installed/",),
}
"""Which files have a mark as a whole."""


@cache
def marks_of(path: Path) -> frozenset[str]:
    """Return the marks that a file or folder has as a whole."""
    place = path.relative_to(Path(__file__).resolve().parent).as_posix()
    place += "/" * path.is_dir()
    return frozenset(mark for mark, places in _MARKS.items() if place.startswith(places))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of these files."""
    for item in items:
        for mark in marks_of(item.path):
            item.add_marker(mark)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the files of which no test would run: to import them takes seconds."""
    wanted = config.getoption("markexpr")
    left_out = any(f"not {mark}" in wanted for mark in marks_of(collection_path))
    return True if left_out else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the garbage collector from the tests themselves: they are many, and stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
