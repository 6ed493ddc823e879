"""Asks a prepared run from within a program: nothing is printed and nobody is prompted."""

from __future__ import annotations

import argparse
import io
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from judgemark.errors import UsageError
from judgemark.inputs.our_files import OUR_SETS
from judgemark.inputs.samples import SampleSet, sample_set
from judgemark.jobs.ask_run import Work, ask, priced_work
from judgemark.jobs.prepare_run import Prepared
from judgemark.judges.member_specs import check_members
from judgemark.library.setting_keywords import parsed_settings

Judging = Callable[..., Any]
"""A judge that is a function of the caller's."""


@dataclass(frozen=True)
class CalledCommand:
    """What a caller wants of a command, as the command itself would have it.

    Attributes:
        settings: what its flags would say.
        fixed: what no flag can say: samples, functions, and data in place of files.
        environment: the variables of the environment and of `.env`.
    """

    settings: argparse.Namespace
    fixed: Mapping[str, Any]
    environment: Mapping[str, str]


def called(
    command: str,
    known: type,
    judge: tuple[str | None, Mapping[str, Any]],
    samples: str | PathLike[str] | Mapping[str, Any] | None,
    keywords: Mapping[str, Any],
    **flags: str | None,
) -> CalledCommand:
    """Return what a call means to a command.

    `known` is the TypedDict of its `keywords`, `judge` is what `judge_settings` or
    `judges_settings` returned, and `flags` are those that parameters of the function stand for.
    Raises UsageError, or InputError for samples of another shape.
    """
    from judgemark.cli.environment_file import read_environment

    spec, function = judge
    given = dict(keywords)
    fixed = {**samples_settings(samples), **given_settings(given), **function}
    settings = parsed_settings(command, given, known, {"judge_model": spec, **flags})
    return CalledCommand(settings, fixed, read_environment())


def ask_quietly(prepared: Prepared, settings: argparse.Namespace, *, progress: bool) -> None:
    """Ask all that has no verdict; a bar and remarks go to standard error with `progress`.

    Raises UsageError where the estimate is above `confirm_above` and neither `yes` nor `max_cost`
    allows it, and Refused, CapReached or Interrupted as `ask` does.
    """

    def confirm(work: Work) -> None:
        allowed = settings.yes or settings.max_cost is not None
        if work.cost is not None and work.cost > settings.confirm_above and not allowed:
            raise UsageError(
                f"the estimate of ${work.cost:,.2f} is above confirm_above "
                f"{settings.confirm_above:g}; give yes=True or max_cost"
            )

    work = priced_work(prepared)
    confirm(work)
    bar = sys.stderr if progress else io.StringIO()
    ask(prepared, work, bar=bar, say=teller(progress), confirm=confirm, draw_bar=progress)


def teller(progress: bool) -> Callable[[str], None]:
    """Return what takes remarks: standard error, or the logger `judgemark` at level INFO."""
    if not progress:
        return logging.getLogger("judgemark").info

    def tell(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    return tell


def judge_settings(judge: str | Judging) -> tuple[str, dict[str, Any]]:
    """Return the spec of a judge, and the settings that a function brings along.

    Raises UsageError for what is neither a spec nor a function.
    """
    if isinstance(judge, str):
        return judge, {}
    if not callable(judge):
        raise UsageError(
            f"judge: {type(judge).__name__} is neither the name of a judge nor a function"
        )
    named = str(getattr(judge, "__name__", type(judge).__name__)).strip("<>")
    return f"python:{named}", {"function": judge}


def judges_settings(
    judge: str | Judging | None, judge_models: Sequence[str | Judging] | None
) -> tuple[str | None, dict[str, Any]]:
    """Return the spec of a single judge, None for several, and the settings that come with them.

    Raises UsageError for both at once, for neither, and for what is not a judge.
    """
    if judge_models is None:
        if judge is None:
            raise UsageError("judge: give the judge to measure, or several in judge_models")
        return judge_settings(judge)
    if judge is not None:
        raise UsageError("judge_models names the judges; leave judge out")
    if isinstance(judge_models, str):
        raise UsageError("judge_models: give a list of judges")
    check_members(judge_models)
    for one in judge_models:
        judge_settings(one)
    return None, {"judge_models": tuple(judge_models)}


def given_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Take the settings that are data and no paths out of `settings`, and return them.

    A writing prompt may be a text by itself; its file has `{"writing_prompt": text}`.
    """
    names = ("reference_scores", "writing_prompts")
    found = {
        n: _with_text_keys(settings.pop(n), n)
        for n in names
        if isinstance(settings.get(n), Mapping)
    }
    prompts = found.get("writing_prompts", {})
    for item, prompt in prompts.items():
        prompts[item] = {"writing_prompt": prompt} if isinstance(prompt, str) else prompt
    return found


def samples_settings(samples: str | PathLike[str] | Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the settings for given samples: a file, a set of our own, or the samples themselves.

    Raises InputError for samples of another shape.
    """
    if samples is None:
        return {}
    if isinstance(samples, Mapping):
        named = _with_text_keys(samples, "samples")
        return {"samples_file": sample_set(named, "samples", "given-samples")}
    if isinstance(samples, SampleSet):
        return {"samples_file": samples}
    if isinstance(samples, str) and samples in OUR_SETS:
        return {"samples": samples}
    if not isinstance(samples, str | PathLike):
        raise UsageError(
            f"samples: {type(samples).__name__} is neither a file's path nor a mapping of samples"
        )
    if not str(samples).strip():
        raise UsageError("samples: no path is given")
    return {"samples_file": Path(samples)}


def _with_text_keys(data: Mapping[Any, Any], place: str) -> dict[Any, Any]:
    """Return a copy in which whole numbers that name writers, iterations or items are texts.

    JSON has no other keys than texts. Raises UsageError where two keys become one.
    """
    found: dict[Any, Any] = {}
    for key, value in data.items():
        name = str(key) if isinstance(key, int) and not isinstance(key, bool) else key
        if name in found:
            raise UsageError(f'{place}: {key!r} and "{name}" are one name; give each its own')
        inside = isinstance(value, Mapping)
        found[name] = _with_text_keys(value, f'{place}: "{name}"') if inside else value
    return found
