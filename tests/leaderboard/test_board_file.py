"""Board files: adding, reading, damage, and merging by concatenation."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import InputError, UsageError
from judgemark.leaderboard.board_entry import Entry, canonical, digest_of, read_line
from judgemark.leaderboard.board_file import Appended, append, counted, merged, read_board
from judgemark.leaderboard.entry_comparison import differences
from judgemark.leaderboard.signatures import FIRST_LINE
from tests.leaderboard.board_data import composed, entry


def remade(made: Entry, **change: object) -> Entry:
    """An entry with some values replaced and a digest that fits: a forger's work."""
    data = {**made.to_json(), **change}
    return read_line(canonical({**data, "digest": digest_of(data)}))


def with_score(made: Entry, score: float) -> Entry:
    cards = made.to_json()["scorecards"]
    cards["v4"]["raw"]["score"] = score
    return remade(made, scorecards=cards)


def test_entries_are_added_once(tmp_path: Path) -> None:
    board = tmp_path / "deep" / "board.jsonl"
    assert append(board, entry("a"))
    assert append(board, entry("b"))
    assert not append(board, entry("a"))
    found = read_board(board)
    assert [e.judge.name for e in found.entries] == ["a", "b"]
    assert found.unusable == ()


def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    board = tmp_path / "board.jsonl"
    entries = [entry(f"judge-{n}") for n in range(16)]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda e: append(board, e), entries))
    assert {e.digest for e in read_board(board).entries} == {e.digest for e in entries}


def test_boards_merge_by_concatenation(tmp_path: Path) -> None:
    ours, theirs, both = (tmp_path / name for name in ("a.jsonl", "b.jsonl", "c.jsonl"))
    append(ours, entry("a"))
    append(ours, entry("b"))
    append(theirs, entry("b"))
    append(theirs, entry("c"))
    both.write_bytes(ours.read_bytes() + theirs.read_bytes())
    assert len(read_board(both).entries) == 4
    assert [e.judge.name for e in merged(read_board(both).entries).entries] == ["a", "b", "c"]


def test_damaged_lines_are_named_and_the_others_used(tmp_path: Path) -> None:
    board = tmp_path / "board.jsonl"
    lines = [
        entry("a").line().encode(),
        b"",
        entry("b").line().replace('"score":80.0', '"score":99.0', 1).encode(),
        b"\xff\xfe",
        entry("c").line()[:200].encode(),
        b"\xef\xbb\xbf" + entry("d").line().encode() + b"\r",
    ]
    board.write_bytes(b"\n".join(lines))
    found = read_board(board)
    assert [e.judge.name for e in found.entries] == ["a", "d"]
    assert [(line.path, line.line) for line in found.unusable] == [
        (board, 3),
        (board, 4),
        (board, 5),
    ]
    problems = [line.problem for line in found.unusable]
    for problem, word in zip(problems, ("digest", "UTF-8", "JSON"), strict=True):
        assert word in problem
    assert counted(board) == (2, found.unusable)


def test_lines_that_another_program_laid_out_are_counted_too(tmp_path: Path) -> None:
    board = tmp_path / "board.jsonl"
    board.write_text(json.dumps(entry("a").to_json()) + "\n" + entry("b").line() + "\n")
    assert [e.judge.name for e in read_board(board).entries] == ["a", "b"]
    assert counted(board) == (2, ())


def test_an_entry_is_found_among_others_to_get_its_signature(tmp_path: Path) -> None:
    board = tmp_path / "board.jsonl"
    for name in "abc":
        append(board, entry(name))
    before = board.read_bytes().split(b"\n")
    signed = entry("b").signed([f"{FIRST_LINE}\nU1NI\n-----END SSH SIGNATURE-----"])
    assert append(board, signed) is Appended.SIGNED
    after = board.read_bytes().split(b"\n")
    assert [old == new for old, new in zip(before, after, strict=True)] == [
        True, False, True, True,
    ]  # fmt: skip
    assert read_board(board).entries[1] == signed
    assert counted(board) == (3, ())
    assert append(board, entry("b")) is Appended.UNCHANGED


def test_a_changed_signed_line_is_a_loss(tmp_path: Path) -> None:
    board = tmp_path / "board.jsonl"
    signed = entry("b").signed([f"{FIRST_LINE}\nU1NI\n-----END SSH SIGNATURE-----"])
    board.write_text(signed.line().replace('"score":80.0', '"score":99.0', 1) + "\n")
    count, (line,) = counted(board)
    assert count == 0
    assert "digest" in line.problem


def test_a_torn_last_line_is_kept_apart_from_what_is_added(tmp_path: Path) -> None:
    board = tmp_path / "board.jsonl"
    board.write_bytes(entry("a").line().encode() + b'\n{"torn')
    assert append(board, entry("b"))
    found = read_board(board)
    assert [e.judge.name for e in found.entries] == ["a", "b"]
    assert [line.line for line in found.unusable] == [2]


