"""One example of every form in which a judge writes a score, and of what only looks like one."""

import pytest

from judgemark.protocols.line_scores import ScoreLines, line_mentions
from judgemark.protocols.reply_reader import ReplyReader
from judgemark.protocols.score_labels import label_kind
from judgemark.records import Criterion, Rubric

CRITERIA = ("Weak Dialogue", "Tell-Don't-Show", "Coherent", "Consistent Voice/Tone of Writing")
READER = ReplyReader(Rubric(0, 10, tuple(Criterion(name, False) for name in CRITERIA)))
NAMES = ("The Turn", "Pace", "Weak Dialogue", "Tell-Don't-Show", "Coherent", "The Ending")
NAMED = ReplyReader(Rubric(0, 10, tuple(Criterion(name, False) for name in NAMES)))
UNKNOWN = ReplyReader(Rubric(0, 10))


@pytest.mark.parametrize(
    "line",
    [
        "Weak Dialogue: 3",
        "Weak Dialogue:3",
        "Weak Dialogue : 3",
        "**Weak Dialogue:** 3",
        "**Weak Dialogue**: 3",
        "**Weak Dialogue: 3**",
        "__Weak Dialogue__: **3**",
        "- Weak Dialogue: 3",
        "* **Weak Dialogue:** 3",
        "• Weak Dialogue: 3",
        "> ### Weak Dialogue: 3",
        "3. Weak Dialogue: 3",
        "12) **Weak Dialogue**: 3",
        "**3. Weak Dialogue:** 3",
        "Weak Dialogue: [3]",
        "Weak Dialogue: (3)",
        "Weak Dialogue: 3/10",
        "Weak Dialogue: 3 / 10",
        "Weak Dialogue: **3**/10",
        "Weak Dialogue: [3]/10",
        "Weak Dialogue: 3 out of 10",
        "Weak Dialogue: 3 points",
        "Weak Dialogue - 3",
        "Weak Dialogue – 3",
        "Weak Dialogue—3",
        "Weak Dialogue = 3",
        "Weak Dialogue -> 3",
        "Weak Dialogue： 3",
        "Weak Dialogue\t3",
        "| Weak Dialogue | 3 |",
        "| **Weak Dialogue** | **3** | flat - 4 lines of it |",
        "| 1 | Weak Dialogue | 3 | a remark |",
        "| Weak Dialogue | 0-10 | 3 |",
        "Weak Dialogue | 3",
        '"Weak Dialogue": 3,',
        '{"Weak Dialogue": 3}',
        "Weak Dialogue: 3 (some remark)",
        "Weak Dialogue: 3 - some remark",
        "Weak Dialogue: 3. Some remark.",
        "Weak Dialogue: 3, because of a remark",
        "Weak Dialogue (0-10, higher is worse): 3",
        "Weak Dialogue: Score 3",
        "Weak Dialogue: 3.0",
        "Weak Dialogue: 03",
        "weak dialogue: 3",
        "WEAK-DIALOGUE: 3",
        "“Weak Dialogue”: 3",
        "Weak\u00a0Dialogue:\u00a03",
        "Weak Dialogue: 3\r",
    ],
)
def test_form_is_read(line: str) -> None:
    for reply in (line, f"[Scores]\n\n{line}\nThank you."):
        assert READER.parse(reply).scores == {"Weak Dialogue": 3.0}
        (score,) = UNKNOWN.parse(reply).scores.values()
        assert score == 3.0


@pytest.mark.parametrize(
    ("line", "score"),
    [
        ("Weak dialogue: 3.5", 3.5),
        ("Weak Dialogue: 3,5", 3.5),
        ("Weak Dialogue: 3,25 (between two)", 3.25),
        ("Weak Dialogue: 0", 0.0),
        ("Weak Dialogue: 10/10", 10.0),
    ],
)
def test_decimals_and_ends_of_the_range(line: str, score: float) -> None:
    assert READER.parse(line).scores == {"Weak Dialogue": score}


@pytest.mark.parametrize(
    "name",
    ["Tell-Don’t-Show", "Tell-Don't Show", "tell don't show", "Tell–Don‘t–Show", "TELL DONT SHOW"],
)
def test_names_match_without_quotes_hyphens_and_case(name: str) -> None:
    assert READER.parse(f"{name}: 4").scores == {"Tell-Don't-Show": 4.0}


def test_a_hyphen_inside_a_name_does_not_end_it() -> None:
    assert READER.parse("Tell-Don't-Show - 4").scores == {"Tell-Don't-Show": 4.0}


