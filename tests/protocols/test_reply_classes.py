"""Every class of outcome, the criteria that replies agree on, and scores held to them."""

import pytest

from judgemark.protocols.common_criteria import common_criteria
from judgemark.protocols.reply_classes import restrict_to_criteria
from judgemark.protocols.reply_reader import read_reply
from judgemark.records import Class, Criterion, Failure, Rubric, Verdict

NAMES = ("Coherent", "Elegant Prose", "Meandering", "Overwrought", "Pace", "Weak Dialogue")
RUBRIC = Rubric(0, 10, tuple(Criterion(name, False) for name in NAMES))
UNKNOWN = Rubric(0, 10)


def reply_of(n: int) -> str:
    return "\n".join(f"{name}: {score}" for score, name in enumerate(NAMES[:n]))


def scores_of(n: int) -> dict[str, float]:
    return {name: float(score) for score, name in enumerate(NAMES[:n])}


def failure(text: str, finish_reason: str | None = "stop", rubric: Rubric = RUBRIC) -> Failure:
    outcome = read_reply(text, finish_reason, rubric)
    assert isinstance(outcome, Failure)
    return outcome


def test_all_criteria_are_ok() -> None:
    assert read_reply(reply_of(6), "stop", RUBRIC) == Verdict(Class.OK, scores_of(6))
    assert read_reply(reply_of(6), None, RUBRIC) == Verdict(Class.OK, scores_of(6))


def test_five_of_six_are_partial() -> None:
    assert read_reply(reply_of(5), "stop", RUBRIC) == Verdict(Class.PARTIAL, scores_of(5))


def test_fewer_than_five_are_unparseable_and_say_what_was_found() -> None:
    reply = "Coherent: 11\nPace: N/A\nMeandering: 4\nScore: 7\nOverwrought: 1"
    assert failure(reply) == Failure(
        Class.UNPARSEABLE,
        "2 of 6 criteria scored; 5 are needed; 2 without a valid score (“Coherent: 11”); "
        "1 under other names (“Score”)",
    )


def test_all_of_a_short_rubric_are_ok() -> None:
    short = Rubric(0, 10, RUBRIC.criteria[:2] if RUBRIC.criteria else None)
    assert read_reply(reply_of(2), "stop", short) == Verdict(Class.OK, scores_of(2))
    assert failure(reply_of(1), rubric=short).reason == "1 of 2 criteria scored; 2 are needed"


def test_without_criteria_five_names_are_ok() -> None:
    assert read_reply(reply_of(5), "stop", UNKNOWN) == Verdict(Class.OK, scores_of(5))
    assert failure(reply_of(4), rubric=UNKNOWN).reason == "4 scores found; 5 are needed"


def test_cut_off_is_never_good() -> None:
    assert failure(reply_of(6), "length") == Failure(
        Class.TRUNCATED, "the reply was cut off at the token limit, after 6 scores"
    )
    assert failure("", "length") == Failure(
        Class.TRUNCATED, "the reply was cut off at the token limit, before any score"
    )


@pytest.mark.parametrize(
    "reply", ["", " \n\t", f"<think>{reply_of(6)}", f"<think>{reply_of(6)}</think>\n"]
)
def test_nothing_said_is_empty(reply: str) -> None:
    assert failure(reply).cls is Class.EMPTY


@pytest.mark.parametrize(
    "reply",
    [
        "I'm sorry, but I can’t assist with that request.",
        "As an AI, I cannot rate this piece.",
        "I am unable to provide scores for this content.",
        "Unfortunately, we won't be able to evaluate it.",
        "Sorry, can't help with that.",
        "I must respectfully decline.",
        "I'm not comfortable with this text.",
        "This request goes against our content policy.",
    ],
)
def test_refusals(reply: str) -> None:
    assert failure(reply).cls is Class.REFUSED


