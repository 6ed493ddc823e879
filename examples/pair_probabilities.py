"""A judge of pairs: `--judge-model python:examples/pair_probabilities.py:judge --mode pairwise`."""

from __future__ import annotations

import math


def judge(pairs):
    """Return, for each pair, the probability that its first text is the better one."""
    return [1 / (1 + math.exp(different_words(p.b) - different_words(p.a))) for p in pairs]


def different_words(text: str) -> float:
    """Return how many hundreds of different words a text has."""
    return len(set(text.lower().split())) / 100


judge.version = "1"
judge.batch = 64
