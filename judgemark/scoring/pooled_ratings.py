"""Ratings over bootstrapped items, which share verdicts: figures that they cannot have, and why."""

from __future__ import annotations

from judgemark.judged import JudgedRun

SHARED_VERDICTS = (
    "bootstraps share verdicts: their spread shows the stability of the leaderboard and is not an "
    "interval of the judge's score"
)
SHARED_CHANCE = (
    "bootstraps share verdicts and with them the same chance effects: shuffling the writers within "
    "each of them would understate what chance reaches"
)
NOT_OF_ITEMS = "each rating covers many items, so there are no ratings of single items"


def is_pooled(run: JudgedRun) -> bool:
    """Return whether each rating comes from bootstrapped items and not from a single item."""
    if not run.ratings:
        return False
    from judgemark.tournaments.tournament_settings import Option

    if run.tournaments is None:
        return run.rated_by == Option.BOOTSTRAP
    return run.tournaments.played.result.settings.option is Option.BOOTSTRAP
