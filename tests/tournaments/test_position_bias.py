"""Position and length bias, on numbers small enough to add up by hand."""

from __future__ import annotations

import pytest

from judgemark.errors import UndefinedFigure
from judgemark.tournaments.position_bias import length_bias, position_bias
from judgemark.tournaments.tournament_settings import Match

LENGTHS = {"long": 200, "short": 100, "same": 100}


def length(writer: str, iteration: str, item: str) -> int:
    assert (iteration, item) == ("1", "00")
    return LENGTHS[writer]


def match(first: str, second: str) -> Match:
    return Match(0, 1, "00", "1", first, second)


def test_a_judge_that_follows_the_text_has_no_position_bias() -> None:
    # The better text has 0.9 in either place: (0.9 + 0.1) / 2, one win of two.
    bias = position_bias([(0.9, 0.1)])
    assert bias.mass == pytest.approx(0.5)
    assert (bias.wins, bias.passes) == (0.5, 2)


def test_position_bias_counts_every_pass_and_a_tie_as_half_a_win() -> None:
    # mass: (0.8 + 0.6 + 0.5 + 0.3) / 4 = 0.55; wins: (1 + 1 + 0.5 + 0) / 4 = 0.625
    bias = position_bias([(0.8, 0.6), (0.5, 0.3)])
    assert bias.mass == pytest.approx(0.55)
    assert (bias.wins, bias.passes) == (0.625, 4)


def test_length_bias_skips_equal_lengths_and_missing_verdicts() -> None:
    # long against short: P(longer) = 0.9, then 1 - 0.4 = 0.6, then 0.5; short against same and
    # the missing one are left out.
    # win rate (1 + 1 + 0.5) / 3; margin 100 (0.8 + 0.2 + 0) / 3 = 33.3 points
    matches = [
        match("long", "short"),
        match("short", "long"),
        match("long", "same"),
        match("same", "short"),
        match("long", "short"),
    ]
    bias = length_bias(matches, [0.9, 0.4, 0.5, 1.0, None], length)
    assert bias.win_rate == pytest.approx(2.5 / 3)
    assert bias.margin == pytest.approx(100 / 3)
    assert bias.matches == 3


def test_bias_without_anything_to_count_is_undefined() -> None:
    with pytest.raises(UndefinedFigure, match="no pass"):
        position_bias([])
    with pytest.raises(UndefinedFigure, match="unequal length"):
        length_bias([match("same", "short")], [1.0], length)
