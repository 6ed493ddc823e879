"""Sections: what stands together, what does not, and what is said of it."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.leaderboard.assembly import leaderboard
from judgemark.leaderboard.board_entry import Entry
from judgemark.leaderboard.sections import Section, sections, shown
from tests.leaderboard.board_data import ITEMS, entry, pairwise, sha


def names(section: Section) -> list[str]:
    return sorted(e.judge.name for e in section.judges)


def changed(name: str, **change: Any) -> Entry:
    paths = {key.replace("__", "/"): value for key, value in change.items()}
    return entry(name, change=paths)


def test_runs_that_were_judged_alike_stand_together() -> None:
    (only,) = sections([entry("a"), entry("b", 70.0)])
    assert names(only) == ["a", "b"]
    assert only.differs == ()
    assert only.beside is None


def test_each_part_of_the_fingerprint_opens_a_section_and_is_named() -> None:
    others = {
        "samples": changed("x", dataset__sha256="ee" * 32),
        "prompts": changed("x", fingerprint__prompts={"sha256": "ee" * 32}),
        "scoring": changed("x", fingerprint__scoring={"min": 0.0, "max": 20.0}),
        "protocol": pairwise("x", 80.0),
        "metric version": changed("x", metric_version="0"),
        "resamples": entry("x", seed=7),
    }
    for part, other in others.items():
        first, second = sections([entry("a"), entry("b"), other])
        assert names(first) == ["a", "b"], part
        assert names(second) == ["x"], part
        assert second.beside == 0
        assert any(told.startswith(f"{part}: ") for told in second.differs), part


def test_the_difference_is_told_in_words() -> None:
    other = changed("x", fingerprint__scoring={"min": 0.0, "max": 20.0, "criteria": None})
    _, second = sections([entry("a"), entry("b"), other])
    assert second.differs == ("scoring: max 20 here, 10 there",)


def test_tournaments_differ_by_field_rounds_and_k() -> None:
    base = [pairwise("a", 80.0), pairwise("b", 70.0)]
    for rule, value, told in (
        ("rounds", 10, "protocol: tournament rounds 10 here, 5 there"),
        ("k_factor", 16.0, "protocol: tournament k factor 16 here, 32 there"),
        ("writers", 12, "protocol: tournament writers 12 here, 10 there"),
    ):
        _, second = sections([*base, pairwise("x", 75.0, **{rule: value})])
        assert second.differs == (told,)


def test_a_section_is_compared_with_the_most_similar_one() -> None:
    rubric = [entry("a"), entry("b"), entry("c")]
    found = sections(
        [*rubric, pairwise("d", 80.0), pairwise("e", 70.0), pairwise("f", 70.0, rounds=9)]
    )
    assert [names(s) for s in found] == [["a", "b", "c"], ["d", "e"], ["f"]]
    assert found[2].beside == 1


def test_the_samples_name_does_not_matter_where_their_digest_is_known() -> None:
    (only,) = sections([entry("a"), changed("b", dataset__name="a copy")])
    assert names(only) == ["a", "b"]


def test_upstream_runs_are_alike_by_file_and_by_what_they_hold() -> None:
    def upstream(name: str, items: list[str], file: str = "s.json") -> Entry:
        return changed(
            name,
            dataset__sha256=None,
            dataset__item_ids=items,
            fingerprint__protocol={"name": "upstream runs file"},
            fingerprint__samples={"file": file},
        )

    (one,) = sections([upstream("a", ITEMS), upstream("b", ITEMS)])
    assert names(one) == ["a", "b"]
    assert len(sections([upstream("a", ITEMS), upstream("b", ITEMS[1:])])) == 2
    assert len(sections([upstream("a", ITEMS), upstream("b", ITEMS, "t.json")])) == 2


def test_a_run_of_some_pieces_stands_with_the_whole_ones_by_itself() -> None:
    part = entry("part", status="limited", asked=100, scored=100)
    (only,) = sections([entry("a"), part])
    assert names(only) == ["a", "part"]
    assert only.parts["pieces"] == "all"


def test_two_runs_of_the_same_pieces_make_a_section() -> None:
    parts = [entry(n, status="limited", asked=100, scored=100) for n in ("p", "q")]
    first, second = sections([entry("a"), entry("b"), entry("c"), *parts])
    assert names(second) == ["p", "q"]
    assert second.differs == ("pieces: only some asked here, all asked there",)
    assert names(first) == ["a", "b", "c"]


def test_floors_stand_in_every_section_of_their_samples() -> None:
    floor = entry("baseline:lexical", kind="baseline")
    other = changed("x", fingerprint__prompts={"sha256": "ee" * 32})
    stranger = changed("y", dataset__sha256="ee" * 32)
    first, *rest = sections([entry("a"), entry("b"), other, stranger, floor])
    assert [f.judge.name for f in first.floors] == ["baseline:lexical"]
    by_name = {names(s)[0]: s for s in rest}
    assert len(by_name["x"].floors) == 1
    assert by_name["y"].floors == ()


def test_floors_of_tournaments_stand_with_tournaments_of_their_rules() -> None:
    rules = pairwise("a", 80.0).fingerprint["protocol"]
    protocol = {**rules, "name": "pairwise-worded"}
    played = entry(
        "baseline:lexical",
        kind="baseline",
        mode="pairwise",
        change={"fingerprint/protocol": protocol},
    )
    direct = entry("baseline:lexical", kind="baseline")
    found = sections([pairwise("a", 80.0), pairwise("b", 70.0, rounds=9), played, direct])
    by_name = {names(s)[0]: s for s in found if s.judges}
    assert by_name["a"].floors == (played,)
    assert by_name["b"].floors == ()
    (alone,) = [s for s in found if not s.judges]
    assert alone.floors == (direct,)


def test_nothing_gives_no_section() -> None:
    assert sections([]) == ()


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_the_entries_does_not_matter(order: list[int]) -> None:
    listed = [
        entry("a"),
        entry("b", 70.0),
        pairwise("c", 60.0),
        entry("d", seed=1),
        entry("e", status="limited", asked=10, scored=10),
        entry("baseline:length", kind="baseline"),
    ]
    found = sections([listed[n] for n in order])
    expected = sections(listed)
    assert [(names(s), s.differs) for s in found] == [(names(s), s.differs) for s in expected]


def test_lists_are_shown_in_words() -> None:
    member = {"name": "rubric", "version": 1}
    assert shown([member, member]) == "2 x (rubric, version 1)"
    assert shown([member, {"name": "function"}]) == "rubric, version 1; function"
    assert shown([]) == "none"


def test_digests_are_shown_short() -> None:
    digest = sha("x")
    assert shown(digest) == digest[:8]
    assert shown(None) == "none"
    assert shown(True) == "yes"
    assert shown(32.0) == "32"


def test_sections_of_one_title_are_numbered() -> None:
    others = [entry(n, change={"fingerprint/prompts": {"sha256": n * 64}}) for n in ("b", "c")]
    titles = [part.title for part in leaderboard([entry("a"), *others]).parts]
    assert titles == ["stories, rubric", "stories, rubric (2)", "stories, rubric (3)"]
