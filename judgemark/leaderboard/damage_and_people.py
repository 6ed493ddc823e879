"""Do judges that notice damage agree with people? Over the judges of a board."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from judgemark.errors import UndefinedFigure
from judgemark.leaderboard.board_entry import Entry
from judgemark.leaderboard.joined_figures import JoinedByJudge
from judgemark.leaderboard.validity_entry import judge_key
from judgemark.metrics.kendall import tau_b

FEWEST_JUDGES = 5


def damage_and_people(joined: JoinedByJudge, entries: Iterable[Entry]) -> list[str]:
    """Say how the order of judges by known damage agrees with that by agreement with people.

    Artificial damage is not people's taste; this is what a board knows of it. Nothing is said for
    fewer than five judges that have both, or where all of them tie in one. Baselines do not count.
    """
    both: dict[str, tuple[float, float]] = {}
    for entry in entries:
        figures = joined.to(entry).figures(entry.validity)
        damage, people = figures.get("damage_accuracy"), figures.get("people_accuracy")
        if not entry.is_floor and damage is not None and people is not None:
            both.setdefault(judge_key(entry.judge), (damage, people))
    if len(both) < FEWEST_JUDGES:
        return []
    try:
        tau = tau_b(*np.array(list(both.values())).T)
    except UndefinedFigure:
        return []
    return [
        f"Over {len(both)} judges, the order by accuracy on known damage and the order by "
        f"agreement with people have a Kendall tau of {tau:+.2f}."
    ]
