"""A judge's answers to known pairs in a stored run, whether it scored pieces or compared them."""

from __future__ import annotations

from collections.abc import Sequence

from judgemark.metrics.validity.known_pair import AnsweredPair, KnownPair
from judgemark.records import Place
from judgemark.run.stored_answers import StoredAnswers
from judgemark.scoring.damage_reading import item_scores, scored_pairs
from judgemark.scoring.run_tables import tables_of


def scores_by_place(answers: StoredAnswers) -> dict[Place, float]:
    """Return the item score of every piece that has one; empty for a judge that compared pieces."""
    return {} if answers.pairwise else item_scores(tables_of(answers.run).v21)


def answers_to(answers: StoredAnswers, pairs: Sequence[KnownPair]) -> tuple[AnsweredPair, ...]:
    """Return each pair with the judge's answer, None where a verdict is missing.

    A judge that scored single pieces answers by the two item scores: 1, 0, or 0.5 for a tie; its
    pieces are found by writer, iteration and item. A judge that compared pieces answers by the
    probability of both orders averaged; its pairs are found by item and texts.
    """
    if not answers.pairwise:
        return scored_pairs(pairs, scores_by_place(answers))
    return tuple(
        AnsweredPair(
            pair, answers.p_better(pair.item, pair.better.text_sha256, pair.worse.text_sha256)
        )
        for pair in pairs
    )
