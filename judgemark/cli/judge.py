"""The main job: judge every sample, resume what is missing, score, draw."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from judgemark.cli import DONE, INCOMPLETE
from judgemark.cli.summary import summary
from judgemark.cli.terminal import clean, say, warn
from judgemark.errors import CapReached, Interrupted, Refused, UsageError
from judgemark.jobs.ask import Work, ask, known_prices, outstanding
from judgemark.jobs.finish import finish
from judgemark.jobs.prepare import Prepared, prepare
from judgemark.jobs.settings import InputFiles, JobSettings, Limits, Sampling, Selection

_DRAWN = ("temperature", "top_p", "top_k", "max_tokens", "reasoning_effort", "extra_body")
_RESUME = "the same command again goes on from here"


def run(args: argparse.Namespace) -> int:
    """Do the main job; the exit code."""
    environment = read_environment()
    _log(args.verbosity or environment.get("LOG_VERBOSITY", "WARNING").upper())
    prepared = prepare(settings_of(args, environment), environment)
    prices = known_prices(prepared) if args.max_cost is not None or not args.dry_run else None
    if args.max_cost is not None and prices is None and prepared.endpoint is not None:
        raise UsageError("--max-cost: no price is known here; give --price-in and --price-out")
    work = outstanding(prepared, prices)
    _announce(prepared, work)
    if args.dry_run:
        say("dry run: nothing was asked or written")
        return DONE
    _confirm(args, work)
    try:
        ask(prepared, work, bar=sys.stderr, say=say)
    except Interrupted:
        warn(f"\nstopped; all verdicts that came are kept in {prepared.folder.path}; {_RESUME}")
        raise
    except (Refused, CapReached):
        warn(f"stopped; all verdicts that came are kept in {prepared.folder.path}; {_RESUME}")
        raise
    result = finish(
        prepared.folder,
        prepared.references,
        runs_file=args.runs_file,
        with_replies=args.save_raw_judge_output,
        progress=say if sys.stdout.isatty() else None,
    )
    say(summary(result, prepared.folder))
    return INCOMPLETE if result["status"] == "incomplete" else DONE


def read_environment() -> Mapping[str, str]:
    """The environment, over what `.env` in the current folder says."""
    stored = {k: v for k, v in dotenv_values(Path(".env")).items() if v is not None}
    return {**stored, **os.environ}


def settings_of(args: argparse.Namespace, environment: Mapping[str, str]) -> JobSettings:
    """The settings that flags and environment give."""
    given = {name: getattr(args, name) for name in _DRAWN if hasattr(args, name)}
    return JobSettings(
        judge=args.judge_model,
        mode=args.mode,
        base_url=args.base_url,
        key_variable=args.api_key_env,
        files=InputFiles(
            samples=args.samples_file,
            prompts=args.prompts_file,
            criteria=args.criteria_file,
            rubric_criteria=args.rubric_criteria_file,
            score_anchoring=args.score_anchoring_file,
            references=args.reference_scores,
        ),
        scoring_min=args.scoring_min,
        scoring_max=args.scoring_max,
        sampling=Sampling(args.preset, given),
        selection=Selection(tuple(args.writers), tuple(args.items), args.iterations, args.limit),
        limits=Limits(
            threads=args.threads,
            max_retries=int(_setting(environment, "MAX_RETRIES", 10)),
            retry_delay=_setting(environment, "RETRY_DELAY", 0.5),
            timeout=_setting(environment, "REQUEST_TIMEOUT", 300.0) or 300.0,
            max_cost=args.max_cost,
            max_requests=args.max_requests,
            price_in=args.price_in,
            price_out=args.price_out,
            confirm_above=args.confirm_above,
        ),
        repeats=args.num_runs,
        seed=args.seed,
        run_id=args.run_id,
        runs_dir=args.runs_dir,
        fresh=args.fresh,
    )


def _setting(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise UsageError(f'{name}: "{text}" in the environment is no number of at least 0')
    return value


def _log(level: str) -> None:
    if level not in logging.getLevelNamesMapping():
        raise UsageError(f'LOG_VERBOSITY: "{level}" is no level; DEBUG, INFO, WARNING, ERROR')

    class Clean(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            return clean(super().format(record))

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Clean("%(levelname)s %(message)s"))
    logger = logging.getLogger("judgemark")
    logger.handlers = [handler]
    logger.setLevel(level)


def _announce(prepared: Prepared, work: Work) -> None:
    if prepared.endpoint is None:
        say(f"Judge      {prepared.spec.text}, embedded: no endpoint, no key, no cost")
    else:
        say(f"Endpoint   {prepared.endpoint.shown}, judge {prepared.endpoint.judge_name}")
    s, e = prepared.samples, work.estimate
    say(
        f"Samples    {s.name}: {len(s.samples)} pieces, {len(s.writers)} writers x "
        f"{len(s.iterations)} iterations x {len(s.items)} items"
        + (f"; {len(prepared.selected)} chosen" if len(prepared.selected) < len(s.samples) else "")
    )
    asked = f"{e.questions} questions to ask"
    if e.answered:
        asked += f", {e.answered} answered already"
    if prepared.endpoint is not None and e.questions:
        asked += f"; about {e.prompt_tokens:,} tokens out, {e.completion_tokens:,} back"
        asked += f", ${work.cost:,.2f}" if work.cost is not None else "; no price known"
    say(f"Run        {prepared.folder.run_id}: {asked}")


def _confirm(args: argparse.Namespace, work: Work) -> None:
    cost = work.cost
    if cost is None or cost <= args.confirm_above or args.yes or args.max_cost is not None:
        return
    if not sys.stdin.isatty():
        raise UsageError(
            f"the estimate of ${cost:,.2f} is above --confirm-above {args.confirm_above:g}; "
            "give --yes or --max-cost"
        )
    sys.stdout.write(f"This may cost about ${cost:,.2f}. Go on? [y/N] ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError("not confirmed; nothing was asked")
