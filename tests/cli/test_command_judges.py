"""`judges` lists what the registry holds."""

from __future__ import annotations

import pytest

from judgemark.cli import main
from judgemark.judges.registry import judge_kinds
from judgemark.setting_names import flag_of


def test_every_kind_is_listed_with_its_modes_and_options(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["judges"]) == 0
    told = capsys.readouterr().out
    for kind in judge_kinds().values():
        assert kind.form in told
        assert all(flag_of(option.name) in told for option in kind.options)
    assert "rubric (default), pairwise" in told
