from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from judgemark.cli import main
from tests.cli.pairwise_runs import judge, written

pytestmark = pytest.mark.usefixtures("elsewhere")


def two_judges(noises: tuple[float, float]) -> str:
    """An upstream runs file of two judges, `a` and `b`, on the same six writers."""
    quality = np.linspace(3, 8, 6)[:, np.newaxis, np.newaxis]
    runs = {}
    for seed, (key, noise) in enumerate(zip("ab", noises, strict=True)):
        scores = quality + np.random.default_rng(seed).normal(0, noise, (6, 2, 12))
        runs[key] = {
            "judge_model": f"judge-{key}",
            "results": {
                f"w{w}": {
                    f"{t}": {
                        f"i{i}": {"aggregated_score_raw": float(score)}
                        for i, score in enumerate(row)
                    }
                    for t, row in enumerate(table)
                }
                for w, table in enumerate(scores)
            },
        }
    Path("two.json").write_text(json.dumps(runs), "utf-8")
    return "two.json"


def test_differences_are_told_with_interval_p_and_where_they_come_from(
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = two_judges((0.5, 3.0))
    assert main(["compare", f"{file}::a", f"{file}::b", "--seed", "4"]) == 0
    said = capsys.readouterr().out
    assert "A  judge-a  (a)" in said and "B  judge-b  (b)" in said
    for card in ("v4", "v2.1", "v2"):
        for version in ("raw", "calibrated"):
            row = re.search(rf"{re.escape(card)} {version} +A (.*)", said)
            assert row and re.search(r"A - B \+[\d.]+ \[-?[\d.]+, [\d.]+\], p [<=] 0\.\d+", row[1])
    # A judge of six times the noise is worse beyond doubt, and p is not said to be nothing.
    assert "p < 0.001" in said and "p = 0.000" not in said
    assert "Kendall tau" in said and "6 writers" in said
    assert "paired bootstrap over items, 1000 resamples, seed 4" in said
    assert "for these writers" in said


def test_a_judge_against_itself(capsys: pytest.CaptureFixture[str]) -> None:
    file = two_judges((1.0, 1.0))
    assert main(["compare", f"{file}::a", f"{file}::a"]) == 0
    said = capsys.readouterr().out
    assert said.count("A - B 0.0 [0.0, 0.0], p = 1.000") == 6
    assert "Kendall tau 1.00, 6 writers" in said


@pytest.mark.usefixtures("undrawn")
def test_bootstraps_share_verdicts_and_give_no_interval(capsys: pytest.CaptureFixture[str]) -> None:
    files = [*written(), "--tournament", "bootstrap"]
    for name in ("length", "random"):
        assert judge(name, *files, judge_model=f"baseline:{name}") == 0
    capsys.readouterr()
    assert main(["compare", "length", "random"]) == 0
    said = capsys.readouterr().out
    assert "bootstraps share verdicts" in said
    assert "p = " not in said and "p < " not in said
    assert "paired bootstrap over items" not in said
    assert "Warning" not in said


@pytest.mark.usefixtures("undrawn")
def test_ratings_by_other_rules_are_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    files = written(items=4)
    assert judge("five", *files, "--runs-file", "five.json") == 0
    assert judge("two", *files, "--rounds", "2") == 0
    Path("own.py").write_text("def rate(piece): return len(piece.text) / 10\n", "utf-8")
    rubric = ["--judge-model", "python:own.py:rate", "--score-range", "0,10", "--run-id", "rubric"]
    assert main([*rubric, "--samples-file", "s.json"]) == 0
    capsys.readouterr()
    told = {}
    for other in ("five", "five.json", "two", "rubric"):
        assert main(["compare", "five", other, "--json"]) == 0
        told[other] = json.loads(capsys.readouterr().out)["warnings"]
    assert told["five"] == told["five.json"] == []
    assert "different rules (rounds 5 and 2)" in told["two"][0]
    assert "scores of single pieces" in told["rubric"][0]
    assert main(["compare", "five", "two"]) == 0
    assert "Warning: the tournaments were played by different rules" in capsys.readouterr().out
