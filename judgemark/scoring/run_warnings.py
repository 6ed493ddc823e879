"""The warnings that are shown wherever a run's figures are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from judgemark.judged import JudgedRun

ResultSection = dict[str, Any]

LEAST_MASS = 0.5
"""A judge with less of its probability on A and B does not answer the question."""

MOST_FOR_ONE_POSITION = 0.9
"""A judge that prefers one position by more than this follows position, not text."""

_FEWEST_PASSES = 10


def warnings_of(run: JudgedRun, tournament: Mapping[str, Any] | None) -> list[ResultSection]:
    """Return the warnings of a run, each as {"kind", "text"}; empty for most runs.

    Args:
        run: what was judged, with how it was asked.
        tournament: the result's section of that name; None for a run without tournaments.
    """
    found = [("adapted", str(adaptation)) for adaptation in run.asking.adaptations]
    if run.asking.cut_prompts is not None:
        found.append(("prompts_cut", str(run.asking.cut_prompts)))
    if tournament is not None:
        found += [("question_not_answered", text) for text in _not_answered(tournament)]
    return [{"kind": kind, "text": text} for kind, text in found]


def _not_answered(tournament: Mapping[str, Any]) -> Iterator[str]:
    """Yield why the verdicts of a pairwise judge may not answer which text is better."""
    letters, position = tournament.get("letters"), tournament.get("position_bias")
    if letters is not None and letters["captured_mass"] < LEAST_MASS:
        yield (
            f"the judge puts only {100 * letters['captured_mass']:.0f}% of its probability on A "
            "and B: it does not answer the question, so its figures do not show how it judges"
        )
    if position is None:
        return
    mass, wins, passes = position["mass"], position["wins"], position.get("passes", 0)
    if not 1 - MOST_FOR_ONE_POSITION <= mass <= MOST_FOR_ONE_POSITION:
        text = f"{100 * mass:.0f}% of the probability goes to position 1"
    elif passes >= _FEWEST_PASSES and not (
        1 - MOST_FOR_ONE_POSITION <= wins <= MOST_FOR_ONE_POSITION
    ):
        text = f"position 1 wins {100 * wins:.0f}% of the comparisons"
    else:
        return
    yield f"{text}, whichever text is shown there: the judge does not answer the question"
