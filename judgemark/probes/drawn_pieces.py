"""Which pieces of a samples file are probed, and as which pairs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from judgemark.errors import UsageError
from judgemark.probes.probe_registry import PAIRWISE
from judgemark.records import Sample


def undamaged(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """Return the pieces as their writers left them, each text of an item once."""
    kept: dict[tuple[str, str], Sample] = {}
    for sample in samples:
        if sample.derived_from is None:
            kept.setdefault((sample.item, sample.sha256), sample)
    return tuple(kept.values())


def drawn_pieces(samples: Sequence[Sample], most: int, seed: int) -> tuple[Sample, ...]:
    """Return at most `most` undamaged pieces, spread over writers and items.

    The draw depends on the pieces and the seed alone. Raises UsageError where there is none.
    """
    rng = np.random.default_rng(seed)
    by_item: dict[str, list[Sample]] = {}
    for sample in _shuffled(undamaged(samples), rng):
        by_item.setdefault(sample.item, []).append(sample)
    if not by_item:
        raise UsageError(
            "the samples hold no undamaged piece, and probes need pieces as their writers left them"
        )
    drawn: list[Sample] = []
    times: Counter[str] = Counter()
    while by_item and len(drawn) < most:
        for item in list(by_item)[: most - len(drawn)]:
            there = by_item[item]
            next_one = min(there, key=lambda s: times[s.writer])
            there.remove(next_one)
            drawn.append(next_one)
            times[next_one.writer] += 1
            if not there:
                del by_item[item]
    return tuple(drawn)


def drawn_pairs(
    samples: Sequence[Sample], most: int, seed: int
) -> tuple[tuple[Sample, Sample], ...]:
    """Return pairs of undamaged pieces on one item, of at most `most` pieces in all.

    No piece is in two pairs, so that the pairs are independent. Items take turns. Raises
    UsageError where no item has two pieces.
    """
    rng = np.random.default_rng(seed)
    by_item: dict[str, list[Sample]] = defaultdict(list)
    for sample in _shuffled(undamaged(samples), rng):
        by_item[sample.item].append(sample)
    columns = [list(zip(t[::2], t[1::2], strict=False)) for t in by_item.values()]
    rounds = max((len(column) for column in columns), default=0)
    pairs = [column[n] for n in range(rounds) for column in columns if n < len(column)]
    if not pairs:
        raise UsageError(
            f"no item has two undamaged pieces, and ‹mode› {PAIRWISE} probes compare two pieces "
            "on one item"
        )
    return tuple(pairs[: max(1, most // 2)])


def _place(sample: Sample) -> tuple[str, str, str]:
    return sample.writer, sample.iteration, sample.item


def _shuffled(samples: Sequence[Sample], rng: np.random.Generator) -> list[Sample]:
    ordered = sorted(samples, key=_place)
    return [ordered[int(n)] for n in rng.permutation(len(ordered))]
