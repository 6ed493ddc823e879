"""The warnings that are shown wherever a run's figures are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from judgemark.judged import AskingFacts, JudgedRun, has_probabilities
from judgemark.metrics.validity.unspaced_words import has_unspaced_words
from judgemark.records import PLAIN
from judgemark.scoring.result_types import ResultSection

if TYPE_CHECKING:
    from judgemark.tournaments.position_bias import PositionBias

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
    letters, position = None, None
    if tournament is not None:
        letters, position = tournament.get("letters"), tournament.get("position_bias")
    bias = None
    if position is not None:
        from judgemark.tournaments.position_bias import PositionBias

        bias = PositionBias(position["mass"], position["wins"], position.get("passes", 0))
    found = warnings_of_asking(run.asking, letters["captured_mass"] if letters else None, bias)
    found += _separate_groups(run, tournament)
    return [*found, *_empty_pieces(run), *_weak_floor(run), *_no_probabilities(run)]


def _separate_groups(
    run: JudgedRun, tournament: Mapping[str, Any] | None
) -> Iterator[ResultSection]:
    """Yield a warning where ratings stand side by side that no verdict connects.

    While questions are still to be asked, such groups may yet meet.
    """
    groups = (tournament or {}).get("separate_groups")
    if groups and not run.unanswered:
        # Boards keep warnings, and they hold no names of writers.
        sizes = ", ".join(str(len(group)) for group in groups)
        yield {
            "kind": "separate_groups",
            "text": (
                f"the writers fall into {len(groups)} groups that no verdict connects (of {sizes} "
                "writers): their ratings can be compared within a group, not between groups"
            ),
        }


def _empty_pieces(run: JudgedRun) -> Iterator[ResultSection]:
    """Yield a warning where pieces hold no text, as where their generation failed."""
    empty = sum(not sample.text.strip() for sample in run.samples)
    if empty:
        what = "piece holds" if empty == 1 else "pieces hold"
        yield {
            "kind": "empty_pieces",
            "text": f"{empty:,} {what} no text: no judge has to read to tell that",
        }


def _no_probabilities(run: JudgedRun) -> Iterator[ResultSection]:
    """Yield a warning where scores from probabilities were wanted and none can be had."""
    if run.score_method != PLAIN and run.judged and not has_probabilities(run):
        yield {
            "kind": "no_probabilities",
            "text": (
                f"‹score_method› {run.score_method}: the endpoint gave no log-probabilities that "
                "could be used, so all scores are those of the plain replies"
            ),
        }


def _weak_floor(run: JudgedRun) -> Iterator[ResultSection]:
    """Yield a warning where the lexical baseline cannot tell words apart."""
    unspaced = sum(has_unspaced_words(sample.text) for sample in run.samples)
    if 2 * unspaced > len(run.samples):
        yield {
            "kind": "weak_floor",
            "text": (
                f"{unspaced:,} of {len(run.samples):,} pieces are in a script without spaces "
                "between words: the lexical baseline counts what stands between spaces, so it is "
                "no floor here; the counting rules of “Does it read?” take each character for a "
                "word"
            ),
        }


def warnings_of_asking(
    asking: AskingFacts, captured_mass: float | None, position: PositionBias | None
) -> list[ResultSection]:
    """Return the warnings of how questions were asked and answered.

    Args:
        asking: how they were asked.
        captured_mass: the mean probability that fell on the letters of both pieces, 0..1; None
            where no log-probabilities are known.
        position: how far answers follow the position; None for a judge of single pieces.
    """
    found = [("adapted", str(adaptation)) for adaptation in asking.adaptations]
    if asking.cut_prompts is not None:
        found.append(("prompts_cut", str(asking.cut_prompts)))
    found += [("question_not_answered", text) for text in _not_answered(captured_mass, position)]
    return [{"kind": kind, "text": text} for kind, text in found]


def _not_answered(captured_mass: float | None, position: PositionBias | None) -> Iterator[str]:
    """Yield why the verdicts of a pairwise judge may not answer which text is better."""
    if captured_mass is not None and captured_mass < LEAST_MASS:
        yield (
            f"the judge puts only {100 * captured_mass:.0f}% of its probability on A "
            "and B: it does not answer the question, so its figures do not show how it judges"
        )
    if position is None:
        return
    mass, wins, passes = position.mass, position.wins, position.passes
    if not 1 - MOST_FOR_ONE_POSITION <= mass <= MOST_FOR_ONE_POSITION:
        text = f"{100 * mass:.0f}% of the probability goes to position 1"
    elif passes >= _FEWEST_PASSES and not (
        1 - MOST_FOR_ONE_POSITION <= wins <= MOST_FOR_ONE_POSITION
    ):
        text = f"position 1 wins {100 * wins:.0f}% of the comparisons"
    else:
        return
    yield f"{text}, whichever text is shown there: the judge does not answer the question"
