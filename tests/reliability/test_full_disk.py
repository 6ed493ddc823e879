"""A disk that is full ends a run in one line; with room again it goes on from what it had."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.kept_runs import write_inputs
from tests.reliability.processes import run, said_in
from tests.reliability.run_kinds import KINDS, RunKind
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint

pytestmark = pytest.mark.reliability

SIZES = (0, 1, 500, 1_500, 4_096, 5_000, 8_191, 8_193, 12_000, 20_000, 25_001, 33_333)
"""From no room at all to room for most of a journal, in bytes."""

RUBRIC = KINDS[0]


def journal_of(folder: Path) -> bytes:
    path = folder / "runs" / "r" / "verdicts.jsonl"
    return path.read_bytes() if path.exists() else b""


def check_whole(journal: bytes) -> int:
    """Every line is whole; how many there are."""
    assert not journal or journal.endswith(b"\n")
    lines = journal.splitlines()
    for line in lines:
        assert json.loads(line)["class"] == "ok"
    return len(lines)


def finish(kind: RunKind, folder: Path, url: str) -> None:
    assert run(kind.arguments(url), folder) == 0, said_in(folder)
    found = folder / "runs" / "r" / kind.result
    assert kind.expected is not None
    assert kind.figures_in(found) == kind.figures_in(kind.expected)
    assert "Traceback" not in said_in(folder)


@pytest.mark.parametrize("size", SIZES)
def test_a_file_that_cannot_grow_ends_the_run_and_nothing_is_torn(
    size: int, tmp_path: Path
) -> None:
    write_inputs(tmp_path)
    with FakeEndpoint(RUBRIC.script) as endpoint:
        code = run(RUBRIC.arguments(endpoint.url), tmp_path, largest_file=size)
        assert code == 2
        assert "cannot be written" in said_in(tmp_path) or size < 500
        kept = check_whole(journal_of(tmp_path))
        asked = len(endpoint.asked)
        finish(RUBRIC, tmp_path, endpoint.url)
        # What was kept is not asked again: 48 pieces are asked about in all, but for those whose
        # answers found no room.
        assert len(endpoint.asked) - asked == 48 - kept


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 256 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(command, check=False).returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


class Ballast:
    """Fills a disk but for some room, until this many requests have come."""

    def __init__(self, disk: Path, room: int, requests: int) -> None:
        self._path = disk / "ballast"
        self._requests = requests
        self._lock = threading.Lock()
        self._free(room)

    def _free(self, room: int) -> None:
        block = b"x" * 4096
        with self._path.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(block)
            except OSError:
                file.truncate(max(0, file.tell() - room))

    def answer(self, asked: Asked) -> Answer:
        """The judge's answer; with the last request that fills the disk, all is free again."""
        with self._lock:
            if asked.number >= self._requests:
                self._path.unlink(missing_ok=True)
        return RUBRIC.slowly(asked)


@pytest.mark.parametrize("room", [4096 * n for n in (5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)])
def test_a_disk_that_is_full_for_a_moment_costs_no_answer(
    room: int, tmp_path: Path, small_disk: Path
) -> None:
    write_inputs(tmp_path)
    arguments = ("--runs-dir", str(small_disk / "runs"), "--threads", "4")
    (tmp_path / "runs").symlink_to(small_disk / "runs")
    ballast = Ballast(small_disk, room, requests=24)
    with FakeEndpoint(ballast.answer) as endpoint:
        code = run(RUBRIC.arguments(endpoint.url, *arguments), tmp_path)
        assert code in (0, 2)
        kept = check_whole(journal_of(tmp_path))
        asked = len(endpoint.asked)
        (small_disk / "ballast").unlink(missing_ok=True)
        finish(RUBRIC, tmp_path, endpoint.url)
        assert len(endpoint.asked) - asked == 48 - kept
        assert check_whole(journal_of(tmp_path)) == 48
