"""The largest number of questions that a tournament can ask, known before it is played."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

from judgemark.records import Place
from judgemark.tournaments.tournament_settings import Option, Settings


def most_pairs(places: Iterable[Place], settings: Settings) -> int:
    """Return the largest number of different pairs of pieces that tournaments over these places can
    ask.

    Each round of n writers has n // 2 matches. A pair that meets again is not asked again, so the
    number never exceeds all pairs within items and iterations. It is exact for a full round robin.
    """
    sizes: dict[tuple[str, str], int] = defaultdict(int)
    writers = set()
    for writer, iteration, item in places:
        sizes[item, iteration] += 1
        writers.add(writer)
    every = sum(math.comb(n, 2) for n in sizes.values())
    rounds = settings.rounds_played
    if rounds is None:
        return every
    if settings.option is Option.BOOTSTRAP:
        return min(every, settings.bootstraps * rounds * (len(writers) // 2))
    return sum(min(rounds * (n // 2), math.comb(n, 2)) for n in sizes.values())
