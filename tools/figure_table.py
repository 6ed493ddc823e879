"""Puts the table of registered figures into docs/metrics.md; `--check` says whether it is there."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from judgemark.scoring.figures import FIGURES, Figure

PAGE = Path(__file__).resolve().parents[1] / "docs" / "metrics.md"
_BLOCK = re.compile(r"(<!-- figures -->\n).*?(<!-- end -->)", re.DOTALL)


def table(figures: tuple[Figure, ...] = FIGURES) -> str:
    """A Markdown table of all figures, in the registry's order."""
    heads = ("name", "place in `result.json`", "what it is", "unit", "better")
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    for figure in figures:
        names = ", ".join(f"`{name}`" for name in (figure.key, *figure.also))
        cells = (names, f"`{figure.path}`", figure.help, figure.unit.value, figure.better.value)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def with_table(page: str) -> str:
    """The page with the table as the registry gives it now."""
    return _BLOCK.sub(lambda m: m[1] + table() + m[2], page)


def main(arguments: list[str]) -> int:
    """Write, or check; 1 where the check fails."""
    now = PAGE.read_text("utf-8")
    new = with_table(now)
    if arguments == ["--check"]:
        if new != now:
            print("docs/metrics.md: the table of figures is out of date; run: make docs")
        return int(new != now)
    PAGE.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
