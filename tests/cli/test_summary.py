"""The summary of a run: at most twelve lines, and what stands in them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import judgemark as jm
from judgemark.cli.summary import MOST_LINES, figures, summary
from judgemark.cli.summary_reads import reads
from judgemark.run.folder import REPORT, RunFolder
from judgemark.scoring.result_json import compose
from tests.library.judged_data import SAMPLES
from tests.report import page_data

KEPT = Path(__file__).parents[1] / "fixtures" / "runs"

DAMAGE = {
    "pairs": 360, "clusters": 24, "missing": 0, "accuracy": 0.79, "ci95": [0.74, 0.84],
    "counter": {"name": "fitted", "folds": 5, "accuracy": 0.55, "ci95": [0.5, 0.6]},
    "twin": {"name": "more commas", "accuracy": 0.52},
    "margin": 0.24, "margin_ci95": [0.17, 0.31],
    "over_half_ci95": [0.24, 0.34], "over_twin_ci95": [0.2, 0.34],
    "reads": True, "ceiling": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    return compose(page_data.whole_run())


def kept(name: str) -> dict[str, Any]:
    """The result of a kept run."""
    found: dict[str, Any] = json.loads((KEPT / name / "result.json").read_text("utf-8"))
    return found


def line(text: str, label: str) -> str:
    """What stands behind a label."""
    (row,) = (row for row in text.splitlines() if row.startswith(label))
    return row.removeprefix(label).strip()


def labels(text: str) -> list[str]:
    """The labels of the lines."""
    return [row.split("  ")[0] for row in text.splitlines() if row]


def with_troubles(result: dict[str, Any]) -> dict[str, Any]:
    """The result as that of a run that also has warnings and unanswered questions."""
    worst = copy.deepcopy(result)
    worst["status"] = "incomplete"
    worst["warnings"] = [{"kind": "k", "text": f"warning {n}"} for n in range(3)]
    failure = {"class": "truncated", "reason": "cut off", "item": "1", "writer": "a"}
    worst["coverage"] |= {"failures": [failure] * 9, "failures_total": 9, "unanswered": 4}
    return worst


def main_jobs() -> list[str]:
    """The kept runs of the main job; ladders have a summary of their own."""
    found = sorted(KEPT.glob("*/result.json"))
    return [
        p.parent.name
        for p in found
        if json.loads(p.read_text("utf-8")).get("kind") in (None, "judge")
    ]


@pytest.mark.parametrize("name", main_jobs())
def test_no_run_takes_more_than_twelve_lines(name: str) -> None:
    folder = RunFolder(KEPT / name)
    for shown in (kept(name), with_troubles(kept(name))):
        for text in (figures(shown), summary(shown, folder)):
            assert len(text.splitlines()) <= MOST_LINES


@pytest.mark.usefixtures("elsewhere", "undrawn")
def test_several_judges_with_troubles_take_no_more_than_twelve_lines() -> None:
    run = jm.judge(judge_models=["baseline:length", "baseline:random"], samples=SAMPLES)
    shown = with_troubles(dict(run.result))
    text = summary(shown, RunFolder(Path("runs/r")))
    assert len(text.splitlines()) <= MOST_LINES
    assert {"Worth", "Joined", "Warning", "Incomplete", "Report"} <= set(labels(text))
    assert "Repeatability" not in labels(text)
    whole = labels(summary(dict(run.result), RunFolder(Path("runs/r"))))
    assert len(whole) <= MOST_LINES and "Judgemark" in whole


def test_it_begins_with_what_was_judged_and_ends_with_what_to_open(result: dict[str, Any]) -> None:
    text = summary(result, RunFolder(Path("runs/r")))
    assert labels(text)[:3] == ["Judged", "Separability", "Reads"]
    assert labels(text)[-1] == "Report"
    assert text.endswith(str(Path("runs/r") / REPORT))
    assert "--details" in text
    card = result["scorecards"]["v4"]["raw"]
    assert line(text, "Separability").startswith(f"{card['score']:.1f} [{card['ci95'][0]:.1f}, ")


def test_chance_has_its_p_and_the_lexical_floor_its_distance(result: dict[str, Any]) -> None:
    shown = copy.deepcopy(result)
    shown["null"] |= {"mean": 3.96, "p95": 4.62, "p_value": 0.0004}
    for name, score in (("lexical", 88.8), ("length", 70.0), ("random", 4.1)):
        shown["floors"][name] |= {"score": score, "chance": {"mean": 4.0, "p95": 5.5}}
    shown["floors"]["length"]["chance"] = None
    shown["floors"] |= {"s_minus_lexical": 1.1, "s_minus_lexical_ci95": [-3.9, 6.8]}
    assert line(figures(shown), "Without reading") == (
        "lexical 88.8, length 70.0, random 4.1; this judge above lexical +1.1 [-3.9, 6.8]"
    )
    assert line(figures(shown), "Chance") == (
        "4.0, 95% below 4.6, p < 0.001; 95% below for lexical 5.5, random 5.5"
    )


@pytest.mark.parametrize("name", main_jobs())
def test_every_row_of_chance_fits_a_terminal(name: str) -> None:
    rows = figures(kept(name)).splitlines()
    found = [row for row in rows if row.startswith(("Without reading", "Chance"))]
    assert found
    assert max(len(row) for row in found) <= 100


def test_a_score_outside_its_interval_has_the_corrected_score_beside_it(
    result: dict[str, Any],
) -> None:
    shown = copy.deepcopy(result)
    shown["scorecards"]["v4"]["raw"] |= {"score": 6.1, "ci95": [-1.1, 3.6]}
    for text in (figures(shown), figures(shown, details=True)):
        assert "6.1 (corrected for few items: 1.2 [-1.1, 3.6])" in text


def test_one_writer_is_counted_in_the_singular(result: dict[str, Any]) -> None:
    shown = copy.deepcopy(result)
    shown["dataset"]["writers"] = 1
    assert " (1 writer): " in line(figures(shown), "Judged")


def test_a_judge_that_was_asked_twice_is_not_told_to_ask_twice(result: dict[str, Any]) -> None:
    shown = copy.deepcopy(result)
    shown["retest"] = {"pieces": 144, "icc": None, "mean_absolute_difference": 0.0}
    shown["notes"]["retest.icc"] = "all repeated scores are equal"
    assert line(figures(shown), "Repeatability") == (
        "no ICC: all repeated scores are equal, mean difference 0.00 points"
    )
    shown["retest"] |= {"pieces": 0, "mean_absolute_difference": None}
    assert line(figures(shown), "Repeatability") == "not measured; --num-runs 2 asks twice"
    shown["judge"]["kind"] = "baseline"
    assert line(figures(shown), "Repeatability") == (
        "not measured: a baseline always gives the same score"
    )


def test_a_tau_that_is_not_defined_has_its_reason(result: dict[str, Any]) -> None:
    shown = copy.deepcopy(result)
    shown["reference"]["kendall_tau"] = None
    shown["notes"]["scorecards.v4.raw.kendall_tau"] = "all writers tie, so they have no order"
    writers = shown["reference"]["writers"]
    assert line(figures(shown), "Agreement").startswith(
        f"no Kendall tau with the reference order of {writers} writers: all writers tie"
    )


def test_a_scorecard_without_a_score_is_not_printed() -> None:
    pairwise = kept("pairwise-isolated")
    assert pairwise["scorecards"]["v2"]["raw"] is None
    said = line(figures(pairwise), "Judgemark")
    assert "calibrated" in said
    assert "raw" not in said
    nothing = copy.deepcopy(pairwise)
    for name in ("v2", "v2.1"):
        nothing["scorecards"][name]["calibrated"] = None
    assert "Judgemark" not in labels(figures(nothing))


def test_reading_is_told_with_its_margin(result: dict[str, Any]) -> None:
    shown = {**result, "validity": {"sources": {"damage": DAMAGE}}}
    assert reads(shown) == (
        "79% [74, 84] of damage pairs ordered correctly; best counter 55%, margin +24 [+17, +31]; "
        "its counting twin 52%"
    )
    for verdict in (False, None):
        unshown = {**result, "validity": {"sources": {"damage": {**DAMAGE, "reads": verdict}}}}
        assert reads(unshown).startswith("not shown: 79% ")


def test_figures_of_reading_that_are_undefined_are_left_out(result: dict[str, Any]) -> None:
    few = {**DAMAGE, "ci95": None, "counter": None, "twin": None, "margin": None, "reads": None}
    assert "counter" not in reads({**result, "validity": {"sources": {"people": few}}})
    none = {**few, "accuracy": None}
    noted = {**result, "notes": {**result["notes"], "validity": "no pair was answered"}}
    assert reads({**noted, "validity": {"sources": {"damage": none}}}).endswith(
        "no pair was answered"
    )
    undefined = {**result, "notes": {"validity.sources.people.accuracy": "no pair was answered"}}
    assert "no pair was answered" in reads({**undefined, "validity": {"sources": {"people": none}}})
    bare = {key: value for key, value in result.items() if key != "validity"}
    assert reads(bare).startswith("not shown: ")


def test_a_missing_score_says_why(result: dict[str, Any]) -> None:
    without = copy.deepcopy(result)
    without["scorecards"]["v4"]["raw"]["score"] = None
    without["notes"]["scorecards.v4.raw.score"] = "one writer only"
    assert "one writer only" in line(figures(without), "Separability")
