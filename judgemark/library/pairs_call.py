"""`pairs`: how often a judge prefers the piece that people, or a reference, call better."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Literal, Unpack

from judgemark.errors import UsageError
from judgemark.library.judged_result import Run
from judgemark.library.setting_keywords import (
    PairsSettings,
    StrPath,
    in_keywords,
)
from judgemark.library.validity_run import ValidityRun

PreferenceFile = StrPath | Sequence[Mapping[str, Any]]


class PairsRun(ValidityRun):
    """A judge asked about known pairs.

    Attributes:
        run_id: the run's id.
        folder: the run's folder.
        result: all figures. Where the pairs of a reference were compared they are those of the
            folder's `pairs.json`, with the section `validity` of `result.json`; else those of
            `result.json`.
    """

    @property
    def kind(self) -> str:
        """The kind of run, `pairs`."""
        return "pairs"

    @property
    def validity(self) -> Mapping[str, Any]:
        """The figures on known pairs; without a source where a pair of an older run is missing."""
        found: Mapping[str, Any] = self.result.get("validity") or {"sources": {}}
        return found

    @property
    def wrong(self) -> list[dict[str, Any]]:
        """The pairs of which the judge prefers the worse text, the surest verdicts first.

        Each has `prompt`, `chosen` and `rejected`, and `p_chosen`, the probability that the judge
        gives `chosen`.
        """
        from judgemark.jobs.known_pairs_run import wrong_pairs_of
        from judgemark.run.folder import RunFolder

        return [one.to_json() for one in wrong_pairs_of(RunFolder(self.folder))]

    def report(self, path: str | Path, *, replies: bool = False) -> Path:
        """Write the report as one HTML page that loads nothing, and return its path.

        It never shows replies: `replies` is there because other runs have it.
        """
        from judgemark.jobs.run_kinds import drawn_page, known_result_of
        from judgemark.run.files import write_parts
        from judgemark.run.folder import RunFolder

        del replies
        target = Path(path)
        write_parts(target, drawn_page(known_result_of(RunFolder(self.folder)))[1])
        return target

    def __repr__(self) -> str:
        return f"<PairsRun {self.run_id}: {self.status}>"


def pairs(
    judge: str | Callable[..., Any],
    reference: Run | StrPath | None = None,
    *,
    pairs_file: PreferenceFile | None = None,
    ratings: StrPath | None = None,
    columns: Mapping[str, str] | None = None,
    samples: str | PathLike[str] | Mapping[str, Any] | None = None,
    mode: Literal["rubric", "pairwise"] | None = None,
    progress: bool = False,
    **settings: Unpack[PairsSettings],
) -> PairsRun:
    """Ask a judge about pairs whose better piece is known.

    Like `judge`, it resumes, prints nothing and never prompts. One of `reference`, `pairs_file` and
    `ratings` is given.

    Args:
        judge: the judge's spec, or a function. In pairwise mode a function takes a sequence of
            pairs (`.a`, `.b`, `.item`, `.instruction`) and returns the probability, 0..1, that `.a`
            is better for each; else it takes a piece, as in `judge`.
        reference: another judge that says which piece is better: a `Run`, the id or folder of a
            finished rubric run, or a file of item scores.
        pairs_file: pairs of which people preferred one text: a file, the name of a Hugging Face
            dataset, or rows with a prompt, a chosen and a rejected text.
        ratings: a file of people's scores of the samples.
        columns: the columns of a pairs file that have other names than the usual ones, by the part
            of a pair, as in `{"chosen": "better_text"}`.
        samples: as in `judge`; by default the reference run's own pieces, or ours.
        mode: `rubric` scores each piece, `pairwise` compares; by default `pairwise` with a
            reference, else the mode of the judge's kind.
        progress: whether a progress bar and remarks go to standard error.
        settings: every setting of the `pairs` command, by the name of its flag.

    Raises:
        UsageError: a setting or a file cannot be used.
        UndefinedFigure: no pair passes the filters, or none has a verdict in both orders.
        Refused, CapReached, Interrupted: as for `judge`.
    """
    with in_keywords():
        named = fspath(pairs_file) if isinstance(pairs_file, str | PathLike) else None
        sources = {
            "reference": None if reference is None else _reference_name(reference),
            "pairs_file": named,
            "ratings": None if ratings is None else fspath(ratings),
            "mode": mode,
        }
        rows = None if named is not None else pairs_file
        return _asked(judge, sources, rows, columns or {}, samples, progress, dict(settings))


def _asked(
    judge: str | Callable[..., Any],
    sources: Mapping[str, str | None],
    rows: Any,
    columns: Mapping[str, str],
    samples: Any,
    progress: bool,
    given: dict[str, Any],
) -> PairsRun:
    """Prepare, ask and score; `rows` are the pairs where they are not in a file."""
    from judgemark.cli.command_pairs import prepared_pairs
    from judgemark.jobs.pairs_job import finish_any
    from judgemark.library.quiet_asking import ask_quietly, called, judge_settings, teller

    call = called("pairs", PairsSettings, judge_settings(judge), samples, given, **sources)
    args = call.settings
    args.columns = tuple(f"{part}={column}" for part, column in columns.items())
    job = prepared_pairs(args, call.environment, teller(progress), rows, **call.fixed)
    ask_quietly(job.prepared, args, progress=progress)
    return PairsRun(finish_any(job), folder=job.prepared.folder.path)


def _reference_name(reference: Run | StrPath) -> str:
    if not isinstance(reference, Run):
        return fspath(reference)
    if reference.folder is None:
        raise UsageError(
            "reference: this run has no folder; give one that has, or a file of scores"
        )
    return str(reference.folder)
