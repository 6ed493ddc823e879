"""vLLM's real OpenAI server on loopback: the endpoint gives what the engines give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from judgemark.judges.chat import ChatJudge
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.endpoint_logprobs import LetterAsking
from judgemark.judges.hf import HfJudge
from judgemark.judges.letter_probe import probe_letters
from judgemark.judges.logprob import preference
from judgemark.judges.patience import Patience
from judgemark.judges.request_limits import RequestLimits
from judgemark.judges.vllm_server import VllmServer, recognise
from judgemark.protocols.pairwise_protocol import Pair, Pairwise
from judgemark.records import Question, Reply, Sample
from tests.engines.conftest import CONTEXT, INSTRUCTIONS, SETTINGS, needs

pytestmark = [
    pytest.mark.engines,
    needs("vllm", "torch", "transformers"),
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture(scope="module")
def judge(server: str) -> Iterator[ChatJudge]:
    judge = ChatJudge(
        Endpoint(server, "tiny", "none"), ChatParameters(max_tokens=1), RequestLimits(60)
    )
    yield judge
    judge.close()


@pytest.fixture(scope="module")
def recognised(server: str, judge: ChatJudge) -> VllmServer:
    found = recognise(server, "tiny", judge.post)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def asking(judge: ChatJudge, recognised: VllmServer, pairs: tuple[Pair, ...]) -> LetterAsking:
    question = Pairwise({}, INSTRUCTIONS).questions(pairs[0])[0]
    found = probe_letters(
        judge, question, recognised, thinking_off=True, patience=Patience(retries=3)
    )
    assert found is not None
    return found


def test_the_server_is_recognised_and_gives_letters_by_id(
    tiny: Path, recognised: VllmServer, asking: LetterAsking
) -> None:
    assert recognised.context == CONTEXT
    local = HfJudge(str(tiny), SETTINGS).local
    assert asking == LetterAsking(20, local.rendering.letters, thinking_off=True)


def test_the_endpoint_agrees_with_transformers(
    tiny: Path, judge: ChatJudge, asking: LetterAsking, pairs: tuple[Pair, ...]
) -> None:
    questions = [q for pair in pairs for q in Pairwise({}, INSTRUCTIONS).questions(pair)]
    for question, local in zip(
        questions, HfJudge(str(tiny), SETTINGS).ask_batch(questions), strict=True
    ):
        remote = judge.ask_letters(question, asking)
        assert isinstance(local, Reply)
        assert local.logprobs is not None
        assert remote.logprobs is not None
        assert not remote.logprobs.a_censored
        assert not remote.logprobs.b_censored
        there = preference(local.logprobs)
        assert preference(remote.logprobs) == pytest.approx(there, abs=0.02)
        # A token that is half a character decodes to a placeholder here, to nothing there.
        if "\ufffd" not in local.logprobs.produced:
            assert remote.logprobs.produced == local.logprobs.produced
        assert remote.usage.prompt_tokens == local.usage.prompt_tokens


def test_without_ids_the_top_tokens_bound_what_is_not_among_them(
    judge: ChatJudge, asking: LetterAsking, pairs: tuple[Pair, ...]
) -> None:
    question = Pairwise({}, INSTRUCTIONS).questions(pairs[0])[0]
    exact = judge.ask_letters(question, asking).logprobs
    among_top = judge.ask_letters(question, LetterAsking(20, None, thinking_off=True)).logprobs
    assert exact is not None
    assert among_top is not None
    # A censored letter stands at its bound, above its true value.
    assert not among_top.a_censored or among_top.a >= exact.a - 1e-3
    assert not among_top.b_censored or among_top.b >= exact.b - 1e-3


def test_a_pair_too_long_for_the_server_is_found_before_it_is_sent(
    recognised: VllmServer, asking: LetterAsking, tiny: Path
) -> None:
    def question(words: int) -> Question:
        x, y = Sample("ann", "1", "7", "night " * words), Sample("bob", "1", "7", "short")
        return Pairwise({}, INSTRUCTIONS).questions(Pair.of(x, y))[0]

    long, short = question(CONTEXT), question(3)
    found = recognised.too_long([short, long], asking)
    assert [t.question for t in found] == [long]
    assert found == HfJudge(str(tiny), SETTINGS).too_long([short, long])
