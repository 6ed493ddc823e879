"""The ratings of judges that do not read, in the same tournaments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from judgemark.judges.baselines import FLOORS
from judgemark.judges.pairwise_baselines import pairwise_baseline, statistic
from judgemark.records import Sample
from judgemark.scoring.floors import BaselineFloor, floor_of
from judgemark.scoring.pooled_ratings import SHARED_CHANCE
from judgemark.tournaments.play import play, tournament
from judgemark.tournaments.tournament_settings import Match, Option, Settings


def rating_floors(
    samples: Sequence[Sample], rules: Settings, reference: Mapping[str, float] | None, seed: int
) -> dict[str, BaselineFloor]:
    """Let the random, length and lexical baselines play by the same rules over `samples`.

    Ratings depend on the rounds, the K-factor and the writers, so floors made from scores would
    not be comparable. Each baseline judges pairs as it does with mode pairwise.
    """
    return {name: _floor(name, samples, rules, reference, seed) for name in FLOORS}


def _floor(
    name: str,
    samples: Sequence[Sample],
    rules: Settings,
    reference: Mapping[str, float] | None,
    seed: int,
) -> BaselineFloor:
    from scipy.special import expit

    judge = pairwise_baseline(name, seed, samples)
    at = {(s.writer, s.iteration, s.item): statistic(name, seed, s) for s in samples}

    def decide(wave: Sequence[Match]) -> list[float | None]:
        return [
            expit(
                judge.difference(
                    at[m.first, m.iteration, m.item], at[m.second, m.iteration, m.item]
                )
            )
            for m in wave
        ]

    table = play(tournament(at, rules), decide).table
    pooled = rules.option is Option.BOOTSTRAP
    return floor_of(table, reference, seed, no_chance=SHARED_CHANCE if pooled else "")
