"""The largest number of questions of a tournament, known before it begins."""

from __future__ import annotations

import pytest

from judgemark.tournaments.play import play, tournament
from judgemark.tournaments.question_bounds import most_pairs
from judgemark.tournaments.tournament_settings import Option, Settings
from tests.tournaments.judges import even, places


def test_rounds_times_matches_but_never_more_than_all_pairs() -> None:
    # 7 writers: 3 matches a round; 2 items x 5 rounds x 3 = 30, of 2 x 21 = 42 pairs.
    seven = places("abcdefg", items=2)
    assert most_pairs(seven, Settings()) == 30
    assert most_pairs(seven, Settings(rounds=9)) == 42
    assert most_pairs(seven, Settings(option=Option.FULL)) == 42
    # One match of the 7 x 3 in each of 2 bootstraps' 3 rounds.
    few = Settings(option=Option.BOOTSTRAP, bootstraps=2, rounds=3)
    assert most_pairs(seven, few) == 18
    assert most_pairs(seven, Settings(option=Option.BOOTSTRAP)) == 42


@pytest.mark.parametrize("option", list(Option))
@pytest.mark.parametrize("writers", ["ab", "abc", "abcdefghij"])
def test_no_tournament_asks_about_more(option: Option, writers: str) -> None:
    field = places(writers, items=3, iterations=2)
    settings = Settings(option=option)
    played = play(tournament(field, settings), even)
    pairs = {(m.item, m.iteration, m.first, m.second) for m in played.matches}
    assert len(pairs) <= most_pairs(field, settings)
