"""Ensembles and juries from finished runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import judgemark as jm
from judgemark.cli import main
from tests.library.judged_data import SAMPLES, prefers, reads
from tests.library.test_judge_ensemble import many, noisy

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


def test_an_ensemble_of_runs_is_what_asking_the_judges_together_gives() -> None:
    alone = [jm.judge(judge, samples=SAMPLES) for judge in (reads, noisy(1))]
    joined = jm.ensemble(alone)
    asked = jm.judge(judge_models=[reads, noisy(1)], samples=SAMPLES)
    assert joined.result["scorecards"] == asked.result["scorecards"]
    assert joined.result["fingerprint"] == asked.result["fingerprint"]
    assert joined.result["verdicts_sha256"] == asked.result["verdicts_sha256"]
    sources = [member["source"] for member in joined.result["ensemble"]["members"]]
    assert sources == [run.run_id for run in alone]
    assert jm.load(joined.run_id).v4 == joined.v4


def test_joining_again_makes_nothing_new_and_another_method_needs_no_judge() -> None:
    alone = [jm.judge(judge, samples=SAMPLES) for judge in (reads, noisy(1), noisy(2))]
    first = jm.ensemble(alone)
    again = jm.ensemble([run.run_id for run in alone], ensemble_method="median")
    assert first.run_id == again.run_id
    assert len(list(Path("runs").iterdir())) == 4
    assert again.result["ensemble"]["method"] == "median"
    # The judges of a run of several are joined one by one.
    nested = jm.ensemble([first, jm.judge(noisy(3), samples=SAMPLES)], run_id="nested")
    assert len(nested.result["ensemble"]["members"]) == 4
    assert nested.result["ensemble"]["members"][0]["source"] == alone[0].run_id


def test_an_incomplete_source_makes_an_incomplete_ensemble() -> None:
    broken = jm.ScriptedJudge(
        {"A piece of quality 8, on item 1.": RuntimeError("no")}, otherwise=5.0
    )
    alone = [jm.judge(judge, samples=SAMPLES) for judge in (reads, broken)]
    joined = jm.ensemble(alone)
    assert joined.status == "incomplete"
    assert joined.result["coverage"]["failures_total"] == 1


def test_a_changed_source_keeps_the_earlier_ensemble_aside() -> None:
    alone = [jm.judge(judge, samples=SAMPLES, limit=6) for judge in (reads, noisy(1))]
    jm.ensemble(alone, run_id="e")
    for judge in (reads, noisy(1)):
        jm.judge(judge, samples=SAMPLES)
    whole = jm.ensemble(alone, run_id="e")
    assert whole.status == "complete"
    assert (Path("runs") / "e~1" / "run.json").is_file()


def other_samples() -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(json.dumps(SAMPLES))
    changed["ann"]["samples"]["1"]["1"] += " More."
    return changed


def test_runs_that_cannot_be_joined_are_named() -> None:
    one = jm.judge(reads, samples=SAMPLES, run_id="one")
    other = jm.judge(reads, samples=other_samples(), run_id="other")
    pairs = jm.judge(prefers, samples=SAMPLES, mode="pairwise", run_id="pairs")
    wide = jm.judge(reads, samples=SAMPLES, scoring_max=20, run_id="wide")
    for runs, said in (
        ([one], "one judge alone is not an ensemble"),
        ([one, other], '"one" and "other" judged different samples'),
        ([one, pairs], 'run "pairs" compares pairs'),
        ([one, wide], '"one" and "wide" have different scales'),
        ([one, "none"], '"none" is neither a run id'),
        ([one, jm.score([[[1.0, 2.0]], [[3.0, 4.0]]])], "has no folder"),
    ):
        with pytest.raises(jm.UsageError, match=said) as raised:
            jm.ensemble(runs)  # type: ignore[arg-type]
        assert "\n" not in str(raised.value)
    with pytest.raises(jm.UsageError, match="one of the runs that are joined"):
        jm.ensemble([one, jm.judge(noisy(1), samples=SAMPLES)], run_id="one")
    assert not list(Path("runs").glob(".*"))


def test_the_best_jury_and_what_choosing_it_is_worth() -> None:
    runs = [jm.judge(noisy(n), samples=many()) for n in range(4)]
    found = jm.choose_jury(runs, 2)
    assert found["juries"] == 6 and found["items"] == 12
    assert len(found["score"]["jury"]) == 2 and found["score"]["folds"] == 5
    assert found["margin"] is None and "damaged version" in found["notes"]["margin"]
    # Functions cost nothing, so that the frontier is the best jury of all sizes.
    (best,) = found["frontier"]
    assert best["cost"] == 0 and best["v4"] >= found["score"]["on_all_items"]


def test_juries_that_cannot_be() -> None:
    one = jm.judge(reads, samples=SAMPLES)
    other = jm.judge(reads, samples=other_samples())
    with pytest.raises(jm.UsageError, match="one judge alone is not a jury"):
        jm.choose_jury([one], 2)
    with pytest.raises(jm.UsageError, match="different samples"):
        jm.choose_jury([one, other], 2)
    with pytest.raises(jm.UsageError, match="search 3: a jury has from 2 to 2"):
        jm.choose_jury([one, jm.judge(noisy(1), samples=SAMPLES)], 3)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    for n in (1, 2):
        jm.judge(noisy(n), samples=many(), run_id=f"r{n}")
    assert main(["ensemble", "r1", "r2", "--run-id", "both"]) == 0
    said = capsys.readouterr().out
    assert "Run        both: no judge was asked" in said
    assert "2 judges are worth" in said
    assert main(["score", "both", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ensemble"]["method"] == "average"
    assert main(["compare", "both", "r1"]) == 0
    assert main(["ensemble", "--search", "2", "r1", "r2"]) == 0
    assert "held out" in capsys.readouterr().out
    assert main(["ensemble", "r1"]) == 2
    assert capsys.readouterr().err == (
        "judgemark: one judge alone is not an ensemble; name two runs or more\n"
    )
    assert main(["ensemble", "--search", "2", "r1", "r2", "--run-id", "x"]) == 2
    assert "--run-id names a new run" in capsys.readouterr().err
