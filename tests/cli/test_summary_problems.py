"""What a run lacks, on the terminal."""

from __future__ import annotations

from judgemark.cli.summary_problems import missing_parts, problems
from judgemark.setting_names import as_flags


def incomplete(
    *failures: tuple[str, str], unanswered: int = 0, total: int | None = None
) -> list[str]:
    """What is said of a run whose questions ended like this (class, reason).

    `total` is the number of all of them where these are only the first.
    """
    missing = missing_parts(
        {
            "status": "incomplete",
            "coverage": {
                "failures": [{"class": cls, "reason": reason} for cls, reason in failures],
                "failures_total": len(failures) if total is None else total,
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


def test_what_is_said_of_the_first_failures_is_not_said_of_all() -> None:
    counted, why, _ = incomplete(("error", "HTTP 413"), ("empty", "no text"), total=500)
    assert counted == "500 without a verdict (of the first 2: 1 empty, 1 error)"
    assert "most often (1 of the first 2) " in why


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
