"""One tournament in progress: who meets whom in a round, and how an outcome changes the ratings.

Rating updates are Elo's (A. Elo, The Rating of Chessplayers, 1978) on soft outcomes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence, Set
from typing import Protocol

import numpy as np

from judgemark.errors import UsageError
from judgemark.tournaments.tournament_settings import Match, Settings

EntrantPair = tuple[int, int]
Meeting = Callable[[int, int], tuple[str, str] | None]
"""The (item, iteration) on which two entrants meet; None where they share no piece."""


def expected(rating: float, opponent: float, scale: float) -> float:
    """Return the P(win) that two ratings predict, 0..1: 1 / (1 + 10^((opponent - rating) / scale)).

    It is computed as a tanh, which is the same number, cannot overflow, and makes the two sides of
    a match add up to 1.
    """
    return 0.5 + 0.5 * math.tanh(0.5 * math.log(10.0) * (rating - opponent) / scale)


def update(ratings: list[float], pair: EntrantPair, preference: float, settings: Settings) -> None:
    """Move both ratings of a pair by K (P - E) in opposite directions, so that their sum stays.

    `preference` is P(first of the pair is better), 0..1; raises UsageError outside that range.
    """
    if not 0.0 <= preference <= 1.0:
        raise UsageError(f"a preference lies in 0..1, this one is {preference}")
    a, b = pair
    surprise = preference - expected(ratings[a], ratings[b], settings.scale)
    ratings[a] += settings.k_factor * surprise
    ratings[b] -= settings.k_factor * surprise


def pair_round(
    ratings: Sequence[float], order: Iterable[int], met: Sequence[Set[int]], byes: Sequence[int]
) -> tuple[list[EntrantPair], int | None]:
    """Return the pairs of the next Swiss round, and who sits out (None where all take part).

    Entrants are ranked by rating, descending; entrants with equal ratings are in the order of
    `order`. In an odd field the lowest of those with the fewest `byes` sits out. Then each entrant,
    from the top, meets the next unpaired one that is not in its `met`, or, if it has met them all,
    the next unpaired one.
    """
    # Equal results must tie exactly, whatever the last bits of the additions left.
    waiting = sorted(order, key=lambda entrant: -round(ratings[entrant], 9))
    bye = None
    if len(waiting) % 2:
        fewest = min(byes)
        bye = next(entrant for entrant in reversed(waiting) if byes[entrant] == fewest)
        waiting.remove(bye)
    pairs: list[EntrantPair] = []
    while waiting:
        top = waiting.pop(0)
        new = (at for at, other in enumerate(waiting) if other not in met[top])
        pairs.append((top, waiting.pop(next(new, 0))))
    return pairs, bye


def round_robin(order: Sequence[int]) -> list[list[EntrantPair]]:
    """Return a schedule in which all meet once, by the circle method.

    `order` names the n entrants by the seats they take. There are n - 1 rounds for an even n; for
    an odd n there are n, and one entrant sits out in each.
    """
    seats: list[int | None] = [*order, *([None] if len(order) % 2 else [])]
    rounds: list[list[EntrantPair]] = []
    for _ in range(len(seats) - 1):
        facing = zip(seats[: len(seats) // 2], reversed(seats), strict=False)
        rounds.append([(a, b) for a, b in facing if a is not None and b is not None])
        seats = [seats[0], seats[-1], *seats[1:-1]]
    return rounds


class Field(Protocol):
    """A tournament that is played wave by wave."""

    sheet: TournamentSheet

    def next_wave(self) -> list[Match]:
        """Return the matches to be judged next; called again only after these were settled."""

    @property
    def done(self) -> bool:
        """Whether no wave is left."""


class TournamentSheet:
    """The score sheet of one tournament: entrants, ratings, matches asked and missing.

    A pair that shares no piece (possible only where writers miss items) cannot be asked: it
    counts as a match with a missing verdict.
    """

    def __init__(
        self, number: int, entrants: Sequence[str], meeting: Meeting, settings: Settings
    ) -> None:
        self.entrants = tuple(entrants)
        self.ratings = [settings.initial_rating] * len(self.entrants)
        self.matches = 0
        self.missing = 0
        self._number = number
        self._meeting = meeting
        self._settings = settings
        self._open: list[EntrantPair] = []

    def announce(self, round_number: int, pairs: Iterable[EntrantPair]) -> list[Match]:
        """Return the matches of these pairs; they stay open until `settle`."""
        wave: list[Match] = []
        for a, b in pairs:
            low, high = min(a, b), max(a, b)
            self.matches += 1
            place = self._meeting(low, high)
            if place is None:
                self.missing += 1
                continue
            self._open.append((low, high))
            names = self.entrants[low], self.entrants[high]
            wave.append(Match(self._number, round_number, *place, *names))
        return wave

    def settle(self, preferences: Sequence[float | None]) -> None:
        """Enter the outcomes of the open matches, in their order; None leaves the ratings
        unchanged."""
        for pair, preference in zip(self._open, preferences, strict=True):
            if preference is None:
                self.missing += 1
            else:
                update(self.ratings, pair, preference, self._settings)
        self._open = []


class Swiss:
    """A Swiss tournament with a given number of rounds: each round is one wave."""

    def __init__(self, sheet: TournamentSheet, rounds: int, rng: np.random.Generator) -> None:
        self.sheet = sheet
        self._left = rounds
        self._round = 0
        self._rng = rng
        self._met: list[set[int]] = [set() for _ in sheet.entrants]
        self._byes = [0] * len(sheet.entrants)

    @property
    def done(self) -> bool:
        """Whether all rounds were played."""
        return self._left == 0

    def next_wave(self) -> list[Match]:
        """Return the matches of the next round, paired by the current ratings."""
        self._left -= 1
        self._round += 1
        order = self._rng.permutation(len(self.sheet.entrants)).tolist()
        pairs, bye = pair_round(self.sheet.ratings, order, self._met, self._byes)
        if bye is not None:
            self._byes[bye] += 1
        for a, b in pairs:
            self._met[a].add(b)
            self._met[b].add(a)
        return self.sheet.announce(self._round, pairs)


class RoundRobin:
    """A tournament in which every pair meets once: each round is one wave."""

    def __init__(self, sheet: TournamentSheet, rng: np.random.Generator) -> None:
        self.sheet = sheet
        self._schedule = round_robin(rng.permutation(len(sheet.entrants)).tolist())
        self._round = 0

    @property
    def done(self) -> bool:
        """Whether every pair has met."""
        return self._round == len(self._schedule)

    def next_wave(self) -> list[Match]:
        """Return the next round of the schedule."""
        self._round += 1
        return self.sheet.announce(self._round, self._schedule[self._round - 1])
