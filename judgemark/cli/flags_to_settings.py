"""From flags and environment to the settings of a job."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from judgemark.cli.flag_bounds import ENVIRONMENT
from judgemark.cli.flag_values import number_within
from judgemark.errors import UsageError
from judgemark.judging.job_settings import JobSettings


def job_settings(
    args: argparse.Namespace, environment: Mapping[str, str], **fixed: Any
) -> JobSettings:
    """Return the settings of a job; `fixed` are those that its command does not leave open."""
    limits = {
        "max_retries": int(_setting(environment, "MAX_RETRIES", 10)),
        "retry_delay": _setting(environment, "RETRY_DELAY", 0.5),
        "timeout": _setting(environment, "REQUEST_TIMEOUT", 300.0),
    }
    given = vars(args)
    addresses: list[str] = list(given.get("base_url") or ())
    base_url = addresses[0] if len(addresses) == 1 else tuple(addresses) or None
    return JobSettings.of({**given, "base_url": base_url, **limits, **fixed})


def _setting(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name, "").strip()
    if not text:
        return default
    try:
        return number_within(text, ENVIRONMENT[name])
    except ValueError as exc:
        raise UsageError(f"{name}: in the environment or in .env, {exc}") from None
