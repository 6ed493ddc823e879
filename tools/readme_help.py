"""Puts the commands' help texts into README.md; `--check` says whether they are there already."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
_BLOCK = re.compile(r"(<!-- help: (\S+) -->\n```\n).*?(```\n<!-- end -->)", re.DOTALL)


def help_text(command: str) -> str:
    """The help of one command, or of the whole program for `all`, 80 columns wide."""
    from judgemark.cli.flags import parser

    os.environ["COLUMNS"] = "80"
    return parser(None if command == "all" else command).format_help()


def with_help(readme: str) -> str:
    """The README with every help block as the program prints it now."""
    return _BLOCK.sub(lambda m: m[1] + help_text(m[2]) + m[3], readme)


def main(arguments: list[str]) -> int:
    """Write, or check; 1 where the check fails."""
    now = README.read_text("utf-8")
    new = with_help(now)
    if arguments == ["--check"]:
        if new != now:
            print("README.md: the help texts are out of date; run: make docs")
        return int(new != now)
    README.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
