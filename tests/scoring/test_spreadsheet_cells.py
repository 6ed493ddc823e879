"""No text from outside becomes a formula in a spreadsheet."""

from __future__ import annotations

import pytest

from judgemark.scoring.spreadsheet_cells import safe_cell


@pytest.mark.parametrize("sign", [*"=+-@|", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\u2212"])
@pytest.mark.parametrize("before", ["", "\ufeff", " ", "\t", "\r\n", "\u200b\ufeff", "\u2060"])
def test_a_text_that_begins_like_a_formula_begins_with_an_apostrophe(
    sign: str, before: str
) -> None:
    text = f'{before}{sign}HYPERLINK("http://x")'
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("value", ["a=1", "openai/gpt-4o", "x - y", "", 1, -2.5, None])
def test_other_values_stay_as_they_are(value: str | float | None) -> None:
    assert safe_cell(value) == value


def test_half_a_character_is_written_as_its_escape() -> None:
    assert safe_cell("Wit \ud800") == "Wit \\ud800"
