"""Prepare runs for a leaderboard: use their stored results or score them again."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from pydantic import ValidationError

from judgemark.errors import JudgemarkError, UsageError
from judgemark.inputs.json_file import place_of
from judgemark.inputs.references import read_references
from judgemark.judged import JudgedRun
from judgemark.leaderboard.board_entry import Entry
from judgemark.leaderboard.board_file import Board, read_board
from judgemark.leaderboard.entry_from_result import entry_of
from judgemark.leaderboard.result_cache import kept_result
from judgemark.run.folder import REPORT, RunFolder
from judgemark.run.kind_of_run import RunKindName, kind_of, refuse_other_kinds
from judgemark.run.run_lookup import find_folder, list_runs, load, without_description
from judgemark.scoring.result_json import Composed, compose_with_replicates

Tell = Callable[[str], None]
_ASIDE = re.compile(r"~\d+$")


@dataclass(frozen=True)
class Scored:
    """A run's figures, whether they were stored, and its report where it has one."""

    composed: Composed
    kept: bool
    report: Path | None

    @property
    def entered(self) -> EnteredRun:
        """Return what a board holds of the run; raises as `entry` does."""
        return EnteredRun(self.entry, self.kept, self.report)

    @cached_property
    def entry(self) -> Entry:
        """Return the run as a board entry; raises UsageError where its figures do not fit."""
        made = self.composed
        try:
            return entry_of(made.result, made.replicates, made.twins, made.nested)
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as exc:
            raise UsageError(
                f'run "{made.result["run_id"]}": its figures cannot stand on a board '
                f'({_first_problem(exc)}); "judgemark score" makes them again from its verdicts'
            ) from exc


@dataclass(frozen=True, slots=True)
class EnteredRun:
    """A run's entry, whether its figures were stored, and its report where it has one.

    A board holds these and not results: of ten thousand runs, those would fill the memory.
    """

    entry: Entry
    kept: bool
    report: Path | None


def scored(
    name: str, runs_dir: Path, references: Path | None = None, *, rescore: bool = False
) -> list[Scored]:
    """Return the figures of a run, or of all runs in an upstream runs file.

    `references` are reference scores to use instead of the runs' own. With them, or with
    `rescore`, stored results are not used. Raises UsageError for a run without a verdict.
    """
    folder = find_folder(name, runs_dir)
    if folder is not None:
        refuse_other_kinds(folder.run_id, folder.spec())
    report = folder.path / REPORT if folder else None
    if report is not None and not report.is_file():
        report = None
    kept = kept_result(folder) if folder and references is None and not rescore else None
    if kept is not None:
        return [Scored(kept, True, report)]
    runs = load(name, runs_dir).values()
    return [Scored(_compose(run, references), False, report) for run in runs]


def _first_problem(exc: Exception) -> str:
    if isinstance(exc, ValidationError):
        first = exc.errors(include_url=False, include_input=False)[0]
        return f"{place_of(first['loc'])}: {first['msg']}"
    return f"{type(exc).__name__}: {exc}"


def scored_one(
    name: str, runs_dir: Path, references: Path | None = None, *, rescore: bool = False
) -> Scored:
    """Return the figures of one run; raises UsageError where `name` stands for several."""
    found = scored(name, runs_dir, references, rescore=rescore)
    if len(found) > 1:
        raise UsageError(f'"{name}" holds {len(found)} runs; name one as {name}::RUN_KEY')
    return found[0]


def _compose(run: JudgedRun, references: Path | None) -> Composed:
    if not run.judged:
        raise UsageError(f'run "{run.run_id}" has no verdict yet; finish it first')
    known = None
    if references is not None:
        known = read_references(references, {j.writer for j in run.judged})
    return compose_with_replicates(run, known)


def gather(
    names: Sequence[str], runs_dir: Path, references: Path | None, *, tell: Tell
) -> list[EnteredRun]:
    """Return the named runs, or all runs in the runs folder where none is named.

    A named run that cannot be used raises. Where none is named, such runs are reported through
    `tell` and left out. So are, without a word, runs that `fresh` has moved aside (`ID~1`), and
    those that are not of the main job (`joined_runs`).
    """
    if names:
        return [one.entered for name in names for one in scored(name, runs_dir, references)]
    gathered: list[EnteredRun] = []
    for folder in list_runs(runs_dir):
        try:
            if kind_of(folder.spec()) is not RunKindName.JUDGE or moved_aside(folder):
                continue
            gathered += [one.entered for one in scored(str(folder.path), runs_dir, references)]
        except JudgemarkError as exc:
            tell(f"left out: {exc.message}")
    for problem in without_description(runs_dir).values():
        tell(f"left out: {problem}")
    again = sum(not found.kept for found in gathered)
    if again and references is None:
        runs = "run was" if again == 1 else "runs were"
        tell(f"{again} {runs} scored again because the stored result does not match the verdicts")
    return gathered


def moved_aside(folder: RunFolder) -> bool:
    """Return whether `fresh` renamed the folder; users may choose such a name as well."""
    return bool(_ASIDE.search(folder.run_id)) and folder.spec().get("run_id") != folder.run_id


def links_to(reports: Iterable[tuple[str, Path | None]], beside: Path) -> dict[str, str]:
    """Return the addresses of reports, relative to a page at `beside`, by entry digest."""
    folder = beside.resolve().parent
    return {
        digest: quote(Path(os.path.relpath(report.resolve(), folder)).as_posix())
        for digest, report in reports
        if report is not None
    }


def read_boards(paths: Sequence[Path]) -> Board:
    """Read several boards as one."""
    boards = [read_board(path) for path in paths]
    return Board(
        tuple(entry for board in boards for entry in board.entries),
        tuple(line for board in boards for line in board.unusable),
        tuple(entry for board in boards for entry in board.measured),
    )
