"""A journal's line: read back as it was written, and bounded in its numbers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.bounds import LARGEST_COUNT, LARGEST_NUMBER
from judgemark.records import (
    Class,
    Failure,
    LetterLogprobs,
    Reply,
    Usage,
    Verdict,
)
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.journal_line import read_line
from judgemark.run.stored_lines import DamagedLineError
from tests.support.entries import entry

names = st.text(max_size=12)
numbers = st.floats(-LARGEST_NUMBER, LARGEST_NUMBER)
counts = st.integers(0, LARGEST_COUNT)
costs = st.floats(0, LARGEST_NUMBER)
verdicts = st.builds(
    Verdict,
    st.sampled_from([Class.OK, Class.PARTIAL]),
    st.none() | st.dictionaries(names, numbers, max_size=4),
    st.none() | numbers,
    st.none() | st.floats(0, 1),
)
failures = st.builds(Failure, st.sampled_from([c for c in Class if not c.good]), names)
letters = st.builds(
    LetterLogprobs, numbers, numbers, names, st.booleans(), st.booleans(), st.tuples(names)
)
replies = st.builds(
    Reply, names, st.none() | names, st.none() | names, st.none() | names,
    logprobs=st.none() | letters, adapted=st.tuples(names),
)  # fmt: skip
entries = st.builds(
    entry,
    names,
    outcome=verdicts | failures,
    reply=st.none() | replies,
    first_class=st.none() | st.sampled_from(Class),
    place=st.none() | st.tuples(names, names),
    texts=st.dictionaries(names, names, max_size=3),
    usage=st.builds(Usage, st.none() | counts, st.none() | counts, st.none() | costs),
)


@given(entries)
@settings(max_examples=150, deadline=None)
def test_an_entry_reads_back_as_it_was(made: JournalEntry) -> None:
    raw = json.dumps(made.to_json(), ensure_ascii=False, allow_nan=False)
    assert read_line(raw.encode("utf-8", "backslashreplace")).entry() == made


def with_number(place: tuple[str, ...], digits: str) -> bytes:
    """A line with these digits at a place, as they stand."""
    line: dict[str, Any] = entry().to_json() | {"value": 1.0, "preference": 0.5}
    inner = line
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = "HERE"
    return json.dumps(line).replace('"HERE"', digits).encode()


ABSURD = ["1e308", "-1e308", "1e999", "9" * 400, "9" * 5000, "1000000000000001"]


@pytest.mark.parametrize("digits", ABSURD)
@pytest.mark.parametrize("name", ["prompt_tokens", "completion_tokens", "cost"])
def test_an_absurd_number_of_tokens_counts_as_not_reported(name: str, digits: str) -> None:
    line = read_line(with_number(("usage", name), digits))
    assert getattr(line.entry().usage, name) is None
    assert line.set_aside == (f'"usage" > "{name}"',)
    assert line.outcome() == Verdict(Class.OK, {"Wit": 7.0}, 1.0, 0.5)


@pytest.mark.parametrize("digits", ABSURD)
def test_an_absurd_score_is_left_out_and_the_others_stay(digits: str) -> None:
    line = read_line(with_number(("scores", "Pace"), digits))
    assert line.outcome() == Verdict(Class.OK, {"Wit": 7.0}, 1.0, 0.5)
    assert line.set_aside == ('"scores" > "Pace"',)


@pytest.mark.parametrize("name", ["value", "preference"])
@pytest.mark.parametrize("digits", ABSURD)
def test_a_verdict_that_rests_on_an_absurd_number_is_a_failure(name: str, digits: str) -> None:
    outcome = read_line(with_number((name,), digits)).outcome()
    assert outcome == Failure(Class.UNPARSEABLE, f"its {name} is out of bounds")


@pytest.mark.parametrize("digits", ABSURD)
@pytest.mark.parametrize("name", ["attempts", "seconds"])
def test_absurd_times_and_attempts_do_not_spoil_the_line(name: str, digits: str) -> None:
    line = read_line(with_number((name,), digits))
    assert 0 <= getattr(line, name) <= 1
    assert line.outcome().cls.good


@pytest.mark.parametrize("digits", ["-0.001", "1.001", "-5", "1e15"])
def test_a_preference_that_is_no_probability_is_a_failure(digits: str) -> None:
    outcome = read_line(with_number(("preference",), digits)).outcome()
    assert outcome == Failure(Class.UNPARSEABLE, "its preference is out of bounds")


@pytest.mark.parametrize(("place", "found"), [(("usage", "cost"), None), (("seconds",), 0.0)])
def test_nothing_costs_or_takes_less_than_nothing(place: tuple[str, ...], found: object) -> None:
    line = read_line(with_number(place, "-0.5"))
    assert {"cost": line.usage.cost, "seconds": line.seconds}[place[-1]] == found
    assert line.outcome().cls.good


def test_an_absurd_usage_is_not_written_either() -> None:
    usage = Usage(10**400, -1, float("inf"))
    assert set(entry(usage=usage).to_json()["usage"].values()) == {None}


@pytest.mark.parametrize("digits", ["NaN", "Infinity", "true", '"7"', "[7]", "1.5.2"])
@pytest.mark.parametrize("place", [("usage", "cost"), ("scores", "Wit"), ("value",), ("attempts",)])
def test_what_is_no_number_at_all_is_damage(place: tuple[str, ...], digits: str) -> None:
    with pytest.raises(DamagedLineError):
        read_line(with_number(place, digits))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
)


@given(field=st.sampled_from(sorted(entry().to_json())), value=json_values)
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_a_field_it_is_read_or_called_damaged(field: str, value: Any) -> None:
    line = entry().to_json() | {field: value}
    try:
        found = read_line(json.dumps(line).encode())
    except DamagedLineError:
        return
    found.entry()


@given(raw=st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_called_damaged(raw: bytes) -> None:
    with pytest.raises(DamagedLineError):
        read_line(raw)
