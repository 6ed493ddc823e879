"""Scores at the end of a sentence about a criterion, and on the line below it."""

from __future__ import annotations

import pytest

from judgemark.protocols.reply_reader import ReplyReader
from judgemark.records import Criterion, Rubric

NAMES = ("The Turn", "Pace", "Weak Dialogue", "Tell-Don't-Show", "Coherent", "The Ending")
READER = ReplyReader(Rubric(0, 10, tuple(Criterion(name, False) for name in NAMES)))


@pytest.mark.parametrize(
    "line",
    [
        "**The Turn:** Prepared, with care. **Score: 8/10**",
        "**The Turn**: Strong work; the voice is not lost. **Score:** 8",
        "The Turn: Very strong, but too long. Score: 8/10",
        "The Turn: Good. 8/10",
        "The Turn: it is prepared and still a surprise — 8/10",
        "**The Turn** — Strong. **8/10**",
        "The Turn: ★★★★★★★★☆☆ 8/10",
        "The Turn: ████████░░ 8/10",
        "The Turn 8/10",
        "The Turn ........ 8/10",
        "The Turn: 8 on a scale of 0-10",
        "The Turn: 8 over 10",
        "The Turn: Eight (8)",
        "The Turn: $8$",
        "The Turn: $\\boxed{8}$",
        "Criterion 3: The Turn: 8",
        "Criterion 3 - The Turn: 8",
        "C3. The Turn: 8",
        "#3 The Turn: 8",
        "A. The Turn: 8",
        "b) The Turn: 8",
        "IV. The Turn: 8",
        "3\ufe0f\u20e3 **The Turn**: 8/10",
        "- [x] The Turn: 8",
        "My score for The Turn: 8",
        'Score for "The Turn": 8',
        "For The Turn: 8",
        "Scores: The Turn: 8, Pace: 6",
        "The Turn: 8<|eot_id|>",
    ],
)
def test_a_line_that_begins_with_a_name_may_end_in_its_score(line: str) -> None:
    assert READER.parse(f"{line}\nThe Ending: 5").scores["The Turn"] == 8.0


@pytest.mark.parametrize(
    "line",
    [
        "The Turn: could be 9/10 with work, so 4/10",
        "The Turn: a sharper one would get 9/10",
        "The Turn: raised from 4/10.",
        "The Turn: seen in 3 out of 10 lines",
        "The Turn: seen in 3 out of 10.",
        "The Turn: lost on 3/10 readers",
        "The Turn 9/10, were it prepared",
        "The Turn: 9/10? Too generous.",
        "The Turn: 9 is too high.",
        "The Turn: compared with a typical score of 6/10",
        "The Turn: better than the 6/10 of most. 7/10",
        "The Turn: Eight (7)",
        "The Turn: [score]/10",
        "The Turn: <7",
        "Criterion 3: The Turn: 9 lines before the end",
        "To reach The Turn: 9, the story would need more.",
        "If it were longer, that would change. The Turn: 9",
    ],
)
def test_what_a_sentence_says_of_other_numbers_is_no_score(line: str) -> None:
    read = READER.parse(f"The Turn: 5\n{line}")
    assert read.scores.get("The Turn", 5.0) == 5.0


@pytest.mark.parametrize(
    "given",
    [
        "9. I lower it to 5.",
        "9 (−4 for the end) = 5",
        "8/10, reduced to 5/10",
        "8, minus 3 for the ending: 5",
    ],
)
def test_a_score_that_is_taken_back_on_its_line_is_none(given: str) -> None:
    assert READER.parse(f"The Turn: {given}").scores == {}


@pytest.mark.parametrize(
    "again",
    [
        "Wait, that is too high. The Turn: 5",
        "Correction: The Turn: 5",
        "On reflection — The Turn: 5",
    ],
)
def test_a_correction_replaces_a_score(again: str) -> None:
    assert READER.parse(f"The Turn: 8\n{again}").scores == {"The Turn": 5.0}


