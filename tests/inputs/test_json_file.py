"""JSON that users wrote: what is wrong with it is said in one line, with file, place and fix."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import InputError
from judgemark.inputs.json_file import parse_json, place_of, read_json, refuse_half_characters


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes(b"\xef\xbb\xbf" + '{"é": 1}'.encode())
    assert read_json(path) == {"é": 1}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_json(tmp_path / "no.json")
    assert str(caught.value) == f"{tmp_path / 'no.json'}: no such file; check the path"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder, not a file; name the file in it"):
        read_json(tmp_path)


def test_a_path_through_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"cannot be read .*; check the path"):
        read_json(tmp_path / "file" / "s.json")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text("{}")
    path.chmod(0)
    with pytest.raises(InputError, match=r"Permission denied.*; check the path and its permi"):
        read_json(path)


def test_another_encoding_is_named_with_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_bytes('{"a": "é"}'.encode("latin-1"))
    with pytest.raises(InputError, match=r"s\.json: byte 7: is not UTF-8; save it as UTF-8"):
        read_json(path)


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("", "line 1, column 1", "is not JSON (Expecting value)"),
        ('{"a": 1,\n "b"}', "line 2, column 5", "is not JSON (Expecting ':' delimiter)"),
        ("[1, 2", "line 1, column 6", "is not JSON (Expecting ',' delimiter)"),
        ("{'a': 1}", "line 1, column 2", "is not JSON"),
        ('{"b": 1, "b": 3}', '"b"', "the key occurs twice in one object"),
        ('[0, {"a": {"b": 1, "c": 2, "b": 3}}]', '[1] > "a" > "b"', "the key occurs twice"),
        ('{"a": {"b": 1, "b": 3}, "a": 1}', '"b"', "the key occurs twice in one object"),
        ('{"a": NaN}', "line 1, column 7", "NaN is not JSON"),
        ('["NaN",\n -Infinity]', "line 2, column 2", "-Infinity is not JSON"),
        ('{"1e999 \\" 1e999":\n1e999}', "line 2, column 1", "1e999 is too large a number"),
        ("[" + "9" * 5000 + "]", "line 1, column 2", "holds a number of too many digits"),
        ("[" * 100_000, "", "is nested too deeply to be read"),
    ],
)
def test_invalid_json_is_reported_with_its_place(text: str, place: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_json(text, "f.json")
    assert (caught.value.place, caught.value.path) == (place, Path("f.json"))
    assert caught.value.problem.startswith(problem)
    assert "\n" not in str(caught.value)


def test_the_same_key_in_two_objects_is_fine() -> None:
    assert parse_json('[{"a": 1}, {"a": 2}]', "f.json") == [{"a": 1}, {"a": 2}]


def test_other_programs_nan_can_be_read_as_null() -> None:
    text = '{"tau": NaN, "f": Infinity, "n": 1.5}'
    assert parse_json(text, "f", nan_as_null=True) == {"tau": None, "f": None, "n": 1.5}


def test_a_place_reads_like_a_path() -> None:
    assert place_of(("ann", "samples", "1")) == '"ann" > "samples" > "1"'
    assert place_of(("criteria", 3, "name")) == '"criteria" > [3] > "name"'


def test_half_a_surrogate_pair_is_refused_and_named() -> None:
    refuse_half_characters("whole: 😀", "f", "here")
    with pytest.raises(InputError, match=r"f: here: has half of a surrogate pair, '\\ud83d'"):
        refuse_half_characters("half: \ud83d", "f", "here")


@given(st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_is_json_or_an_input_error_in_one_line(text: str) -> None:
    try:
        parse_json(text, "f.json")
    except InputError as exc:
        assert str(exc).startswith("f.json")
