"""A run's scores as columns and frames."""

from __future__ import annotations

import csv
import sys
from types import SimpleNamespace
from typing import Any

import pytest

import judgemark as jm
from tests.library.judged_data import SAMPLES, long_table, reads

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")


def frames_of(name: str) -> SimpleNamespace:
    """A package with a DataFrame that remembers its columns."""
    return SimpleNamespace(DataFrame=lambda columns: (name, columns))


def install(monkeypatch: pytest.MonkeyPatch, **packages: Any) -> None:
    """Let these packages be installed and no other; None in sys.modules cannot be imported."""
    for name in ("pandas", "polars"):
        monkeypatch.setitem(sys.modules, name, packages.get(name))


def test_the_columns_are_those_of_scores_csv() -> None:
    run = jm.judge(reads, samples=SAMPLES)
    assert run.folder is not None
    with (run.folder / "scores.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = run.scores.to_columns()
    assert list(columns) == list(rows[0])
    assert [str(score) for score in columns["score"]] == [row["score"] for row in rows]


def test_scores_that_come_back_are_the_same_run() -> None:
    """A piece without a verdict stays one: its row has a class and no score."""
    judge = jm.ScriptedJudge({"A piece of quality 8, on item 1.": ValueError("no")}, otherwise=6.0)
    run = jm.judge(judge, samples=SAMPLES)
    again = jm.score(run.scores.to_columns())
    assert run.status == again.status == "incomplete"
    assert again.result["coverage"]["classes"] == run.result["coverage"]["classes"]


def test_criterion_scores_are_a_row_each() -> None:
    run = jm.judge(lambda _: {"Plot": 3, "Wit": 5, "A": 1, "B": 2, "C": 3}, samples=SAMPLES)
    columns = run.scores.to_columns(criteria=True)
    assert columns["criterion"][:2] == ["Plot", "Wit"] and columns["value"][:2] == [3, 5]


def test_a_frame_of_the_first_package_that_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = jm.score(long_table()).scores
    install(monkeypatch, pandas=frames_of("pandas"), polars=frames_of("polars"))
    assert scores.to_frame() == ("pandas", scores.to_columns())
    assert scores.to_frame("polars")[0] == "polars"
    install(monkeypatch, polars=frames_of("polars"))
    assert scores.to_frame()[0] == "polars"
    with pytest.raises(jm.UsageError, match="pandas is not installed"):
        scores.to_frame("pandas")
    install(monkeypatch)
    with pytest.raises(jm.UsageError, match="neither pandas nor polars"):
        scores.to_frame()
    with pytest.raises(jm.UsageError, match='"numpy" is unknown'):
        scores.to_frame("numpy")


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_real_frames_come_back(package: str) -> None:
    pytest.importorskip(package)
    run = jm.score(long_table())
    frame = run.scores.to_frame(package)
    assert jm.score(frame).result["scorecards"] == run.result["scorecards"]
