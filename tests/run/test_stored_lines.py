"""Lines of a file that may be torn, damaged or without end."""

from __future__ import annotations

from pathlib import Path

import pytest

from judgemark.errors import InputError
from judgemark.run.journal import read_entries
from judgemark.run.stored_lines import (
    DamagedLineError,
    cut_torn_line,
    numbered_lines,
    refuse_too_long,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lines"


def test_a_torn_last_line_is_left_out(path: Path) -> None:
    assert list(numbered_lines(path)) == []
    path.write_bytes(b"one\n\ntwo\nthr")
    assert list(numbered_lines(path)) == [(1, b"one\n"), (2, b"\n"), (3, b"two\n")]


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"", b""), (b"one\n", b"one\n"), (b"one\ntw", b"one\n"), (b"on", b"")],
)
def test_a_torn_last_line_is_cut_off(path: Path, before: bytes, after: bytes) -> None:
    path.write_bytes(before)
    assert cut_torn_line(path) == (before != after)
    assert path.read_bytes() == after


def test_a_torn_line_of_more_than_a_block_is_cut_off(path: Path) -> None:
    path.write_bytes(b"one\n" + b"x" * 200_000)
    assert cut_torn_line(path)
    assert path.read_bytes() == b"one\n"


def test_a_line_without_end_is_not_read_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judgemark.run.stored_lines.LONGEST_LINE", 100)
    path.write_bytes(b"one\n" + b"\0" * 1000)
    first, beginning = list(numbered_lines(path))[:2]
    assert first == (1, b"one\n")
    assert beginning == (2, b"\0" * 100)
    with pytest.raises(DamagedLineError, match="longer than"):
        refuse_too_long(beginning[1])
    path.write_bytes(b"\0" * 1000)
    with pytest.raises(InputError, match=r"line 1: damaged \(it is longer than .* repair"):
        list(read_entries(path))
