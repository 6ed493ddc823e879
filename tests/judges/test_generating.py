"""Local rubric judges without an engine: prompts, room, thinking, how replies end, seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from judgemark.errors import AskFault, UsageError
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.engine import EngineSettings, LocalJudge
from judgemark.judges.generating import (
    GeneratingJudge,
    Prompted,
    ReplySampling,
    end_tokens,
    reply_sampling,
)
from judgemark.judges.rendering import prepare_chat
from judgemark.records import Message, Question, QuestionKey, Reply, Sample, Slot
from tests.judges.fake_tokenizer import ALWAYS_OPEN, NO_SYSTEM, PLAIN, SWITCHED, FakeTokenizer

WARM = ReplySampling(0.7, None, None, 50, seed=3)


class Echo(GeneratingJudge):
    """Replies with the last token of each prompt, once or as often as it may."""

    kind = "echo"
    batch = 4
    prompts: Sequence[Prompted] = ()

    def versions(self) -> Mapping[str, str]:
        return {"echo": "1"}

    def generate(self, prompts: Sequence[Prompted]) -> Sequence[Reply]:
        self.prompts = prompts
        return [self.reply(p, [p.ids[-1]] * p.most_new, ends=()) for p in prompts]

    def load(self) -> None: ...

    def close(self) -> None: ...


def judge(limit: int = 60, room: int = 10, sampling: ReplySampling = WARM, **how: bool) -> Echo:
    rendering = prepare_chat(
        FakeTokenizer(PLAIN), "echo", think=how.get("think", False), system=False
    )
    local = LocalJudge("echo", "/echo", EngineSettings(), rendering, limit, None, room)
    return Echo(local, sampling)


def question(text: str, key: str = "0" * 64, repeat: int = 0) -> Question:
    sample = Sample("ann", "1", "sea", text)
    slot = Slot(repeat=repeat)
    return Question(QuestionKey(key, slot), "sea", (Message("user", text),), {"piece": sample})


def test_a_reply_has_the_room_that_the_context_leaves_and_no_more_than_it_may() -> None:
    """The context has 70 tokens. The template takes 10, the long prompt 44, which leaves 16."""
    echo = judge()
    short, long = question("one two"), question("word " * 22)
    first, second = echo.ask_batch([short, long])
    assert isinstance(first, Reply) and isinstance(second, Reply)
    assert [p.most_new for p in echo.prompts] == [50, 16]
    assert first.usage.prompt_tokens == 13 and first.usage.completion_tokens == 50
    assert first.finish_reason == "length"


def test_a_prompt_that_leaves_no_room_is_a_fault_and_is_not_sent() -> None:
    echo = judge()
    long, short = echo.ask_batch([question("word " * 200), question("one")])
    assert isinstance(long, AskFault) and isinstance(short, Reply)
    assert "too long: item sea, ann (iteration 1): " in str(long)
    assert len(echo.prompts) == 1
    assert [t.question.item for t in echo.too_long([question("word " * 200)])] == ["sea"]


def test_a_reply_ends_at_the_first_token_that_ends_it() -> None:
    echo = judge()
    ids = echo.local.rendering.token_ids((Message("user", "one two three"),))
    reply = echo.reply(Prompted(ids, 50, 0), [*ids[-3:], 99, ids[0]], ends={99})
    assert (reply.finish_reason, reply.usage.completion_tokens) == ("stop", 4)
    assert reply.text == echo.local.rendering.tokenizer.decode(ids[-3:])
    assert end_tokens(1, [2, 3], None, "4") == {1, 2, 3}


def test_what_shapes_the_answers_is_the_configuration() -> None:
    usual = judge().configuration
    assert usual["parameters"] == {
        "temperature": 0.7, "top_p": None, "top_k": None, "max_tokens": 50,
    }  # fmt: skip
    other = ReplySampling(0.7, None, None, 51, seed=3)
    assert judge(sampling=other).configuration != usual
    reseeded = ReplySampling(0.7, None, None, 50, seed=4)
    assert judge(sampling=reseeded).configuration == usual


def test_each_reply_has_a_seed_of_its_own_that_a_resume_draws_again() -> None:
    first = WARM.seed_of(question("one"))
    assert WARM.seed_of(question("one")) == first
    assert WARM.seed_of(question("one", repeat=1)) != first
    assert WARM.seed_of(question("one", key="1" * 64)) != first


def test_what_only_endpoints_take_is_refused() -> None:
    assert reply_sampling(ChatParameters(temperature=None), 7, "hf:x").temperature == 1.0
    for parameters, told in (
        (ChatParameters(extra_body={"min_p": 0.1}), "extra_body is for judges at an endpoint"),
        (ChatParameters(reasoning_effort="low"), "reasoning_effort is for judges at an endpoint"),
    ):
        with pytest.raises(UsageError, match=told):
            reply_sampling(parameters, 7, "hf:x")


def test_thinking_is_off_unless_it_is_asked_for_and_what_was_rendered_is_recorded() -> None:
    switched = FakeTokenizer(SWITCHED)
    off = prepare_chat(switched, "judge", think=False, system=True)
    on = prepare_chat(switched, "judge", think=True, system=True)
    asked = (Message("user", "Which?"),)
    assert off.text(asked).endswith("<think></think>") and not on.text(asked).endswith("think>")
    assert (off.thinking, on.thinking) == (
        "off (enable_thinking=false)", "on (enable_thinking=true)",
    )  # fmt: skip
    always = prepare_chat(FakeTokenizer(ALWAYS_OPEN), "judge", think=True, system=True)
    assert always.thinking == "the chat template has no switch"
    with pytest.raises(UsageError, match="no switch for thinking; leave thinking out"):
        prepare_chat(FakeTokenizer(PLAIN), "judge", think=True, system=True)


def test_a_system_message_is_checked_only_where_one_is_sent() -> None:
    tokenizer = FakeTokenizer(NO_SYSTEM + PLAIN)
    assert prepare_chat(tokenizer, "judge", think=False, system=False)
    with pytest.raises(UsageError, match="does not take a system message and a user message"):
        prepare_chat(tokenizer, "judge", think=False, system=True)
    with pytest.raises(UsageError, match="no chat template"):
        prepare_chat(FakeTokenizer(None), "judge", think=False, system=False)
