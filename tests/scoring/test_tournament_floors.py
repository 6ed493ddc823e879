"""Floors of ratings: what baselines reach when they play themselves."""

from __future__ import annotations

import pytest

from judgemark.judges.pairwise_baselines import pairwise_baseline
from judgemark.metrics.composite import v4_score
from judgemark.metrics.separability import cliffs_delta, omega_squared
from judgemark.protocols.pairwise_protocol import Pairwise
from judgemark.protocols.tournament_protocol import TournamentProtocol
from judgemark.records import Outcome, QuestionKey, Sample
from judgemark.scoring.tournament_floors import rating_floors
from judgemark.tournaments.tournament_settings import Option, Settings

ROAD = "it was a long and empty road that led from nowhere to the sea and back again"
WORDS = ROAD.split()
PIECES = tuple(
    Sample(writer, "1", str(item), " ".join(WORDS[item : item + 4 + 2 * n + item % 3]))
    for n, writer in enumerate(("ann", "bea", "cid", "dot"))
    for item in range(4)
)


@pytest.mark.parametrize("name", ["lexical", "length", "random"])
@pytest.mark.parametrize("option", list(Option))
def test_a_floor_is_what_the_baseline_reaches_when_it_is_asked(option: Option, name: str) -> None:
    rules = Settings(option=option, seed=3)
    judge = pairwise_baseline(name, 3, PIECES)
    protocol = TournamentProtocol(
        Pairwise(judge.configuration, dict.fromkeys(map(str, range(4)), "")), PIECES, rules
    )
    outcomes: dict[QuestionKey, Outcome] = {}
    plan = protocol.plan()
    try:
        wave = next(plan)
        while True:
            outcomes |= {q.key: protocol.read(q, judge.ask(q)) for q in wave}
            wave = plan.send(outcomes)
    except StopIteration:
        table = protocol.score(outcomes).result.table
    asked = float(v4_score(omega_squared(table), cliffs_delta(table)))
    floor = rating_floors(PIECES, rules, None, 3)[name]
    assert floor.score == pytest.approx(asked)
    assert floor.kendall_tau is None


def test_each_is_compared_with_the_order_of_a_reference() -> None:
    reference = {"ann": 1.0, "bea": 2.0, "cid": 3.0, "dot": 4.0}
    floors = rating_floors(PIECES, Settings(option=Option.FULL), reference, 0)
    # The later the writer, the longer the pieces.
    assert floors["length"].kendall_tau == pytest.approx(1.0)
