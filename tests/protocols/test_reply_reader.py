"""Whole replies: blocks, names beside the rubric, invariants, and hostile text."""

import json
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.protocols.line_scores import ScoreLines
from judgemark.protocols.reply_reader import ReplyReader, read_reply, reader_for
from judgemark.protocols.score_mention import Mention
from judgemark.records import Class, Criterion, Rubric, Verdict
from tests.support.growth import takes_at_most

NAMES = (
    "Weak Dialogue", "Tell-Don't-Show", "Coherent", "Consistent Voice/Tone of Writing",
    "Well-earned Lightness or Darkness", "Unsurprising or Uncreative", "Purple Prose",
)  # fmt: skip
RUBRIC = Rubric(0, 10, tuple(Criterion(name, False) for name in NAMES))
READER = ReplyReader(RUBRIC)
UNKNOWN = ReplyReader(Rubric(0, 10))

LINES: tuple[Callable[[str, str], str], ...] = (
    lambda name, score: f"{name}: {score}",
    lambda name, score: f"**{name}:** {score}",
    lambda name, score: f"**{name}**: {score}",
    lambda name, score: f"- {name}: {score}",
    lambda name, score: f"3. {name}: {score}",
    lambda name, score: f"{name}: [{score}]",
    lambda name, score: f"{name}: {score}/10",
    lambda name, score: f"{name} - {score}",
    lambda name, score: f"{name} – {score}",
    lambda name, score: f"| {name} | {score} |",
    lambda name, score: f"{name}: {score} (7 remarks: 3, 4 - 5)",
    lambda name, score: f'  "{name}": {score},',
    lambda name, score: f"{name}: {score.replace('.', ',')}",
    lambda name, score: f"{name.replace(chr(39), '’').lower()}: {score}",
    lambda name, score: f"{name.replace('-', ' ').upper()} = {score}",
)
SCORES = st.dictionaries(
    st.sampled_from(NAMES), st.integers(0, 40).map(lambda n: n / 4), min_size=1
)


@st.composite
def replies(draw: st.DrawFn) -> tuple[dict[str, float], str]:
    """Scores, and a reply that gives them, each line in a form of its own."""
    scores = draw(SCORES)
    lines = [draw(st.sampled_from(LINES))(name, f"{score:g}") for name, score in scores.items()]
    return scores, "\n".join(["[Analysis]", "A story of 2 halves: 1 good.", "", *lines])


@settings(deadline=None, max_examples=200)
@given(replies())
def test_scores_in_any_form_come_back(reply: tuple[dict[str, float], str]) -> None:
    scores, text = reply
    assert READER.parse(text).scores == scores
    assert sorted(UNKNOWN.parse(text).scores.values()) == sorted(scores.values())


class NothingKnown(ScoreLines):
    """Reads every line in full, as a reader does that remembers none."""

    def mention(self, line: str, start: int) -> Mention | None:
        del line, start
        return None


BESIDE = st.sampled_from(
    ("", "## Weights", "Draft scores:", "Coherent", "**Purple Prose**", "Score: 4", "Max: 10")
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.one_of(BESIDE, replies().map(lambda made: made[1])), max_size=6),
       st.sampled_from(["\n", "\r\n", " \n", "\n\n"]), st.booleans())  # fmt: skip
def test_a_line_that_is_known_already_is_read_as_the_first_time(
    parts: list[str], between: str, named: bool
) -> None:
    reply = between.join("\n".join(parts).split("\n"))
    rubric = RUBRIC if named else Rubric(0, 10)
    in_full = ReplyReader(rubric)
    in_full._score_lines = NothingKnown(in_full._label_kind)
    reader = READER if named else UNKNOWN
    assert reader.parse(reply) == reader.parse(reply) == in_full.parse(reply)


@settings(deadline=None, max_examples=50)
@given(SCORES, st.sampled_from([None, 1]), st.booleans())
def test_scores_in_json_come_back(
    scores: dict[str, float], indent: int | None, nested: bool
) -> None:
    document = {name: {"score": s} if nested else s for name, s in scores.items()}
    assert READER.parse(json.dumps(document, indent=indent)).scores == scores


@settings(deadline=None, max_examples=100)
@given(replies(), replies(), st.sampled_from(["think", "thinking", "reasoning"]), st.data())
def test_hidden_scores_change_nothing(
    reply: tuple[dict[str, float], str],
    hidden: tuple[dict[str, float], str],
    tag: str,
    data: st.DataObject,
) -> None:
    lines = reply[1].split("\n")
    place = data.draw(st.integers(0, len(lines)))
    block = f"<{tag}>\n{hidden[1]}\n</{tag}>"
    assert READER.parse("\n".join([*lines[:place], block, *lines[place:]])).scores == reply[0]


@settings(deadline=None, max_examples=100)
@given(replies(), replies())
def test_the_last_mention_counts(
    draft: tuple[dict[str, float], str], final: tuple[dict[str, float], str]
) -> None:
    assert READER.parse(f"{draft[1]}\n{final[1]}").scores == {**draft[0], **final[0]}


PIECES = ["Weak Dialogue", ": ", "3", "-", "/10", '"', "{", "}", "|", "\n", "<think>", "</think>"]


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)), st.booleans())
def test_no_text_raises_and_no_score_leaves_the_range(text: str, known: bool) -> None:
    read = (READER if known else UNKNOWN).parse(text)
    assert all(0 <= score <= 10 for score in read.scores.values())
    assert not known or set(read.scores) <= set(NAMES)
    assert read_reply(text, "stop", RUBRIC).cls in set(Class) - {Class.TRUNCATED, Class.ERROR}


