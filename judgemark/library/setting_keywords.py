"""The settings of a run as keywords: each has the name, the bounds and the default of its flag."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, TypedDict

from judgemark.errors import JudgemarkError, UsageError

StrPath = str | os.PathLike[str]

_LEFT_TO_ENDPOINT = ("temperature", "top_p", "top_k", "max_tokens")
"""Settings for which None is a value: the endpoint's own default. Elsewhere None is not given."""

_MARKED = re.compile(r"(?<![\w-])--([a-z][a-z0-9-]*)|‹([a-z][a-z0-9_]*)›")
_OTHER_NAMES = {"judge_model": "judge", "samples_file": "samples"}


class AskingSettings(TypedDict, total=False):
    """How a judge is asked, by the names of the command's flags (`--top-p` is `top_p`)."""

    base_url: str | Sequence[str]
    api_key_env: str
    temperature: float | None
    top_p: float | None
    top_k: int | None
    max_tokens: int | None
    reasoning_effort: str
    extra_body: Mapping[str, Any]
    writing_prompts: StrPath | Mapping[str, Any]
    worded: bool
    escape_non_ascii: bool
    card_fallback: bool
    on_too_long: Literal["error", "skip"]
    seed: int
    run_id: str
    runs_dir: StrPath
    fresh: bool
    threads: int | Literal["auto"]
    give_up_after: float
    max_reply_mb: float
    price_in: float
    price_out: float
    confirm_above: float
    yes: bool
    max_cost: float
    max_requests: int
    batch: bool
    batch_wait: bool
    batch_poll: float
    batch_form: Literal["files", "anthropic", "openrouter"]
    emit_batch: StrPath
    ingest: StrPath
    ray: str
    replicas: int


class ScoringSettings(AskingSettings, total=False):
    """How single pieces are scored, and which pieces are taken."""

    structured: Literal["auto", "on", "off"]
    preset: Literal["upstream-v2", "upstream-v2.1"]
    prompts_file: StrPath
    template: StrPath
    criteria_file: StrPath
    rubric_criteria_file: StrPath
    score_anchoring_file: StrPath
    scoring_min: float
    scoring_max: float
    writers: Sequence[str]
    items: Sequence[str]
    iterations: int
    limit: int


class JudgeSettings(ScoringSettings, total=False):
    """The settings of `judge`, by the names of the main command's flags."""

    protocol: Literal["rubric", "anchored"]
    score_method: Literal["plain", "expected", "ranked"]
    num_runs: int
    ensemble_method: Literal["average", "median", "trimmed"]
    book_club: bool
    merit_rounds: int
    scoring_rounds: int
    reference_scores: StrPath | Mapping[str, float]
    tournament: Literal["isolated", "bootstrap", "full"]
    rounds: int
    bootstraps: int
    k_factor: float
    initial_rating: float
    verdicts: str
    runs_file: StrPath
    save_raw_judge_output: bool


class LadderSettings(ScoringSettings, total=False):
    """The settings of `ladder`, by the names of that command's flags."""

    num_runs: int
    kinds: Sequence[str]
    levels: int
    budget: int


class ProbeSettings(ScoringSettings, total=False):
    """The settings of `probe`, by the names of that command's flags."""

    probes: Sequence[str]
    budget: int
    beside: Sequence[str]


class PairsSettings(AskingSettings, total=False):
    """The settings of `pairs`, by the names of that command's flags."""

    prompts_file: StrPath
    template: StrPath
    criteria_file: StrPath
    rubric_criteria_file: StrPath
    score_anchoring_file: StrPath
    scoring_min: float
    scoring_max: float
    ratings_min: float
    ratings_max: float
    length_ratio: float
    margin_min: float
    margin_max: float
    pairs: int


def parsed_settings(
    command: str, given: Mapping[str, Any], known: type, fixed: Mapping[str, str | None]
) -> argparse.Namespace:
    """Return the settings of a command as its flags give them, checked as those are.

    Args:
        command: the command whose flags they are.
        given: the caller's keywords.
        known: the TypedDict that names them; the options of the kinds of judge count too.
        fixed: further flags, that the caller's own parameters stand for.

    Raises UsageError for a keyword that is not a setting and for a value that its flag refuses.
    """
    from judgemark.cli.flags import parser

    _refuse_unknown(given, known)
    listed = {name: value for name, value in given.items() if isinstance(value, list | tuple)}
    words = {**fixed, **{n: v for n, v in given.items() if n not in listed}}
    arguments = [word for name, value in words.items() for word in _words(name, value)]
    settings = parser(command).parse_args(arguments)
    for name, values in listed.items():
        setattr(settings, name, tuple(str(value) for value in values))
    return settings


def _refuse_unknown(given: Mapping[str, Any], known: type) -> None:
    from judgemark.judges.registry import all_options

    names = [*names_of(known), *(option.name for option in all_options())]
    for name in given:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            raise UsageError(f'there is no setting "{name}"{hint}')


def names_of(known: Any) -> frozenset[str]:
    """Return the names of a TypedDict's keys, inherited ones among them."""
    names: frozenset[str] = known.__required_keys__ | known.__optional_keys__
    return names


def _words(name: str, value: Any) -> list[str]:
    """Return a setting as the command line has it: one word, or none where it is not given."""
    flag = "--" + name.replace("_", "-")
    if value is None:
        return [f"{flag}=none"] if name in _LEFT_TO_ENDPOINT else []
    if isinstance(value, bool):
        return [flag] if value else []
    if isinstance(value, Mapping):
        return [f"{flag}={json.dumps(dict(value))}"]
    return [f"{flag}={os.fspath(value) if isinstance(value, os.PathLike) else value}"]


@contextmanager
def in_keywords() -> Iterator[None]:
    """Within this context, an error that names a flag, or marks a setting, names the keyword
    instead."""
    try:
        yield
    except JudgemarkError as exc:
        exc.args = tuple(_in_keywords(a) if isinstance(a, str) else a for a in exc.args)
        raise


def _in_keywords(text: str) -> str:
    def keyword(match: re.Match[str]) -> str:
        name = match[1].replace("-", "_") if match[1] else match[2]
        return match[0] if name == "help" else _OTHER_NAMES.get(name, name)

    return _MARKED.sub(keyword, text)
