"""`pairs`: how often a pairwise judge names the piece that a reference calls better."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Unpack

from judgemark.errors import UsageError
from judgemark.library.judged_result import Run
from judgemark.library.setting_keywords import PairsSettings, in_keywords, parsed_settings


@dataclass(frozen=True)
class PairsRun:
    """A pairwise judge asked about single pairs.

    Attributes:
        result: all figures, the same values as in the folder's `pairs.json`.
        folder: the run's folder.
    """

    result: Mapping[str, Any]
    folder: Path

    @property
    def run_id(self) -> str:
        """The run's id."""
        return str(self.result["run_id"])

    @property
    def status(self) -> str:
        """`complete`, or `incomplete` where a pair has no verdict."""
        return str(self.result["status"])

    def __repr__(self) -> str:
        return f"<PairsRun {self.run_id}: {self.status}>"


def pairs(
    judge: str | Callable[..., Any],
    reference: Run | str | PathLike[str],
    *,
    samples: str | PathLike[str] | Mapping[str, Any] | None = None,
    progress: bool = False,
    **settings: Unpack[PairsSettings],
) -> PairsRun:
    """Ask a pairwise judge about pairs whose better piece a reference names.

    Like `judge`, it resumes, prints nothing and never prompts.

    Args:
        judge: the judge's spec, or a function that takes a sequence of pairs (`.a`, `.b`, `.item`,
            `.instruction`) and returns the probability, 0..1, that `.a` is better for each.
        reference: who says which piece is better: a `Run`, the id or folder of a finished rubric
            run, or a file of item scores.
        samples: as in `judge`; by default the reference run's own pieces.
        progress: whether a progress bar and remarks go to standard error.
        settings: every setting of the `pairs` command, by the name of its flag.

    Raises:
        UsageError: a setting or a file cannot be used.
        UndefinedFigure: no pair passes the filters, or none has a verdict in both orders.
        Refused, CapReached, Interrupted: as for `judge`.
    """
    from judgemark.cli.command_pairs import prepared_pairs
    from judgemark.cli.environment_file import read_environment
    from judgemark.jobs.pairs_run import finish_pairs
    from judgemark.library.quiet_asking import (
        ask_quietly,
        given_settings,
        judge_settings,
        samples_settings,
        teller,
    )

    with in_keywords():
        spec, function = judge_settings(judge)
        required = {"judge_model": spec, "reference": _reference_name(reference)}
        given: dict[str, Any] = dict(settings)
        fixed = {**samples_settings(samples), **given_settings(given), **function}
        args = parsed_settings("pairs", given, PairsSettings, required)
        job = prepared_pairs(args, read_environment(), teller(progress), **fixed)
        ask_quietly(job.prepared, args, progress=progress)
        return PairsRun(finish_pairs(job), job.prepared.folder.path)


def _reference_name(reference: Run | str | PathLike[str]) -> str:
    if not isinstance(reference, Run):
        return fspath(reference)
    if reference.folder is None:
        raise UsageError(
            "reference: this run has no folder; give one that has, or a file of scores"
        )
    return str(reference.folder)
