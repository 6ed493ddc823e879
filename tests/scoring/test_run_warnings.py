"""What a reader must know before believing a run's figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from judgemark.judged import Adaptation, AskingFacts, CutPrompts, JudgedRun
from judgemark.metrics.classification import JudgedPair, Pass
from judgemark.metrics.validity.drawn_pairs import ScoredPiece, pair_of_scored
from judgemark.metrics.validity.known_pair import PairSource
from judgemark.records import Rubric, Sample
from judgemark.scoring.pair_warnings import warnings_of_pairs
from judgemark.scoring.run_warnings import warnings_of


def run_asked(asking: AskingFacts | None = None) -> JudgedRun:
    return JudgedRun("r", {}, {}, {}, {}, Rubric(0, 10), (), (), 0, asking=asking or AskingFacts())


def played(
    captured: float | None = 0.9, mass: float = 0.5, wins: float = 0.5, passes: int = 100
) -> dict[str, Any]:
    """A tournament's section, as far as warnings look at it."""
    letters = None if captured is None else {"captured_mass": captured}
    return {
        "letters": letters,
        "position_bias": {"mass": mass, "wins": wins, "passes": passes},
    }


def test_most_runs_have_no_warning() -> None:
    assert warnings_of(run_asked(), None) == []
    assert warnings_of(run_asked(), played()) == []
    assert warnings_of(run_asked(), {"letters": None, "position_bias": None}) == []


@pytest.mark.parametrize(
    ("section", "text"),
    [
        (played(captured=0.12), "only 12% of its probability on A and B"),
        (played(mass=0.93), "93% of the probability goes to position 1"),
        (played(mass=0.04), "4% of the probability goes to position 1"),
        (played(captured=None, mass=0.93), "93% of the probability goes to position 1"),
        (played(mass=0.6, wins=1.0), "position 1 wins 100% of the comparisons"),
    ],
)
def test_a_judge_that_does_not_answer_the_question_is_said_not_to(
    section: dict[str, Any], text: str
) -> None:
    (warning,) = warnings_of(run_asked(), section)
    assert warning["kind"] == "question_not_answered"
    assert text in warning["text"]
    assert "does not answer the question" in warning["text"]


@pytest.mark.parametrize(
    "section", [played(captured=0.5), played(mass=0.9), played(wins=1.0, passes=6)]
)
def test_at_the_bounds_and_on_few_passes_nothing_is_said(section: dict[str, Any]) -> None:
    assert warnings_of(run_asked(), section) == []


def test_settings_not_taken_and_cut_prompts_are_warnings() -> None:
    asking = AskingFacts(
        (Adaptation("temperature", None, 2, 4, "2026-01-01"),),
        CutPrompts(2048, 9_000, 12_000, True, 3, 4),
    )
    kinds = [warning["kind"] for warning in warnings_of(run_asked(asking), None)]
    assert kinds == ["adapted", "prompts_cut"]


def pair_with(p_a: float, p_a_swapped: float, mass: float | None) -> JudgedPair:
    worse = ScoredPiece("i", "ann", "1", "w", 100, 60.0)
    better = ScoredPiece("i", "bea", "1", "b", 100, 66.5)
    pair = pair_of_scored(better, worse, PairSource.REFERENCE)
    return JudgedPair(pair, Pass(p_a, "A", mass), Pass(p_a_swapped, "A", mass))


def test_pairs_are_warned_of_as_tournaments_are() -> None:
    asked = AskingFacts((Adaptation("temperature", None, 2, 2, "t"),))
    # Both orders go to the first place, and 12% of the probability to the letters.
    texts = [w["text"] for w in warnings_of_pairs(asked, [pair_with(0.95, 0.97, 0.12)] * 6)]
    assert len(texts) == 3
    assert "temperature" in texts[0]
    assert "only 12% of its probability" in texts[1]
    assert "96% of the probability goes to position 1" in texts[2]
    fair = [pair_with(0.9, 0.1, None), pair_with(0.8, 0.3, None)] * 6
    assert warnings_of_pairs(AskingFacts(), fair) == []


def test_pieces_without_text_are_a_warning() -> None:
    told, empty = Sample("a", "1", "i", "The key fits no lock."), Sample("b", "1", "i", " \n")
    (warning,) = warnings_of(replace(run_asked(), samples=(told, empty)), None)
    assert warning["kind"] == "empty_pieces"
    assert warning["text"].startswith("1 piece holds no text")
    assert warnings_of(replace(run_asked(), samples=(told,)), None) == []


def test_a_counter_of_words_is_no_floor_where_no_spaces_stand_between_them() -> None:
    japanese = Sample("a", "1", "i", "祖母の鍵は、もうどの錠にも合わなかった。")
    english = Sample("b", "1", "i", "The key fits no lock, not even this 錠.")
    mostly = replace(run_asked(), samples=(japanese, japanese, english))
    (warning,) = warnings_of(mostly, None)
    assert warning["kind"] == "weak_floor"
    assert warning["text"].startswith("2 of 3 pieces are in a script without spaces")
    assert warnings_of(replace(run_asked(), samples=(japanese, english)), None) == []
