"""A machine that opens no more files ends a command in one line, without asyncio's traceback."""

from __future__ import annotations

import asyncio
import errno
import os

import pytest

from judgemark.errors import UsageError
from judgemark.judges.open_files import new_event_loop


def test_a_loop_is_begun_only_where_there_is_room_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    loop = new_event_loop()
    loop.close()
    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(asyncio, "new_event_loop", lambda: pytest.fail("a loop was begun"))
    with pytest.raises(UsageError, match="raise the limit of open files"):
        new_event_loop()
