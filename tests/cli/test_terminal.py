"""What a terminal shows: columns under one another in any script, and nothing that does harm."""

from __future__ import annotations

import pytest

from judgemark.cli.terminal import clean, columns_of, table


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Jürgen", 6),
        ("田中さくら", 10),
        ("ﾆｭｰﾗﾙ", 5),
        ("سلمى", 4),
        ("e\u0301", 1),
        ("می\u200cروم", 5),
        ("（点）", 6),
    ],
)
def test_wide_characters_take_two_columns_and_marks_none(text: str, columns: int) -> None:
    assert columns_of(text) == columns


def test_the_second_column_begins_at_the_same_place_for_names_in_any_script() -> None:
    assert table([("田中", "1"), ("Bea", "2"), ("سلمى", "3")]) == (
        "  田中  1\n  Bea   2\n  سلمى  3"
    )


def test_joiners_are_shown_and_other_format_characters_are_escaped() -> None:
    assert clean("می\u200cروم") == "می\u200cروم"
    assert clean("a\u202eb\x1b") == "a\\u202eb\\x1b"
