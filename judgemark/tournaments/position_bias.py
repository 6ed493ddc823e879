"""What else than quality a pairwise judge may follow: the position and the length of a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from judgemark.errors import UndefinedFigure
from judgemark.table.score_table import mean
from judgemark.tournaments.tournament_settings import Match


@dataclass(frozen=True, slots=True)
class PositionBias:
    """How a judge leans to position 1; 0.5 and 0.5 where it does not.

    `mass` is the mean probability given to position 1, `wins` the share of passes in which it
    has the larger part, a tie as half; both 0..1, over `passes` passes.
    """

    mass: float
    wins: float
    passes: int


@dataclass(frozen=True, slots=True)
class MatchLengthBias:
    """How a judge leans to the longer text; 0.5 and 0 where it does not.

    `win_rate` is the share of matches that the longer text wins, 0..1, P = 0.5 as half a win;
    `margin` the mean of P(longer) - P(shorter) in points, -100..100; over `matches` matches of
    unequal length.
    """

    win_rate: float
    margin: float
    matches: int


def position_bias(passes: Iterable[tuple[float, float]]) -> PositionBias:
    """Position bias from P(A), the text in position 1, of both passes of each match.

    A judge without any preference gives 0.5; so does any judge whose two passes agree, which is
    the point of swapping. Raises UndefinedFigure where no pass was asked.
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
    """Length bias over all matches with a verdict; a match of equal lengths is skipped.

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
