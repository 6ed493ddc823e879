"""From flags and environment to the settings of a job."""

from __future__ import annotations

import argparse
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from judgemark.cli.flag_values import shortened
from judgemark.errors import UsageError
from judgemark.inputs.json_file import read_text
from judgemark.judges.registry import all_options
from judgemark.judging.job_settings import (
    InputFiles,
    JobSettings,
    Limits,
    PairwiseChoices,
    Sampling,
    Selection,
)

_DRAWN = ("temperature", "top_p", "top_k", "max_tokens", "reasoning_effort", "extra_body")


def read_environment() -> Mapping[str, str]:
    """The environment, over what `.env` in the current folder says.

    Raises InputError where `.env` is neither UTF-8 nor UTF-16 with a byte order mark, which
    PowerShell writes.
    """
    path = Path(".env")
    text = read_text(path, utf16=True) if path.is_file() else ""
    stored = dotenv_values(stream=io.StringIO(text))
    return {**{k: v for k, v in stored.items() if v is not None}, **os.environ}


def main_settings(args: argparse.Namespace, environment: Mapping[str, str]) -> JobSettings:
    """The settings of the main job."""
    return JobSettings(
        judge=args.judge_model,
        mode=args.mode,
        base_url=args.base_url,
        key_variable=args.api_key_env,
        files=InputFiles(
            our_set=args.samples,
            samples=args.samples_file,
            prompts=args.prompts_file,
            criteria=args.criteria_file,
            rubric_criteria=args.rubric_criteria_file,
            score_anchoring=args.score_anchoring_file,
            writing_prompts=args.writing_prompts,
            references=args.reference_scores,
        ),
        scoring_min=args.scoring_min,
        scoring_max=args.scoring_max,
        sampling=Sampling(args.preset, _given(args, _DRAWN), args.structured),
        selection=Selection(tuple(args.writers), tuple(args.items), args.iterations, args.limit),
        limits=_limits(args, environment),
        pairwise=PairwiseChoices(
            tournament=args.tournament,
            rounds=args.rounds,
            bootstraps=args.bootstraps,
            k_factor=args.k_factor,
            initial_rating=args.initial_rating,
            verdicts=args.verdicts,
            worded=args.worded,
            escape_non_ascii=args.escape_non_ascii,
            card_fallback=args.card_fallback,
            too_long=args.on_too_long,
        ),
        engine=_given(args, tuple(option.name for option in all_options())),
        repeats=args.num_runs,
        seed=args.seed,
        run_id=args.run_id,
        runs_dir=args.runs_dir,
        fresh=args.fresh,
    )


def pairs_settings(args: argparse.Namespace, environment: Mapping[str, str]) -> JobSettings:
    """The settings of the pairs command, but for the pairs themselves."""
    return JobSettings(
        judge=args.judge_model,
        mode="pairwise",
        base_url=args.base_url,
        key_variable=args.api_key_env,
        files=InputFiles(
            our_set=args.samples,
            samples=args.samples_file,
            writing_prompts=args.writing_prompts,
        ),
        sampling=Sampling(None, _given(args, _DRAWN)),
        limits=_limits(args, environment),
        pairwise=PairwiseChoices(
            worded=args.worded,
            escape_non_ascii=args.escape_non_ascii,
            card_fallback=args.card_fallback,
            too_long=args.on_too_long,
        ),
        engine=_given(args, tuple(option.name for option in all_options())),
        seed=args.seed,
        run_id=args.run_id,
        runs_dir=args.runs_dir,
        fresh=args.fresh,
    )


def _given(args: argparse.Namespace, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(args, name) for name in names if hasattr(args, name)}


def _limits(args: argparse.Namespace, environment: Mapping[str, str]) -> Limits:
    return Limits(
        threads=args.threads,
        max_retries=int(_setting(environment, "MAX_RETRIES", 10, 1000)),
        retry_delay=_setting(environment, "RETRY_DELAY", 0.5, 3600),
        timeout=_setting(environment, "REQUEST_TIMEOUT", 300.0, 86_400) or 300.0,
        give_up_after=args.give_up_after,
        max_cost=args.max_cost,
        max_requests=args.max_requests,
        price_in=args.price_in,
        price_out=args.price_out,
        confirm_above=args.confirm_above,
        max_reply_mb=args.max_reply_mb,
    )


def _setting(environment: Mapping[str, str], name: str, default: float, most: float) -> float:
    text = environment.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= most:
        raise UsageError(
            f'{name}: "{shortened(text)}" in the environment is no number of 0 to {most:g}'
        )
    return value