def test_a_slash_inside_a_name_is_no_denominator() -> None:
    read = READER.parse("Consistent Voice/Tone of Writing: 7/10")
    assert read.scores == {"Consistent Voice/Tone of Writing": 7.0}


def test_several_scores_on_one_line() -> None:
    read = READER.parse("Weak Dialogue: 3, Coherent: 8/10; Tell-Don't-Show: [4]")
    assert read.scores == {"Weak Dialogue": 3.0, "Coherent": 8.0, "Tell-Don't-Show": 4.0}


@pytest.mark.parametrize(
    "line",
    [
        "Weak Dialogue: 0-10 (higher is worse)",
        "Weak Dialogue: 0–10",
        "Weak Dialogue: 0 - 10",
        "Weak Dialogue: 0 to 10",
        "Weak Dialogue: [0-10]",
        "Weak Dialogue: 0/10 to 10/10",
        "Weak Dialogue: 0 (none) to 10 (all of it)",
        "Weak Dialogue: 0 (none), 10 (all of it)",
        "Weak Dialogue: 0 = none, 10 = all of it",
        "Weak Dialogue (0-10)",
        "Weak Dialogue: [Score 0-10]",
        "Weak Dialogue: 3 lines fall flat",
        "Weak Dialogue: 3-part jokes",
        "Weak Dialogue: 3%",
        "Weak Dialogue: 3 → 4",
        "Weak Dialogue: 10:47 is when it starts",
        "Weak Dialogue: 1,000",
        "Weak Dialogue -3",
        "Weak Dialogue 3",
        "Weak Dialogue: three",
        "The worst of it is that, however kindly one looks at it, Weak Dialogue: 3",
    ],
)
def test_what_looks_like_a_score_and_is_none(line: str) -> None:
    read = READER.parse(line)
    assert (read.scores, read.left_out) == ({}, {})


@pytest.mark.parametrize(
    ("given", "kept_aside"),
    [("11", "11"), ("-3", "-3"), ("99999", "99999"), ("3/20", "3/20"), ("N/A", "N/A")],
)
def test_no_valid_score_is_left_out_by_name(given: str, kept_aside: str) -> None:
    read = READER.parse(f"Coherent: 8\nWeak Dialogue: {given}")
    assert read.scores == {"Coherent": 8.0}
    assert read.left_out == {"Weak Dialogue": kept_aside}


def test_a_negative_score_counts_where_the_range_holds_it() -> None:
    reader = ReplyReader(Rubric(-5, 5, (Criterion("Coherent", False),)))
    assert reader.parse("Coherent: -3").scores == {"Coherent": -3.0}
    assert reader.parse("Coherent: −3").scores == {"Coherent": -3.0}


@pytest.mark.parametrize("absent", ["N/A", "n/a", "NA", "N/A (no dialogue)", "not applicable"])
def test_absent_scores(absent: str) -> None:
    assert READER.parse(f"Weak Dialogue: 3\nWeak Dialogue: {absent}").scores == {}


