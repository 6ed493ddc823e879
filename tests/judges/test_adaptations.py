"""How a chat judge adapts to what an endpoint takes, and what it never does."""

from __future__ import annotations

import pytest

from judgemark.errors import AskFault, ParameterRejected
from judgemark.judges.chat import ChatJudge
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.lowered_figures import Lowered, lowered_figure, lowered_name
from judgemark.records import Message, Question, QuestionKey, Reply, Slot
from tests.judges.chat_judges import always, judge_at
from tests.support.fake_endpoint import Answer, Asked, Script, refused, said
from tests.support.questions import question


def picky(*rejected: str) -> Script:
    """An endpoint that takes none of these parameters, complaining of one at a time."""

    def answer(asked: Asked) -> Answer:
        for name in rejected:
            if name in asked.body:
                problem = f"Unsupported parameter: '{name}' is not supported with this model."
                return refused(400, problem, param=name, code="unsupported_parameter")
        return said("7")

    return answer


def ask_patiently(judge: ChatJudge) -> Reply:
    """Ask again for as long as a parameter is rejected, as the runner does."""
    for _ in range(9):
        try:
            return judge.ask(question())
        except ParameterRejected:
            continue
    pytest.fail("the same parameters are rejected for ever")


def test_max_tokens_becomes_max_completion_tokens_and_the_judge_remembers() -> None:
    with judge_at(picky("max_tokens"), ChatParameters(max_tokens=50)) as (judge, server):
        assert ask_patiently(judge).adapted == ("max_tokens",)
        assert judge.ask(question()).adapted == ("max_tokens",)
    sizes = [{k: v for k, v in a.body.items() if "tokens" in k} for a in server.asked]
    assert sizes == [
        {"max_tokens": 50},
        {"max_completion_tokens": 50},
        {"max_completion_tokens": 50},
    ]


def test_each_rejected_parameter_costs_one_request() -> None:
    script = picky("temperature", "max_tokens", "seed")
    with judge_at(script, ChatParameters(extra_body={"seed": 1})) as (judge, server):
        reply = ask_patiently(judge)
        assert reply.adapted == ("max_tokens", "seed", "temperature")
        assert len(server.asked) == 4
        judge.ask(question())
        assert set(server.asked[-1].body) == {"model", "messages", "max_completion_tokens"}


def test_the_limit_on_tokens_is_renamed_but_never_lifted() -> None:
    with judge_at(picky("max_tokens", "max_completion_tokens")) as (judge, server):
        with pytest.raises(AskFault, match="the limit on tokens is never left out") as caught:
            ask_patiently(judge)
        assert type(caught.value) is AskFault
        # Both names were refused; the next question tries the newer one again.
        with pytest.raises(AskFault):
            judge.ask(question())
    sizes = [{k: v for k, v in a.body.items() if "tokens" in k} for a in server.asked]
    renamed = {"max_completion_tokens": 16_000}
    assert sizes == [{"max_tokens": 16_000}, renamed, renamed]


def too_many(most: int) -> Script:
    """An endpoint that allows this many tokens for a reply."""

    def answer(asked: Asked) -> Answer:
        figure = asked.body["max_tokens"]
        if figure > most:
            return refused(400, f"max_tokens is too large: {figure}. It supports at most {most} "
                           "completion tokens")  # fmt: skip
        return said("7")

    return answer


ONE, OTHER = (
    Question(QuestionKey(name, Slot()), "7", (Message("user", name),), {}) for name in "ab"
)


def test_a_limit_for_every_reply_is_kept_to_from_the_next_question_on() -> None:
    with judge_at(too_many(4096)) as (judge, server):
        with pytest.raises(ParameterRejected):
            judge.ask(ONE)
        for asked in (ONE, OTHER):
            assert judge.ask(asked).adapted == ("max_tokens<=4096 for all",)
    assert [a.body["max_tokens"] for a in server.asked] == [16_000, 4096, 4096]


def test_a_limit_for_every_reply_that_an_earlier_command_learnt_costs_no_request() -> None:
    known = frozenset({"max_tokens", lowered_name("max_completion_tokens", 4096, for_all=True)})

    def limited(asked: Asked) -> Answer:
        assert asked.body["max_completion_tokens"] <= 4096
        return said("7")

    with judge_at(limited, known=known) as (judge, server):
        for asked in (ONE, OTHER):
            assert set(judge.ask(asked).adapted) == known
    assert len(server.asked) == 2


