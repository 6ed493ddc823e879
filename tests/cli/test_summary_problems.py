"""What a run lacks, on the terminal."""

from __future__ import annotations

from judgemark.cli.summary_problems import missing_parts, problems
from judgemark.setting_names import as_flags


def incomplete(*failures: tuple[str, str], unanswered: int = 0) -> list[str]:
    """What is said of a run whose questions ended like this (class, reason)."""
    missing = missing_parts(
        {
            "status": "incomplete",
            "coverage": {
                "failures": [{"class": cls, "reason": reason} for cls, reason in failures],
                "failures_total": len(failures),
                "unanswered": unanswered,
            },
        }
    )
    assert missing is not None
    assert missing[0] == "Incomplete"
    return missing[1]


def test_the_commonest_reason_is_printed_with_what_may_help() -> None:
    cut = ("truncated", "cut off at the token limit")
    counted, why, _ = incomplete(cut, ("error", "HTTP 413"), cut)
    assert "3 without a verdict (1 error, 2 truncated)" in counted
    assert "2 of 3" in why
    assert "cut off at the token limit" in why
    assert "--max-tokens" in as_flags(why)


def test_questions_still_to_be_asked_are_counted() -> None:
    assert "6 questions still to be asked" in incomplete(unanswered=6)[0]


def test_a_whole_run_without_warnings_has_no_row() -> None:
    whole = {"status": "complete", "coverage": {"failures": [], "unanswered": 0}}
    assert problems(whole) == []


def test_all_warnings_stand_in_one_row() -> None:
    texts = ["the endpoint refused top_k", "2 prompts were cut"]
    warned = {
        "status": "complete",
        "coverage": {"failures": [], "unanswered": 0},
        "warnings": [{"kind": "k", "text": text} for text in texts],
    }
    ((label, said),) = problems(warned)
    assert label == "Warning"
    assert all(text in said for text in texts)