@pytest.mark.parametrize(
    ("line", "scores"),
    [
        ("The Turn | Max: 10 | Score: 4", {"The Turn": 4.0}),
        ("The Turn | Score: 4 | Max: 10", {"The Turn": 4.0}),
        ("The Turn: Score: 4 | Max: 10", {"The Turn": 4.0}),
        ("The Turn (max 10): 4", {"The Turn": 4.0}),
        ("The Turn: 4 out of 10", {"The Turn": 4.0}),
        ("The Turn: Max: 10, Score: 4", {"The Turn": 4.0}),
        ("The Turn: max 10, score 4", {"The Turn": 4.0}),
        ("The Turn: weight 2, score 4", {"The Turn": 4.0}),
        ("The Turn: 3 (draft), 4 (final)", {"The Turn": 4.0}),
        ("The Turn: 4 (draft), 3 (final)", {"The Turn": 3.0}),
        ("The Turn: 10 (max)", {}),
        ("The Turn: 4 (max 10)", {"The Turn": 4.0}),
        ("The Turn: 3 (final: 4)", {}),
        ("The Turn: 4 (revised down from 5)", {"The Turn": 4.0}),
        ("The Turn: 5. Actually, 4", {}),
        ("The Turn: 4 or 5", {}),
        ("**The Turn (8/10)**: lovely", {"The Turn": 8.0}),
        ("The Turn: Good (8/10)", {"The Turn": 8.0}),
        ("The Turn - Good (8/10)", {"The Turn": 8.0}),
        ("The Turn：８", {"The Turn": 8.0}),
        ("The Turn：8分", {"The Turn": 8.0}),
        ("The Turn: ８／１０", {"The Turn": 8.0}),
        ("The Turn: 8分（满分10分）", {"The Turn": 8.0}),
        ("Criterion: The Turn, Score: 8", {"The Turn": 8.0}),
        ("Criterion: The Turn | Max: 10 | Score: 8", {"The Turn": 8.0}),
        ("the_turn: {score: 8, reason: good}", {"The Turn": 8.0}),
        ("The Turn: 4, Max: 10, Pace: 6", {"The Turn": 4.0, "Pace": 6.0}),
        ("The Turn: 80%", {}),
        ("The Turn: Score 8/10 - because", {"The Turn": 8.0}),
        ("**The Turn**: **8**/10", {"The Turn": 8.0}),
        ("The Turn … 8", {}),
        ("The Turn: N/A (max 10)", {}),
        ("The Turn: 8 von 10 Punkten", {"The Turn": 8.0}),
        ("The Turn : 8 sur 10", {"The Turn": 8.0}),
        ("The Turn: rated 8", {"The Turn": 8.0}),
        ("The Turn: ~~3~~ 4", {}),
        ("The Turn: 4 / 10 (weight: 2)", {"The Turn": 4.0}),
        ("The Turn (weight 2): 4", {"The Turn": 4.0}),
        ("The Turn (weight: 2): 4", {"The Turn": 4.0}),
        ("The Turn [weight 20%]: 4", {"The Turn": 4.0}),
        ("The Turn (10 points): 4", {"The Turn": 4.0}),
        ("The Turn: 10 points max, 4 points awarded", {}),
        ("The Turn: out of 10, 4", {"The Turn": 4.0}),
        ("The Turn (out of 10): 4", {"The Turn": 4.0}),
        ("The Turn: 4 (out of 10)", {"The Turn": 4.0}),
        ("The Turn: Max = 10; Score = 4", {"The Turn": 4.0}),
        ("The Turn — max 10 — score 4", {"The Turn": 4.0}),
        ("The Turn: [Max: 10] [Score: 4]", {}),
        ("The Turn: Score: 4 (Max: 10)", {"The Turn": 4.0}),
        ("The Turn: Range 0-10, Score 4", {}),
        ("The Turn, Max 10, Score 4", {"The Turn": 4.0}),
        ("The Turn: 4/10 → 5/10", {}),
        ("The Turn: 4, revised to 5", {"The Turn": 5.0}),
        ("The Turn: 4 (revised: 5)", {}),
        ("The Turn: 4, then 5", {}),
        ("The Turn: first 4, then 5", {}),
        ("The Turn: was 4, now 5", {}),
        ("The Turn: 4 (was 5)", {"The Turn": 4.0}),
        ("The Turn: 4-5", {}),
        ("The Turn: between 4 and 5", {}),
        ("The Turn: 4 and a half", {}),
        ("The Turn: four", {}),
        ("The Turn: 4/5", {}),
        ("The Turn: 40/100", {}),
        ("The Turn: 4⁄10", {"The Turn": 4.0}),
        ("The Turn: 4.5/10", {"The Turn": 4.5}),
        ("The Turn score (max 10): 4", {"The Turn": 4.0}),
        ("The Turn: Score (0-10): 4", {"The Turn": 4.0}),
        ("The Turn: Score [0-10] = 4", {"The Turn": 4.0}),
        ("The Turn: score of 4", {"The Turn": 4.0}),
        ("The Turn: I give it a 4", {}),
        ("The Turn: +4", {"The Turn": 4.0}),
        ('"The Turn": "4/10"', {"The Turn": 4.0}),
        ("- The Turn: **4** _(max: 10)_", {"The Turn": 4.0}),
        ("The Turn: ４．５", {"The Turn": 4.5}),
        ("The Turn：４／１０分", {"The Turn": 4.0}),
        ("The Turn: ٤", {"The Turn": 4.0}),
        ("The Turn: ४", {"The Turn": 4.0}),
        ("【The Turn】4分", {}),
        ("【The Turn】：4分", {"The Turn": 4.0}),
        ("The Turn: 4분", {}),
        ("The Turn: 4점", {"The Turn": 4.0}),
        ("The Turn: 4 балла", {"The Turn": 4.0}),
        ("The Turn: 4 de 10", {"The Turn": 4.0}),
    ],
)
def test_labels_and_remarks_tell_which_number_counts(line: str, scores: dict[str, float]) -> None:
    assert NAMED.parse(line).scores == scores


