"""Position and circles from the verdicts of tournaments, without another question."""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from judgemark.probes.circles import BY_CHANCE
from judgemark.protocols.pairwise_protocol import Pair, Pairwise
from judgemark.protocols.tournament_protocol import TournamentProtocol
from judgemark.records import Class, Sample, Verdict
from judgemark.scoring.tournament_probes import probe_tournaments
from judgemark.tournaments.tournament_result import Played
from judgemark.tournaments.tournament_settings import Option, Settings

WRITERS = "abcd"
RING = {("a", "b"): 1, ("b", "c"): 1, ("a", "c"): -1}


def played(first: float, option: Option = Option.FULL, *, ring: bool = False) -> Played:
    """Four writers on three items; log-odds 2 for each place in the alphabet, `first` for place 1.

    In a ring, a beats b, b beats c and c beats a.
    """
    samples = [Sample(w, "1", f"i{i}", f"{w} on {i}") for w in WRITERS for i in range(3)]
    protocol = TournamentProtocol(Pairwise({}, dict.fromkeys(("i0", "i1", "i2"), "")), samples,
                                  Settings(option=option))  # fmt: skip
    outcomes = {}
    for i in range(3):
        for one, two in combinations([s for s in samples if s.item == f"i{i}"], 2):
            for question in protocol.asking.questions(Pair.of(one, two)):
                a, b = (question.pieces[role].writer for role in "AB")
                odds = 2.0 * (WRITERS.index(b) - WRITERS.index(a))
                if ring and {a, b} <= set("abc"):
                    odds = 2.0 * RING.get((a, b), -RING.get((b, a), 0))
                p = 1 / (1 + math.exp(-odds - first))
                outcomes[question.key] = Verdict(Class.OK, preference=p)
    return protocol.score(outcomes)


def test_a_judge_without_a_lean_has_none_and_its_order_makes_no_circles() -> None:
    probed = probe_tournaments(played(0.0), seed=0)
    first, flips, triples = probed.findings
    assert (first.effect, first.found) == (0.0, False)
    assert (flips.effect, flips.p, flips.found) == (0.0, None, None)
    assert (triples.effect, triples.found) == (0.0, False)
    assert probed.beside is not None and probed.beside["chance"] == BY_CHANCE


def test_a_lean_to_the_first_place_is_found_item_by_item() -> None:
    first, flips, _ = probe_tournaments(played(3.0), seed=0).findings

    # Six pairs on each item: differences 2, 2, 2, 4, 4, 6 against a lean of 3.
    def half(d: float) -> float:
        return (1 / (1 + math.exp(-3 - d)) + 1 / (1 + math.exp(-3 + d))) / 2

    expected = (3 * half(2) + 2 * half(4) + half(6)) / 6 - 0.5
    assert first.effect == pytest.approx(expected)
    assert (first.pieces, first.found) == (3, True)
    # The favourite changes where the difference is below the lean: in three of six pairs.
    assert flips.effect == 0.5


def test_a_ring_of_three_is_one_circle_of_four_triples() -> None:
    triples = probe_tournaments(played(0.0, ring=True), seed=0).findings[2]
    # a, b and c in a ring, each of them better than d: one of four triples.
    assert triples.effect == 0.25


def test_tournaments_in_rounds_have_no_circles() -> None:
    probed = probe_tournaments(played(0.0, Option.ISOLATED), seed=0)
    assert [finding.key for finding in probed.findings] == ["position.first", "position.flips"]
    assert probed.beside is None
