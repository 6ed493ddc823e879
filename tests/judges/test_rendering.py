"""Rendering with a judge's own template: letters, thinking, length, and what is refused."""

from __future__ import annotations

import pytest

from judgemark.errors import UsageError
from judgemark.judges.rendering import find_too_long, prepare, refuse_too_long
from judgemark.protocols.pairwise_protocol import Pair, Pairwise
from judgemark.records import Message, Question, Sample
from tests.judges.fake_tokenizer import (
    ALWAYS_OPEN,
    NO_SYSTEM,
    PLAIN,
    SWITCHED,
    FakeTokenizer,
)

MESSAGES = (Message("system", "Be fair."), Message("user", "A or B?"))


def test_the_prompt_is_the_template_with_the_generation_prompt() -> None:
    rendering = prepare(FakeTokenizer(PLAIN), "judge")
    assert rendering.text(MESSAGES) == "<|system|>Be fair.<|user|>A or B?<|assistant|>"
    assert rendering.token_text(rendering.letters.a) == "A"
    assert rendering.token_text(rendering.letters.b) == "B"
    # < | system | > Be _ fair . < | user | > A _ or _ B ? < | assistant | >
    assert len(rendering.token_ids(MESSAGES)) == 25


def test_a_lone_surrogate_does_not_reach_the_tokenizer() -> None:
    rendering = prepare(FakeTokenizer(), "judge")
    text = rendering.text([Message("user", "half \ud83d of \U0001f600")])
    assert text == "<|user|>half \ufffd of \U0001f600<|assistant|>"


def test_a_thinking_switch_is_turned_off_and_recorded() -> None:
    rendering = prepare(FakeTokenizer(SWITCHED), "judge")
    assert rendering.switches == ("enable_thinking",)
    assert rendering.thinking == "off (enable_thinking=false)"
    assert rendering.text(MESSAGES).endswith("<|assistant|><think></think>")
    plain = prepare(FakeTokenizer(PLAIN), "judge")
    assert plain.thinking == "the chat template has no switch"
    assert plain.template != rendering.template


@pytest.mark.parametrize(
    ("tokenizer", "problem"),
    [
        (FakeTokenizer(None), "judge: no chat template"),
        (FakeTokenizer(ALWAYS_OPEN), "judge: its chat template leaves a thinking block open"),
        (FakeTokenizer(NO_SYSTEM), "does not take a system message"),
        (FakeTokenizer("{% if %}"), "its chat template cannot be read"),
        (FakeTokenizer(pattern=r"(?!)"), "the letter A is not a single token of its tokenizer"),
        (FakeTokenizer(pattern=r"(?=A)|\w"), "the letter A is not a single token"),
    ],
)
def test_a_judge_that_cannot_be_asked_is_refused(tokenizer: FakeTokenizer, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        prepare(tokenizer, "judge")
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_letter_that_becomes_the_unknown_token_is_no_token_of_its_own() -> None:
    class Unknowing(FakeTokenizer):
        def decode(self, ids: list[int]) -> str:
            del ids
            return "[UNK]"

    with pytest.raises(UsageError, match=r"it is '\[UNK\]'"):
        prepare(Unknowing(), "judge")


def question(a: str, b: str, item: str = "7") -> Question:
    pair = Pair.of(Sample("ann", "1", item, a), Sample("bob", "2", item, b))
    return Pairwise({}, {item: "Write."}).questions(pair)[0]


def test_too_long_pairs_are_named_with_their_length() -> None:
    short, long = question("one", "two"), question("one " * 50, "two")
    rendering = prepare(FakeTokenizer(), "judge")
    tokens = rendering.count(long)
    found = find_too_long([short, long], rendering.count, tokens - 1)
    assert [t.question for t in found] == [long]
    assert rendering.count(short) < tokens
    with pytest.raises(UsageError) as caught:
        refuse_too_long(found)
    said = str(caught.value)
    assert "item 7" in said
    assert "ann (iteration 1)" in said
    assert "bob (iteration 2)" in said
    assert f"{tokens:,} tokens" in said
    assert "a server by its own setting" in said
    assert find_too_long([short, long], rendering.count, tokens) == ()
    refuse_too_long(())


def test_the_passes_of_a_pair_count_as_one_too_long_pair() -> None:
    pair = Pair.of(Sample("ann", "1", "7", "a " * 9), Sample("bob", "1", "7", "b"))
    other = question("long " * 30, "c")
    both = (*Pairwise({}, {"7": "Write."}).questions(pair), other)
    rendering = prepare(FakeTokenizer(), "judge")
    with pytest.raises(UsageError, match=r"\(and 1 more pair\)"):
        refuse_too_long(find_too_long(both, rendering.count, 3))
