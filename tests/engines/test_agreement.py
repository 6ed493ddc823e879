"""The same pairs through all three engines: one protocol, the same probabilities."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

import pytest

from judgemark.judges.base import BatchJudge
from judgemark.judges.hf import HfJudge
from judgemark.judges.vllm import VllmJudge
from judgemark.protocols.pairwise_protocol import Pair, Pairwise, preference_of, preference_of_one
from judgemark.records import Outcome, Question, QuestionKey, Reply
from tests.engines.conftest import INSTRUCTIONS, SETTINGS, needs

pytestmark = [
    pytest.mark.engines,
    needs("vllm", "torch", "transformers"),
    pytest.mark.filterwarnings("default"),
]

Answers = Mapping[QuestionKey, Outcome]


def asked(judge: BatchJudge, pairs: tuple[Pair, ...]) -> tuple[Pairwise, list[Question]]:
    asking = Pairwise(judge.configuration, INSTRUCTIONS)
    return asking, [q for pair in pairs for q in asking.questions(pair)]


def preferences(judge: BatchJudge, pairs: tuple[Pair, ...]) -> list[float]:
    asking, questions = asked(judge, pairs)
    outcomes: dict[QuestionKey, Outcome] = {}
    for question, reply in zip(questions, judge.ask_batch(questions), strict=True):
        assert isinstance(reply, Reply)
        assert reply.logprobs is not None
        assert not reply.logprobs.a_censored
        assert not reply.logprobs.b_censored
        outcomes[question.key] = asking.read(question, reply)
    found = [preference_of_one(pair, asking.questions(pair), outcomes) for pair in pairs]
    return [p for p in found if p is not None]


@pytest.fixture(scope="module")
def through_vllm(tiny: Path, pairs: tuple[Pair, ...]) -> list[float]:
    judge = VllmJudge(str(tiny), SETTINGS)
    try:
        first = preferences(judge, pairs)
        # The other way round, in other company: the same numbers, but for the order in which a
        # machine's kernels add up single precision (3.5e-7 seen on an AMD EPYC).
        again = preferences(judge, tuple(Pair.of(p.two, p.one) for p in reversed(pairs)))
        assert again == pytest.approx(first[::-1], abs=1e-5)
        return first
    finally:
        judge.close()


@pytest.fixture(scope="module")
def through_hf(tiny: Path, pairs: tuple[Pair, ...]) -> list[float]:
    return preferences(HfJudge(str(tiny), SETTINGS), pairs)


def test_the_pairs_differ_visibly(through_hf: list[float], pairs: tuple[Pair, ...]) -> None:
    assert len(through_hf) == len(pairs) == 12
    assert max(through_hf) - min(through_hf) > 0.05


def test_vllm_and_transformers_agree(through_vllm: list[float], through_hf: list[float]) -> None:
    for here, there in zip(through_vllm, through_hf, strict=True):
        assert here == pytest.approx(there, abs=0.02)


def test_swap_symmetry_is_exact(through_hf: list[float], pairs: tuple[Pair, ...]) -> None:
    for pair, p in zip(pairs, through_hf, strict=True):
        for x, y in itertools.permutations((pair.one, pair.two)):
            here = preference_of(x, Pair.of(x, y), p)
            there = preference_of(y, Pair.of(y, x), p)
            assert here is not None
            assert there is not None
            assert here + there == 1.0
