"""`score` of runs files that lack something: figures are null with a reason, the exit code says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from judgemark.cli import main

pytestmark = pytest.mark.usefixtures("elsewhere")


def runs_file(results: dict[str, Any]) -> str:
    Path("runs.json").write_text(json.dumps({"k": {"results": results}}), "utf-8")
    return "runs.json::k"


def judged(shape: tuple[int, int, int], criteria: int = 6) -> dict[str, Any]:
    """Writers x iterations x items, each piece with scores on a number of criteria."""
    rng = np.random.default_rng(0)
    return {
        f"w{w}": {
            f"{t}": {
                f"{i}": {
                    "parsed_scores": {
                        f"c{c}": float(rng.integers(2, 9) + w) / 2 for c in range(criteria)
                    }
                }
                for i in range(shape[2])
            }
            for t in range(shape[1])
        }
        for w in range(shape[0])
    }


def scored(capsys: pytest.CaptureFixture[str], results: dict[str, Any], *more: str) -> Any:
    code = main(["score", runs_file(results), "--json", *more])
    return code, json.loads(capsys.readouterr().out)


def test_one_writer_has_no_figure_that_compares_writers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("r.json").write_text('{"w0": 3}', "utf-8")
    code, result = scored(capsys, judged((1, 2, 6)), "--reference-scores", "r.json")
    assert code == 0
    card = result["scorecards"]["v2.1"]["raw"]
    defined = {name for name, value in card.items() if value is not None and name != "missing"}
    assert defined == {"average_ci95"}
    for name in card:
        if card[name] is None and not name.startswith("ci95"):
            assert result["notes"][f"scorecards.v2.1.raw.{name}"], name


def test_too_few_criteria_are_no_verdict_and_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    results = judged((3, 2, 5))
    results["w0"]["0"]["0"]["parsed_scores"] = {"c0": 5, "c1": 5, "c2": 5, "c3": 5, "c4": 99}
    code, result = scored(capsys, results)
    assert (code, result["status"]) == (1, "incomplete")
    (failure,) = result["coverage"]["failures"]
    assert (failure["writer"], failure["class"]) == ("w0", "unparseable")
    assert result["coverage"]["scored"] == 29
    # v2 needs ten criteria, and no reply had ten.
    assert result["coverage"]["too_few_criteria"] == {"v2": 29, "v2.1": 0}
    assert result["scorecards"]["v2"]["raw"]["score"] is None


def test_a_run_without_any_piece_is_not_complete(capsys: pytest.CaptureFixture[str]) -> None:
    code, result = scored(capsys, {})
    assert (code, result["status"]) == (1, "incomplete")
    assert main(["score", "runs.json"]) == 1
    assert re.search("Incomplete +no piece has a verdict", capsys.readouterr().out)


def test_references_of_any_size_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    Path("r.json").write_text('{"w0": -1e308, "w1": 0, "w2": 1e308}', "utf-8")
    code, result = scored(capsys, judged((3, 2, 8)), "--reference-scores", "r.json")
    assert code == 0
    assert 0.5 < result["scorecards"]["v4"]["raw"]["pearson_r"] <= 1
