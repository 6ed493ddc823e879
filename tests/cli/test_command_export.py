"""`export` and the `scores.csv` of a run's folder."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from judgemark.cli import main
from judgemark.report.charts import draw_lengths
from judgemark.report.charts_tables import ChartPictures, length_panel
from tests.cli.pairwise_runs import FIVE, write
from tests.support.pairwise import field


@pytest.fixture(autouse=True)
def _judged(elsewhere: Path, undrawn: None) -> None:  # noqa: ARG001
    samples, _ = field(FIVE, items=2)
    assert main(
        ["--judge-model", "baseline:length", "--samples-file", write("s.json", samples),
         "--run-id", "r"]
    ) == 0  # fmt: skip


def read(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Path(path).read_text("utf-8"))))


def test_a_finished_run_has_its_scores_as_a_table() -> None:
    rows = read("runs/r/scores.csv")
    assert len(rows) == 5 * 2
    result = json.loads(Path("runs/r/result.json").read_text("utf-8"))
    ann = [float(row["score"]) for row in rows if row["writer"] == "ann"]
    assert sum(ann) / 2 == pytest.approx(result["writers"]["ann"]["raw"]["mean"])
    assert {row["class"] for row in rows} == {"ok"}


def test_export_prints_or_writes_the_long_form(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["export", "r", "--to", "csv"]) == 0
    printed = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert main(["export", "r", "-o", "out.csv"]) == 0
    assert read("out.csv") == printed
    assert list(printed[0])[5:] == ["criterion", "value", "score", "class"]


def test_charts_are_drawn_as_pictures_where_someone_asks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = draw_lengths([length_panel("ann", [1.0, 2.0, 3.0], [1.0, 3.0, 2.0])])
    drawn = replace(chart, pictures=lambda: ChartPictures(b"light", b"dark", "田"))
    monkeypatch.setattr("judgemark.report.run_charts.draw", lambda *_: [drawn])
    assert main(["export", "r", "--to", "charts"]) == 0
    said = capsys.readouterr()
    assert Path("runs/r/charts/lengths.png").read_bytes() == b"light"
    assert Path("runs/r/charts/lengths-dark.png").read_bytes() == b"dark"
    assert str(Path("runs/r/charts/lengths.png")) in said.out
    assert "No font that is installed here draws" in said.err
    assert main(["export", "r", "--to", "charts", "-o", "here"]) == 0
    assert Path("here/lengths.png").exists()


def test_a_run_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "nope"]) == 2
    assert 'no run "nope"' in capsys.readouterr().err
