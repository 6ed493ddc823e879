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
from judgemark.judging.job_settings import JobSettings


def read_environment() -> Mapping[str, str]:
    """The environment, over what `.env` in the current folder says.

    Raises InputError where `.env` is neither UTF-8 nor UTF-16 with a byte order mark, which
    PowerShell writes.
    """
    path = Path(".env")
    text = read_text(path, utf16=True) if path.is_file() else ""
    stored = dotenv_values(stream=io.StringIO(text))
    return {**{k: v for k, v in stored.items() if v is not None}, **os.environ}


def job_settings(
    args: argparse.Namespace, environment: Mapping[str, str], **fixed: Any
) -> JobSettings:
    """Return the settings of a job; `fixed` are those that its command does not leave open."""
    limits = {
        "max_retries": int(_setting(environment, "MAX_RETRIES", 10, 1000)),
        "retry_delay": _setting(environment, "RETRY_DELAY", 0.5, 3600),
        "timeout": _setting(environment, "REQUEST_TIMEOUT", 300.0, 86_400) or 300.0,
    }
    return JobSettings.of({**vars(args), **limits, **fixed})


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