@pytest.mark.parametrize(
    ("reply", "scores"),
    [
        ("**The Turn:** Done well.\nScore: 8/10\n\n**Pace:** Fine.\nScore: 6", (8.0, 6.0)),
        (
            "1. **The Turn**: Done well.\n   - Score: 8\n2. **Pace**: Fine.\n   - Score: 6",
            (8.0, 6.0),
        ),
        ("The Turn: Done well.\nIt is.\n\nScore: 8\n\nPace: It is fine.\nScore: 6", (8.0, 6.0)),
        ("### The Turn\nGood lines.\n\n**8/10**\n\n### Pace\nFine.\n6/10", (8.0, 6.0)),
    ],
)
def test_a_score_may_stand_below_the_sentence(reply: str, scores: tuple[float, float]) -> None:
    assert READER.parse(reply).scores == dict(zip(("The Turn", "Pace"), scores, strict=True))


@pytest.mark.parametrize(
    ("reply", "scores"),
    [
        ("- The Turn: done well\n- Pace: rather fine\nScore: 7", {}),
        ("The Turn: 8\nPace: rather slow\nScore: 7", {"The Turn": 8.0}),
        ("### The Turn\nPace: comes too soon after it.\nScore: 8", {"The Turn": 8.0}),
        ("Score: 8\nThe Turn: done well\nScore: 6\nPace: rather slow", {}),
    ],
)
def test_an_overall_score_below_a_list_is_nobodys(reply: str, scores: dict[str, float]) -> None:
    assert READER.parse(reply).scores == scores


@pytest.mark.parametrize(
    ("ending", "score"),
    [
        ("Score: 3\n\nFinal score: 5", 3.0),
        ("None that I could see.\n\nFinal score: 5", None),
        ("Score: 6\n\nToo kind.\n\nRevised score: 3", 3.0),
        ("Initial score: 6\n\nToo kind.\n\nFinal score: 3", 3.0),
        ("Score: 6\n\nToo kind.\n\nScore: 3", None),
    ],
)
def test_a_second_score_of_the_last_section(ending: str, score: float | None) -> None:
    reply = f"### The Turn\nScore: 8\n\n### Pace\nScore: 6\n\n### The Ending\n{ending}"
    expected = {"The Turn": 8.0, "Pace": 6.0} | ({} if score is None else {"The Ending": score})
    assert READER.parse(reply).scores == expected


def test_final_scores_of_all_sections_and_of_the_piece() -> None:
    sections = "".join(
        f"### {n}\nScore: 9\n\nLess.\n\nFinal score: {k}\n\n" for k, n in enumerate(NAMES)
    )
    expected = {name: float(k) for k, name in enumerate(NAMES)}
    assert READER.parse(sections).scores == expected
    assert READER.parse(sections + "Final score: 7").scores == expected


@pytest.mark.parametrize(
    "row",
    ["{}: {}/10 | good work", "**{}:** {} | good work", "- {} ({}/10) | good", "{}: {}\tgood"],
)
def test_rows_without_a_header_lose_no_score(row: str) -> None:
    reply = "\n".join(row.format(name, k + 2) for k, name in enumerate(NAMES))
    assert READER.parse(reply).scores == {name: k + 2.0 for k, name in enumerate(NAMES)}


@pytest.mark.parametrize(
    "reply",
    [
        "The Turn: 5\n~~The Turn: 9~~",
        "~~The Turn: 9~~ The Turn: 5",
        "~~**The Turn**: 9/10~~\n**The Turn**: 5/10",
        "The Turn: 5\n<!-- The Turn: 9 -->",
        "The Turn: 5\n<!-- my draft\nThe Turn: 9",
        "The Turn: 5 <!-- - -- ->9 -->",
    ],
)
def test_what_is_struck_out_or_a_comment_is_no_score(reply: str) -> None:
    assert READER.parse(reply).scores == {"The Turn": 5.0}


def test_a_comment_and_a_strike_do_not_move_what_follows() -> None:
    read = READER.parse("<!-- The Turn: 9 -->\n~~Pace: 2~~\nPace: 6")
    assert read.scores == {"Pace": 6.0}
    assert read.said[read.places["Pace"]] == "6"
