"""`board`: many judges on one leaderboard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

from judgemark.errors import UsageError
from judgemark.library.judged_result import Run
from judgemark.library.setting_keywords import in_keywords

if TYPE_CHECKING:
    from judgemark.leaderboard.assembly import Leaderboard
    from judgemark.leaderboard.board_entry import Entry
    from judgemark.leaderboard.validity_entry import ValidityEntry

StrPath = str | PathLike[str]


@dataclass(frozen=True)
class RunBoard:
    """A leaderboard in memory.

    Attributes:
        entries: the runs as a board file keeps them.
        reports: the report of each run that has one, by its entry's digest.
        scorecard: `v4`, `v2.1` or `v2`: what the page and the Markdown table rank by.
        remarks: what a reader must know of the whole, such as damaged lines of a board file.
        measured: the judges' ladders, runs over pairs and probes, which join their rows.
    """

    entries: tuple[Entry, ...]
    reports: tuple[tuple[str, Path], ...]
    scorecard: str
    remarks: tuple[str, ...] = ()
    measured: tuple[ValidityEntry, ...] = ()

    def to_html(self, path: StrPath | None = None) -> str | None:
        """Write the board as one HTML page that loads nothing; without a path, return its text."""
        from judgemark.report.board_page import render

        return _written(render(self._board(path), self.scorecard), path)

    def to_csv(self, path: StrPath | None = None) -> str | None:
        """Write one row for each judge as CSV; without a path, return the text."""
        from judgemark.report.board_export import as_csv

        return _written(as_csv(self._board(path)), path)

    def to_json(self, path: StrPath | None = None) -> str | None:
        """Write the board as JSON; without a path, return the text."""
        from judgemark.report.board_export import as_json

        return _written(as_json(self._board(path)), path)

    def to_markdown(self, path: StrPath | None = None) -> str | None:
        """Write the board as a Markdown table; without a path, return the text."""
        from judgemark.report.board_export import as_markdown

        return _written(as_markdown(self._board(path), self.scorecard), path)

    def _board(self, path: StrPath | None) -> Leaderboard:
        from judgemark.jobs.board_runs import links_to
        from judgemark.leaderboard.assembly import leaderboard

        links = links_to(self.reports, Path(path or "leaderboard.html"))
        return leaderboard(self.entries, links, self.remarks, self.measured)


def board(
    runs: Iterable[Run | StrPath] | None = None,
    *,
    boards: Sequence[StrPath] = (),
    reference: StrPath | None = None,
    scorecard: str = "v4",
    runs_dir: StrPath = "runs",
) -> RunBoard:
    """Put many judges on one leaderboard: only like is compared with like.

    Args:
        runs: `Run` objects, ids, folders or runs files; by default all runs in `runs_dir`.
        boards: shared board files, whose entries are shown too.
        reference: a file of reference scores to use instead of the runs' own.
        scorecard: what is ranked by: `v4`, `v2.1` or `v2`.
        runs_dir: where run ids are looked up.

    Raises UsageError where there is no run to show.
    """
    from judgemark.jobs.board_runs import EnteredRun, Scored, read_boards
    from judgemark.jobs.joined_runs import board_runs
    from judgemark.leaderboard.packed_scores import CARDS
    from judgemark.library.quiet_asking import teller

    if scorecard not in CARDS:
        raise UsageError(f'scorecard: "{scorecard}" is unknown; there are {", ".join(CARDS)}')
    with in_keywords():
        own = None if reference is None else Path(reference)
        entered: list[EnteredRun] = []
        measured: list[ValidityEntry] = []
        tell = teller(progress=False)
        if runs is None and not boards:
            found = board_runs((), Path(runs_dir), own, tell=tell)
            entered, measured = list(found.entered), list(found.measured)
        for run in runs or ():
            if isinstance(run, Run) and run.folder is None:
                entered.append(Scored(run.composed(), False, None).entered)
            else:
                name = str(run.folder) if isinstance(run, Run) else fspath(run)
                found = board_runs((name,), Path(runs_dir), own, tell=tell)
                entered += found.entered
                measured += found.measured
        shared = read_boards([Path(path) for path in boards])
    placed = [(one.entry, one.report) for one in entered]
    entries = (*(entry for entry, _ in placed), *shared.entries)
    if not entries:
        raise UsageError("board: there is no run to show; judge something first, or name runs")
    reports = tuple((entry.digest, report) for entry, report in placed if report is not None)
    return RunBoard(
        entries,
        reports,
        scorecard,
        tuple(f"damaged: {line}" for line in shared.unusable),
        (*measured, *shared.measured),
    )


def _written(text: str, path: StrPath | None) -> str | None:
    """Return the text where there is no path to write it to."""
    from judgemark.run.files import write_bytes

    if path is None:
        return text
    write_bytes(Path(path), text.encode("utf-8", "backslashreplace"))
    return None
