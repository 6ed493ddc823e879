"""What tournaments end as: standings, the score table of ratings, the leaderboard."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from judgemark.table.score_table import Observation, ScoreTable, build_table, mean
from judgemark.tournaments.tournament_settings import Match, Option, Settings

MISSING_ALLOWED = 0.05
"""The share of missing verdicts above which a tournament is incomplete."""


@dataclass(frozen=True, slots=True)
class TournamentStanding:
    """How one tournament ended.

    `item` is a bootstrap's name and `iteration` "all" where prompts were drawn. `missing` counts
    the matches without a verdict; they left both ratings as they were.
    """

    iteration: str
    item: str
    ratings: Mapping[str, float]
    matches: int
    missing: int

    @property
    def incomplete(self) -> bool:
        """Whether more than 5% of its verdicts are missing."""
        return self.missing > MISSING_ALLOWED * self.matches


@dataclass(frozen=True, slots=True)
class Rated:
    """A line of the leaderboard: the mean rating, higher is better.

    `spread` is the population standard deviation over bootstraps; None for other options.
    """

    writer: str
    rating: float
    spread: float | None


@dataclass(frozen=True, slots=True)
class TournamentResult:
    """The ratings of an option, with everything that made them.

    `table` holds one rating for each writer, iteration and item (isolated, full). For a bootstrap
    it holds one for each writer and bootstrap: the bootstraps are on the item axis, and the one
    iteration is "all". `matches` and `preferences` are parallel, in the order asked; a preference
    is P(first is better), or None where the verdict is missing. `skipped` are the (item, iteration)
    places with fewer than two writers, `left_out` the writers who have no other places.
    """

    settings: Settings
    table: ScoreTable
    standings: tuple[TournamentStanding, ...]
    matches: tuple[Match, ...]
    preferences: tuple[float | None, ...]
    skipped: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]

    @property
    def match_count(self) -> int:
        """All matches paired, those without a verdict included."""
        return sum(standing.matches for standing in self.standings)

    @property
    def missing(self) -> int:
        """The matches without a verdict, over all tournaments."""
        return sum(standing.missing for standing in self.standings)

    @property
    def incomplete(self) -> tuple[TournamentStanding, ...]:
        """The tournaments with more than 5% of their verdicts missing."""
        return tuple(standing for standing in self.standings if standing.incomplete)

    @property
    def leaderboard(self) -> tuple[Rated, ...]:
        """The writers by mean rating, best first, equal ones by name."""
        bootstrapped = self.settings.option is Option.BOOTSTRAP
        lines = []
        for writer, group in zip(self.table.writers, self.table.groups, strict=True):
            ratings = group.tolist()
            spread = statistics.pstdev(ratings) if bootstrapped else None
            lines.append(Rated(writer, mean(ratings), spread))
        return tuple(sorted(lines, key=lambda line: (-line.rating, line.writer)))


@dataclass(frozen=True, slots=True)
class Played:
    """How the tournaments ended, and how many questions they took.

    `passes` holds P(A) of both passes of every match that has them, without pairs of identical
    texts; `places` names the item and the two texts (sha256) of each of them. `calls` is the number
    of different questions, and `reuses` is how often a match needed a question that an earlier
    match had needed already; together they are two for every match of different texts.
    `unanswered` counts the questions that have no outcome at all, not even a failure: they were
    never asked, or the run was interrupted.
    """

    result: TournamentResult
    passes: tuple[tuple[float, float], ...]
    calls: int
    reuses: int
    unanswered: int = 0
    places: tuple[tuple[str, str, str], ...] = ()


def make_result(
    settings: Settings,
    standings: tuple[TournamentStanding, ...],
    matches: tuple[Match, ...],
    preferences: tuple[float | None, ...],
    skipped: tuple[tuple[str, str], ...],
    left_out: tuple[str, ...],
) -> TournamentResult:
    """Return the result, with its score table filled from the standings."""
    table = build_table(
        Observation(writer, standing.iteration, standing.item, 0, 0, rating)
        for standing in standings
        for writer, rating in standing.ratings.items()
    )
    return TournamentResult(settings, table, standings, matches, preferences, skipped, left_out)
