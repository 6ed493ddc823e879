"""Samples files: what is read, what is refused and where, and which pieces are picked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import InputError, UsageError
from judgemark.inputs.samples import SampleSet, read_samples, sample_set, select, spread
from judgemark.records import Sample


def of(data: Any) -> SampleSet:
    return sample_set(data, "s.json", "s")


def grid(writers: int, iterations: int, items: int) -> SampleSet:
    return of(
        {
            f"w{w}": {
                "samples": {
                    str(t): {f"i{i}": f"{w} {t} {i}" for i in range(items)}
                    for t in range(iterations)
                }
            }
            for w in range(writers)
        }
    )


def test_pieces_are_sorted_and_other_keys_ignored(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    data = {
        "bea": {"samples": {"1": {"7": "B"}}, "temperature": 0.7, "note": None},
        "ann": {"samples": {"2": {"7": "A2"}, "1": {"8": "A18", "7": "A17"}}},
    }
    path.write_text(json.dumps(data), "utf-8-sig")
    found = read_samples(path)
    assert [(s.writer, s.iteration, s.item, s.text) for s in found.samples] == [
        ("ann", "1", "7", "A17"),
        ("ann", "1", "8", "A18"),
        ("ann", "2", "7", "A2"),
        ("bea", "1", "7", "B"),
    ]
    assert found.name == "mine"
    assert (found.writers, found.iterations, found.items) == (
        ("ann", "bea"),
        ("1", "2"),
        ("7", "8"),
    )


def test_the_hash_is_of_the_pieces_not_of_the_layout() -> None:
    one = of({"a": {"samples": {"1": {"x": "1", "y": "2"}}}, "b": {"samples": {"1": {"x": "3"}}}})
    same = of({"b": {"samples": {"1": {"x": "3"}}}, "a": {"samples": {"1": {"y": "2", "x": "1"}}}})
    other = of({"a": {"samples": {"1": {"x": "1", "y": "2"}}}, "b": {"samples": {"1": {"x": "4"}}}})
    moved = of({"a": {"samples": {"1": {"x": "1", "y": "2"}}}, "c": {"samples": {"1": {"x": "3"}}}})
    assert one.sha256 == same.sha256
    assert len({one.sha256, other.sha256, moved.sha256}) == 3


def test_provenance_is_read_as_fields_of_the_piece_and_written_back() -> None:
    data = {
        "ann": {"samples": {"1": {"7": "whole", "8": "other"}}},
        "ann, halved": {
            "samples": {"1": {"7": "who"}},
            "provenance": {
                "1": {"7": {"derived_from": "ann", "kind": "cut", "severity": 0.5, "seed": 3}}
            },
        },
    }
    found = of(data)
    made = next(s for s in found.samples if s.writer == "ann, halved")
    assert (made.derived_from, made.kind, made.severity, made.seed) == ("ann", "cut", 0.5, 3)
    assert all(s.derived_from is None for s in found.samples if s.writer == "ann")
    assert found.to_json() == data


@pytest.mark.parametrize(
    "foreign", ["from the web", None, ["a"], {"source": "web"}, {"1": {"7": 2}}]
)
def test_a_foreign_provenance_key_is_ignored_like_any_other(foreign: object) -> None:
    found = of({"ann": {"samples": {"1": {"7": "text"}}, "provenance": foreign}})
    assert found.samples == (Sample("ann", "1", "7", "text"),)


def test_our_provenance_with_a_wrong_value_is_refused() -> None:
    ours = {"1": {"7": {"severity": "much"}}}
    with pytest.raises(InputError, match=r'"ann" > "provenance" > "1" > "7" > "severity"'):
        of({"ann": {"samples": {"1": {"7": "text"}}, "provenance": ours}})


@pytest.mark.parametrize(
    ("data", "place", "problem"),
    [
        ([], "", "is an array, not an object"),
        ("text", "", "is a string, not an object"),
        ({}, "", "holds no samples"),
        ({"ann": {"samples": {}}}, "", "holds no samples"),
        ({"ann": {"samples": {"1": {}}}}, "", "holds no samples"),
        ({"ann": []}, '"ann"', "is an array, not an object"),
        ({"ann": {}}, '"ann" > "samples"', "is missing"),
        ({"ann": {"samples": []}}, '"ann" > "samples"', "is an array, not an object"),
        ({"ann": {"samples": {"1": "x"}}}, '"ann" > "samples" > "1"', "is a string, not an object"),
        (
            {"ann": {"samples": {"1": {"7": 5}}}},
            '"ann" > "samples" > "1" > "7"',
            "the text is a number, not a string",
        ),
        (
            {"ann": {"samples": {"1": {"7": None}}}},
            '"ann" > "samples" > "1" > "7"',
            "the text is null, not a string",
        ),
        (
            {"ann": {"samples": {"1": {"7": "\ud800"}}}},
            '"ann" > "samples" > "1" > "7"',
            "has half of a surrogate pair, '\\ud800'",
        ),
    ],
)
def test_a_wrong_shape_is_reported_with_its_place(data: Any, place: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        of(data)
    assert (caught.value.place, caught.value.problem) == (place, problem)
    assert caught.value.fix
    assert "\n" not in str(caught.value)


def test_limit_takes_pieces_of_all_writers_and_items() -> None:
    chosen = select(grid(3, 2, 3), limit=3)
    # The walk goes down the diagonal of the grid: each writer once, each item once.
    assert {s.writer for s in chosen} == {"w0", "w1", "w2"}
    assert {s.item for s in chosen} == {"i0", "i1", "i2"}
    assert len(select(grid(3, 2, 3), limit=100)) == 18


@given(st.integers(1, 9), st.integers(1, 3), st.integers(1, 9), st.data())
@settings(max_examples=60, deadline=None)
def test_the_first_pieces_are_spread_evenly_for_any_number_of_them(
    writers: int, iterations: int, items: int, data: st.DataObject
) -> None:
    samples = grid(writers, iterations, items).samples
    order = spread(samples)
    assert sorted(order, key=lambda s: (s.writer, s.iteration, s.item)) == list(samples)
    chosen = order[: data.draw(st.integers(1, len(order)))]
    by_writer = [sum(s.writer == f"w{w}" for s in chosen) for w in range(writers)]
    by_item = [sum(s.item == f"i{i}" for s in chosen) for i in range(items)]
    assert max(by_writer) - min(by_writer) <= 1
    assert max(by_item) - min(by_item) <= 1


def test_writers_and_items_pick_some() -> None:
    chosen = select(grid(3, 2, 3), writers=["w1"], items=["i0", "i2"])
    assert {(s.writer, s.item) for s in chosen} == {("w1", "i0"), ("w1", "i2")}
    assert len(chosen) == 4


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"writers": ["w9"]}, 'writers: no writer "w9" in the samples; there are w0, w1'),
        ({"items": ["9"]}, 'items: no item "9" in the samples; there are i0, i1'),
    ],
)
def test_a_name_that_is_not_there_is_refused(wanted: Any, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        select(grid(2, 1, 2), **wanted)
    assert str(caught.value) == said


def test_iterations_takes_the_first_of_each_writer_in_the_order_of_numbers() -> None:
    samples = of(
        {
            "ann": {"samples": {t: {"7": t} for t in ("10", "2", "1")}},
            "bea": {"samples": {t: {"7": t} for t in ("11", "5")}},
        }
    )
    chosen = select(samples, iterations=2)
    assert {(s.writer, s.iteration) for s in chosen} == {
        ("ann", "1"),
        ("ann", "2"),
        ("bea", "5"),
        ("bea", "11"),
    }