def test_what_a_prompt_left_in_an_earlier_command_limits_no_other_question() -> None:
    known = frozenset({lowered_name("max_tokens", 3096)})
    with judge_at(always(said("7")), known=known) as (judge, server):
        assert judge.ask(OTHER).adapted == ()
    assert server.asked[0].body["max_tokens"] == 16_000


def test_a_limit_that_depends_on_the_prompt_is_kept_to_for_its_question_alone() -> None:
    def small(asked: Asked) -> Answer:
        taken = 1000 if "a" in asked.prompt else 10
        if asked.body["max_tokens"] + taken <= 4096:
            return said("7")
        return refused(
            400,
            "This judge's maximum context length is 4096 tokens. However, you requested "
            f"{asked.body['max_tokens'] + taken} tokens ({taken} in the messages, "
            f"{asked.body['max_tokens']} in the completion).",
        )

    with judge_at(small) as (judge, server):
        for asked in (ONE, OTHER):
            with pytest.raises(ParameterRejected):
                judge.ask(asked)
        assert judge.ask(ONE).adapted == ("max_tokens<=3096",)
        assert judge.ask(OTHER).adapted == ("max_tokens<=4086",)
    assert [a.body["max_tokens"] for a in server.asked] == [16_000, 16_000, 3096, 4086]


def test_a_field_that_was_once_accepted_is_never_left_out() -> None:
    def whimsical(asked: Asked) -> Answer:
        if asked.number == 1:
            return refused(400, "temperature is not supported")
        return said("7")

    with judge_at(whimsical) as (judge, server):
        judge.ask(question())
        with pytest.raises(AskFault, match="it took temperature before in this run") as caught:
            judge.ask(question())
        assert type(caught.value) is AskFault
        assert judge.ask(question()).adapted == ()
    assert all("temperature" in a.body for a in server.asked)


def test_what_an_earlier_command_was_answered_with_is_accepted() -> None:
    with judge_at(picky("temperature")) as (judge, _):
        judge.accepted_before()
        with pytest.raises(AskFault, match="before in this run") as caught:
            judge.ask(question())
    assert type(caught.value) is AskFault


def test_a_complaint_that_quotes_the_piece_changes_nothing() -> None:
    piece = "The temperature is not supported by the old stove, she said."
    asked = Question(QuestionKey("k", Slot()), "7", (Message("user", piece),), {})
    with judge_at(always(refused(400, f"invalid content: {piece}"))) as (judge, server):
        for _ in range(2):
            with pytest.raises(AskFault) as caught:
                judge.ask(asked)
            assert type(caught.value) is AskFault
    assert all("temperature" in a.body for a in server.asked)


def test_what_is_left_out_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    with judge_at(picky("temperature")) as (judge, _):
        ask_patiently(judge)
        judge.ask(question())
    (record,) = caplog.records
    assert "does not take temperature: it is left out from now on" in record.getMessage()


def test_prompts_that_are_cut_are_said_at_the_first_reply(
    caplog: pytest.LogCaptureFixture,
) -> None:
    usage = {"prompt_tokens": 2048, "completion_tokens": 5}
    asked = Question(QuestionKey("k", Slot()), "7", (Message("user", "word " * 8_000),), {})
    with judge_at(always(said("7", usage=usage))) as (judge, _):
        judge.ask(asked)
        judge.ask(asked)
    (record,) = caplog.records
    assert "2,048 prompt tokens for a prompt of 40,000 characters" in record.getMessage()


def test_what_an_earlier_run_learnt_is_not_sent_again() -> None:
    known = frozenset({"temperature"})
    with judge_at(picky("temperature"), known=known) as (judge, server):
        assert judge.ask(question()).adapted == ("temperature",)
    assert len(server.asked) == 1


def test_a_lowered_figure_is_told_from_a_field_that_was_left_out() -> None:
    for for_all in (False, True):
        name = lowered_name("max_tokens", 4096, for_all=for_all)
        assert lowered_figure(name) == Lowered("max_tokens", 4096, for_all)
    assert lowered_figure("temperature") is None


def test_what_older_programs_left_out_of_the_limit_is_sent_again() -> None:
    known = frozenset({"max_tokens", "max_completion_tokens", "max_tokens<=12"})
    with judge_at(always(said("7")), known=known) as (judge, server):
        assert judge.ask(question()).adapted == ("max_tokens",)
    assert server.asked[0].body["max_completion_tokens"] == 16_000
