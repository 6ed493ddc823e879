"""docs/cli.md has the help of every command, as the program prints it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from judgemark.cli.flags import COMMANDS
from tools import cli_docs


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="argparse of 3.13 lays help out otherwise")
def test_the_page_has_the_help_of_today() -> None:
    assert cli_docs.main(["--check"]) == 0


def test_every_command_has_a_section() -> None:
    page = cli_docs.page()
    for name in COMMANDS:
        assert f"\n## {name}\n" in page
        assert f"usage: judgemark {name} " in page


def test_an_outdated_page_is_reported_and_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli_docs, "PAGE", tmp_path / "cli.md")
    assert cli_docs.main(["--check"]) == 1
    assert "make docs" in capsys.readouterr().out
    assert cli_docs.main([]) == 0
    assert cli_docs.main(["--check"]) == 0
