"""Tournaments through the real command, with embedded judges: no endpoint is needed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from judgemark.cli import main
from tests.cli.pairwise_runs import (
    FIVE,
    judge,
    lines_of,
    ratings_of,
    result_of,
    spec_of,
    write,
    written,
)
from tests.support.pairwise import field

pytestmark = pytest.mark.usefixtures("elsewhere")
quick = pytest.mark.usefixtures("undrawn")


def test_our_own_samples_are_played_without_any_other_flag(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--judge-model", "baseline:length", "--mode", "pairwise", "--run-id", "r"]) == 0
    said = capsys.readouterr().out
    result = result_of("r")
    # 6 writers on 12 items in 2 iterations: 24 tournaments of 5 rounds of 3 matches.
    played = result["tournament"]
    assert (played["tournaments"], played["matches"], played["missing"]) == (24, 360, 0)
    assert played["calls"] + played["reuses"] == 2 * 360
    assert played["asked"] == len(lines_of("r")) == played["calls"]
    assert "at most 720 questions to ask" in said
    assert main(["score", "r", "--details"]) == 0
    assert "24 (isolated, 5 rounds, K 32); 360 matches" in capsys.readouterr().out
    # Ratings are handed from one to the other: together they stay where they began.
    assert sum(ratings_of("r").values()) == pytest.approx(144 * 1200, abs=1e-6)
    assert result["status"] == "complete"
    assert result["scorecards"]["v2.1"]["raw"] is None
    assert "no raw scale" in result["notes"]["scorecards.v2.1.raw"]
    assert result["scorecards"]["v2.1"]["calibrated"]["score"] is not None
    assert Path("runs/r/report.html").stat().st_size > 10_000


@quick
def test_a_judge_by_length_is_the_floor_by_length() -> None:
    assert judge("r", *written()) == 0
    result = result_of("r")
    card = result["scorecards"]["v4"]["raw"]
    assert result["floors"]["length"]["score"] == pytest.approx(card["score"])
    assert result["tournament"]["combined"] == pytest.approx(card["score"])
    assert result["tournament"]["combined_unscaled"] == pytest.approx(0.75 * card["score"])
    assert result["tournament"]["length_bias"]["win_rate"] == 1.0
    assert result["tournament"]["position_bias"] == {
        "mass": pytest.approx(0.5), "wins": pytest.approx(0.5), "passes": 2 * 30,
    }  # fmt: skip


@quick
def test_rules_are_in_the_fingerprint_and_a_change_is_refused_by_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = written()
    assert judge("r", *files, "--seed", "7") == 0
    assert spec_of("r")["fingerprint"]["protocol"] == {
        "name": "pairwise-logprob",
        "version": 1,
        "escape_non_ascii": False,
        "card_fallback": False,
        "tournament": {
            "option": "isolated",
            "k_factor": 32.0,
            "initial_rating": 1200.0,
            "scale": 400.0,
            "seed": 7,
            "rounds": 5,
            "writers": 5,
        },
    }
    capsys.readouterr()
    for change in (["--rounds", "3"], ["--k-factor", "16"], ["--writers", "ann", "bea"]):
        assert judge("r", *files, "--seed", "7", *change) == 2
        assert "was begun with something else: " in capsys.readouterr().err
    _, prompts = field(FIVE)
    prompts["1"]["writing_prompt"] += " Now."
    changed = [*files[:2], "--writing-prompts", write("other.json", prompts), *files[4:]]
    assert judge("r", *changed, "--seed", "7") == 2
    assert "prompts (sha256: " in capsys.readouterr().err


@quick
@pytest.mark.parametrize("option", ["isolated", "bootstrap", "full"])
def test_a_finished_run_is_shown_again_and_scored_from_a_copy(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = [*written(items=4), "--tournament", option]
    assert judge("r", *flags) == 0
    first, journal = result_of("r"), Path("runs/r/verdicts.jsonl").read_bytes()
    capsys.readouterr()
    assert judge("r", *flags) == 0
    assert f"0 questions to ask, {len(lines_of('r'))} answered already" in capsys.readouterr().out
    assert Path("runs/r/verdicts.jsonl").read_bytes() == journal
    assert result_of("r") == first
    shutil.copytree("runs/r", "copied/r")
    shutil.rmtree("runs")
    for name in ("s.json", "p.json", "r.json"):
        Path(name).unlink()
    assert main(["score", "copied/r", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == first


@quick
def test_bootstraps_give_a_leaderboard_with_its_stability_and_no_interval() -> None:
    flags = [*written(items=4), "--tournament", "bootstrap", "--bootstraps", "6", "--rounds", "8"]
    assert judge("r", *flags) == 0
    result = result_of("r")
    played = result["tournament"]
    # 6 bootstraps x 8 rounds x 2 matches of five writers.
    assert (played["tournaments"], played["matches"]) == (6, 96)
    # Only 4 items x 10 pairs of pieces exist, so most matches repeat an earlier one.
    assert played["calls"] <= 2 * 40
    assert all(line["spread"] is not None for line in played["leaderboard"])
    assert "bootstraps share verdicts" in played["spread"]
    card = result["scorecards"]["v4"]["raw"]
    assert card["score"] is not None
    assert card["ci95"] is None
    assert "bootstraps share verdicts" in result["notes"]["scorecards.v4.raw.ci95"]
    assert result["null"] is None and "chance" in result["notes"]["null"]
    assert result["floors"]["random"]["score"] is not None
    assert result["floors"]["random"]["null_p95"] is None
    assert result["reference"]["item_concordance"] is None
    assert result["dataset"]["pieces"] == 20
    assert result["dataset"]["items"] == 4
    assert result["writers"]["ann"]["n"] == 6


def test_the_charts_of_bootstraps_name_them_and_claim_no_interval() -> None:
    assert judge("r", *written(), "--tournament", "bootstrap") == 0
    page = Path("runs/r/report.html").read_text("utf-8")
    charts = page[page.index("Charts</h2>") : page.index("Writers</h2>")]
    assert "Writers by bootstrap" in charts
    assert "Writers by item" not in charts
    assert "95% interval" not in charts
    assert judge("a", *written()) == 0
    page = Path("runs/a/report.html").read_text("utf-8")
    assert "Writers by item" in page
    assert "with its 95% interval" in page


@quick
def test_iterations_items_and_limit_choose_pieces_that_can_play() -> None:
    files = written(items=3, iterations=2)
    assert judge("one", *files, "--iterations", "1") == 0
    assert result_of("one")["tournament"]["tournaments"] == 3
    assert judge("two", *files, "--items", "0", "2", "--iterations", "1") == 0
    assert result_of("two")["tournament"]["tournaments"] == 2
    # The first 10 pieces are two whole items.
    assert judge("ten", *files, "--limit", "10") == 0
    assert result_of("ten")["tournament"]["tournaments"] == 2
    assert result_of("ten")["coverage"]["scored"] == 10


@quick
def test_odd_fields_gaps_and_twins() -> None:
    samples, prompts = field(FIVE)
    del samples["eve"]["samples"]["0"]["1"]
    twin = samples["bea"]["samples"]["0"]
    twin["0"] = samples["ann"]["samples"]["0"]["0"]
    for writer in ("bea", "cid", "dot", "eve"):
        samples[writer]["samples"]["0"].pop("2")
    flags = ["--samples-file", write("s.json", samples), "--tournament", "full"]
    assert judge("r", *flags, "--writing-prompts", write("p.json", prompts)) == 0
    result = result_of("r")
    played = result["tournament"]
    # Item 0: 10 pairs, of which one of twins that tie unasked, and 3 whose texts are those of 3
    # others; item 1: 6 pairs; item 2: one writer alone.
    assert (played["matches"], played["calls"], played["reuses"]) == (16, 2 * 12, 2 * 3)
    assert played["skipped"] == [{"item": "2", "iteration": "0"}]
    assert result["status"] == "limited"
    assert len(ratings_of("r")) == 9


@quick
def test_without_references_pairs_are_not_compared_with_an_order() -> None:
    assert judge("r", *written()[:4]) == 0
    result = result_of("r")
    assert result["reference"] is None
    assert result["notes"]["tournament.concordance"] == "no reference scores"


@quick
def test_the_export_for_other_programs_holds_the_ratings() -> None:
    assert judge("r", *written(), "--runs-file", "out.json") == 0
    exported = json.loads(Path("out.json").read_text("utf-8"))["r"]["results"]
    for (writer, iteration, item), rating in ratings_of("r").items():
        assert exported[writer][iteration][item]["aggregated_score_raw"] == rating


@quick
@pytest.mark.parametrize("option", ["isolated", "bootstrap"])
def test_ratings_are_read_back_from_the_export_as_ratings(
    capsys: pytest.CaptureFixture[str], option: str
) -> None:
    """Read as scores of 0..10, ratings around 1200 had raw v2 scores and stood among rubrics."""
    judge("r", *written(items=4, iterations=2), "--tournament", option, "--runs-file", "out.json")
    capsys.readouterr()
    found = {}
    for name in ("r", "out.json"):
        assert main(["score", name, "--json"]) == 0
        found[name] = json.loads(capsys.readouterr().out)
    ours, again = found["r"], found["out.json"]
    assert again["judge"]["mode"] == "pairwise"
    assert again["fingerprint"]["protocol"]["tournament"]["option"] == option
    for card, versions in ours["scorecards"].items():
        for version, figures in versions.items():
            read = again["scorecards"][card][version]
            assert (read is None) == (figures is None), (card, version)
    for figure in ("score", "ci95"):
        ours_v4, read_v4 = (f["scorecards"]["v4"]["raw"][figure] for f in (ours, again))
        assert read_v4 == (ours_v4 and pytest.approx(ours_v4))
    assert (ours["null"] is None) == (again["null"] is None) == (option == "bootstrap")
    assert main(["leaderboard", "out.json", "--format", "md"]) == 0
    title = capsys.readouterr().out.splitlines()[0]
    rounds = 5 if option == "isolated" else 20
    assert f"pairwise, {option} tournament of {rounds} rounds" in title


def first_is_better() -> str:
    """A judge to whom other writers make no difference."""
    Path("own.py").write_text("def judge(pairs):\n    return [0.75 for pair in pairs]\n", "utf-8")
    return "python:own.py:judge"


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--mode", "pairwise", "--writers", "ann"], "at least two writers"),
        (["--mode", "pairwise", "--bootstraps", "3"], "--bootstraps is for --tournament bootstrap"),
        (["--mode", "pairwise", "--tournament", "full", "--rounds", "3"], "plays every pair once"),
        (["--mode", "pairwise", "--num-runs", "2"], "--num-runs works only with"),
        (["--mode", "pairwise", "--preset", "upstream-v2"], "--preset works only with"),
        (["--mode", "pairwise", "--k-factor", "0"], "--k-factor: "),
        (
            ["--mode", "pairwise", "--dtype", "float32"],
            "--dtype is for hf:, hf-reward: and vllm: judges",
        ),
        (["--mode", "pairwise", "--worded"], "--worded is for judges at an endpoint"),
        (["--mode", "pairwise", "--verdicts", "nobody"], '--verdicts: there is no run "nobody"'),
        (["--rounds", "3"], "--rounds works only with"),
        (["--on-too-long", "skip"], "--on-too-long works only with"),
        (["--quantization", "fp8"], "--quantization is for vllm: judges"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_line(
    flags: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--judge-model", "baseline:length", *written(), *flags]) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert said.err.count("\n") == 1
    assert not list(Path("runs").rglob("*.jsonl"))


@quick
def test_how_many_verdicts_are_taken_over_or_why_none_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def said_of(run_id: str, *flags: str) -> list[str]:
        capsys.readouterr()
        assert judge(run_id, *files, *flags, "--verdicts", "a", judge_model=spec) == 0
        return [line for line in capsys.readouterr().out.splitlines() if "taken over" in line]

    spec = first_is_better()
    files, none = written(items=4), 'Verdicts   none taken over from run "a": '
    ann_and_bea = ("--writers", "ann", "bea")
    assert judge("a", *files, *ann_and_bea, judge_model=spec) == 0
    taken = f'Verdicts   {len(lines_of("a"))} taken over from run "a"'
    assert said_of("b", "--tournament", "full") == [taken]
    # The same command again: nothing is left to ask, and the same is said.
    assert said_of("b", "--tournament", "full") == [taken]
    assert judge("own", *files, *ann_and_bea, judge_model=spec) == 0
    own = said_of("own", *ann_and_bea)
    assert own == [f"{none}this run had verdicts of its own on the same pairs"]
    others = said_of("others", "--writers", "bea", "cid")
    assert others == [f"{none}it judged no pair that this run asks about"]
    assert said_of("texts", "--writers", "cid", "dot") == [f"{none}it judged other texts"]
    Path("runs/a/verdicts.jsonl").write_text("", "utf-8")
    assert said_of("emptied") == [f"{none}it has no verdict that can be used"]


@quick
def test_a_dry_run_says_that_no_verdict_can_be_taken_over(
    capsys: pytest.CaptureFixture[str],
) -> None:
    spec = first_is_better()
    files, told = written(), "none of them answered by the run of --verdicts: it judged other texts"
    assert judge("a", *files, "--writers", "ann", "bea", judge_model=spec) == 0
    for writers, expected in ((("bea", "cid"), False), (("cid", "dot"), True)):
        capsys.readouterr()
        dry = ("--writers", *writers, "--verdicts", "a", "--dry-run")
        assert judge("b", *files, *dry, judge_model=spec) == 0
        assert (told in capsys.readouterr().out) is expected


@quick
def test_judges_that_read_need_the_writing_prompts(capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--base-url", "http://127.0.0.1:9/v1", *written()[:2]]
    assert judge("r", *at, judge_model="some") == 2
    assert "give --writing-prompts F" in capsys.readouterr().err
    _, prompts = field(FIVE, items=2)
    lacking = [*at, "--writing-prompts", write("p.json", prompts)]
    assert judge("r", *lacking, judge_model="some") == 2
    assert 'p.json: "2": the item has no writing prompt' in capsys.readouterr().err
    # A baseline reads nothing, instructions neither.
    assert judge("r", *at[2:]) == 0


@quick
def test_files_of_the_other_mode_are_named_as_unused(capsys: pytest.CaptureFixture[str]) -> None:
    assert judge("r", *written(), "--prompts-file", "none.json") == 0
    assert "--prompts-file is not used in --mode pairwise" in capsys.readouterr().out
