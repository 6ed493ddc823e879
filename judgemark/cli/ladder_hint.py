"""The ladder command that would show whether a judge reads, where a run cannot show it."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from judgemark.report.page_reading import ladder_hint_of

_NOT_CARRIED = frozenset(
    {
        *("help", "run_id", "fresh", "dry_run", "verbosity", "details", "json", "yes", "seed"),
        *("limit", "max_requests", "batch", "batch_wait", "batch_poll", "batch_form"),
        *("emit_batch", "ingest"),
    }
)
"""Settings of this one run, which say nothing about another."""


def ladder_like(args: argparse.Namespace) -> str:
    """Return the ladder command for the judge and the samples that a command's flags name."""
    from judgemark.cli.flags import parser

    words = ["judgemark", "ladder"]
    for action in parser("ladder")._actions:
        value = getattr(args, action.dest, None)
        if action.dest not in _NOT_CARRIED and value not in (None, (), action.default):
            flag = action.option_strings[-1]
            # A flag that is given several times takes one value each time.
            again = isinstance(value, list | tuple) and action.nargs is None
            words += [w for one in value for w in (flag, str(one))] if again else _flag(flag, value)
    return shlex.join(words)


def ladder_of(result: Mapping[str, Any]) -> str:
    """Return the ladder command for the judge and the samples of a stored run; "" for unknown ones.

    Samples are named by their file's own name, because a run does not store where it was.
    """
    asked = ladder_hint_of(result)
    if asked is None:
        return ""
    words = ["judgemark ladder --judge-model", asked.judge]
    words += ["--mode", asked.mode] if asked.mode else []
    for address in (asked.endpoint or "").split(", "):
        words += ["--base-url", address] if address else []
    return " ".join([*words, "--samples-file", asked.samples])


def _flag(flag: str, value: object) -> list[str]:
    if value is True:
        return [flag]
    if isinstance(value, tuple | list):
        return [flag, *map(str, value)]
    if isinstance(value, Mapping):
        return [flag, json.dumps(value)]
    return [flag, str(value) if not isinstance(value, Path) else value.as_posix()]
