"""Every setting has one name: its flag's, its keyword's and its field's."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from judgemark.cli.flags import parser
from judgemark.cli.flags_to_settings import job_settings
from judgemark.judging.job_settings import (
    InputFiles,
    JobSettings,
    Limits,
    PairwiseChoices,
    Selection,
)

PARTS = (InputFiles, Limits, PairwiseChoices, Selection)


def parsed(*flags: str) -> argparse.Namespace:
    return parser("judge").parse_args(["--judge-model", "x", *flags])


def test_flags_find_their_fields_by_name() -> None:
    settings = job_settings(
        parsed("--samples-file", "s.json", "--threads", "3", "--rounds", "7", "--items", "a", "b",
               "--on-too-long", "skip", "--num-runs", "2"), {},
    )  # fmt: skip
    assert settings.judge_model == "x"
    assert settings.files.samples_file == Path("s.json")
    assert settings.limits.threads == 3
    assert (settings.pairwise.rounds, settings.pairwise.on_too_long) == (7, "skip")
    assert list(settings.selection.items) == ["a", "b"]
    assert settings.num_runs == 2


def test_without_flags_every_setting_has_the_default_of_its_field() -> None:
    settings, usual = job_settings(parsed(), {}), JobSettings("x")
    assert settings.pairwise == usual.pairwise
    assert settings.limits == usual.limits
    assert settings.files == usual.files
    assert (settings.engine, settings.sampling.given) == ({}, {})


def test_a_parameter_of_the_answers_counts_only_where_it_is_named() -> None:
    assert job_settings(parsed("--temperature", "0"), {}).sampling.given == {"temperature": 0.0}


def test_an_option_of_a_kind_of_judge_is_kept_for_it() -> None:
    assert job_settings(parsed("--batch-tokens", "64"), {}).engine == {"batch_tokens": 64}


def test_no_two_parts_have_a_field_of_one_name() -> None:
    listed = [f.name for part in (*PARTS, JobSettings) for f in fields(part)]
    assert len(listed) == len(set(listed))


def test_the_environment_sets_how_patiently_an_endpoint_is_asked() -> None:
    limits = job_settings(parsed(), {"MAX_RETRIES": "2", "REQUEST_TIMEOUT": "9"}).limits
    assert (limits.max_retries, limits.timeout) == (2, 9.0)
