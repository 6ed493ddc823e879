"""Rows: who is ranked on a scorecard, who is not and why, and the floors among them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from judgemark.leaderboard.assembly import leaderboard
from judgemark.leaderboard.board_entry import Entry, canonical, digest_of, read_line
from judgemark.leaderboard.columns import COLUMNS
from judgemark.leaderboard.entry_comparison import differences
from judgemark.leaderboard.section_rows import RankedTable, Row
from tests.leaderboard.board_data import ITEMS, card, entry, many, pairwise


def table(entries: Sequence[Entry], scorecard: str = "v4") -> RankedTable:
    return leaderboard(entries).parts[0].tables[scorecard]


def row(found: RankedTable, name: str) -> Row:
    (only,) = [r for r in found.rows if r.name == name]
    return only


def ranks(found: RankedTable) -> dict[str, int | None]:
    return {r.name: r.standing.rank if r.standing else None for r in found.rows}


def test_whole_runs_are_ranked_best_first() -> None:
    found = table([entry("c", 60.0), entry("a", 90.0), entry("b", 89.9, own=3.0)])
    assert [r.name for r in found.ranked if not r.floor] == ["a", "b", "c"]
    assert ranks(found) | {"a": 1, "b": 1, "c": 3} == ranks(found)


def test_an_incomplete_run_is_marked_and_has_no_rank() -> None:
    found = table([entry("a", 60.0), entry("b", 90.0, status="incomplete", scored=912)])
    assert ranks(found)["a"] == 1
    assert [r.name for r in found.apart] == ["b"]
    assert row(found, "b").unranked == "incomplete: 912 of 960 pieces scored"


def test_a_run_of_some_pieces_has_no_rank_among_whole_ones() -> None:
    part = entry("b", 90.0, status="limited", asked=40, scored=40)
    found = table([entry("a", 60.0), part])
    assert row(found, "b").unranked == "only 40 of 960 pieces asked"
    assert row(found, "b").standing is None


def test_an_upstream_run_with_fewer_pieces_than_another_is_incomplete() -> None:
    change = {
        "dataset/sha256": None,
        "fingerprint/protocol": {"name": "upstream runs file"},
        "fingerprint/samples": {"file": "s.json"},
    }
    whole = entry("a", 60.0, change=change)
    fewer = entry("b", 90.0, scored=950, change={**change, "dataset/pieces": 950})
    found = table([whole, fewer])
    assert row(found, "b").unranked == "incomplete: 950 of the 960 pieces of the largest run"


def test_a_score_without_a_component_is_not_ranked_with_complete_ones() -> None:
    lacking = {**card(99.0), "stability_tau": None, "missing": ["stability_tau"]}
    cut = entry("c", 99.0, change={"scorecards/v2.1/calibrated": lacking})
    found = table([entry("a", 60.0), entry("b", 80.0), cut], "v2.1")
    assert ranks(found)["b"] == 1
    assert row(found, "c").unranked == "scored without stability tau"
    # On v4 nothing is missing.
    assert row(table([entry("a", 60.0), entry("b", 80.0), cut]), "c").standing is not None


def test_scores_that_all_lack_the_same_are_ranked_among_themselves() -> None:
    lacking = {**card(70.0), "missing": ["kendall_tau"]}
    change = {"scorecards/v2.1/calibrated": lacking}
    found = table([entry(n, 70.0, change=change) for n in "ab"], "v2.1")
    assert ranks(found) == {"a": 1, "b": 1}


def test_another_reference_order_is_another_score_on_v21_but_not_on_v4() -> None:
    other = entry("c", 99.0, change={"writers": {"writer-00": {"reference": 5.0}}})
    listed = [entry("a"), entry("b"), other]
    # The digest of the writers differs too, but the samples are known to be the same.
    assert row(table(listed, "v2.1"), "c").unranked == "scored with a different reference order"
    assert row(table(listed), "c").standing is not None


def test_a_run_without_any_score_on_an_item_is_not_paired() -> None:
    fewer = entry("c", 99.0, change={"dataset/item_ids": ITEMS[1:], "dataset/items": 31})
    assert "items" in row(table([entry("a"), entry("b"), fewer]), "c").unranked


def test_verdicts_too_thin_for_v2_are_told_there_alone() -> None:
    thin = entry("a", change={"coverage/too_few_criteria": {"v2": 12, "v2.1": 0}})
    assert row(table([thin], "v2"), "a").unranked == "12 verdicts have too few criteria"
    assert row(table([thin]), "a").standing is not None


def test_a_judge_without_a_score_says_why() -> None:
    found = table([entry("a"), entry("flat", None)])
    assert row(found, "flat").unranked == "all scores are equal"
    assert found.apart[-1].name == "flat"


def test_floors_stand_at_their_place_without_a_rank() -> None:
    found = table(
        [entry("a", 90.0), entry("b", 60.0), entry("baseline:lexical", 71.7, kind="baseline")]
    )
    # The length floor is only told of by the judges' own results.
    assert [(r.name, r.floor) for r in found.ranked] == [
        ("a", False),
        ("baseline:lexical", True),
        ("b", False),
        ("baseline:length", True),
    ]
    assert ranks(found) == {"a": 1, "b": 2, "baseline:lexical": None, "baseline:length": None}


def test_floors_that_are_only_told_of_have_no_place_on_the_other_scorecards() -> None:
    assert not [r for r in table([entry("a")], "v2.1").rows if r.floor]


def test_a_judge_that_is_not_surely_above_the_best_floor_is_marked() -> None:
    floor = entry("baseline:lexical", 71.7, kind="baseline", own=0.1)
    found = table([entry("a", 90.0), entry("b", 72.0, own=2.0), entry("c", 50.0), floor])
    assert row(found, "a").at_floor == ""
    assert row(found, "b").at_floor == "baseline:lexical"  # above it, but not surely
    assert row(found, "c").at_floor == "baseline:lexical"


def test_without_a_run_of_the_floor_the_judges_own_interval_decides() -> None:
    # Intervals of +-3; the lexical floor is told to be at 71.7.
    found = table([entry("a", 75.0), entry("b", 74.0)])
    assert row(found, "a").at_floor == ""
    assert row(found, "b").at_floor == "baseline:lexical"


def test_judges_without_replicates_share_a_rank() -> None:
    made = [pairwise("a", 90.0), pairwise("b", 20.0)]
    bare = [e.model_copy(update={"replicates": {}, "digest": e.judge.name}) for e in made]
    assert ranks(table(bare)) | {"a": 1, "b": 1} == ranks(table(bare))


def test_contradicting_entries_are_not_ranked() -> None:
    one, other = entry("a", 80.0), entry("a", 80.0, change={"null": {"p_value": 0.5}})
    found = table([one, other, entry("b")])
    assert [r.name for r in found.apart] == ["a", "a"]
    assert all(r.unranked.startswith("disputed: ") for r in found.apart)
    assert "validity.chance_p" in found.apart[0].unranked


def test_what_is_left_out_or_disputed_is_said_once_for_all() -> None:
    entries = [entry("a"), entry("a", status="incomplete", scored=3)]
    (remark,) = leaderboard(entries).remarks
    assert remark.startswith("1 incomplete run is left out")


def test_two_hundred_judges_are_placed_in_order() -> None:
    found = table(many(200))
    places = [r.standing.place for r in found.ranked if r.standing]
    assert places == sorted(places)
    scores = [r.score or 0.0 for r in found.ranked]
    assert scores == sorted(scores, reverse=True)


def test_a_judge_that_was_not_shown_to_read_is_marked_and_keeps_its_rank() -> None:
    counts = entry("b", 95.0, change={"figures/reads": -0.02})
    unknown = entry("c", 85.0, change={"figures/reads": None})
    found = table([entry("a", 90.0), counts, unknown, entry("baseline:lexical", 71.7)])
    assert {n: row(found, n).reading for n in "abc"} == {
        "a": "",
        "b": "does not read",
        "c": "reading not shown",
    }
    assert row(found, "b").remark == "does not read"
    assert ranks(found)["b"] == 1


def test_baselines_carry_no_mark() -> None:
    floor = entry("baseline:lexical", 71.7, kind="baseline", change={"figures/reads": -0.2})
    assert row(table([entry("a"), floor]), "baseline:lexical").reading == ""


def test_an_entry_from_before_reading_was_measured_stays_readable_and_ranked() -> None:
    known = entry("old", 90.0).to_json()
    known["validity"] = {k: v for k, v in known["validity"].items() if k != "reads"}
    known["validity"] = {k: v for k, v in known["validity"].items() if "damage" not in k}
    known["digest"] = digest_of(known)
    old = read_line(canonical(known))
    found = table([old, entry("new", 60.0)])
    assert row(found, "old").reading == "reading not shown"
    assert ranks(found)["old"] == 1
    # The same verdicts scored today say more, and nothing else.
    assert differences(old, entry("old", 90.0)) == ()


def test_a_margin_has_its_interval() -> None:
    (column,) = [c for c in COLUMNS if c.key == "damage_margin"]
    shown = row(table([entry("a")]), "a")
    assert column.print(column.value(shown)) == "+24.0"
    assert column.print_ends(shown) == "+17.0 to +31.0"
    assert column.print_ends(row(table([entry("a")]), "baseline:lexical")) == ""


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.4778, "incomplete: 47.7% of the tournaments judged"),
        (0.9999, "incomplete: 99.9% of the tournaments judged"),
        (1.0, "incomplete: not all matches have a verdict"),
    ],
)
def test_an_incomplete_tournament_is_marked_with_its_matches(share: float, said: str) -> None:
    change = {
        "fingerprint/protocol": {"name": "pairwise-logprob", "tournament": {"option": "isolated"}},
        "coverage/share": share,
    }
    lacking = entry("b", 90.0, mode="pairwise", status="incomplete", change=change)
    assert row(table([lacking]), "b").unranked == said
