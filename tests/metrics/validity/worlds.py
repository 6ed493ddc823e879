"""Made-up known pairs with planted judges, for tests of what the figures find."""

from __future__ import annotations

import numpy as np

from judgemark.metrics.validity.known_pair import AnsweredPair, KnownPair, PairedText, PairSource
from judgemark.metrics.validity.surface_features import FAMILY
from judgemark.table.score_table import Floats


def pairs_of(clusters: int, size: int, kind: str = "") -> list[KnownPair]:
    """Pairs of damage, `size` for each of `clusters` source pieces, all texts different."""
    return [
        KnownPair(
            PairSource.DAMAGE,
            f"item-{c}",
            PairedText(f"better-{kind}-{c}-{n}"),
            PairedText(f"worse-{kind}-{c}-{n}"),
            cluster=f"piece-{c}",
            kind=kind,
        )
        for c in range(clusters)
        for n in range(size)
    ]


def features(pairs: list[KnownPair], rng: np.random.Generator) -> dict[str, Floats]:
    """Random features of every text, independent of which text is better."""
    return {
        text.text_sha256: rng.normal(size=len(FAMILY))
        for pair in pairs
        for text in (pair.better, pair.worse)
    }


def reader(pairs: list[KnownPair], accuracy: float, rng: np.random.Generator) -> list[AnsweredPair]:
    """A judge that orders each pair correctly with one probability."""
    return [AnsweredPair(pair, float(rng.random() < accuracy)) for pair in pairs]
