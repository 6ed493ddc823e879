"""Draws pairs of pieces of which a reference calls one better, by the filters of the card.

The card is that of selfhypnosis-ai/Qwen3.5-4B-Creative-Writing-Judge, section 3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from judgemark.errors import UndefinedFigure, UsageError
from judgemark.metrics.validity.known_pair import KnownPair, PairedText, PairSource, clustered
from judgemark.table.score_table import Floats


@dataclass(frozen=True, slots=True, order=True)
class ScoredPiece:
    """A piece with the reference's score of it on 0..100, higher is better; `length` in characters.

    `text_sha256` keeps a piece from being paired with its own copy.
    """

    item: str
    writer: str
    iteration: str
    text_sha256: str
    length: int
    score: float


@dataclass(frozen=True, slots=True)
class PairRules:
    """The rules by which pairs are drawn; the defaults are the card's, section 3.

    `length_ratio` is the largest allowed max/min length. `margin_min` and `margin_max` bound the
    difference of the scores on 0..100, both ends included. `n` pairs are drawn with `seed`.
    """

    length_ratio: float = 1.2
    margin_min: float = 5.0
    margin_max: float = 10.0
    n: int = 500
    seed: int = 42

    def __post_init__(self) -> None:
        if not self.length_ratio >= 1:
            raise UsageError("‹length_ratio› must be at least 1")
        if not 0 <= self.margin_min <= self.margin_max or self.margin_max == 0:
            raise UsageError(
                "‹margin_min› must be 0 or more, and ‹margin_max› above 0 and not below it"
            )
        if self.n < 1:
            raise UsageError("‹pairs› must be at least 1")


@dataclass(frozen=True, slots=True)
class DrawnPairs:
    """The pairs drawn, sorted, out of `eligible` that pass the filters."""

    pairs: tuple[KnownPair, ...]
    eligible: int
    rules: PairRules


def to_hundred(score: float, low: float, high: float) -> float:
    """Return a score of the range low..high on 0..100; raises UsageError where the range is
    empty."""
    if not low < high:
        raise UsageError(
            f"‹reference›: its scoring range {low:g} to {high:g} is empty; give another reference"
        )
    return (score - low) / (high - low) * 100.0


def draw_pairs(
    pieces: Iterable[ScoredPiece], rules: PairRules, source: PairSource = PairSource.REFERENCE
) -> DrawnPairs:
    """Draw `rules.n` pairs at random without replacement, or all where there are no more.

    Eligible are pairs of different writers on the same item, any iterations, with different
    texts, within the length ratio and the margin. The draw depends on the seed and the eligible
    pairs only, not on the order of `pieces`. An empty text pairs with nothing. Raises
    UndefinedFigure where no pair is eligible.
    """
    eligible = eligible_pairs(pieces, rules, source)
    if not eligible:
        raise UndefinedFigure(
            f"no pair has a length ratio up to {rules.length_ratio:g} and a margin of "
            f"{rules.margin_min:g} to {rules.margin_max:g} points"
        )
    rng = np.random.default_rng(rules.seed)
    size = min(rules.n, len(eligible))
    drawn = np.sort(rng.choice(len(eligible), size=size, replace=False))
    return DrawnPairs(clustered(eligible[n] for n in drawn), len(eligible), rules)


def eligible_pairs(
    pieces: Iterable[ScoredPiece], rules: PairRules, source: PairSource = PairSource.REFERENCE
) -> list[KnownPair]:
    """Return all pairs that pass the filters, in sorted order of item and pieces; may be empty.

    They have no clusters yet: `clustered` finds those of the pairs that are used.
    """
    by_item: dict[str, list[ScoredPiece]] = defaultdict(list)
    for piece in sorted(pieces):
        if piece.length > 0:
            by_item[piece.item].append(piece)
    return [pair for item in sorted(by_item) for pair in _within(by_item[item], rules, source)]


def _within(pieces: Sequence[ScoredPiece], rules: PairRules, source: PairSource) -> list[KnownPair]:
    """Return the eligible pairs of one item; vectorised, because an item can have thousands."""
    scores = np.array([p.score for p in pieces])
    lengths = np.array([p.length for p in pieces], dtype=float)
    # Scores come with a decimal or two: 83.7 - 78.7 must not fall short of 5 by a rounding error.
    margins: Floats = np.round(np.abs(scores[:, None] - scores[None, :]), 9)
    ratios: Floats = np.maximum(lengths[:, None], lengths) / np.minimum(lengths[:, None], lengths)
    fits = (margins >= rules.margin_min) & (margins <= rules.margin_max) & (margins > 0)
    fits &= ratios <= rules.length_ratio
    found = []
    for i, j in zip(*np.nonzero(np.triu(fits, 1)), strict=True):
        x, y = pieces[i], pieces[j]
        if x.writer == y.writer or x.text_sha256 == y.text_sha256:
            continue
        better, worse = (x, y) if x.score > y.score else (y, x)
        found.append(pair_of_scored(better, worse, source))
    return found


def pair_of_scored(better: ScoredPiece, worse: ScoredPiece, source: PairSource) -> KnownPair:
    """Return the known pair of two scored pieces of one item, `better` having the higher score."""
    return KnownPair(
        source=source,
        item=better.item,
        better=PairedText(better.text_sha256, better.writer, better.iteration),
        worse=PairedText(worse.text_sha256, worse.writer, worse.iteration),
        margin=better.score - worse.score,
    )
