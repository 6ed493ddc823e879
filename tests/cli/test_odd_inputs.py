"""Inputs that are odd but plausible: what becomes of them is told in time."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from tests.cli.pairwise_runs import write
from tests.support.fake_endpoint import FakeEndpoint, said

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


def two_writers() -> dict[str, Any]:
    """Two writers of three pieces each."""
    return {
        writer: {"samples": {"1": {str(n): f"{writer} wrote piece {n}" for n in range(3)}}}
        for writer in ("ann", "bea")
    }


def test_pieces_without_text_and_writers_without_pieces_are_told_before_anything_is_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    samples: dict[str, Any] = two_writers()
    samples["ann"]["samples"]["1"]["0"] = " "
    samples |= {name: {"samples": {}} for name in "vwxyz"}
    flags = ["--samples-file", write("s.json", samples), "--dry-run"]
    assert main(["--judge-model", "baseline:length", *flags]) == 0
    told = capsys.readouterr().out
    assert "1 piece without text; the first is of ann, iteration 1, item 0" in told
    assert "without any piece, and left out: v, w, x and 2 others" in told


def test_a_text_for_a_placeholder_that_no_prompt_has_is_said_to_be_unused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    around = "[TEST MODEL RESPONSE]\n[TEST MODEL RESPONSE END]"
    prompts = {str(n): f"<RUBRIC_CRITERIA>\n{around}" for n in range(3)}
    Path("text.txt").write_text("Wit\n", "utf-8")
    flags = ["--judge-model", "x", "--base-url", "http://127.0.0.1:9/v1", "--dry-run"]
    flags += ["--samples-file", write("s.json", two_writers())]
    flags += ["--prompts-file", write("q.json", prompts)]
    flags += ["--rubric-criteria-file", "text.txt", "--score-anchoring-file", "text.txt"]
    assert main(flags) == 0
    told = capsys.readouterr().out
    assert "--score-anchoring-file is not used: no prompt has <SCORE_ANCHORING>" in told
    assert "--rubric-criteria-file is not used" not in told


@pytest.mark.parametrize(
    ("flag", "missing"), [("--price-in", "--price-out"), ("--price-out", "--price-in")]
)
def test_an_estimate_says_which_price_was_not_given(
    flag: str, missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    prompt = "[TEST MODEL RESPONSE]\n[TEST MODEL RESPONSE END]"
    flags = ["--judge-model", "x", "--base-url", "http://127.0.0.1:9/v1", "--dry-run"]
    flags += ["--samples-file", write("s.json", two_writers())]
    flags += ["--prompts-file", write("q.json", {str(n): prompt for n in range(3)})]
    assert main([*flags, flag, "5"]) == 0
    assert f"({missing} is not given: the endpoint's own price, or 0" in capsys.readouterr().out
    assert main([*flags, flag, "5", missing, "0"]) == 0
    assert "is not given" not in capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *flags: str) -> str:
    """The one line that a command with these flags ends with."""
    assert main(["--judge-model", "baseline:length", "--dry-run", *flags]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    return told


@pytest.mark.parametrize("flag", ["--rubric-criteria-file", "--score-anchoring-file"])
def test_a_missing_text_is_told_for_a_judge_that_is_shown_no_prompt(
    flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = write("s.json", two_writers())
    told = refused(capsys, "--samples-file", samples, flag, "missing.txt")
    assert told == "judgemark: missing.txt: no such file; check the path\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b" \n", "is not JSON (Expecting value); it is empty: name a file"),
        (gzip.compress(b"{}", mtime=0), "s.json: is packed, not text; unpack it first"),
        (b'{"writer": "a"}\n{"writer": "b"}\n', "line 2, column 1: is not JSON (Extra data); one"),
    ],
    ids=["empty", "packed", "JSON Lines"],
)
def test_a_file_that_is_no_json_for_a_common_reason_is_told_it(
    content: bytes, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("s.json").write_bytes(content)
    assert says in refused(capsys, "--samples-file", "s.json")


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--writers", "ann,bea"], "separate names by spaces, not by commas"),
        (["--threads", "many"], "from 1 to 1,024, or auto;"),
        (["--run-id", "x" * 151], "because it is too long; give at most 150 bytes"),
        (["--extra-body", "seed=1"], "(line 1, column 1: is not JSON (Expecting value)); give one"),
        (["--extra-body", "[]"], "is not a JSON object; give one like '{\"seed\": 1}'"),
    ],
)
def test_a_wrong_value_is_told_with_the_right_one(
    flags: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(capsys, "--samples-file", write("s.json", two_writers()), *flags)
    assert says in told
    assert "the file" not in told


@pytest.mark.parametrize(("mode", "helps"), [("rubric", True), ("pairwise", False)])
def test_a_hint_names_a_flag_only_where_it_can_be_given(
    mode: str, helps: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    around = "[TEST MODEL RESPONSE]\n[TEST MODEL RESPONSE END]"
    flags = ["--samples-file", write("s.json", two_writers()), "--run-id", mode]
    if mode == "rubric":
        flags += ["--prompts-file", write("p.json", {str(n): around for n in range(3)})]
    else:
        prompts = {str(n): {"writing_prompt": "Write."} for n in range(3)}
        flags += ["--worded", "--writing-prompts", write("w.json", prompts)]
    with FakeEndpoint(lambda _: said("I would rather not number it.")) as endpoint:
        address = ["--judge-model", "x", "--base-url", endpoint.url, "--mode", mode]
        assert main([*address, *flags]) == 3
    assert ("--structured auto" in capsys.readouterr().err) is helps
