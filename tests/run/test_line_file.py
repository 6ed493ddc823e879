"""Lines are appended whole or not at all, whatever the disk does."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from judgemark.errors import JudgemarkError
from judgemark.run.line_file import LineFile, SystemCalls

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lines"


class Disk:
    """A disk with room for this many bytes: it takes a part of a line, then none of it."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, descriptor: int, data: bytes) -> int:
        if self.room <= 0:
            raise FULL
        written = os.write(descriptor, data[: self.room])
        self.room -= written
        return written

    def truncate(self, descriptor: int, size: int) -> None:
        self.room += os.fstat(descriptor).st_size - size
        os.ftruncate(descriptor, size)

    @property
    def calls(self) -> SystemCalls:
        return SystemCalls(write=self.write, truncate=self.truncate)


def line(number: int, length: int = 9) -> bytes:
    return f"{number:0{length}}\n".encode()


@pytest.mark.parametrize("room", range(0, 41, 3))
def test_a_full_disk_leaves_whole_lines_only(path: Path, room: int) -> None:
    disk = Disk(room)
    full = pytest.raises(JudgemarkError, match=r"No space left on device.*free some space")
    with full, LineFile(path, disk.calls) as file:
        for number in range(5):
            file.append(line(number))
    # Ten bytes a line: as many whole lines as there is room for, and nothing of the next one.
    assert path.read_bytes() == b"".join(line(n) for n in range(room // 10))


def test_a_line_that_found_no_room_is_written_before_the_next_one(path: Path) -> None:
    disk = Disk(15)
    with LineFile(path, disk.calls) as file:
        file.append(line(0))
        for number in (1, 2):
            with pytest.raises(JudgemarkError, match="No space left"):
                file.append(line(number))
        disk.room = 100
        file.append(line(3))
    assert path.read_bytes() == b"".join(line(n) for n in range(4))


def test_a_line_that_found_no_room_is_written_by_close_when_there_is_room(path: Path) -> None:
    disk = Disk(15)
    file = LineFile(path, disk.calls)
    file.append(line(0))
    with pytest.raises(JudgemarkError):
        file.append(line(1))
    assert path.read_bytes() == line(0)
    disk.room = 100
    file.close()
    assert path.read_bytes() == line(0) + line(1)


def test_close_says_how_many_answers_are_lost(path: Path) -> None:
    disk = Disk(15)
    file = LineFile(path, disk.calls)
    file.append(line(0))
    for number in (1, 2):
        with pytest.raises(JudgemarkError):
            file.append(line(number))
    with pytest.raises(JudgemarkError, match="2 answers are lost"):
        file.close()
    file.close()
    assert path.read_bytes() == line(0)


def test_threads_that_meet_a_disk_full_for_a_moment_lose_nothing(path: Path) -> None:
    disk = Disk(30_000)
    failures: list[JudgemarkError] = []

    def append(file: LineFile, numbers: range) -> None:
        for number in numbers:
            try:
                file.append(line(number, 9_999))  # longer than a block: it is taken in parts
            except JudgemarkError as exc:
                failures.append(exc)
                disk.room += 25_000

    with LineFile(path, disk.calls) as file:
        ranges = [range(n, 40, 4) for n in range(4)]
        threads = [threading.Thread(target=append, args=(file, r)) for r in ranges]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        disk.room = 1_000_000
    assert failures
    assert sorted(path.read_bytes().splitlines(True)) == [line(n, 9_999) for n in range(40)]


class Crowd:
    """A disk that is busy with the first line until all others wait to be appended."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.free = threading.Event()
        self.written: list[bytes] = []

    def write(self, descriptor: int, data: bytes) -> int:
        assert self.free.wait(5)
        taken = self.disk.write(descriptor, data)
        self.written.append(data[:taken])
        return taken

    def append(self, path: Path, lines: int) -> dict[int, str]:
        """Append lines from a thread each; the errors by the number of the line."""
        errors: dict[int, str] = {}

        def append(number: int) -> None:
            try:
                file.append(line(number))
            except JudgemarkError as exc:
                errors[number] = str(exc)

        with LineFile(path, SystemCalls(write=self.write, truncate=self.disk.truncate)) as file:
            threads = [threading.Thread(target=append, args=(n,)) for n in range(lines)]
            for thread in threads:
                thread.start()
            while len(file._unwritten) < lines:
                threading.Event().wait(0.001)
            self.free.set()
            for thread in threads:
                thread.join()
            self.disk.room = 1_000
        return errors


def test_lines_that_wait_for_the_disk_are_handed_over_together(path: Path) -> None:
    crowd = Crowd(Disk(1_000))
    assert crowd.append(path, 6) == {}
    first, others = crowd.written
    assert len(first) == len(line(0))
    assert sorted((first + others).splitlines(True)) == [line(n) for n in range(6)]
    assert path.read_bytes() == first + others


def test_of_lines_handed_over_together_a_full_disk_keeps_whole_ones(path: Path) -> None:
    crowd = Crowd(Disk(35))
    errors = crowd.append(path, 6)
    first, part, *_, rest = crowd.written
    assert len(first + part) == 35
    # The two whole lines of the part count as written, the torn one is cut off and comes again.
    kept = (first + part)[:30]
    assert {line(n) for n in range(6) if n not in errors} == set(kept.splitlines(True))
    assert all("No space left on device" in error for error in errors.values())
    assert path.read_bytes() == kept + rest
    assert sorted(path.read_bytes().splitlines(True)) == [line(n) for n in range(6)]


def test_where_the_disk_takes_nothing_every_thread_is_told(path: Path) -> None:
    crowd = Crowd(Disk(0))
    errors = crowd.append(path, 6)
    assert sorted(errors) == list(range(6))
    # Nothing is lost: there was room again before the end.
    assert sorted(path.read_bytes().splitlines(True)) == [line(n) for n in range(6)]


def test_every_thread_is_told_that_the_file_was_moved_meanwhile(path: Path) -> None:
    class Mover(Crowd):
        def write(self, descriptor: int, data: bytes) -> int:
            if self.written:
                path.rename(path.with_name("elsewhere"))
            return super().write(descriptor, data)

    crowd = Mover(Disk(1_000))
    errors = crowd.append(path, 6)
    assert len(errors) == 5
    assert all("was moved by another program" in error for error in errors.values())


class Counting:
    """A disk that notes what it is given in one call."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, descriptor: int, data: bytes) -> int:
        self.written.append(data)
        return os.write(descriptor, data)


def test_lines_that_a_thread_gathers_are_written_in_one_go_at_the_end(path: Path) -> None:
    disk = Counting()
    with LineFile(path, SystemCalls(write=disk.write)) as file:
        with file.together():
            for number in range(3):
                file.append(line(number))
            assert disk.written == []
        assert disk.written == [line(0) + line(1) + line(2)]
        file.append(line(3))
        with file.together():
            pass
    assert disk.written[1:] == [line(3)]


def test_what_another_thread_appends_meanwhile_brings_the_gathered_lines_with_it(
    path: Path,
) -> None:
    disk = Counting()
    with LineFile(path, SystemCalls(write=disk.write)) as file, file.together():
        file.append(line(0))
        other = threading.Thread(target=file.append, args=(line(1),))
        other.start()
        other.join()
        assert path.read_bytes() == line(0) + line(1)
    assert disk.written == [line(0) + line(1)]


def test_a_full_disk_is_told_where_gathered_lines_are_written(path: Path) -> None:
    disk = Disk(25)
    file = LineFile(path, disk.calls)
    with pytest.raises(JudgemarkError, match="No space left on device"), file.together():
        for number in range(4):
            file.append(line(number))
    assert path.read_bytes() == line(0) + line(1)
    disk.room = 100
    file.close()
    assert path.read_bytes() == b"".join(line(n) for n in range(4))


def test_gathered_lines_are_written_where_something_else_fails_between_them(path: Path) -> None:
    with LineFile(path) as file:
        with pytest.raises(KeyError), file.together():
            file.append(line(0))
            raise KeyError
        assert path.read_bytes() == line(0)


def test_gathered_lines_of_a_file_that_was_moved_are_not_taken_for_written(path: Path) -> None:
    file = LineFile(path)
    with pytest.raises(JudgemarkError, match="was moved by another program"), file.together():
        file.append(line(0))
        path.rename(path.with_name("elsewhere"))
    with pytest.raises(JudgemarkError, match="was moved"):
        file.append(line(1))
    file.close()


def test_a_line_that_cannot_be_cut_back_is_cut_before_the_next_write(path: Path) -> None:
    disk = Disk(15)
    broken = True

    def truncate(descriptor: int, size: int) -> None:
        if broken:
            raise OSError(errno.EIO, "Input/output error")
        disk.truncate(descriptor, size)

    with LineFile(path, SystemCalls(write=disk.write, truncate=truncate)) as file:
        file.append(line(0))
        for _ in range(2):
            with pytest.raises(JudgemarkError, match="Input/output error"):
                file.append(line(1))
        assert path.read_bytes() == line(0) + line(1)[:5]
        broken, disk.room = False, 100
        file.append(line(2))
    assert path.read_bytes() == line(0) + line(1) * 2 + line(2)


def test_the_disk_is_asked_to_keep_what_was_appended(path: Path) -> None:
    sizes: list[int] = []
    synced = threading.Event()

    def sync(descriptor: int) -> None:
        os.fsync(descriptor)
        sizes.append(os.fstat(descriptor).st_size)
        synced.set()

    with LineFile(path, SystemCalls(sync=sync)) as file:
        file.append(line(0))
        assert synced.wait(5)
        file.append(line(1))
    # And at the end, whatever came last.
    assert sizes == [10, 20]


def test_nothing_is_appended_once_the_disk_has_failed_to_keep_a_line(path: Path) -> None:
    def sync(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    failed = pytest.raises(JudgemarkError, match="Input/output error")
    with failed, LineFile(path, SystemCalls(sync=sync)) as file:
        file.append(line(0))
        file.sync()
        with pytest.raises(JudgemarkError, match="cannot be written"):
            file.append(line(1))
    assert path.read_bytes() == line(0)


def moved(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


def deleted(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    path.rename(path.with_name("old"))
    path.write_bytes(b"")


@pytest.mark.parametrize("change", [moved, deleted, replaced])
def test_a_file_moved_or_deleted_meanwhile_is_noticed_by_the_next_append(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    path = tmp_path / "run" / "lines"
    path.parent.mkdir()
    with LineFile(path) as file:
        file.append(line(0))
        change(path)
        with pytest.raises(JudgemarkError, match=r"was (moved|deleted) by another program"):
            file.append(line(1))


def test_a_line_that_comes_after_the_end_is_refused(path: Path) -> None:
    file = LineFile(path)
    file.close()
    with pytest.raises(JudgemarkError, match="after the file had been closed"):
        file.append(line(0))
    assert path.read_bytes() == b""
