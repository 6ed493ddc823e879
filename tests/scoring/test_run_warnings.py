"""What a reader must know before believing a run's figures."""

from __future__ import annotations

from typing import Any

import pytest

from judgemark.judged import Adaptation, AskingFacts, CutPrompts, JudgedRun
from judgemark.records import Rubric
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