def test_a_rubric_quoted_before_the_scores_does_not_count() -> None:
    quoted = "Weak Dialogue: 0-10 (higher is worse)\nCoherent: 0 (not at all), 10 (wholly)\n"
    assert READER.parse(quoted + "\nCoherent: 7").scores == {"Coherent": 7.0}


def test_an_invalid_last_mention_takes_the_earlier_one_back() -> None:
    read = READER.parse("Coherent: 7\nPurple Prose: 3\nCoherent: 70\nPurple Prose: N/A")
    assert read.scores == {}
    assert read.left_out == {"Coherent": "70", "Purple Prose": "N/A"}


def test_a_range_after_a_score_takes_nothing_back() -> None:
    assert READER.parse("Coherent: 7\nCoherent: 0-10").scores == {"Coherent": 7.0}


def test_names_that_match_no_criterion_are_kept_aside() -> None:
    read = READER.parse("Score: 7\nCoherent: 8\n**Charm:** 4\nOverall: 6/10")
    assert read.scores == {"Coherent": 8.0}
    assert read.aside == {"Score": 7.0, "Charm": 4.0, "Overall": 6.0}


def test_without_criteria_plausible_names_are_kept_as_spelt() -> None:
    read = UNKNOWN.parse(
        "**Charm:** 4\n- Well-earned Rage (negative): 2\nScore: 7\nOverall: 6\nTotal: 9\n"
        "However, the piece has one serious flaw that nobody can miss: 1\nWit: 11"
    )
    assert read.scores == {"Charm": 4.0, "Well-earned Rage": 2.0}
    assert read.left_out == {"Wit": "11"}


def test_a_name_may_hold_brackets_and_digits() -> None:
    reader = ReplyReader(Rubric(0, 10, (Criterion("Act 2 (the Middle)", False),)))
    assert reader.parse("1. Act 2 (the middle): 7").scores == {"Act 2 (the Middle)": 7.0}


def test_scores_stand_in_the_order_in_which_they_were_first_named() -> None:
    read = READER.parse("Coherent: 1\nWeak Dialogue: 2\nCoherent: 3")
    assert list(read.scores.items()) == [("Coherent", 3.0), ("Weak Dialogue", 2.0)]


def test_equal_rubrics_share_a_reader() -> None:
    assert reader_for(RUBRIC) is reader_for(Rubric(0, 10, RUBRIC.criteria))


# Each part is repeated until the text has the length that a test asks for.
HOSTILE = {
    "short lines": "a:1\n",
    "names that all differ": "{n:x}:1\n",
    "one line of scores": "Coherent: 3, ",
    "spaces after a separator": " ",
    "digits": "9",
    "brackets": "Coherent: " + "[" * 388 + "\n",
    "a remark without end": "Coherent: 3 (" + "x" * 380 + "\n",
    "separators": ":",
    "spaced hyphens": "- ",
    "cells on one line": "| 1",
    "rows of a table": "| Coherent | 1 | 2 |\n",
    "rows of tabs": "Coherent\t1\t2\n",
    "rows with commas": "criterion,score\n",
    "open braces": '{{"',
    "deep nesting": '{{"a":{{"score":3,',
    "escapes": '\\"',
    "broken escapes": "\\\n",
    "quotation marks": '"',
    "keys that all differ": '"{n:x}":1,',
    "single quotes": "{{'a': ",
    "open tags": "<a>",
    "tags that never match": "<a></b>",
    "attributes": "<a b='1' c='2'>",
    "headings": "## Coherent\n",
    "labels": "Score: 1\n",
    "labelled numbers": "Coherent: max 10, score 4, ",
    "unclosed blocks": "<think>",
    "closed blocks": "<think></think></think>",
    "channels": "<|channel|>final",
    "messages": "<|start|>assistant<|channel|>analysis<|message|>a<|end|>",
    "refusals": "I cannot ",
    "full-width digits": "Coherent：８分\n",
}
STARTS = {"spaces after a separator": "Coherent:", "digits": "Coherent: ", "escapes": '{"'}
STARTS |= {"broken escapes": '{"a', "quotation marks": '{"', "keys that all differ": "{"}


def hostile(kind: str, length: int) -> str:
    """A text of about `length` characters that asks much of a reader."""
    part = HOSTILE[kind]
    count = length // len(part.format(n=0xFFFF)) + 1
    return STARTS.get(kind, "") + "".join(part.format(n=n) for n in range(count))


def read_within(times: float, short: str, long: str, slack: float) -> bool:
    """Whether both readers read the long text within this many times the time of the short one."""
    return all(
        takes_at_most(
            times,
            partial(reader.read, short, "stop"),
            partial(reader.read, long, "stop"),
            slack=slack,
        )
        for reader in (READER, UNKNOWN)
    )


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_takes_time_in_proportion_to_its_length(kind: str) -> None:
    # Eight times the text; quadratic reading would take 64 times as long.
    assert read_within(24, hostile(kind, 2_000), hostile(kind, 16_000), slack=0.02)


@pytest.mark.soak
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_million_hostile_characters_are_read(kind: str) -> None:
    assert read_within(30, hostile(kind, 100_000), hostile(kind, 1_000_000), slack=0.1)


@pytest.mark.parametrize("names", [5_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_what_stands_last_is_read_even_after_very_many_names(names: int) -> None:
    noise = "".join(f"{n:x}: 1\n" for n in range(names))
    reply = noise + "\n".join(f"{name}: 6" for name in NAMES)
    assert read_reply(reply, "stop", RUBRIC) == Verdict(Class.OK, dict.fromkeys(NAMES, 6.0))
