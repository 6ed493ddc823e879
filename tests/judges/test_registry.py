"""A kind of judge is one entry: help, settings and runs follow from it."""

from __future__ import annotations

import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from judgemark.cli.flags import parser
from judgemark.errors import UsageError
from judgemark.judges.judge_kind import JudgeKind
from judgemark.judges.registry import GROUP, all_options, built_in, judge_kinds, kinds_with, merged
from judgemark.setting_names import flag_of

HOME = Path(__file__).resolve().parents[2]


def entry(value: str, name: str = "theirs") -> EntryPoint:
    return EntryPoint(name, f"tests.judges.other_kinds:{value}", GROUP)


def test_ours_are_found_without_being_installed() -> None:
    assert {kind.prefix for kind in built_in()} >= {"endpoint", "baseline", "vllm", "hf", "python"}
    assert set(judge_kinds()) >= {kind.prefix for kind in built_in()}


def test_ours_are_registered_like_everyone_elses() -> None:
    listed = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))
    entries = listed["project"]["entry-points"][GROUP]
    assert entries == {"built-in": "judgemark.judges.registry:built_in"}


def test_a_package_adds_a_kind_or_several() -> None:
    found = merged((), [entry("ONE"), entry("several", "more")])
    assert set(found) == {"other", "first", "second"}


def test_a_package_does_not_replace_one_of_ours() -> None:
    ours = built_in()
    found = merged(ours, [entry("IMPOSTOR")])
    assert found["baseline"] is next(kind for kind in ours if kind.prefix == "baseline")


@pytest.mark.parametrize(
    ("value", "told"),
    [("missing", "cannot be loaded"), ("NOT_A_KIND", "gives int, not a JudgeKind")],
)
def test_a_package_that_cannot_be_used_is_named_in_one_line(value: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        merged((), [entry(value)])
    assert "\n" not in str(caught.value)


def test_help_names_every_kind_and_every_option() -> None:
    text = " ".join(parser("judge").format_help().split())
    assert all(kind.form in text for kind in judge_kinds().values())
    assert all(flag_of(option.name) in text for option in all_options())


def test_an_option_belongs_to_the_kinds_that_declare_it() -> None:
    assert set(kinds_with("batch_tokens")) == {"hf", "hf-reward"}
    assert set(kinds_with("max_model_len")) == {"hf", "hf-reward", "vllm"}


def test_a_kind_plays_the_modes_that_it_has_makers_for() -> None:
    assert JudgeKind("x", "x:", "", None, None).modes == ()
    assert judge_kinds()["hf-reward"].modes == ("rubric",)
    assert judge_kinds()["hf"].modes == ("rubric", "pairwise")
    assert judge_kinds()["hf"].default_mode == "pairwise"
    assert judge_kinds()["endpoint"].modes == ("rubric", "pairwise")
