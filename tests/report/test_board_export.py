"""A board as JSON, CSV and Markdown."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from judgemark.leaderboard.assembly import leaderboard
from judgemark.report.board_card import card_block
from judgemark.report.board_export import as_csv, as_json, as_markdown, escaped
from tests.leaderboard.board_data import SCRIPT, entry, pairwise


def test_json_has_all_sections_and_scorecards() -> None:
    board = leaderboard([entry("a", 90.0), entry("b", 60.0), pairwise("c", 70.0)])
    found = json.loads(as_json(board))
    first, second = found["sections"]
    assert set(first["scorecards"]) == {"v4", "v2.1", "v2"}
    top = first["scorecards"]["v4"][0]
    assert (top["judge"], top["rank"], top["rank_interval"], top["score"]) == ("a", 1, [1, 1], 90.0)
    assert top["ci95"] == [87.0, 93.0]
    assert top["coverage"]["status"] == "complete"
    assert second["unlike"] == 0
    assert second["differs"]


def test_csv_has_a_line_for_each_row_and_no_formulas() -> None:
    board = leaderboard([entry('=HYPERLINK("x")', 90.0), entry("a,b\nc", 60.0)])
    lines = list(csv.DictReader(io.StringIO(as_csv(board))))
    # Two judges on three scorecards, two floors told of on v4.
    assert len(lines) == 8
    assert lines[0]["judge"] == '\'=HYPERLINK("x")'
    assert lines[1]["judge"] == "baseline:lexical"
    assert {line["judge"] for line in lines if line["rank"] == "2"} == {"a,b\nc"}
    assert lines[0]["ci95_low"] == "87.0"


def test_a_negative_figure_stays_a_number_in_csv() -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(leaderboard([entry("a", -1.5)])))))
    (line,) = [n for n in lines if n["judge"] == "a" and n["scorecard"] == "v4"]
    assert float(line["score"]) == -1.5


def test_markdown_is_a_table_that_names_cannot_break() -> None:
    board = leaderboard([entry(f"a|b {SCRIPT}", 90.0), entry("*c*", 60.0)])
    text = as_markdown(board, "v4")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len({line.replace("\\|", "").count("|") for line in rows}) == 1
    assert "<" not in text
    assert "| 1 (1) | a\\|b &lt;script&gt;alert(1)&lt;/script&gt; | rubric | 90.0 |" in text
    assert "\\*c\\*" in text


def test_a_name_is_brought_to_one_line() -> None:
    assert escaped("a\n# b") == "a \\# b"


def test_a_card_has_figures_intervals_floors_fingerprint_and_how_to_verify() -> None:
    text = card_block(entry("some/judge", 90.0), "runs/some run")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    (score,) = [row for row in rows if "v4" in row and row.endswith("| 90.0 | 87.0 to 93.0 |")]
    (floor,) = [row for row in rows if "lexical" in row and row.endswith("| 71.7 | |")]
    assert floor != score
    assert "cdcdcdcd" in text  # the digest of the prompts
    assert str(entry("some/judge", 90.0).verdicts_sha256) in text
    assert text.endswith("    judgemark card 'runs/some run'")


def test_the_card_of_an_unfinished_run_says_so() -> None:
    text = card_block(entry("a", status="incomplete", scored=900), "a")
    assert "900 of 960" in text
    assert "900 of 960" not in card_block(entry("a"), "a")


def test_the_card_of_a_judge_without_a_score_says_why() -> None:
    assert "| all scores are equal | |" in card_block(entry("flat", None), "flat")


@pytest.mark.parametrize(
    "text",
    ["see https://evil.example", "HTTP://evil.example", "www.evil.example", "ann@evil.example",
     "@ann", "mailto:ann@evil.example", "xhttps://evil.example"],
)  # fmt: skip
def test_no_address_in_a_name_becomes_a_link(text: str) -> None:
    shown = escaped(text)
    assert shown.replace("\u2060", "") == text
    assert not re.search(r"https?:|www\.|(?<!\u2060)@|mailto:", shown, re.IGNORECASE)


def test_the_mark_of_a_judge_not_shown_to_read_is_in_every_format() -> None:
    unread = {name: entry("a", change={"figures/reads": low}) for name, low in
              (("does not read", 0.0), ("reading not shown", None))}  # fmt: skip
    for mark, one in unread.items():
        board = leaderboard([one])
        (line,) = [
            n
            for n in json.loads(as_json(board))["sections"][0]["scorecards"]["v4"]
            if n["judge"] == "a"
        ]
        assert line["reading"] == mark
        assert mark in as_csv(board) and mark in as_markdown(board, "v4")
        assert f"**{mark.capitalize()}**" in card_block(one, "a")
    assert "read**" not in card_block(entry("a"), "a")


def test_a_card_has_the_margin_over_counting_with_its_interval() -> None:
    assert "| +24.0 | +17.0 to +31.0 |" in card_block(entry("a"), "a")
