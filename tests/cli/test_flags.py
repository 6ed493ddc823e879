"""What the help calls the program."""

from __future__ import annotations

import sys

import pytest

from judgemark.cli.flags import parser


@pytest.mark.parametrize(
    ("started", "typed"),
    [
        ("/somewhere/bin/judgemark", "judgemark"),
        ("judgemark.py", "python judgemark.py"),
        ("/site-packages/judgemark/__main__.py", "python -m judgemark"),
    ],
)
def test_the_help_names_the_program_as_it_was_started(
    started: str, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [started])
    assert parser(None).format_help().startswith(f"usage: {typed} ")
    assert parser("score").prog == f"{typed} score"
