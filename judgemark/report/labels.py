"""Labels for names from outside in a chart: printable, wrapped and distinct."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

Measure = Callable[[str], float]
"""The width of one line of text."""

UNDRAWABLE = "□"
ELLIPSIS = "…"
LONGEST_NAME = 160
"""Specs of programs are long; what is beyond this was made to fill a page."""
BREAK_AFTER = " -/_:.,)]"
JOINERS = "\u200c\u200d"
"""The two invisible characters that say whether neighbouring letters join."""

HIDDEN_CATEGORIES = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")


def printable(name: str) -> str:
    """Return the name on one line, without control, direction and unassigned characters.

    White space becomes single blanks; a name of which nothing remains becomes "(no name)".
    """
    shown = "".join(
        " " if c.isspace() else c
        for c in name
        if c.isspace() or c in JOINERS or unicodedata.category(c) not in HIDDEN_CATEGORIES
    )
    return " ".join(shown.split()) if shown.strip(f" {JOINERS}") else "(no name)"


def short_name(name: str) -> str:
    """Return a name from outside for a page; the middle of a very long one becomes an ellipsis.

    A name of which nothing can be seen becomes "(no name)".
    """
    if not name.strip():
        return "(no name)"
    if len(name) <= LONGEST_NAME:
        return name
    tail = LONGEST_NAME * 2 // 5
    return name[: LONGEST_NAME - tail] + ELLIPSIS + name[len(name) - tail :]


def fit(text: str, width: float, lines: int, measure: Measure) -> str:
    """Return the text wrapped to at most `lines` lines (joined by newlines) no wider than `width`.

    The middle of a text that does not fit becomes an ellipsis, since names often differ at the end.
    """
    wrapped = _wrap(text, width, measure)
    if len(wrapped) <= lines:
        return "\n".join(wrapped)
    kept_too_few, kept_too_many = 1, len(text)
    best = [ELLIPSIS]
    while kept_too_many - kept_too_few > 1:
        kept = (kept_too_few + kept_too_many) // 2
        tail = kept * 2 // 5
        wrapped = _wrap(text[: kept - tail] + ELLIPSIS + text[len(text) - tail :], width, measure)
        if len(wrapped) <= lines:
            best, kept_too_few = wrapped, kept
        else:
            kept_too_many = kept
    return "\n".join(best)


def chart_labels(
    names: Sequence[str],
    width: float,
    lines: int,
    measure: Measure,
    drawable: Callable[[str], bool],
) -> tuple[str, ...]:
    """Return a label for each name, no two alike, in the order of the names.

    Characters that no font at hand can draw become boxes. Labels with boxes, and labels that
    would be the same, begin with their number in this order (1, 2, ...).
    """
    plain = [printable(name) for name in names]
    boxed = ["".join(c if drawable(c) else UNDRAWABLE for c in name) for name in plain]
    labels = [fit(name, width, lines, measure) for name in boxed]
    times = Counter(labels)
    return tuple(
        fit(f"#{n} {boxed[n - 1]}", width, lines, measure)
        if times[label] > 1 or boxed[n - 1] != plain[n - 1]
        else label
        for n, label in enumerate(labels, 1)
    )


def shortened(names: Sequence[str], labels: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return (label on one line, full name) of each name that its label shortens."""
    pairs = []
    for name, label in zip(names, labels, strict=True):
        if label.replace("\n", "").replace(" ", "") != name.replace(" ", ""):
            pairs.append((label.replace("\n", ""), name))
    return tuple(pairs)


def _wrap(text: str, width: float, measure: Measure) -> list[str]:
    lines = []
    rest = text
    while rest:
        cut = _longest_prefix(rest, width, measure)
        if cut < len(rest):
            good = max(
                (n for n in range(cut // 3 + 1, cut + 1) if rest[n - 1] in BREAK_AFTER), default=cut
            )
            cut = good
        lines.append(rest[:cut].strip())
        rest = rest[cut:].lstrip()
    return lines


def _longest_prefix(text: str, width: float, measure: Measure) -> int:
    """Return how many characters fit, but at least one, so that wrapping ends."""
    if measure(text) <= width:
        return len(text)
    fits, too_long = 1, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if measure(text[:middle]) <= width:
            fits = middle
        else:
            too_long = middle
    return fits
