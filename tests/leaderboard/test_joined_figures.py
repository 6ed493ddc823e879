"""Runs of one judge stand in one row: score, reading, people, probes and cost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from judgemark.leaderboard.assembly import Leaderboard, leaderboard
from judgemark.leaderboard.board_entry import Damaged, Entry
from judgemark.leaderboard.board_file import Appended, append, read_board
from judgemark.leaderboard.columns import COLUMNS
from judgemark.leaderboard.joined_figures import JoinedByJudge
from judgemark.leaderboard.section_rows import Row
from judgemark.leaderboard.validity_entry import (
    ValidityEntry,
    judge_key,
    read_record,
    validity_entry_of,
)
from judgemark.report.board_card import card_block
from judgemark.report.board_export import as_csv, as_json, as_markdown
from judgemark.report.board_page import render
from tests.leaderboard.board_data import composed, entry

UNREAD = {"figures/reads": None, "figures/damage_margin": None}


def measured(
    name: str,
    kind: str,
    figures: Mapping[str, float | None] | None = None,
    *,
    swayed: str | None = None,
    cost: float | None = 0.25,
    **changes: Any,
) -> ValidityEntry:
    """A run of another kind by the judge `name` of `board_data`."""
    head = composed(name).result
    return validity_entry_of(
        {
            **{key: head[key] for key in ("metric_version", "program", "judge")},
            "fingerprint": {**head["fingerprint"], kind: {"seed": 1}},
            "run_id": f"{name}--{kind}",
            "kind": kind,
            "status": "complete",
            "coverage": {"answered": 100},
            "figures": dict(figures or {}),
            "probe": {"most_swayed_by": swayed},
            "usage": {"cost": cost},
            "verdicts_sha256": "a" * 64,
            **changes,
        }
    )


READS = {"reads": 0.08, "damage_margin": 0.24, "damage_margin_low": 0.17,
         "damage_margin_high": 0.31, "damage_accuracy": 0.79}  # fmt: skip
PEOPLE = {"people_accuracy": 0.68, "people_accuracy_low": 0.6, "people_accuracy_high": 0.75}


def joined_row(main: Entry, *others: ValidityEntry) -> Row:
    board = leaderboard([main], measured=others)
    return next(r for r in board.parts[0].tables["v4"].rows if r.name == main.judge.name)


def cell(row: Row, key: str) -> str:
    return next(column.text(row) for column in COLUMNS if column.key == key)


def test_runs_of_one_judge_stand_in_one_row() -> None:
    main = entry("a", 90.0, change={**UNREAD, "usage/cost": 1.5})
    assert joined_row(main).reading == "reading not shown"
    found = joined_row(
        main,
        measured("a", "ladder", READS),
        measured("a", "pairs", PEOPLE),
        measured("a", "probe", swayed="padding (+0.8 points)"),
        measured("b", "ladder", {"reads": -0.5}),
    )
    assert found.reading == ""
    assert [e.kind for e in found.joined.entries] == ["ladder", "pairs", "probe"]
    assert cell(found, "damage_margin") == "+24.0"
    assert cell(found, "people_accuracy") == "68.0%"
    assert cell(found, "most_swayed_by") == "padding (+0.8 points)"
    # 1.50 for the main job and three times 0.25 for the others.
    assert next(c.value(found) for c in COLUMNS if c.key == "cost") == pytest.approx(2.25)


def test_one_unknown_cost_leaves_the_sum_unknown() -> None:
    found = joined_row(entry("a", change={"usage/cost": 1.0}), measured("a", "pairs", cost=None))
    assert cell(found, "cost") == "–"


def test_figures_of_reading_come_from_one_run_the_ladder_first() -> None:
    own = entry("a", change={"figures/reads": 0.02, "figures/damage_margin": 0.1})
    ladder = measured("a", "ladder", {"reads": -0.03, "damage_margin": 0.05})
    pairs = measured("a", "pairs", {"reads": 0.2, **PEOPLE})
    both = joined_row(own, ladder, pairs)
    assert both.reading == "does not read"
    assert both.figures["damage_margin"] == 0.05
    assert joined_row(own, pairs).figures["reads"] == 0.02
    unknown = entry("a", change=UNREAD)
    assert joined_row(unknown, pairs).figures["reads"] == 0.2
    assert joined_row(unknown, pairs).reading == ""


def test_probes_that_found_nothing_differ_from_no_probes() -> None:
    assert cell(joined_row(entry("a"), measured("a", "probe", swayed=None)), "most_swayed_by") == (
        "nothing found"
    )
    assert cell(joined_row(entry("a")), "most_swayed_by") == "–"


def test_the_judge_is_found_by_its_configuration_alone() -> None:
    main, other = entry("a"), entry("b")
    assert judge_key(main.judge) == judge_key(measured("a", "ladder").judge)
    assert judge_key(main.judge) != judge_key(other.judge)
    renamed = main.judge.model_copy(update={"name": "my name for it"})
    assert judge_key(renamed) == judge_key(main.judge)
    moved = {**main.judge.configuration, "endpoint": "http://elsewhere/v1"}
    assert judge_key(main.judge.model_copy(update={"configuration": moved})) == judge_key(
        main.judge
    )


def test_of_several_the_one_with_most_answers_counts_and_unfinished_ones_do_not() -> None:
    few = measured("a", "ladder", {"reads": 0.1}, coverage={"answered": 50})
    many = measured("a", "ladder", {"reads": 0.2}, coverage={"answered": 400})
    torn = measured("a", "ladder", {"reads": 0.9}, coverage={"answered": 900}, status="incomplete")
    board = leaderboard([entry("a", change=UNREAD)], measured=[many, torn, few])
    (part,) = board.parts
    row = next(r for r in part.tables["v4"].rows if r.name == "a")
    assert row.figures["reads"] == 0.2
    assert board.remarks == (
        "1 run over pairs, ladders or probes that are not finished stand in no row.",
    )


def test_runs_of_judges_without_a_main_run_are_told_of() -> None:
    board = leaderboard([entry("a")], measured=[measured("x", "ladder"), measured("x", "probe")])
    assert board.remarks == (
        "2 runs over pairs, ladders or probes of judges that have no run of the main job here "
        "stand in no row.",
    )


def whole_board(reads: float = 0.08) -> Leaderboard:
    others = [
        measured("a", "ladder", {**READS, "reads": reads}),
        measured("a", "probe", swayed="*padding* (+0.8 points)"),
    ]
    return leaderboard([entry("a", 90.0, change=UNREAD)], measured=others)


def test_every_format_shows_the_joined_row_and_its_mark() -> None:
    shown, counts = whole_board(), whole_board(reads=-0.02)
    rows = list(csv.DictReader(io.StringIO(as_csv(shown))))
    first = next(r for r in rows if r["scorecard"] == "v4" and r["judge"] == "a")
    assert first["most_swayed_by"] == "*padding* (+0.8 points)"
    assert first["joined"] == "ladder:a--ladder probe:a--probe"
    assert first["remark"] == ""
    data = json.loads(as_json(shown))["sections"][0]["scorecards"]["v4"]
    plain = next(r for r in data if r["judge"] == "a")
    assert (plain["reading"], plain["validity"]["reads"]) == (None, 0.08)
    assert [e["kind"] for e in plain["joined"]] == ["ladder", "probe"]
    assert "\\*padding\\* (+0.8 points)" in as_markdown(shown, "v4")
    assert "*padding* (+0.8 points)" in render(shown, "v4")
    for text in (as_csv(counts), as_json(counts), as_markdown(counts, "v4"), render(counts, "v4")):
        assert "does not read" in text


def test_the_card_has_the_other_runs() -> None:
    main = entry("a", 90.0, change=UNREAD)
    ladder = measured("a", "ladder", READS)
    assert "**Reading not shown**" in card_block(main, "r")
    block = card_block(main, "r", JoinedByJudge.of([ladder]).to(main))
    assert "**Reading not shown**" not in block
    assert "| Reads (margin over counting) | +24.0 | +17.0 to +31.0 |" in block
    assert "- ladder: a" in block
    assert f"verdicts sha256 {'a' * 64}" in block


def test_shared_boards_hold_runs_of_all_kinds_and_old_lines_stay_as_they_were(
    tmp_path: Path,
) -> None:
    board = tmp_path / "board.jsonl"
    main, ladder = entry("a"), measured("a", "ladder", READS)
    for record in (main, ladder):
        assert append(board, record) is Appended.ADDED
        assert append(board, record) is Appended.UNCHANGED
    found = read_board(board)
    assert (found.entries, found.measured, found.unusable) == ((main,), (ladder,), ())
    assert board.read_text("utf-8").splitlines() == [main.line(), ladder.line()]
    changed = ladder.line().replace('"reads":0.08', '"reads":0.8')
    with pytest.raises(Damaged, match="was changed"):
        read_record(changed)


def test_damage_and_people_are_compared_over_five_judges() -> None:
    # Both orders are the same but for one exchange of neighbours: 9 of 10 pairs agree, tau = .8.
    people = [0.5, 0.6, 0.55, 0.7, 0.8]
    entries, others = [], []
    for n, share in enumerate(people):
        name = f"judge-{n}"
        entries.append(entry(name, 80.0 + n, change=UNREAD))
        others.append(measured(name, "ladder", {**READS, "damage_accuracy": 0.6 + 0.05 * n}))
        others.append(measured(name, "pairs", {"people_accuracy": share}))
    told = leaderboard(entries, measured=others).remarks
    assert [r for r in told if "Kendall tau" in r] == [
        "Over 5 judges, the order by accuracy on known damage and the order by agreement with "
        "people have a Kendall tau of +0.80."
    ]
    assert not leaderboard(entries[:4], measured=others).remarks[1:]
