"""What a pairwise judge is put to, and which of its pairs are the longest."""

from __future__ import annotations

import pytest

from judgemark.errors import UsageError
from judgemark.inputs.samples import SampleSet
from judgemark.judging.job_settings import PairwiseChoices
from judgemark.judging.schedule import ListedPairsSchedule, TournamentSchedule
from judgemark.judging.tournament_mode import rules_of, whole_items_first
from judgemark.protocols.pairwise_protocol import Pair
from judgemark.records import Sample
from judgemark.tournaments.tournament_settings import Option, Settings


def piece(writer: str, item: str, length: int, iteration: str = "1") -> Sample:
    return Sample(writer, iteration, item, writer[0] * length)


FIELD = (
    piece("ann", "x", 5), piece("bea", "x", 9), piece("cid", "x", 7),
    piece("ann", "y", 3), piece("bea", "y", 1), piece("cid", "z", 8),
)  # fmt: skip


def test_the_two_longest_pieces_of_each_place_stand_for_all() -> None:
    game = TournamentSchedule(SampleSet("s", FIELD), Settings())
    longest = {frozenset((p.one.writer, p.two.writer)) for p in game.longest_pairs()}
    assert longest == {frozenset(("bea", "cid")), frozenset(("ann", "bea"))}
    # Item x: 3 pairs at most, item y: 1, each in both orders; item z has nobody to play.
    assert game.most_questions == 2 * (3 + 1)


def test_a_piece_outside_ascii_is_as_long_as_its_bytes() -> None:
    two = (piece("ann", "x", 5), piece("bea", "x", 4), Sample("cid", "1", "x", "éééé"))
    (pair,) = TournamentSchedule(SampleSet("s", two), Settings()).longest_pairs()
    assert {pair.one.writer, pair.two.writer} == {"ann", "cid"}


def test_one_writer_is_no_field() -> None:
    with pytest.raises(UsageError, match="at least two writers"):
        TournamentSchedule(SampleSet("s", FIELD[:1]), Settings()).check()


def test_listed_pairs_are_asked_in_both_orders() -> None:
    pairs = (Pair.of(FIELD[0], FIELD[1]), Pair.of(FIELD[3], FIELD[4]))
    game = ListedPairsSchedule(pairs, {"seed": 42})
    assert game.most_questions == 4
    assert game.fingerprint_parts == {"pairs": {"seed": 42}}
    assert tuple(game.longest_pairs()) == pairs


def test_every_beginning_of_the_pieces_can_play() -> None:
    order = [(s.item, s.writer) for s in whole_items_first(FIELD)]
    assert order == [("x", "ann"), ("x", "bea"), ("x", "cid"),
                     ("y", "ann"), ("y", "bea"), ("z", "cid")]  # fmt: skip


def test_flags_become_rules() -> None:
    choices = PairwiseChoices(tournament="bootstrap", rounds=7, k_factor=16.0)
    assert rules_of(choices, 3) == Settings(
        option=Option.BOOTSTRAP, rounds=7, k_factor=16.0, seed=3
    )
    assert rules_of(PairwiseChoices(), 0) == Settings(seed=0)
