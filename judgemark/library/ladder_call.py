"""`ladder`: does a judge notice known damage?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike
from typing import Any, Literal, Unpack

from judgemark.library.setting_keywords import LadderSettings, in_keywords
from judgemark.library.validity_run import ValidityRun


def ladder(
    judge: str | Callable[..., Any],
    *,
    samples: str | PathLike[str] | Mapping[str, Any] | None = None,
    mode: Literal["rubric", "pairwise"] | None = None,
    progress: bool = False,
    **settings: Unpack[LadderSettings],
) -> ValidityRun:
    """Damage pieces in known ways and to rising degrees, and measure whether the judge notices.

    Like `judge`, it resumes, prints nothing and never prompts.

    Args:
        judge: the judge's spec, or a function as `judge` takes it.
        samples: as in `judge`; pieces that code has damaged already are left out.
        mode: `rubric` scores every version and its undamaged piece, `pairwise` compares the two;
            by default what the judge's kind usually does.
        progress: whether a progress bar and remarks go to standard error.
        settings: every setting of the `ladder` command, by the name of its flag:
            `kinds=["words-shuffled"]` (all by default), `levels=3`, `budget=500`, `seed=7`. Without
            a seed it is that of the quarter of the year.

    Returns:
        The run: `run.reads`, and under `run.validity["kinds"]` the figures of each kind.

    Raises:
        UsageError: a setting or a file cannot be used, or no version can be made.
        Refused, CapReached, Interrupted: as for `judge`.
    """
    from judgemark.cli.command_ladder import prepared_ladder
    from judgemark.jobs.run_kinds import finish_drawn
    from judgemark.library.quiet_asking import ask_quietly, called, judge_settings, teller

    with in_keywords():
        who = judge_settings(judge)
        call = called("ladder", LadderSettings, who, samples, settings, mode=mode)
        job = prepared_ladder(call.settings, call.environment, teller(progress), **call.fixed)
        ask_quietly(job.prepared, call.settings, progress=progress)
        return ValidityRun(finish_drawn(job.prepared.folder), folder=job.prepared.folder.path)
