"""`judge` and `load`: a run of a judge, asked now or stored before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Literal, Unpack

from judgemark.library.judged_result import Run
from judgemark.library.setting_keywords import JudgeSettings, in_keywords
from judgemark.library.validity_run import ValidityRun


def judge(
    judge: str | Callable[..., Any] | None = None,
    *,
    judge_models: Sequence[str | Callable[..., Any]] | None = None,
    samples: str | PathLike[str] | Mapping[str, Any] | None = None,
    mode: Literal["rubric", "pairwise"] | None = None,
    progress: bool = False,
    **settings: Unpack[JudgeSettings],
) -> Run:
    """Judge every sample, resume what is missing, score and draw: the main command as a function.

    The same call again goes on where an earlier one stopped, and asks nothing where all has a
    verdict. It prints nothing, never prompts, and works in a notebook and off the main thread; on
    the main thread Ctrl-C ends it within seconds and keeps what came.

    Args:
        judge: the judge's spec as for `--judge-model`, or a function. In mode `rubric` a function
            takes a piece (`.text`, `.item`, `.prompt`, `.writing_prompt`) and returns a number, a
            mapping of criterion scores, or the reply as a text. In mode `pairwise` it takes a
            sequence of pairs (`.a`, `.b`, `.item`, `.instruction`) and returns the probability,
            0..1, that `.a` is the better text for each.
        judge_models: several judges, in place of `judge`: each is asked about each piece, one that
            stands here twice is asked twice, and `ensemble_method` joins their scores.
        samples: a file of samples, a mapping `{writer: {"samples": {iteration: {item: text}}}}`,
            or the name of a set of our own; our newest set by default.
        mode: what is asked of the judge; by default what its kind usually plays.
        progress: whether a progress bar and remarks go to standard error.
        settings: every setting of the main command, by the name of its flag: `threads=32`,
            `max_cost=2.5`, `temperature=None`; lists for flags that take several values.

    Returns:
        The run: its figures, scores, report and folder.

    Raises:
        UsageError: a setting or a file cannot be used, or the estimated cost is above
            `confirm_above` and neither `yes` nor `max_cost` allows it.
        Refused: the endpoint refuses for good.
        CapReached: `max_cost` or `max_requests` was reached.
        Interrupted: Ctrl-C or SIGTERM. After the last three, what came is kept.
    """
    with in_keywords():
        return _judged(judge, judge_models, samples, mode, dict(settings), progress=progress)


def _judged(
    judge: str | Callable[..., Any] | None,
    judge_models: Sequence[str | Callable[..., Any]] | None,
    samples: str | PathLike[str] | Mapping[str, Any] | None,
    mode: str | None,
    given: dict[str, Any],
    *,
    progress: bool,
) -> Run:
    from judgemark.cli.flags_to_settings import job_settings
    from judgemark.jobs.finish_run import finish
    from judgemark.jobs.prepare_run import prepare
    from judgemark.library.quiet_asking import ask_quietly, called, judges_settings, teller
    from judgemark.scoring.upstream_export import check_place

    who = judges_settings(judge, judge_models)
    call = called("judge", JudgeSettings, who, samples, given, mode=mode)
    args, environment = call.settings, call.environment
    if args.runs_file is not None:
        check_place(args.runs_file)
    prepared = prepare(job_settings(args, environment, **call.fixed), environment, teller(progress))
    ask_quietly(prepared, args, progress=progress)
    result = finish(
        prepared.folder,
        prepared.references,
        method=args.ensemble_method if judge_models is not None else None,
        runs_file=args.runs_file,
        with_replies=args.save_raw_judge_output,
    )
    return Run(result, folder=prepared.folder.path)


def load(run: str | PathLike[str], *, runs_dir: str | PathLike[str] = "runs") -> Run:
    """Open a stored run; it is scored again only where what it keeps does not fit its verdicts.

    A ladder, a run over pairs or one of probes is a `ValidityRun`.

    Args:
        run: a run id, a run's folder, or one run of a runs file of Judgemark v2
            (`FILE::run_key`).
        runs_dir: where run ids are looked up.

    Raises UsageError where there is no such run, or where it has no verdict yet.
    """
    from judgemark.jobs.run_kinds import result_of
    from judgemark.run.run_lookup import find_folder, load_one

    with in_keywords():
        name, place = fspath(run), Path(runs_dir)
        result = result_of(name, place)
        folder = find_folder(name, place)
        if folder is not None and "scorecards" not in result:
            return ValidityRun(result, folder=folder.path)
        judged = None if folder else load_one(name, place)
    return Run(result, folder=folder.path if folder else None, judged=judged)