@pytest.mark.parametrize(
    "line",
    [
        "The Turn: 9 (draft) / 4 (final)",
        "The Turn: 9/10 (draft) / 4/10 (final)",
        "The Turn: 9 (draft) → 4 (final)",
        "The Turn: 9 (first pass) then 4 (second pass)",
        "The Turn: 9 (before) 4 (after)",
        "The Turn: 10 (max) 4",
        "The Turn: 10 (max) / 4 (score)",
        "The Turn: 9–4",
        "The Turn: 9 (but 4 after revision)",
        "The Turn: 10 - 6 = 4",
        "The Turn: 10 (starting) - 6 = 4",
        "The Turn: 9 for plot, 4 for style",
    ],
)
def test_two_numbers_behind_one_name_are_no_mention(line: str) -> None:
    assert NAMED.parse(line).scores == {}


@pytest.mark.parametrize(
    "line",
    [
        "The Turn: 4 (weak) – 3 lines fall flat",
        "The Turn: 4 for its 3 good lines",
        "The Turn: 4/10, 2 of 3 scenes work",
        "The Turn: 4 (but 3 lines are good)",
        "The Turn: 4 out of 10",
    ],
)
def test_a_count_in_the_remark_leaves_the_score_alone(line: str) -> None:
    assert NAMED.parse(line).scores == {"The Turn": 4.0}


@pytest.mark.parametrize(
    "line",
    [
        "Coherent: 3",
        "  Weak Dialogue:7.25",
        "Tell-Don't-Show: 10",
        "Größe der Form:  8",
        "名前: 5",
        "- **Coherent**: 3/10",
        "12. Coherent: -3",
        "Coherent: Score 3",
        "Score: 3",
        "2023: 3",
    ],
)
def test_a_line_that_says_the_same_wherever_it_stands_is_read_once(line: str) -> None:
    lines = ScoreLines(label_kind)
    for start in (40, 0, 7):
        assert [lines.mention(line, start)] == list(line_mentions(line, start))


@pytest.mark.parametrize(
    "line",
    [
        "Coherent:\t3",
        "Coherent: 3, Pace: 4",
        "| Coherent: 3 | 4",
        "Coherent: 3; 4",
        "Coherent - 3",
        "**Coherent: 3**",
        "Coherent: 3 points",
        "Coherent: 3 - 5",
        "Coherent: in chapter 3",
        "Max: 10 - Score: 3 - Pace: 2 - Max: 10 - Score: 4 - Pace: 2 - Plot: 3",
        f"Coherent{' and more' * 10}: 3",
        "3",
    ],
)
def test_a_line_whose_place_or_other_numbers_matter_is_read_in_full(line: str) -> None:
    assert ScoreLines(label_kind).mention(line, 0) is None


SIGNS = ["//", "/*", "->", "-->", "=>", "→", "⇒", "#", ";", "|", "—"]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("value", ["7", "7/10", "**7**", "7 points", "7 out of 10", "[7]"])
def test_a_remark_behind_a_score_is_no_part_of_it(sign: str, value: str) -> None:
    for remark in ("slow in the middle", "too generous", "a fine, quiet end", "*remark*"):
        line = f"The Turn: {value} {sign} {remark}"
        assert NAMED.parse(line).scores == {"The Turn": 7.0}, line


@pytest.mark.parametrize("sign", ["//", "/*", "->", "=>", "→"])
@pytest.mark.parametrize(
    "remark",
    ["5", "was 9", "or 9/10", "too high, so 5", "lowered to five", "six", "5 now", "", "- 5"],
)
def test_a_remark_with_another_number_leaves_open_which_is_the_score(
    sign: str, remark: str
) -> None:
    for value in ("7", "7/10", "Score 7", "Max 10, Score 7"):
        line = f"The Turn: {value} {sign} {remark}"
        assert NAMED.parse(line).scores == {}, line


@pytest.mark.parametrize(
    "line",
    [
        "The Turn: <7 -> slow",
        "The Turn: ~~7~~ // slow",
        "The Turn: 7–8 // slow",
        "The Turn: 7% // x",
    ],
)
def test_a_remark_makes_no_score_of_what_is_none(line: str) -> None:
    assert NAMED.parse(line).scores == {}
