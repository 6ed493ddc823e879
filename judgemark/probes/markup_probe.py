"""Format: headings, bold and a list are added, and no word is changed.

Nothing here depends on the language of the piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from judgemark.damage.passage import Paragraph, Passage, split_passage
from judgemark.probes.probe_arm import NotAsked

if TYPE_CHECKING:
    import numpy as np

HEADINGS = ("## I", "## II", "## III")
FEWEST_SENTENCES = 3


def with_markup(text: str, rng: np.random.Generator) -> str | NotAsked:
    """Return the piece with Markdown: numbered headings, bold openings and one list.

    Up to three headings divide the paragraphs evenly. The first sentence after each is bold, and
    the paragraph with the most sentences becomes a list with a point for each.
    """
    del rng
    passage = split_passage(text)
    prose = [n for n, p in enumerate(passage.paragraphs) if p.is_prose]
    if not prose:
        return NotAsked("the piece has no paragraph of prose")
    starts = _heading_places(prose)
    listed = _list_place(passage, prose, starts)
    parts = []
    for n, paragraph in enumerate(passage.paragraphs):
        heading = f"{HEADINGS[starts.index(n)]}\n\n" if n in starts else ""
        if n in starts:
            body = _bold_opening(paragraph)
        else:
            body = _as_list(paragraph) if n == listed else paragraph.text
        parts.append(f"{heading}{body}")
    return "\n\n".join(parts) + passage.end


def _heading_places(prose: list[int]) -> list[int]:
    count = min(len(HEADINGS), len(prose))
    return [prose[n * len(prose) // count] for n in range(count)]


def _list_place(passage: Passage, prose: list[int], starts: list[int]) -> int | None:
    """Return the paragraph with the most sentences among those without a heading.

    None for short ones.
    """
    rest = [n for n in prose if n not in starts]
    most = max(rest, key=lambda n: len(passage.paragraphs[n].sentences), default=None)
    if most is None or len(passage.paragraphs[most].sentences) < FEWEST_SENTENCES:
        return None
    return most


def _bold_opening(paragraph: Paragraph) -> str:
    opening = paragraph.sentences[0]
    return f"**{opening}**{paragraph.text[len(opening) :]}"


def _as_list(paragraph: Paragraph) -> str:
    return "\n".join(f"- {sentence}" for sentence in paragraph.sentences)
