"""Ladders, runs over pairs and probes of the runs folder, made ready to join a board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judgemark.errors import JudgemarkError, UsageError
from judgemark.jobs.board_runs import EnteredRun, Scored, Tell, gather, moved_aside, scored
from judgemark.jobs.run_kinds import known_result_of
from judgemark.leaderboard.board_entry import EntryJudge
from judgemark.leaderboard.entry_from_result import judge_of
from judgemark.leaderboard.joined_figures import NOTHING, JoinedByJudge, JoinedRuns
from judgemark.leaderboard.validity_entry import ValidityEntry, judge_key, validity_entry_of
from judgemark.run.folder import RunFolder
from judgemark.run.kind_of_run import RunKindName, kind_of
from judgemark.run.run_lookup import find_folder, list_runs


@dataclass(frozen=True, slots=True)
class BoardRuns:
    """The runs for a board: those of the main job, and the others, which join their rows."""

    entered: tuple[EnteredRun, ...]
    measured: tuple[ValidityEntry, ...]


def board_runs(
    names: Sequence[str], runs_dir: Path, references: Path | None, *, tell: Tell
) -> BoardRuns:
    """Return the named runs of any kind, or all in the runs folder where none is named.

    Raises and tells as `gather` does.
    """
    if not names:
        told: list[str] = []

        def once(text: str) -> None:
            # A folder that cannot be read is looked at for each of both.
            if text not in told:
                told.append(text)
                tell(text)

        found = gather((), runs_dir, references, tell=once)
        return BoardRuns(tuple(found), tuple(_measured_in(runs_dir, once)))
    main, others = [], []
    for name in names:
        folder = find_folder(name, runs_dir)
        if folder is not None and kind_of(folder.spec()) is not RunKindName.JUDGE:
            others.append(measured_entry(folder))
        else:
            main += [one.entered for one in scored(name, runs_dir, references)]
    return BoardRuns(tuple(main), tuple(others))


def _measured_in(runs_dir: Path, tell: Tell = lambda _: None) -> list[ValidityEntry]:
    """Return the entries of all ladders, runs over pairs and probes in the runs folder.

    Those that cannot be used are reported through `tell` and left out.
    """
    found = []
    for folder in list_runs(runs_dir):
        try:
            if kind_of(folder.spec()) is RunKindName.JUDGE or moved_aside(folder):
                continue
            found.append(measured_entry(folder))
        except JudgemarkError as exc:
            tell(f"left out: {exc.message}")
    return found


def measured_entry(folder: RunFolder, *, rescore: bool = False) -> ValidityEntry:
    """Return a ladder, run over pairs or probe as a board entry; raises UsageError if it cannot.

    With `rescore` its stored result is not used.
    """
    result = known_result_of(folder, rescore=rescore)
    try:
        return validity_entry_of(result)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as exc:
        raise UsageError(
            f'run "{folder.run_id}": its figures cannot stand on a board '
            f'({type(exc).__name__}); "judgemark score" makes them again from its verdicts'
        ) from exc


def joined_to_result(result: Mapping[str, Any], runs_dir: Path) -> JoinedRuns:
    """Return the other runs by the judge of a result; none for a result of another kind."""
    if str(result.get("kind") or RunKindName.JUDGE) != RunKindName.JUDGE:
        return NOTHING
    key = judge_key(EntryJudge.model_validate(judge_of(result)))
    return JoinedByJudge.of(_measured_in(runs_dir)).by_judge.get(key, NOTHING)


def joined_to(run: Scored, runs_dir: Path) -> JoinedRuns:
    """Return the other runs in the runs folder by the judge of a run of the main job."""
    return JoinedByJudge.of(_measured_in(runs_dir)).to(run.entry)
