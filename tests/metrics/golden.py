"""The judged runs with known figures in ../shared, where that folder is present."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from judgemark.records import Rubric
from judgemark.table.item_scores import ITEM_RULES, item_score
from judgemark.table.score_table import Observation, ScoreTable, build_table

GOLDEN = Path(__file__).resolve().parents[2].parent / "shared" / "golden"
RUNS = ("run_a", "run_b")
UPSTREAM = Rubric(0.0, 10.0)

needs_golden = pytest.mark.skipif(
    not GOLDEN.is_dir(), reason="no golden runs beside this checkout (../shared/golden)"
)


@cache
def golden(run: str) -> Mapping[str, Any]:
    """One run: criterion_scores, reference and expected figures."""
    data: Mapping[str, Any] = json.loads((GOLDEN / f"{run}.json").read_text("utf-8"))
    return data


@cache
def golden_table(run: str, rule: str) -> ScoreTable:
    """The raw score table of one run under one item rule (v2 or v2.1)."""
    return build_table(
        Observation(writer, iteration, item, 0, 0, item_score(scores, UPSTREAM, ITEM_RULES[rule]))
        for writer, iterations in golden(run)["criterion_scores"].items()
        for iteration, items in iterations.items()
        for item, scores in items.items()
    )
