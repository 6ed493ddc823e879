"""Which writers verdicts connect."""

from __future__ import annotations

from judgemark.tournaments.separate_groups import separate_groups
from judgemark.tournaments.tournament_settings import Match


def met(first: str, second: str) -> Match:
    return Match(0, 1, "i", "1", first, second)


def test_writers_are_connected_through_others() -> None:
    matches = [met("a", "b"), met("c", "d"), met("b", "c")]
    assert separate_groups(matches, [0.5, 1.0, 0.0]) == (("a", "b", "c", "d"),)


def test_a_missing_verdict_connects_nobody() -> None:
    matches = [met("a", "b"), met("c", "d"), met("b", "e"), met("b", "c")]
    assert separate_groups(matches, [0.5, 1.0, 0.2, None]) == (("a", "b", "e"), ("c", "d"))


def test_without_verdicts_there_are_no_groups() -> None:
    assert separate_groups([met("a", "b")], [None]) == ()
