"""A judge that gives each piece one score: `--judge-model python:examples/one_score.py:judge`."""

from __future__ import annotations


def judge(piece):
    """Score a piece from 0 to 1 by the share of different words in it."""
    words = piece.text.lower().split()
    return len(set(words)) / max(1, len(words))


judge.score_range = (0, 1)
judge.version = "1"
