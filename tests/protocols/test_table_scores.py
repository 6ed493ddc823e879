"""Tables: the header chooses the column, and without one only a lone number counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.protocols.reply_reader import ReplyReader
from judgemark.records import Criterion, Rubric

NAMES = ("The Turn", "Pace", "Weak Dialogue", "Tell-Don't-Show", "Coherent", "The Ending")
READER = ReplyReader(Rubric(0, 10, tuple(Criterion(name, False) for name in NAMES)))


@pytest.mark.parametrize(
    ("reply", "scores"),
    [
        (
            (
                "| Criterion | Max | Score |\n"
                "|---|---|---|\n"
                "| The Turn | 10 | 4 |\n"
                "| Pace | 10 | 7 |"
            ),
            {"The Turn": 4.0, "Pace": 7.0},
        ),
        (("| Criterion | Score | Max |\n|---|---|---|\n| The Turn | 4 | 10 |"), {"The Turn": 4.0}),
        (
            (
                "| Criterion | Weight | Score | Weighted |\n"
                "|:--|--:|--:|--|\n"
                "| The Turn | 2 | 4 | 8 |"
            ),
            {"The Turn": 4.0},
        ),
        (
            ("| Criterion | First pass | Final |\n|---|---|---|\n| The Turn | 3 | 4 |"),
            {"The Turn": 4.0},
        ),
        (
            ("| Criterion | Score | Revised Score |\n|---|---|---|\n| The Turn | 3 | 4 |"),
            {"The Turn": 4.0},
        ),
        (("| Criterion | Pass 1 | Pass 2 |\n|---|---|---|\n| The Turn | 3 | 4 |"), {}),
        (("| The Turn | 10 | 4 |\n| Pace | 10 | 6 |"), {}),
        (("| The Turn | 4 |\n| Pace | 6 |"), {"The Turn": 4.0, "Pace": 6.0}),
        (("| 1 | The Turn | 4 |\n| 2 | Pace | 6 |"), {"The Turn": 4.0, "Pace": 6.0}),
        (
            ("| Score | Criterion |\n|---|---|\n| 4 | The Turn |\n| 6 | Pace |"),
            {"The Turn": 4.0, "Pace": 6.0},
        ),
        (
            (
                "| # | Criterion | Max | Score | Remarks |\n"
                "|---|---|---|---|---|\n"
                "| 1 | **The Turn** | 10 | **4** | 3 scenes drag |\n"
                "| 2 | Pace | 10 | 6 | fine |"
            ),
            {"The Turn": 4.0, "Pace": 6.0},
        ),
        (("| Criterion | Max |\n|---|---|\n| The Turn | 10 |"), {}),
        (("The Turn\t10\t4\nPace\t10\t6"), {}),
        (("Criterion\tMax\tScore\nThe Turn\t10\t4\nPace\t10\t6"), {"The Turn": 4.0, "Pace": 6.0}),
        (("Criterion,Max,Score\nThe Turn,10,4\nPace,10,6"), {"The Turn": 4.0, "Pace": 6.0}),
        (
            ('criterion;score;comment\n"The Turn";4;"fine, really"\nPace;6;x'),
            {"The Turn": 4.0, "Pace": 6.0},
        ),
        (("The Turn,4\nPace,6"), {"The Turn": 4.0, "Pace": 6.0}),
        (
            ("| The Turn | Pace | Coherent |\n|---|---|---|\n| 4 | 6 | 7 |"),
            {"The Turn": 4.0, "Pace": 6.0, "Coherent": 7.0},
        ),
        (
            ("| | The Turn | Pace |\n|---|---|---|\n| Max | 10 | 10 |\n| Score | 4 | 6 |"),
            {"The Turn": 4.0, "Pace": 6.0},
        ),
        (
            ("| Criterion | Score | Percent |\n|---|---|---|\n| The Turn | 8 | 80 |"),
            {"The Turn": 8.0},
        ),
        (("│ Criterion │ Max │ Score │\n│ The Turn │ 10 │ 4 │"), {"The Turn": 4.0}),
        (("| Criterion | Score / Max |\n|---|---|\n| The Turn | 4/10 |"), {"The Turn": 4.0}),
        (("| Criterion | Max / Score |\n|---|---|\n| The Turn | 10 / 4 |"), {}),
        (
            ("| Criterion | Points | Out of |\n|---|---|---|\n| The Turn | 4 | 10 |"),
            {"The Turn": 4.0},
        ),
        (
            ("| Criterion | Out of | Points |\n|---|---|---|\n| The Turn | 10 | 4 |"),
            {"The Turn": 4.0},
        ),
        (
            ("| Criterion | Possible | Earned |\n|---|---|---|\n| The Turn | 10 | 4 |"),
            {"The Turn": 4.0},
        ),
        (
            (
                "| Criterion | Points possible | Points awarded |\n"
                "|---|---|---|\n"
                "| The Turn | 10 | 4 |"
            ),
            {"The Turn": 4.0},
        ),
        (
            ("| Criterion | Maximum points | Awarded |\n|---|---|---|\n| The Turn | 10 | 4 |"),
            {"The Turn": 4.0},
        ),
        (("| Criterion | Draft 1 | Draft 2 |\n|---|---|---|\n| The Turn | 10 | 4 |"), {}),
        (
            (
                "| Criterion | Before revision | After revision |\n"
                "|---|---|---|\n"
                "| The Turn | 3 | 4 |"
            ),
            {"The Turn": 4.0},
        ),
        (
            ("| Criterion | Original | Revised |\n|---|---|---|\n| The Turn | 3 | 4 |"),
            {"The Turn": 4.0},
        ),
        (("| Criterion | Judge A | Judge B |\n|---|---|---|\n| The Turn | 3 | 4 |"), {}),
        (("| Criterion | A | B |\n|---|---|---|\n| The Turn | 3 | 4 |"), {}),
        (
            ("| Criterion | Score | Confidence |\n|---|---|---|\n| The Turn | 3 | 9 |"),
            {"The Turn": 3.0},
        ),
        (
            ("| Criterion | Score | Average |\n|---|---|---|\n| The Turn | 3 | 9 |"),
            {"The Turn": 3.0},
        ),
        (
            ("| Criterion | Min | Max | Score |\n|---|---|---|---|\n| The Turn | 0 | 10 | 3 |"),
            {"The Turn": 3.0},
        ),
        (("| Criterion (max 10) | Rating |\n|---|---|\n| The Turn (10) | 3 |"), {"The Turn": 3.0}),
        (
            ("| Criterion | Rating (1-10) | Weight |\n|---|---|---|\n| The Turn | 3 | 2 |"),
            {"The Turn": 3.0},
        ),
        (("| Criterion | Score | Score |\n|---|---|---|\n| The Turn | 3 | 2 |"), {}),
        (
            ("| Criterion | Importance | Score |\n|---|---|---|\n| The Turn | 3 | 2 |"),
            {"The Turn": 2.0},
        ),
        (
            ("| Criterion | Score out of 10 | Max |\n|---|---|---|\n| The Turn | 3 | 10 |"),
            {"The Turn": 3.0},
        ),
        (
            ("| Criterion | Your score | Class average |\n|---|---|---|\n| The Turn | 3 | 10 |"),
            {"The Turn": 3.0},
        ),
        (
            (
                "| Criterion | Score | Reasoning |\n"
                "|---|---|---|\n"
                "| The Turn | 3 | 10 scenes, 4 of them fine |"
            ),
            {"The Turn": 3.0},
        ),
        (
            (
                "| Criterion | Reasoning | Score |\n"
                "|---|---|---|\n"
                "| The Turn | 10/10 ending but slow | 3 |"
            ),
            {"The Turn": 3.0},
        ),
        (("| Criterion | Score |\n|---|---|\n| The Turn | 3 → 4 |"), {}),
        (("| Criterion | Score |\n|---|---|\n| The Turn | ~~3~~ 4 |"), {}),
        (("| Criterion | Score |\n|---|---|\n| The Turn | ⭐⭐⭐ |"), {}),
        ("The Turn | 0-10 | 4", {"The Turn": 4.0}),
        ("The Turn | 4/10 | Max", {"The Turn": 4.0}),
    ],
)
def test_the_score_of_a_row(reply: str, scores: dict[str, float]) -> None:
    assert READER.parse(reply).scores == scores


COLUMNS: dict[str, Callable[[str, int], object]] = {
    "Criterion": lambda name, _: name,
    "Score": lambda _, score: score,
    "Max": lambda _, __: 10,
    "Weight": lambda _, score: score % 3,
    "Draft": lambda _, score: 10 - score,
    "Range": lambda _, __: "0-10",
    "Remarks": lambda _, score: f"{score} scenes drag",
    "#": lambda name, _: NAMES.index(name) + 1,
}


@settings(deadline=None, max_examples=200)
@given(
    st.dictionaries(st.sampled_from(NAMES), st.integers(0, 10), min_size=1),
    st.permutations(list(COLUMNS)),
    st.integers(0, 6),
    st.sampled_from(["|", "\t"]),
)
def test_columns_in_any_order(
    scores: dict[str, int], order: list[str], dropped: int, separator: str
) -> None:
    columns = [c for c in order if c in ("Criterion", "Score") or order.index(c) >= dropped]
    rows = [columns, *([str(COLUMNS[c](n, s)) for c in columns] for n, s in scores.items())]
    edge = separator if separator == "|" else ""
    reply = "\n".join(edge + separator.join(row) + edge for row in rows)
    assert READER.parse(reply).scores == scores


@settings(deadline=None, max_examples=100)
@given(
    st.dictionaries(st.sampled_from(NAMES), st.integers(0, 10), min_size=1),
    st.sampled_from(["First reader | Second reader", "Pass 1 | Pass 2", "A | B", "Max | Weight"]),
)
def test_two_numbers_that_no_header_tells_apart_are_no_mention(
    scores: dict[str, int], header: str
) -> None:
    rows = [f"| {name} | {score} | {(score + 3) % 11} |" for name, score in scores.items()]
    table = "\n".join([f"| Criterion | {header} |", "|---|---|---|", *rows])
    assert READER.parse(table).scores == {}
    bare = "\n".join(rows)
    assert READER.parse(bare).scores == {}
