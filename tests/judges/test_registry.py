"""A kind of judge is one entry: help, settings and runs follow from it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from importlib import metadata
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from judgemark import judge
from judgemark.cli import main
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


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return what makes an entry point count as that of an installed package."""

    def installed(value: str) -> None:
        found = {GROUP: [EntryPoint("theirs", value, GROUP)]}
        monkeypatch.setattr(metadata, "entry_points", lambda group: found[group])
        judge_kinds.cache_clear()

    yield installed
    judge_kinds.cache_clear()


def test_the_package_of_the_documentation_is_a_judge(
    install: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (HOME / "docs" / "judges.md").read_text("utf-8")
    (source,) = re.findall(r"```python\n(# letters_judge\.py\n.*?)```", page, re.DOTALL)
    (named,) = re.findall(r'^letters = "(.*)"$', page, re.MULTILINE)
    (tmp_path / "letters_judge.py").write_text(source, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    install(named)
    samples = {w: {"samples": {"1": {"sea": text}}} for w, text in (("ann", "abcb"), ("bea", "Bo"))}
    kept = tmp_path / "runs"
    plain = judge("letters:b", samples=samples, runs_dir=kept).scores.to_columns()
    # Two of four letters are a b, and one of two; on the scale of 1 to 10 a half is 5.5.
    assert plain["score"] == [5.5, 5.5]
    own: Any = {"letters": "a"}
    other = judge("letters:b", samples=samples, runs_dir=kept, **own).scores.to_columns()
    # One of four letters is an a, and none of two: 1 + 9/4, and 1.
    assert other["score"] == [3.25, 1.0]
    assert "For letters: judges: the letters (default" in " ".join(
        parser("judge").format_help().split()
    )


def test_the_help_of_an_option_ends_with_one_full_stop(install: Callable[[str], None]) -> None:
    install("tests.judges.other_kinds:WITH_FULL_STOP")
    assert "For dotted: judges: The letters. " in " ".join(parser("judge").format_help().split())


def test_an_option_named_like_a_flag_of_ours_is_one_line(
    install: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    install("tests.judges.other_kinds:TAKES_OUR_SEED")
    assert main(["--judge-model", "baseline:length", "--dry-run"]) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert "a kind of judge with the option --seed, which is a flag already" in said


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
