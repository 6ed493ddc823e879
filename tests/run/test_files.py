"""Whole files: the old one or the new one, never half."""

from __future__ import annotations

import errno
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from judgemark.errors import UsageError
from judgemark.run.files import (
    fix_for,
    refuse_unwritable,
    write_bytes,
    write_json,
    write_json_gz,
    write_parts,
)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_bytes_replace_what_was_there_and_leave_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "new" / "page.html"
    write_bytes(path, b"old")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert _names(path.parent) == ["page.html"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_parts_are_joined_and_a_lone_surrogate_is_written_as_its_escape(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_parts(path, iter(["a ", "é ", "\ud800"]))
    assert path.read_bytes() == b"a \xc3\xa9 \\ud800"


def test_parts_that_break_off_leave_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_parts(path, ["old"])

    def broken() -> Iterator[str]:
        yield "new, but "
        raise KeyError("half")

    with pytest.raises(KeyError):
        write_parts(path, broken())
    assert path.read_text("utf-8") == "old"
    assert _names(tmp_path) == ["page.html"]


def test_no_part_is_asked_for_before_the_last_one_was_taken(tmp_path: Path) -> None:
    class Part(str):
        alive = 0

        def __init__(self, _: str) -> None:
            Part.alive += 1

        def __del__(self) -> None:
            Part.alive -= 1

    def parts() -> Iterator[str]:
        for _ in range(100):
            yield Part("x" * 1000)
            assert Part.alive <= 2  # the one just written and, perhaps, the one being made

    write_parts(tmp_path / "page.html", parts())
    assert (tmp_path / "page.html").stat().st_size == 100 * 1000


def test_a_place_that_cannot_be_written_is_one_line_for_the_user(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(UsageError, match=r"file/page.html: cannot be written .*; check the folder"):
        write_parts(tmp_path / "file" / "page.html", ["x"])


def test_json_holds_no_infinity_and_compresses_to_the_same_bytes(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        write_json(tmp_path / "result.json", {"score": float("inf")})
    assert _names(tmp_path) == []
    for name in ("a.gz", "b.gz"):
        write_json_gz(tmp_path / name, {"naïve": [1, 2.5, None]})
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert json.loads(gzip.decompress((tmp_path / "a.gz").read_bytes())) == {
        "naïve": [1, 2.5, None]
    }


def test_a_place_that_cannot_be_written_is_found_before_anything_is_written(
    tmp_path: Path,
) -> None:
    refuse_unwritable(tmp_path / "runs.json", "‹runs_file›")
    assert _names(tmp_path) == []
    with pytest.raises(UsageError, match=r"runs_file: .* is a folder"):
        refuse_unwritable(tmp_path, "‹runs_file›")
    with pytest.raises(UsageError, match=r"runs_file: .* cannot be written"):
        refuse_unwritable(tmp_path / "nowhere" / "runs.json", "‹runs_file›")


def test_a_full_disk_and_a_forbidden_folder_have_different_fixes() -> None:
    assert "free some space" in fix_for(OSError(errno.ENOSPC, "No space left on device"))
    assert "permissions" in fix_for(OSError(errno.EACCES, "Permission denied"))