def test_a_board_that_is_not_there_or_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_board(tmp_path / "no.jsonl")
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="cannot be written"):
        append(tmp_path / "file" / "board.jsonl", entry("a"))


def test_the_same_run_under_another_name_or_version_is_one_row() -> None:
    made = entry("a")
    copied = remade(made, run_id="copied-folder")
    newer = remade(made, program={"name": "judgemark", "version": "0.2.0"})
    (only,) = merged([made, copied, newer]).entries
    assert only == newer


def test_figures_of_the_same_verdicts_that_differ_are_disputed() -> None:
    made = entry("a")
    found = merged([made, with_score(made, 99.0), entry("b")])
    assert len(found.entries) == 3
    assert len(found.disputed) == 2
    assert set(found.disputed.values()) == {"scorecards.v4.raw.score"}


def test_two_askings_that_gave_the_same_verdicts_are_two_rows_and_no_dispute() -> None:
    made = entry("a")
    usage = {**made.to_json()["usage"], "seconds_per_item": 9.5, "cost": None}
    dataset = {**made.to_json()["dataset"], "name": "a copy of the samples"}
    again = remade(made, run_id="again", usage=usage, dataset=dataset)
    copied = remade(again, run_id="copied-folder")
    found = merged([made, again, copied])
    assert found.disputed == {}
    assert sorted(e.usage.seconds_per_item or 0 for e in found.entries) == [
        made.usage.seconds_per_item,
        9.5,
    ]
    # A figure that differs is disputed as ever.
    assert set(merged([made, with_score(again, 99.0)]).disputed.values()) == {
        "scorecards.v4.raw.score"
    }


def test_a_floor_that_was_run_twice_is_one_row() -> None:
    made = entry("baseline:length")
    judge = {**made.to_json()["judge"], "kind": "baseline"}
    usage = {**made.to_json()["usage"], "seconds_per_item": 9.5}
    found = merged([remade(made, judge=judge), remade(made, judge=judge, usage=usage)])
    assert (len(found.entries), found.disputed) == (1, {})


def test_the_last_digit_is_no_dispute() -> None:
    made = entry("a")
    found = merged([made, with_score(made, 80.000001)])
    assert len(found.entries) == 1
    assert found.disputed == {}


def test_an_unfinished_run_gives_way_to_the_whole_one_of_its_judge() -> None:
    part = entry("a", status="incomplete", scored=900)
    found = merged([part, entry("a"), entry("b", status="incomplete", scored=900)])
    assert [(e.judge.name, e.coverage.status) for e in found.entries] == [
        ("a", "complete"),
        ("b", "incomplete"),
    ]
    assert found.superseded == 1


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(6)))
def test_merging_does_not_depend_on_the_order(order: list[int]) -> None:
    made = entry("a")
    listed = [
        made,
        with_score(made, 99.0),
        remade(made, run_id="z"),
        entry("b"),
        entry("b"),
        entry("c", status="limited", asked=10, scored=10),
    ]
    assert merged([listed[n] for n in order]) == merged(listed)


def test_differences_are_told_figure_by_figure() -> None:
    made = entry("a")
    assert differences(made, made) == ()
    assert differences(with_score(made, 99.0), made) == (
        "scorecards.v4.raw.score: 99.0 stated, 80.0 found",
    )
    cheap = remade(made, usage={**made.to_json()["usage"], "cost": 0.01})
    assert differences(cheap, made) == ("usage.cost: 0.01 stated, 0.5 found",)
    rows = made.to_json()["replicates"]
    rows["v4"][3] += 50
    rows["v4"][4] += 1  # within the rounding
    assert differences(remade(made, replicates=rows), made) == ("replicates.v4: 1 of 200 differ",)


def test_another_seed_is_another_entry_and_not_a_dispute() -> None:
    assert merged([entry("a"), entry("a", seed=1)]).disputed == {}
    assert composed("a", seed=1).result["seed"] == 1


def test_a_figure_that_only_one_version_knows_is_no_dispute() -> None:
    known = entry("a")
    plain = known.to_json()
    plain["validity"] = {**plain["validity"], "a_later_figure": 0.5}
    later = Entry.model_validate({**plain, "digest": digest_of(plain)})
    assert merged([known, later]).disputed == {}


def test_reasons_and_warnings_in_other_words_are_no_dispute() -> None:
    made = remade(entry("a"), reasons={"v2.score": "too few writers"}, warnings=("one",))
    reworded = remade(made, reasons={"v2.score": "fewer than two writers"}, warnings=("another",))
    assert merged([made, reworded]).disputed == {}
    assert differences(remade(made, warnings=()), made)  # a warning that was taken out
    assert differences(remade(made, reasons={}), made)
