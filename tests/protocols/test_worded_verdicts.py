"""Verdicts in words: how judges answer, and what cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.protocols.worded_verdicts import read_words
from judgemark.records import Class, Failure, Reply, Verdict
from tests.support.growth import takes_at_most


@pytest.mark.parametrize(
    ("text", "p"),
    [
        ("A", 1.0),
        (" b.\n", 0.0),
        ("**B**", 0.0),
        ("[[A]]", 1.0),
        ("Response B", 0.0),
        ("tie", 0.5),
        ("Tie.", 0.5),
        ("Neither", 0.5),
        ("It's a tie.", 0.5),
        ("Answer: A", 1.0),
        ("**Verdict:** B", 0.0),
        ('{"winner": "A"}', 1.0),
        ("<answer>B</answer>", 0.0),
        ("The better response is A.", 1.0),
        ("The verdict is a tie.", 0.5),
        ("A: vivid.\nB: flat, the answer is a cliché.\n\nVerdict: tie", 0.5),
        ("First I thought: answer: A. Then the final answer: B", 0.0),
        ("A\n\nIt has the fresher images.", 1.0),
        ("Both have merit, and both drag.\n\nB", 0.0),
        ("Response A is clearly better than response B.", 1.0),
        ("A, because B is bland.", 1.0),
        ("<think>B is better. Answer: B</think>\nA", 1.0),
        ("Answer: A is weaker than B", 0.0),
        ("Decision: A loses to B", 0.0),
        ("The answer: A… no, wait.\n</think>\nB", 0.0),
        ("B beats A", 0.0),
        ("B beats A.", 0.0),
        ("A is better", 1.0),
        ("A is better than B.", 1.0),
        ("Answer: A, because B is bland.", 1.0),
        ("Answer: A - B is bland", 1.0),
        ('{"verdict": "B", "reason": "A is duller"}', 0.0),
        ("[[A>>B]]", 1.0),
        ("My final verdict is: [[B>A]]", 0.0),
        ("My verdict: A<B", 0.0),
        ("[[A=B]]", 0.5),
        ("\\boxed{A}", 1.0),
        ("The answer is $\\boxed{B}$.", 0.0),
        ("Ｂ", 0.0),
        ("答案：B", 0.0),
        ("Antwort: B", 0.0),
        ("Réponse : A", 1.0),
        ("Better:\nB", 0.0),
        ("I prefer B over A.", 0.0),
        ("I would choose A.", 1.0),
        ("Both are equally good.", 0.5),
        ("A is slightly better.", 1.0),
        ("A is clearly the stronger piece overall.", 1.0),
        ("A is better, but not by much.", 1.0),
        ("B wins.", 0.0),
        ("A wins over B", 1.0),
        ("A over B", 1.0),
        ("A is inferior to B.", 0.0),
        ("A is less vivid than B.", 0.0),
        ("A is more vivid than B.", 1.0),
        ("Neither is better.", 0.5),
        ("Winner: Response A over Response B", 1.0),
        ("Final answer: A\n\nExplanation: B is not as vivid, and A has no cliches.", 1.0),
        ("Answer: tie", 0.5),
        ("<think>A</think>\n**B**", 0.0),
        (
            "<|channel|>analysis<|message|>Answer: A<|end|>"
            "<|start|>assistant<|channel|>final<|message|>B<|return|>",
            0.0,
        ),
        ("analysisAnswer: A surely.assistantfinalB", 0.0),
        ("Answer: A. A beats B.", 1.0),
        ("A loses.", 0.0),
        ("A is the loser.", 0.0),
        ("B is far superior.", 0.0),
        ("A is good. B is better.", 0.0),
        ("The winner is B, not A.", 0.0),
        ("Preference: A (slightly)", 1.0),
        ("A is the winner", 1.0),
        ("Winner is A!", 1.0),
        ("Verdict: B is better", 0.0),
        ("Verdict: A is better than B", 1.0),
        ("Answer: B.\nConfidence: 80%", 0.0),
        ('"A"', 1.0),
        ("Option B.", 0.0),
        ("A > B", 1.0),
        ("Answer: A, not B.", 1.0),
        ("A, not B.", 1.0),
        ("Answer: A\n\nResponse A is stronger in imagery, while B is better at pacing.", 1.0),
        ("Answer: a", 1.0),
        ("B (by a hair)", 0.0),
        ("Better response: B", 0.0),
        ("Preferred: A", 1.0),
        ("**Winner:** Response B\n\n**Reasoning:** A drags.", 0.0),
        ("Answer: neither", 0.5),
        ("Answer: both", 0.5),
        ("Verdict: A wins.", 1.0),
        ("Verdict: A is the better story.", 1.0),
        ("Winner: A\nLoser: B", 1.0),
        ("Loser: B\nWinner: A", 1.0),
        ("Assistant A", 1.0),
        ("I choose Response B because it is vivid.", 0.0),
        ("A is less vivid than B", 0.0),
    ],
)
def test_how_judges_say_it(text: str, p: float) -> None:
    assert read_words(Reply(text, "stop")) == Verdict(Class.OK, preference=p)


@pytest.mark.parametrize(
    ("text", "finish", "cls"),
    [
        ("", "stop", Class.EMPTY),
        ("<think>A, surely", "stop", Class.EMPTY),
        ("A", "length", Class.TRUNCATED),
        ("A", "content_filter", Class.REFUSED),
        ("A fine pair of pieces.", "stop", Class.UNPARSEABLE),
        ("A is better at dialogue, B is better at plot.", "stop", Class.UNPARSEABLE),
        ("My answer is a long one, so bear with me.", "stop", Class.UNPARSEABLE),
    ],
)
def test_what_is_no_verdict(text: str, finish: str, cls: Class) -> None:
    outcome = read_words(Reply(text, finish))
    assert isinstance(outcome, Failure)
    assert outcome.cls is cls


@pytest.mark.parametrize(
    "text",
    [
        "Answer: A or B? Hard to say.",
        "Better: A? No. B.",
        "While A is stronger in imagery, Response B.",
        "A is not better",
        "A is better than B at dialogue.",
        "Worse answer: B",
        "Which is better: A or B?",
        "Is A better?",
        "Answer: A. But wait, B is deeper.",
        "Answer: A\n\nB",
        "Answer: A\nActually, B.",
        "A: vivid. B: flat.",
        "A: 7, B: 8",
        "A - 7, B - 8",
        "Response A\nvivid\nResponse B\nflat",
        "Better text:\nA\nWorse text:\nB",
        "Worse text:\nB",
        "A seems better",
        "If pressed, A is better.",
        "Some would say A is better. B wins.",
        "The better response is not A",
        "The better response is A?",
        "A, no, B.",
        "A. No, B.",
        "Answer: B. A is better.",
        "A is better? No. B.",
        "I do not think A is better.",
        "Neither A nor B is better.",
        "A is good but B is better.",
        "Not A.",
        "not A but B",
        "Verdict: A is better at plot",
        "Text A is better written",
        "Second choice: A",
        "Loser: A",
        "A - B",
        "A, B",
        "A. B.",
        "A and B",
        "Answer: A, B",
        "Answer: A and B",
        "the answer is a cliche",
        "The worse response is A",
        "Less preferred: A",
        "Initial answer: A",
        "Answer: A.\n\nOn reflection, B is better.",
        "Answer: A!\n\nNo! It is B.",
        "I think B.",
        "It's B.",
        "B is not better than A",
        "B is no better than A.",
        "A isn't better than B.",
        "Answer: neither A nor B",
        "Answer: A/B",
        "Answer: A?",
        "Answer: A??",
        "Answer: A...",
        "Answer: A…",
        "Position 1",
        "1",
        "Answer: The first one",
        "A is more cliched than B.",
    ],
)
def test_what_does_not_plainly_say_one_thing_is_no_verdict(text: str) -> None:
    outcome = read_words(Reply(text, "stop"))
    assert isinstance(outcome, Failure)
    assert outcome.cls is Class.UNPARSEABLE


@pytest.mark.parametrize(
    ("finish", "cls"),
    [
        ("MAX_TOKENS", Class.TRUNCATED),
        ("SAFETY", Class.REFUSED),
        ("error", Class.ERROR),
        ("tool_calls", Class.OK),
        (None, Class.OK),
    ],
)
def test_the_finish_reason_counts_here_too(finish: str | None, cls: Class) -> None:
    assert read_words(Reply("A", finish)).cls is cls


@pytest.mark.parametrize(
    "text",
    [
        "Answer: A (weaker)",
        "Answer: A, the worse of the two.",
        "Answer: A – worse than B",
        "Answer: A. It is the weaker story.",
        "Choice: A, but B is better",
        "Choice: A (though B is stronger).",
        "Answer: A (tie)",
        "Answer: A: 4, B: 8",
        "Answer: A (40%), B (60%)",
        "A\nB",
        "Answer: A\nFinal: B, no, A",
        "I doubt A is better",
        "I don't think A is better.",
        "Nobody would say A is better.",
        "A nearly wins.",
    ],
)
def test_a_verdict_that_its_own_words_turn_round_is_none(text: str) -> None:
    assert isinstance(read_words(Reply(text, "stop")), Failure)


@pytest.mark.parametrize(
    "text",
    [
        "Answer: A, because B is weaker",
        "Answer: A. The other one is worse.",
        "Answer: A (8/10)",
        "Better: A\nWorse: B",
        "Answer: A, although B is better at plot",
        "Final: A",
    ],
)
def test_what_is_said_against_the_other_side_supports_the_verdict(text: str) -> None:
    outcome = read_words(Reply(text, "stop"))
    assert isinstance(outcome, Verdict)
    assert outcome.preference == 1.0


PIECES = [
    "A", "B", " ", "\n", ".", ", ", "? ", "Answer: ", "Winner: ", "Worse answer: ", " is better",
    " is weaker", " than ", " beats ", " loses to ", "No", " not ", "While ", "tie", "Response ",
    "</think>", "<think>", "**", ": ", " > ", "wait", " at plot",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@settings(deadline=None, max_examples=300)
@given(st.one_of(TEXTS, st.text(max_size=200)))
def test_any_text_is_read_or_refused_without_an_error(text: str) -> None:
    outcome = read_words(Reply(text, "stop"))
    if isinstance(outcome, Verdict):
        assert outcome.preference in (0.0, 0.5, 1.0)


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_the_other_letter_throughout_gives_the_other_verdict(text: str) -> None:
    def preference(said: str) -> float | None:
        outcome = read_words(Reply(said, "stop"))
        return outcome.preference if isinstance(outcome, Verdict) else None

    swapped = text.translate(str.maketrans("AB", "BA"))
    # The label itself begins with one of the two letters.
    swapped = swapped.replace("Bnswer", "Answer")
    found = preference(text)
    assert preference(swapped) == (None if found is None else 1.0 - found)


@pytest.mark.parametrize(
    "part", [*PIECES, "A is ", "xly ", "Answer: A or B. ", "a " * 50, "(", "<"]
)
def test_hostile_text_takes_time_in_proportion_to_its_length(part: str) -> None:
    short, long = part * (2_000 // len(part)), part * (16_000 // len(part))
    # Eight times the text; quadratic reading would take 64 times as long.
    assert takes_at_most(
        24, lambda: read_words(Reply(short, "stop")), lambda: read_words(Reply(long, "stop"))
    )
