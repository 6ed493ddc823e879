"""Outside data that does not fit is named by its place, in the words of JSON."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, StrictBool, StrictStr, TypeAdapter

from judgemark.errors import InputError
from judgemark.inputs.bounded_types import Count, Number
from judgemark.inputs.samples import sample_set
from judgemark.inputs.validation import validated


class Piece(BaseModel):
    text: StrictStr
    score: Number = 0.0
    count: Count = 0
    share: Annotated[Number, Field(ge=0, le=1)] = 0.0
    good: StrictBool = True
    names: list[str] = []


PIECES = TypeAdapter(dict[str, Piece])


@pytest.mark.parametrize(
    ("data", "place", "problem"),
    [
        (3, "", "is a number, not an object"),
        ({"a": []}, '"a"', "is an array, not an object"),
        ({"a": {}}, '"a" > "text"', "is missing"),
        ({"a": {"text": None}}, '"a" > "text"', "is null, not a string"),
        ({"a": {"text": "", "score": "7"}}, '"a" > "score"', "is a string, not a number"),
        ({"a": {"text": "", "score": 1e308}}, '"a" > "score"', "out of bounds"),
        ({"a": {"text": "", "score": 10**400}}, '"a" > "score"', "out of bounds"),
        ({"a": {"text": "", "count": -1}}, '"a" > "count"', "out of bounds"),
        ({"a": {"text": "", "count": 1.5}}, '"a" > "count"', "not whole"),
        ({"a": {"text": "", "share": 1.01}}, '"a" > "share"', "less than or equal to 1"),
        ({"a": {"text": "", "good": 1}}, '"a" > "good"', "is a number, not true or false"),
        ({"a": {"text": "", "names": "b"}}, '"a" > "names"', "is a string, not an array"),
    ],
)
def test_the_first_place_that_does_not_fit_is_named(data: Any, place: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        validated(PIECES, data, "p.json", fix="the format is ...")
    assert caught.value.place == place
    assert problem in caught.value.problem


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["ann", "samples", "1", "7", "provenance"]), inner)
    ),
    max_leaves=12,
)


@given(json_values)
@settings(max_examples=200, deadline=None)
def test_whatever_a_samples_file_holds_it_is_read_or_refused(data: Any) -> None:
    try:
        found = sample_set(data, "s.json", "s")
    except InputError as exc:
        assert str(exc).startswith("s.json")
        return
    assert sample_set(found.to_json(), "s.json", "s") == found
