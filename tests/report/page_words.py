"""What tests read off a page: the words and numbers of a part, not the sentences around them."""

from __future__ import annotations

import re

from judgemark.report.page_table import PagePart, PageTable

# A sign, digits in groups of three, decimals, and a percent sign.
_NUMBER = re.compile(r"(?<![\w.])[+−]?\d+(?:[\u202f ]\d{3})*(?:\.\d+)?%?")


def said(part: PagePart | None) -> str:
    """All that a part says, a row per line, cells parted by bars."""
    assert part is not None
    lines = [part.title, *part.lead]
    for row in part.table.rows if part.table else ():
        lines.append(" | ".join(" / ".join((cell.text, *cell.small)) for cell in row))
    return "\n".join([*lines, *(f"{n}: {v}" for n, v in part.facts), *part.remarks])


def heads(part: PagePart | None) -> list[str]:
    """The heads of a part's table."""
    assert part is not None and isinstance(part.table, PageTable)
    return [column.title.replace("\n", " ") for column in part.table.columns]


def values(part: PagePart | None) -> list[tuple[str, ...]]:
    """The rows of a part's table without the cells that name them."""
    assert part is not None and part.table is not None
    return [tuple(cell.text for cell in row[1:]) for row in part.table.rows]


def names(part: PagePart | None) -> list[str]:
    """The first cell of each row of a part's table, small print included."""
    assert part is not None and part.table is not None
    return [" / ".join((row[0].text, *row[0].small)) for row in part.table.rows]


def numbers(text: str) -> list[str]:
    """The numbers in a text as they are shown, in their order."""
    return _NUMBER.findall(text)
