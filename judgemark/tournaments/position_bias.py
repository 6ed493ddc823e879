"""What a pairwise judge may follow besides quality: the position and the length of a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from judgemark.errors import UndefinedFigure
from judgemark.table.score_table import mean
from judgemark.tournaments.tournament_settings import Match


@dataclass(frozen=True, slots=True)
class PositionBias:
    """How much a judge prefers position 1; both figures are 0.5 where it has no preference.

    `mass` is the mean probability given to position 1; `wins` is the share of passes in which
    position 1 has the larger part, where a tie counts half. Both are 0..1, over `passes` passes.
    """

    mass: float
    wins: float
    passes: int


@dataclass(frozen=True, slots=True)
class MatchLengthBias:
    """How much a judge prefers the longer text; 0.5 and 0 where it has no preference.

    `win_rate` is the share of matches that the longer text wins, 0..1, where P = 0.5 counts as half
    a win. `margin` is the mean of P(longer) - P(shorter) in points, -100..100. Both are over the
    `matches` matches of unequal length.
    """

    win_rate: float
    margin: float
    matches: int


def position_bias(passes: Iterable[tuple[float, float]]) -> PositionBias:
    """Return the position bias from P(A), the text in position 1, of both passes of each match.

    A judge without any preference gives 0.5, and so does any judge whose two passes agree: that is
    why every pair is asked in both orders. Raises UndefinedFigure where no pass was asked.
    """
    chances = [chance for both in passes for chance in both]
    if not chances:
        raise UndefinedFigure("no pass was asked")
    return PositionBias(mean(chances), mean([_win(p) for p in chances]), len(chances))


def length_bias(
    matches: Sequence[Match],
    preferences: Sequence[float | None],
    length: Callable[[str, str, str], int],
) -> MatchLengthBias:
    """Return the length bias over all matches with a verdict; matches of equal lengths are skipped.

    `length(writer, iteration, item)` is a piece's length in characters. Raises UndefinedFigure
    where no match is left.
    """
    longer: list[float] = []
    for match, preference in zip(matches, preferences, strict=True):
        if preference is None:
            continue
        first = length(match.first, match.iteration, match.item)
        second = length(match.second, match.iteration, match.item)
        if first != second:
            longer.append(preference if first > second else 1.0 - preference)
    if not longer:
        raise UndefinedFigure("no match has a verdict on texts of unequal length")
    margin = 100.0 * mean([2.0 * p - 1.0 for p in longer])
    return MatchLengthBias(mean([_win(p) for p in longer]), margin, len(longer))


def _win(chance: float) -> float:
    return 0.5 if chance == 0.5 else float(chance > 0.5)
