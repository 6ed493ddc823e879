"""Plays all tournaments of an option together: it yields waves of matches and takes the
outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence

import numpy as np

from judgemark.errors import UsageError
from judgemark.records import Place
from judgemark.tournaments.rounds import Field, Meeting, RoundRobin, Swiss, TournamentSheet
from judgemark.tournaments.tournament_result import (
    TournamentResult,
    TournamentStanding,
    make_result,
)
from judgemark.tournaments.tournament_settings import Match, Option, Settings, stream

Rounds = Generator[Sequence[Match], Sequence[float | None], TournamentResult]
"""Yields the next matches of all tournaments; receives P(first is better), or None, for each."""

POOLED = "all"
"""The iteration of a rating that was won over several iterations."""


def tournament(places: Iterable[Place], settings: Settings) -> Rounds:
    """Play the tournaments of `settings.option` over the pieces at these places.

    Isolated and full: there is one tournament for each (item, iteration), between the writers who
    have a piece there. Bootstrap: all writers take part in every tournament, and each match is on
    an item drawn from those that both wrote for, and on an iteration that both have. An (item,
    iteration) with fewer than two writers is skipped and listed in the result. The ratings depend
    on the verdicts and the settings alone, not on the order of `places`. Raises UsageError at once
    where no two writers share an item and iteration.
    """
    writers_at: dict[tuple[str, str], set[str]] = defaultdict(set)
    for writer, iteration, item in places:
        writers_at[item, iteration].add(writer)
    everyone = {writer for writers in writers_at.values() for writer in writers}
    if len(everyone) < 2:
        raise UsageError(
            f"a tournament needs at least two writers, these pieces have {len(everyone)}"
        )
    shared = {where: tuple(sorted(w)) for where, w in sorted(writers_at.items()) if len(w) > 1}
    if not shared:
        raise UsageError("no item has pieces by two writers in one iteration: nothing to compare")
    skipped = tuple(where for where in sorted(writers_at) if where not in shared)
    if settings.option is Option.BOOTSTRAP:
        places_of, fields = _bootstrapped(shared, settings)
    else:
        places_of, fields = _per_item(shared, settings)
    left_out = tuple(sorted(everyone - {w for writers in shared.values() for w in writers}))
    return _advance(fields, places_of, skipped, left_out, settings)


def play(
    rounds: Rounds, judge: Callable[[Sequence[Match]], Sequence[float | None]]
) -> TournamentResult:
    """Play all waves with a function that returns their outcomes."""
    try:
        wave = next(rounds)
        while True:
            wave = rounds.send(judge(wave))
    except StopIteration as end:
        result: TournamentResult = end.value
        return result


def _advance(
    fields: Sequence[Field],
    places_of: Sequence[tuple[str, str]],
    skipped: tuple[tuple[str, str], ...],
    left_out: tuple[str, ...],
    settings: Settings,
) -> Rounds:
    matches: list[Match] = []
    preferences: list[float | None] = []
    while not all(field.done for field in fields):
        waves = [([] if field.done else field.next_wave()) for field in fields]
        wave = tuple(match for part in waves for match in part)
        outcomes = (yield wave) if wave else ()
        if len(outcomes) != len(wave):
            raise UsageError(f"{len(wave)} matches were asked, {len(outcomes)} outcomes sent")
        start = 0
        for field, part in zip(fields, waves, strict=True):
            field.sheet.settle(outcomes[start : start + len(part)])
            start += len(part)
        matches.extend(wave)
        preferences.extend(outcomes)
    standings = tuple(
        TournamentStanding(
            iteration,
            item,
            dict(zip(field.sheet.entrants, field.sheet.ratings, strict=True)),
            field.sheet.matches,
            field.sheet.missing,
        )
        for field, (item, iteration) in zip(fields, places_of, strict=True)
    )
    return make_result(settings, standings, tuple(matches), tuple(preferences), skipped, left_out)


def _per_item(
    shared: Mapping[tuple[str, str], tuple[str, ...]], settings: Settings
) -> tuple[list[tuple[str, str]], list[Field]]:
    fields: list[Field] = []
    for number, ((item, iteration), writers) in enumerate(shared.items()):
        rng = stream(settings.seed, settings.option, item, iteration)
        sheet = TournamentSheet(number, writers, _always(item, iteration), settings)
        rounds = settings.rounds_played
        fields.append(RoundRobin(sheet, rng) if rounds is None else Swiss(sheet, rounds, rng))
    return list(shared), fields


def _always(item: str, iteration: str) -> Meeting:
    return lambda _a, _b: (item, iteration)


def _bootstrapped(
    shared: Mapping[tuple[str, str], tuple[str, ...]], settings: Settings
) -> tuple[list[tuple[str, str]], list[Field]]:
    items = sorted({item for item, _ in shared})
    writers = sorted({writer for there in shared.values() for writer in there})
    iterations_of: dict[str, list[dict[str, None]]] = {i: [{} for _ in writers] for i in items}
    index = {writer: n for n, writer in enumerate(writers)}
    for (item, iteration), there in shared.items():
        for writer in there:
            iterations_of[item][index[writer]][iteration] = None
    width = len(str(settings.bootstraps))
    names = [f"bootstrap-{k:0{width}d}" for k in range(1, settings.bootstraps + 1)]
    fields: list[Field] = []
    for number, name in enumerate(names):
        rng = stream(settings.seed, settings.option, name)
        pool = [items[k] for k in rng.integers(len(items), size=len(items)).tolist()]
        sheet = TournamentSheet(number, writers, _from_pool(pool, iterations_of, rng), settings)
        fields.append(Swiss(sheet, settings.rounds_played or 1, rng))
    return [(name, POOLED) for name in names], fields


def _from_pool(
    pool: Sequence[str],
    iterations_of: Mapping[str, Sequence[Mapping[str, None]]],
    rng: np.random.Generator,
) -> Meeting:
    """Return a meeting on an item drawn uniformly, and on an iteration drawn uniformly.

    An item that the two writers do not share is replaced by a draw among those they do share. The
    result is uniform over the shared items, and no extra draw is needed where no piece is missing.
    """

    def common(item: str, a: int, b: int) -> list[str]:
        theirs = iterations_of[item][b]
        return [iteration for iteration in iterations_of[item][a] if iteration in theirs]

    def meeting(a: int, b: int) -> tuple[str, str] | None:
        item = pool[int(rng.integers(len(pool)))]
        iterations = common(item, a, b)
        if not iterations:
            playable = [other for other in pool if common(other, a, b)]
            if not playable:
                return None
            item = playable[int(rng.integers(len(playable)))]
            iterations = common(item, a, b)
        return item, iterations[int(rng.integers(len(iterations)))]

    return meeting