def test_a_refusal_is_quoted() -> None:
    assert failure("No. I cannot rate this.").reason == "the judge declined: “I cannot rate”"


@pytest.mark.parametrize(
    "reply",
    [
        "I cannot find that sample.",
        "I cannot help but admire the ending.",
        "The narrator cannot provide for her children, and the plot won't continue.",
        "<html>gateway</html>",
    ],
)
def test_no_scores_and_no_refusal_is_unparseable(reply: str) -> None:
    assert failure(reply).cls is Class.UNPARSEABLE


def test_refusal_words_beside_scores_refuse_nothing() -> None:
    reply = f"I cannot rate the ending, but here goes.\n{reply_of(6)}"
    assert read_reply(reply, "stop", RUBRIC) == Verdict(Class.OK, scores_of(6))


def test_a_content_filter_refuses() -> None:
    assert failure(reply_of(6), "content_filter").cls is Class.REFUSED


def test_common_criteria_are_in_half_of_the_scored_replies() -> None:
    replies: list[dict[str, float]] = [
        {"Plot": 1.0, "Tell-Don't-Show": 2.0, "Typo": 3.0},
        {"Plot": 1.0, "Tell-Don't-Show": 2.0},
        {"Plot": 1.0, "Tell-Don't Show": 2.0, "Pace": 3.0},
        {"Plot": 1.0, "Pace": 2.0},
        {},
    ]
    # 4 scored replies: Plot 4, Tell-Don't-Show 3 in two spellings, Pace 2 (half), Typo 1. Mean
    # places: Plot 0, Tell-Don't-Show 1, Pace (2 + 1) / 2.
    assert common_criteria(replies) == ("Plot", "Tell-Don't-Show", "Pace")
    assert common_criteria(reversed(replies)) == ("Plot", "Tell-Don't-Show", "Pace")
    assert common_criteria([]) == ()


def test_scores_are_held_to_criteria() -> None:
    given = {"pace": 4.0, "Coherent": 1.0, "Typo": 9.0, "ELEGANT PROSE": 2.0, "Overwrought": 3.0}
    assert restrict_to_criteria(
        given, ("Pace", "Coherent", "Elegant Prose", "Overwrought")
    ) == Verdict(Class.OK, {"Pace": 4.0, "Coherent": 1.0, "Elegant Prose": 2.0, "Overwrought": 3.0})
    assert restrict_to_criteria(scores_of(6), (*NAMES, "Plot")) == Verdict(
        Class.PARTIAL, scores_of(6)
    )
    assert restrict_to_criteria(given, NAMES) == Failure(
        Class.UNPARSEABLE, "4 of 6 criteria scored; 5 are needed"
    )
    assert restrict_to_criteria(given, ()) == Failure(
        Class.UNPARSEABLE, "0 of 0 criteria scored; 0 are needed"
    )


@pytest.mark.parametrize("reason", ["tool_calls", "OTHER", "something new"])
def test_an_unclear_ending_is_good_for_a_whole_reply_alone(reason: str) -> None:
    assert read_reply(reply_of(6), reason, RUBRIC) == Verdict(Class.OK, scores_of(6))
    partial = failure(reply_of(5), reason)
    assert partial.cls is Class.UNPARSEABLE
    assert f"“{reason}”" in partial.reason


def test_an_unclear_ending_counts_where_the_criteria_are_found_afterwards() -> None:
    assert restrict_to_criteria(scores_of(6), NAMES, "OTHER") == Verdict(Class.OK, scores_of(6))
    cut = restrict_to_criteria(scores_of(5), NAMES, "OTHER")
    assert cut.cls is Class.UNPARSEABLE
    assert restrict_to_criteria(scores_of(5), NAMES, "stop").cls is Class.PARTIAL


def test_a_fault_of_the_server_is_never_good() -> None:
    broken = failure(reply_of(6), "error")
    assert broken.cls is Class.ERROR
    assert broken.reason.endswith("after 6 scores")
