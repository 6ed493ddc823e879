"""Keywords and flags are the same settings."""

from __future__ import annotations

import re

import pytest

from judgemark.cli.flags import parser
from judgemark.errors import UsageError
from judgemark.judges.registry import all_options
from judgemark.library.setting_keywords import (
    JudgeSettings,
    LadderSettings,
    PairsSettings,
    ProbeSettings,
    in_keywords,
    names_of,
    parsed_settings,
)

PARAMETERS = {"judge_model", "judge_models", "samples", "samples_file", "mode", "reference",
              "pairs_file", "ratings", "columns"}  # fmt: skip
"""Flags that are parameters of their own in the library."""

OF_THE_TERMINAL = {"help", "dry_run", "verbosity", "json", "details", "margin_wanted"}


def flags_of(command: str) -> set[str]:
    """The names of the flags that a command's help lists: the longest where there are several."""
    listed = re.findall(
        r"^  (?:-\w,? ?\w*, )?--([a-z][a-z-]+)", parser(command).format_help(), re.M
    )
    return {name.replace("-", "_") for name in listed}


@pytest.mark.parametrize(
    ("command", "known"),
    [
        ("judge", JudgeSettings),
        ("pairs", PairsSettings),
        ("ladder", LadderSettings),
        ("probe", ProbeSettings),
    ],
)
def test_every_flag_is_a_keyword(command: str, known: type) -> None:
    options = {option.name for option in all_options()}
    assert names_of(known) == flags_of(command) - PARAMETERS - OF_THE_TERMINAL - options


def settings(**given: object) -> dict[str, object]:
    return vars(parsed_settings("judge", given, JudgeSettings, {"judge_model": "x"}))


def test_values_are_those_of_the_flags() -> None:
    found = settings(threads=3, temperature=None, fresh=True, worded=False, extra_body={"a": 1})
    assert found["threads"] == 3 and found["temperature"] is None
    assert found["fresh"] is True and found["worded"] is False
    assert found["extra_body"] == {"a": 1}


def test_none_means_not_given_where_it_is_no_value() -> None:
    assert settings(run_id=None, max_cost=None)["run_id"] is None


def test_names_may_look_like_flags() -> None:
    assert settings(writers=["--x", "y"], run_id="-z")["writers"] == ("--x", "y")


def test_errors_name_the_keyword() -> None:
    with pytest.raises(UsageError) as raised, in_keywords():
        raise UsageError("--max-cost or ‹samples_file›: run a--b is above it; see --help")
    assert str(raised.value) == "max_cost or samples: run a--b is above it; see --help"
