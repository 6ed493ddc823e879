"""Criteria: the same criteria in another order.

The order is changed where the prompt lists its criteria one to a line. Lines change places only
within a list that stands together, because prompts list good and bad qualities under headings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from judgemark.probes.probe_arm import AskedPrompts, NotAsked
from judgemark.records import Criterion
from judgemark.table.item_scores import fold_name

if TYPE_CHECKING:
    import numpy as np

    from judgemark.inputs.prompts import PromptSet

NO_CRITERIA = "no criteria file names the criteria, so that their order cannot be changed"
NO_LISTS = "the prompt does not list every criterion once, one to a line"

_LINE = re.compile(r"(?P<mark>\s*(?:[-*•]\s+|\d+[.)]\s+)?)(?P<text>.*)", re.DOTALL)
_END_OF_NAME = re.compile(r"\s*[(:–—]|\s+-\s")

Order = Callable[[int, "np.random.Generator"], Sequence[int]]
"""The new order of a list of that many lines, by their old places."""


def _reversed(count: int, rng: np.random.Generator) -> Sequence[int]:
    del rng
    return range(count - 1, -1, -1)


def _shuffled(count: int, rng: np.random.Generator) -> Sequence[int]:
    """Return an order other than the given one, where there is another."""
    order = [int(n) for n in rng.permutation(count)]
    while count > 1 and order == list(range(count)):
        order = [int(n) for n in rng.permutation(count)]
    return order


def criteria_reversed(asked: AskedPrompts) -> PromptSet | NotAsked:
    """Return the prompts with every list of criteria from its last line to its first."""
    return _reordered(asked, _reversed)


def criteria_shuffled(asked: AskedPrompts) -> PromptSet | NotAsked:
    """Return the prompts with every list of criteria in a random order."""
    return _reordered(asked, _shuffled)


def _reordered(asked: AskedPrompts, order: Order) -> PromptSet | NotAsked:
    if asked.rubric.criteria is None:
        return NotAsked(NO_CRITERIA)
    known = {fold_name(criterion.name) for criterion in asked.rubric.criteria}
    state = asked.rng.bit_generator.state
    around = {}
    for item, both in asked.prompts.around.items():
        if not _lists_all(both, known, asked.rubric.criteria):
            return NotAsked(NO_LISTS)
        # Every item has the same order.
        asked.rng.bit_generator.state = state
        before, after = (_moved(text, known, order, asked.rng) for text in both)
        around[item] = (before, after)
    return replace(asked.prompts, around=around)


def _lists_all(both: tuple[str, str], known: set[str], criteria: Sequence[Criterion]) -> bool:
    named = [name for text in both for line in text.split("\n") if (name := _named(line, known))]
    return sorted(named) == sorted(fold_name(criterion.name) for criterion in criteria)


def _named(line: str, known: set[str]) -> str | None:
    """Return the folded criterion that a line begins with, after a bullet or a number."""
    found = _LINE.fullmatch(line)
    name = fold_name(_END_OF_NAME.split(found["text"], maxsplit=1)[0]) if found else ""
    return name if name in known else None


def _moved(text: str, known: set[str], order: Order, rng: np.random.Generator) -> str:
    lines = text.split("\n")
    start = 0
    while start < len(lines):
        stop = start
        while stop < len(lines) and _named(lines[stop], known):
            stop += 1
        if stop - start > 1:
            lines[start:stop] = _in_order(lines[start:stop], order(stop - start, rng))
        start = max(stop, start + 1)
    return "\n".join(lines)


def _in_order(lines: Sequence[str], order: Sequence[int]) -> list[str]:
    """Return the lines in a new order; bullets and numbers stay where they were."""
    parts = [_LINE.fullmatch(line) for line in lines]
    marks = [part["mark"] for part in parts if part]
    texts = [part["text"] for part in parts if part]
    return [mark + texts[place] for mark, place in zip(marks, order, strict=True)]
