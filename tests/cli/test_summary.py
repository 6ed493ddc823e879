from __future__ import annotations

from judgemark.cli.summary import figures, incomplete_lines
from judgemark.scoring.result_json import compose
from tests.report import page_data


def line(text: str, label: str) -> str:
    """What stands behind a label."""
    return next(row for row in text.splitlines() if row.strip().startswith(label))


def test_the_variance_of_the_scores_is_shared_out_and_repeats_have_their_own_share() -> None:
    result = compose(page_data.whole_run())
    said = line(figures(result), "Variance")
    shares = {c["name"]: c["share"] for c in result["variance"]["components"]}
    assert list(shares) == ["writer", "item", "writer x item", "iteration", "repeat"]
    for name, share in shares.items():
        assert f"{name} {100 * share:.0f}%" in said
    assert "noise" not in said


def test_without_repeats_the_last_share_holds_the_judges_noise() -> None:
    result = compose(page_data.whole_run())
    once = {**result["variance"], "components": result["variance"]["components"][:-1]}
    said = line(figures({**result, "variance": once}), "Variance")
    assert said.endswith("% (the judge's own noise among it)")
    assert "Variance" not in figures({**result, "variance": None})


def incomplete(*failures: tuple[str, str], unanswered: int = 0) -> list[str]:
    """The last lines about a run whose questions ended like this (class, reason)."""
    result = {
        "status": "incomplete",
        "coverage": {
            "failures": [{"class": cls, "reason": reason} for cls, reason in failures],
            "failures_total": len(failures),
            "unanswered": unanswered,
        },
    }
    return incomplete_lines(result).splitlines()


def test_the_commonest_reason_is_printed_with_what_may_help() -> None:
    cut = ("truncated", "cut off at the token limit")
    lines = incomplete(cut, ("error", "HTTP 413"), cut)
    assert "3 without a verdict (1 error, 2 truncated)" in lines[0]
    assert "2 of 3" in lines[1]
    assert "cut off at the token limit" in lines[1]
    assert "--max-tokens" in lines[1]


def test_questions_still_to_be_asked_are_counted() -> None:
    (line,) = incomplete(unanswered=6)
    assert "6 questions still to be asked" in line
