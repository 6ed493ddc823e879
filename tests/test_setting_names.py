"""A message names a setting once; who prints it decides how the reader knows it."""

from __future__ import annotations

import pytest

from judgemark.cli.failures import words_for
from judgemark.cli.terminal import warn
from judgemark.errors import InputError, UsageError
from judgemark.setting_names import as_flags, as_keywords

MARKED = "‹max_cost› 2 is below ‹k_factor›; ‹Not a setting› and 3‹4 stay"


def test_the_command_line_shows_flags_and_the_library_keywords() -> None:
    assert as_flags(MARKED) == "--max-cost 2 is below --k-factor; ‹Not a setting› and 3‹4 stay"
    assert as_keywords(MARKED) == "max_cost 2 is below k_factor; ‹Not a setting› and 3‹4 stay"


def test_an_error_is_read_with_keywords_and_printed_with_flags(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = UsageError("‹max_cost›: no price is known; give ‹price_in›")
    assert str(error) == "max_cost: no price is known; give price_in"
    warn(words_for(error))
    assert capsys.readouterr().err == "--max-cost: no price is known; give --price-in\n"


def test_the_fix_for_a_file_may_name_a_setting_too() -> None:
    error = InputError("s.json", "holds no piece", fix="name another with ‹samples_file›")
    assert str(error) == "s.json: holds no piece; name another with samples_file"
    assert as_flags(error.message).endswith("name another with --samples-file")
