"""Tournaments that lack verdicts, or in which some writers never meet."""

from __future__ import annotations

from pathlib import Path

import pytest

from judgemark.cli import main
from judgemark.report.page_facts import coverage_facts
from tests.cli.pairwise_runs import FIVE, judge, result_of, write, written
from tests.support.pairwise import field

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")

HALF = '''
def half(pairs):
    """Answer nothing about texts of even quality."""
    digits = [[int(t.split()[4]) for t in (pair.a, pair.b)] for pair in pairs]
    return [None if a % 2 == 0 or b % 2 == 0 else 0.5 + (a - b) / 40 for a, b in digits]
'''


def two_groups(items: int = 4) -> list[str]:
    """Files of four writers of whom no one of one half has an item in common with the other."""
    samples, prompts = field({"ann": 9, "bea": 7, "cid": 5, "dot": 3}, items)
    for writer, odd in (("ann", False), ("bea", False), ("cid", True), ("dot", True)):
        pieces = samples[writer]["samples"]["0"]
        for item in [i for i in pieces if (int(i) % 2 == 1) is not odd]:
            del pieces[item]
    return ["--samples-file", write("s.json", samples), "--writing-prompts", write("p", prompts)]


def test_writers_who_never_meet_are_said_to_be_incomparable(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert judge("r", *two_groups()) == 0
    result = result_of("r")
    assert result["tournament"]["separate_groups"] == [["ann", "bea"], ["cid", "dot"]]
    (warning,) = result["warnings"]
    assert warning["kind"] == "separate_groups"
    assert "2 groups" in warning["text"]
    # Boards keep warnings, and they hold no names of writers.
    assert not any(name in warning["text"] for name in ("ann", "bea", "cid", "dot"))
    assert "no verdict connects" in capsys.readouterr().out


def test_a_field_that_is_connected_has_no_groups() -> None:
    assert judge("r", *written()) == 0
    result = result_of("r")
    assert result["tournament"]["separate_groups"] == []
    assert result["warnings"] == []


def test_matches_that_cannot_be_asked_are_not_promised_to_be_asked_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert judge("r", *two_groups(), "--tournament", "bootstrap", "--rounds", "3") == 1
    told = capsys.readouterr().out
    assert "nothing can be asked about them" in told
    assert "asks again" not in told


def test_coverage_of_a_tournament_counts_its_verdicts(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.py").write_text(HALF, "utf-8")
    assert judge("r", *written(), judge_model="python:own.py:half") == 1
    result = result_of("r")
    played, coverage = result["tournament"], result["coverage"]
    assert 0 < played["missing"] < played["matches"]
    assert coverage["scored"] == coverage["pieces"]
    assert coverage["share"] == pytest.approx(1 - played["missing_share"])
    told = capsys.readouterr().out
    verdicts = played["matches"] - played["missing"]
    counted = f"{verdicts} of {played['matches']} matches with a verdict"
    assert counted in told
    assert "the same command asks again for them" in told

    shown = dict(coverage_facts(result))
    assert shown["Matches with a verdict"] == f"{verdicts} of {played['matches']}"
    assert shown["Ratings given"] == str(coverage["scored"])

    percent = f"{100 * verdicts // played['matches']}."
    assert main(["leaderboard", "--format", "md"]) == 0
    board = capsys.readouterr().out
    assert f"incomplete: {percent}" in board
    assert "pieces scored" not in board
    assert main(["card", "r"]) == 1
    assert f"**Incomplete**: {percent}" in capsys.readouterr().out
    assert main(["gate", "r", "--min", "coverage=0.99"]) == 1
    gate = capsys.readouterr().out
    assert "missed   coverage" in gate
    assert f"incomplete: {counted}" in gate


def test_a_run_that_lacks_an_opponent_for_a_piece_says_where(
    capsys: pytest.CaptureFixture[str],
) -> None:
    samples, prompts = field(FIVE)
    for writer in ("bea", "cid", "dot", "eve"):
        del samples[writer]["samples"]["0"]["2"]
    flags = ["--samples-file", write("s.json", samples), "--writing-prompts", write("p", prompts)]
    assert judge("r", *flags) == 0
    assert "no other writer has a piece there (item 2, iteration 0)" in capsys.readouterr().out


def test_ratings_that_are_all_equal_have_a_cliffs_delta_of_0() -> None:
    assert judge("r", *written(), judge_model="baseline:constant") == 0
    result = result_of("r")
    played, notes = result["tournament"], result["notes"]
    assert played["cliffs_delta"] == 0.0
    for figure in ("omega_squared", "combined", "combined_unscaled"):
        assert played[figure] is None
        assert notes[f"tournament.{figure}"] == "all scores are equal"
