"""Finds what a user means by RUN: a run id, a run's folder or an upstream runs file."""

from __future__ import annotations

from pathlib import Path

from judgemark.errors import UsageError
from judgemark.judged import JudgedRun
from judgemark.run.folder import SPEC, RunFolder
from judgemark.run.journal import NAME as VERDICTS
from judgemark.run.kind_of_run import refuse_other_kinds
from judgemark.run.stored_run import read_run


def load(name: str, runs_dir: Path) -> dict[str, JudgedRun]:
    """Return the runs of the main job that `name` means, by id; several only for an upstream runs
    file.

    `FILE::run_key` means one run of a file. Raises UsageError where there is no such run, and where
    it is of another kind.
    """
    folder = find_folder(name, runs_dir)
    if folder is not None:
        refuse_other_kinds(folder.run_id, folder.spec())
        return {folder.run_id: read_run(folder)}
    file, _, key = name.partition("::")
    for path, wanted in ((Path(name), None), (Path(file), key or None)):
        if _is_file(path):
            from judgemark.inputs.upstream_runs import read_runs_file

            return read_runs_file(path, wanted)
    raise no_such_run(name, runs_dir, or_file=True)


def no_such_run(name: str, runs_dir: Path, *, or_file: bool = False) -> UsageError:
    """Return the error for a name that means no run; it says where runs were looked for."""
    nor_file = ", nor a file" if or_file else ""
    return UsageError(
        f'there is no run "{name}": it is neither an id in the folder {runs_dir}, nor a run\'s '
        f'folder{nor_file}; "judgemark runs" lists the runs'
    )


def load_one(name: str, runs_dir: Path) -> JudgedRun:
    """Return the one run that `name` means; UsageError where it means several."""
    runs = load(name, runs_dir)
    if len(runs) > 1:
        raise UsageError(f'"{name}" holds {len(runs)} runs; name one as {name}::RUN_KEY')
    return next(iter(runs.values()))


def find_folder(name: str, runs_dir: Path) -> RunFolder | None:
    """Return the run folder that `name` means, if it means one."""
    for path in (Path(name), runs_dir / name):
        if _is_file(path / SPEC):
            return RunFolder(path.resolve())
    if not _is_file(Path(name)) and name in {p.name for p in _folders(runs_dir)}:
        raise UsageError(f'"{name}" holds no {SPEC}: it is no run\'s folder')
    return None


def list_runs(runs_dir: Path) -> list[RunFolder]:
    """Return the run folders in a runs folder, by id."""
    return [RunFolder(p) for p in _folders(runs_dir) if _is_file(p / SPEC)]


def without_description(runs_dir: Path) -> dict[str, str]:
    """Return what is wrong with the folders that hold verdicts but not what was asked, by name."""
    return {
        p.name: f"{p / SPEC}: no such file, though there are verdicts; restore it from a copy"
        for p in _folders(runs_dir)
        if _is_file(p / VERDICTS) and not _is_file(p / SPEC)
    }


def _folders(runs_dir: Path) -> list[Path]:
    return sorted(p for p in runs_dir.iterdir() if p.is_dir()) if runs_dir.is_dir() else []


def _is_file(path: Path) -> bool:
    """Return whether a file is there, or may be there in a folder that may not be looked into.

    Reading such a file then says what is wrong. False too for a name that is too long.
    """
    try:
        return path.is_file()
    except PermissionError:
        return True
    except OSError:
        return False
