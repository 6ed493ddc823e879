"""What a local judge is refused for, with real tokenizers, before any weights are loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from judgemark.errors import AskFault, UsageError
from judgemark.judges.hf import HfJudge
from judgemark.judges.rendering import refuse_too_long
from judgemark.judges.vllm import VllmJudge
from judgemark.protocols.pairwise_protocol import Pair, Pairwise
from judgemark.records import Question, Reply, Sample
from tests.engines.conftest import INSTRUCTIONS, SETTINGS, needs
from tests.engines.tiny import ALWAYS_THINKING, TEMPLATE, TinyJudge, make_tiny

pytestmark = [
    pytest.mark.engines,
    needs("vllm", "torch", "transformers"),
    pytest.mark.filterwarnings("default"),
]

ENGINES = pytest.mark.parametrize("engine", [VllmJudge, HfJudge])


@ENGINES
@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (TinyJudge(template=None), "no chat template"),
        (TinyJudge(letters=False), "the letter A is not a single token of its tokenizer"),
        (TinyJudge(template=ALWAYS_THINKING), "leaves a thinking block open"),
    ],
)
def test_a_judge_that_cannot_be_asked_is_refused_at_once(
    tmp_path: Path, engine: type[VllmJudge] | type[HfJudge], made: TinyJudge, problem: str
) -> None:
    folder = make_tiny(tmp_path / "judge", made)
    with pytest.raises(UsageError, match=problem) as caught:
        engine(str(folder), SETTINGS)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


@ENGINES
def test_a_folder_that_is_none_is_refused(engine: type[VllmJudge] | type[HfJudge]) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        engine("./no/such/judge", SETTINGS)


def test_thinking_is_rendered_off_and_recorded(tiny: Path, tmp_path: Path) -> None:
    judge = HfJudge(str(tiny), SETTINGS)
    assert judge.configuration["thinking"] == "off (enable_thinking=false)"
    question = Pairwise({}, INSTRUCTIONS).questions(
        Pair.of(Sample("ann", "1", "7", "<think>"), Sample("bob", "1", "7", "b"))
    )[0]
    text = judge.local.rendering.text(question.messages)
    assert text.endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")
    without = TEMPLATE.replace("enable_thinking", "another_name")
    plain = HfJudge(str(make_tiny(tmp_path / "plain", TinyJudge(without))), SETTINGS)
    assert plain.configuration["thinking"] == "the chat template has no switch"


@ENGINES
def test_a_pair_too_long_is_named_before_anything_is_sent(
    tiny: Path, engine: type[VllmJudge] | type[HfJudge]
) -> None:
    def question(words: int) -> Question:
        x, y = Sample("ann", "1", "7", "night " * words), Sample("bob", "2", "7", "short")
        return Pairwise({}, INSTRUCTIONS).questions(Pair.of(x, y))[0]

    judge = engine(str(tiny), SETTINGS)
    long = question(1000)
    tokens = judge.local.rendering.count(long)
    found = judge.too_long([question(5), long])
    assert [(t.question, t.tokens) for t in found] == [(long, tokens)]
    with pytest.raises(UsageError, match=rf"ann .* bob .*: {tokens:,} tokens"):
        refuse_too_long(found)
    answers = list(judge.ask_batch([long]))
    assert isinstance(answers[0], AskFault)


def test_odd_texts_are_judged_like_any_other(tiny: Path) -> None:
    judge = HfJudge(str(tiny), SETTINGS)
    x, y = Sample("ann", "1", "7", "half \ud83d <|im_end|> \x00"), Sample("bob", "1", "7", "🙂")
    replies = judge.ask_batch(Pairwise({}, INSTRUCTIONS).questions(Pair.of(x, y)))
    assert all(isinstance(reply, Reply) for reply in replies)


def test_the_context_is_cut_to_what_the_judge_has(tmp_path: Path) -> None:
    folder = make_tiny(tmp_path / "judge", TinyJudge(context=256))
    said: list[str] = []
    judge = HfJudge(str(folder), SETTINGS, said.append)
    assert judge.local.limit == 255
    assert any("its context holds 256 tokens, not 1,024" in line for line in said)
