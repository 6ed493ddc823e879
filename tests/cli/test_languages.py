"""Samples, names, criteria and replies in German, Japanese and Arabic, through the command."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from judgemark.inputs.prompts import END, START
from tests.fixtures.language_sets import LANGUAGES, LanguageSet, language_set
from tests.support.fake_endpoint import FakeEndpoint, said

pytestmark = pytest.mark.usefixtures("elsewhere")

TEMPLATE = f"<WRITING_PROMPT>\n{START}\n{END}\n<POSITIVE_CRITERIA>\n<NEGATIVE_CRITERIA>"


def written(name: str, value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    Path(name).write_text(text, "utf-8")
    return name


def judged(found: LanguageSet, *flags: str) -> int:
    with FakeEndpoint(lambda asked: said(found.answer(asked.prompt))) as endpoint:
        return main([
            "--judge-model", "fake", "--base-url", endpoint.url, "--run-id", "r",
            "--samples-file", written("作品-Stücke.json", found.samples),
            "--writing-prompts", written("w.json", found.writing_prompts),
            "--criteria-file", written("c.json", {"criteria": found.criteria}),
            "--template", written("t.txt", TEMPLATE), *flags,
        ])  # fmt: skip


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_in_another_language_is_read_scored_and_listed(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four criteria at a and a fault at b are (4 a + 10 - b) / 5, on v2.1's scale 1 + 0.9 x that:
    8, 1 -> 8.2 -> 8.38; 5, 4 -> 5.2 -> 5.68; 2, 7 -> 2.2 -> 2.98. The German reply gives one of
    the qualities half a point more: 8.3, 5.3, 2.3 -> 8.47, 5.77, 3.07."""
    found = language_set(language)
    assert judged(found) == 0
    capsys.readouterr()
    rows = list(csv.DictReader(Path("runs/r/scores.csv").read_text("utf-8").splitlines()))
    expected = (8.47, 5.77, 3.07) if language == "german" else (8.38, 5.68, 2.98)
    by_writer = {row["writer"]: float(row["score"]) for row in rows}
    assert by_writer == dict(zip(found.writers, expected, strict=True))
    assert all(row["class"] == "ok" for row in rows)
    result = json.loads(Path("runs/r/result.json").read_text("utf-8"))
    assert list(result["criteria"]) == [c["name"] for c in found.criteria]
    told = [w["kind"] for w in result["warnings"]]
    # Words cannot be told apart by spaces in Japanese alone.
    assert told == (["weak_floor"] if language == "japanese" else [])
    assert main(["export", "r"]) == 0
    exported = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert {row["criterion"] for row in exported} == {c["name"] for c in found.criteria}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_shows_names_and_texts_with_their_own_direction(language: str) -> None:
    found = language_set(language)
    assert judged(found, "--save-raw-judge-output") == 0
    page = Path("runs/r/report.html").read_text("utf-8")
    for writer in found.writers:
        assert f"<bdi>{writer}</bdi>" in page.replace("&amp;", "&")
        for text in found.texts(writer):
            first = text.splitlines()[0]
            assert f'<div class="text" dir="auto">{first}' in page
    assert "\ufffd" not in page
