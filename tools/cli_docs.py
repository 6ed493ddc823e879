"""Writes docs/cli.md, the help of every command; `--check` says whether it is as it should be."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from judgemark.cli.flags import COMMANDS, parser

PAGE = Path(__file__).resolve().parents[1] / "docs" / "cli.md"
_COLUMNS = "100"

_HEAD = """# Commands and flags

Made from the program's own help by `make docs`; do not edit it by hand. `judgemark` is the
installed command; `python judgemark.py` in a checkout and `python -m judgemark` are the same
program. A command that begins with a flag is the main job, `judgemark judge`.
"""


def help_text(command: str | None) -> str:
    """The help of one command, or of the whole program for None, as `judgemark` prints it."""
    before = os.environ.get("COLUMNS"), sys.argv
    try:
        os.environ["COLUMNS"], sys.argv = _COLUMNS, ["judgemark"]
        return parser(command).format_help()
    finally:
        sys.argv = before[1]
        if before[0] is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before[0]


def page() -> str:
    """The whole page."""
    parts = [_HEAD, f"```\n{help_text(None)}```\n"]
    for name in COMMANDS:
        parts.append(f"## {name}\n\n```\n{help_text(name)}```\n")
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    """Write, or check; 1 where the check fails."""
    now = PAGE.read_text("utf-8") if PAGE.exists() else ""
    new = page()
    if arguments == ["--check"]:
        if new != now:
            print("docs/cli.md: the help texts are out of date; run: make docs")
        return int(new != now)
    PAGE.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
