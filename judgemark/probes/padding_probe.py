"""Padding: a paragraph that adds nothing, in the middle of the piece.

The paragraphs are English and speak of nothing in particular. They have no tense and no person of
their own, so that they contradict no story. A piece in another language is left out, because there
the judge would rightly object to the change of language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from judgemark.damage.passage import split_passage
from judgemark.probes.probe_arm import NotAsked, reads_as_english

if TYPE_CHECKING:
    import numpy as np

PARAGRAPHS = (
    "There are days like this one, and there are other days. Some are longer and some are "
    "shorter, and each of them comes after the one before it. Time goes by in the usual way, one "
    "minute and then the next, and the things in a place tend to stay where they are until "
    "something moves them.",
    "A thing like this has a beginning, and it has an end, and between the two there is the part "
    "that lies in the middle. Much the same can be said of other things. There is a time before "
    "and a time after, and whatever is not in the one is usually in the other.",
    "The weather is one thing on one day and another thing on the next, and so it goes on through "
    "the year. Morning comes first and then noon, and evening comes later. It is the same for "
    "everyone, more or less, and there is little that can be added to it.",
)


def padded(text: str, rng: np.random.Generator) -> str | NotAsked:
    """Return the piece with one of the paragraphs in the middle, between two of its own.

    It follows the last paragraph of a piece that has only one.
    """
    if not reads_as_english(text):
        return NotAsked("the piece is not in English, as the padding is")
    padding = PARAGRAPHS[int(rng.integers(len(PARAGRAPHS)))]
    passage = split_passage(text)
    count = len(passage.paragraphs)
    if count < 2:
        return f"{text.rstrip()}\n\n{padding}{passage.end}"
    middle = sum(len(p.text + p.after) for p in passage.paragraphs[: count // 2])
    at = len(passage.before) + middle
    return f"{text[:at]}{padding}{passage.paragraphs[count // 2 - 1].after}{text[at:]}"
