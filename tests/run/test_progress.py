"""What the reader sees while a run is asked."""

from __future__ import annotations

import io
import threading

from judgemark.run.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_off_a_terminal_there_is_no_bar() -> None:
    file = io.StringIO()
    progress = Progress(file)
    progress.expect(2)
    progress.came(good=True, cost=None)
    progress.came(good=False, cost=0.5)
    progress.close()
    assert file.getvalue() == ""
    assert (progress.failed, progress.cost) == (1, 0.5)


def test_no_thread_is_begun_so_that_the_process_can_be_forked_afterwards() -> None:
    before = threading.enumerate()
    progress = Progress(Terminal(), known=3)
    progress.expect(2)
    progress.came(good=True, cost=None)
    assert threading.enumerate() == before
    progress.close()


def test_on_a_terminal_it_shows_done_failed_and_cost() -> None:
    file = Terminal()
    progress = Progress(file, known=3)
    progress.expect(2)
    progress.came(good=False, cost=0.25)
    progress.came(good=True, cost=0.5)
    progress.close()
    last = file.getvalue().split("\r")[-1]
    assert "5/5" in last
    assert "1 failed, $0.7500" in last


def test_no_price_is_shown_where_none_is_known() -> None:
    file = Terminal()
    progress = Progress(file)
    progress.expect(1)
    progress.came(good=True, cost=None)
    progress.close()
    assert "$" not in file.getvalue()
