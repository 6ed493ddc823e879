"""A judge that scores criteria: `--judge-model python:examples/criterion_scores.py:make`.

`make` is a factory. It is called once, which is the place to open a client or to load weights.
"""

from __future__ import annotations

import re


class Judge:
    """Scores five criteria from 0 to 10 by counting; several threads may call it at once."""

    version = "1"
    threads = 4

    def __init__(self, longest_sentence: int) -> None:
        self.configuration = {"longest_sentence": longest_sentence}
        self._longest = longest_sentence

    def __call__(self, piece):
        """Return a score for each criterion, by its name."""
        words = piece.text.split()
        sentences = [s for s in re.split(r"[.!?]+", piece.text) if s.strip()]
        mean = len(words) / max(1, len(sentences))
        return {
            "Vocabulary": 10 * len({w.lower() for w in words}) / max(1, len(words)),
            "Brevity": 10 * min(1, self._longest / max(1, mean)),
            "Dialogue": min(10, piece.text.count('"')),
            "Paragraphs": min(10, piece.text.count("\n\n")),
            "Length": min(10, len(words) / 200),
        }


def make():
    """Return the judge."""
    return Judge(longest_sentence=30)
