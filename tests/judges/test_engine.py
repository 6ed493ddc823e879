"""What both engines share, without an engine: settings, windows, batches, vLLM's arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgemark.errors import AskFault, UsageError
from judgemark.judges.engine import EngineSettings, LocalJudge, open_local
from judgemark.judges.hf import batches
from judgemark.judges.rendering import Rendering, prepare
from judgemark.judges.vllm import engine_arguments
from judgemark.protocols.pairwise_protocol import Pair, Pairwise
from judgemark.records import LetterLogprobs, Question, Reply, Sample
from tests.judges.fake_tokenizer import FakeTokenizer


def local(limit: int = 2047, **changed: object) -> LocalJudge[Rendering]:
    chosen = replace(EngineSettings(), **changed)  # type: ignore[arg-type]
    return LocalJudge("judge", "/judge", chosen, prepare(FakeTokenizer(), "judge"), limit)


def questions(*texts: str) -> list[Question]:
    asking = Pairwise({}, {"7": "Write."})
    other = Sample("bob", "1", "7", "other")
    return [asking.questions(Pair.of(Sample("ann", "1", "7", t), other))[0] for t in texts]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_model_len", 1),
        ("tensor_parallel_size", 0),
        ("gpu_memory_utilization", 1.5),
        ("kv_cache_gib", 0.0),
    ],
)
def test_a_setting_out_of_range_is_named(name: str, value: float) -> None:
    with pytest.raises(UsageError, match=name):
        EngineSettings(**{name: value})  # type: ignore[arg-type]


def test_only_what_shapes_answers_is_part_of_the_configuration() -> None:
    usual = local().configuration("vllm")
    assert local(gpu_memory_utilization=0.5, enforce_eager=True).configuration("vllm") == usual
    assert local(dtype="float16").configuration("vllm") != usual
    assert local(kv_cache_dtype="fp8").configuration("vllm") != usual
    assert local().configuration("hf") != usual


def test_replies_come_in_order_and_too_long_questions_are_not_sent() -> None:
    asked = questions("one", "two", "much too long " * 80, "three")
    sent: list[int] = []

    def forward(prompts: Sequence[Sequence[int]]) -> Sequence[Reply | AskFault]:
        sent.append(len(prompts))
        return [Reply(str(len(prompt))) for prompt in prompts]

    judge = local(limit=200)
    came = judge.answer(asked, forward)
    counts = [judge.rendering.count(q) for q in asked]
    assert [r.text if isinstance(r, Reply) else type(r) for r in came] == [
        str(counts[0]), str(counts[1]), AskFault, str(counts[3]),
    ]  # fmt: skip
    assert sent == [3]
    assert f"too long: item 7, ann (iteration 1) against bob (iteration 1): {counts[2]}" in str(
        came[2]
    )
    assert judge.answer([asked[2]], forward)[0].args == came[2].args  # type: ignore[union-attr]
    assert judge.answer([], forward) == []
    assert sent == [3]


def test_a_number_that_is_none_is_a_fault_not_a_verdict() -> None:
    fault = local().reply(None, 10, "A", "length")
    assert isinstance(fault, AskFault)
    reply = local().reply(LetterLogprobs(-1.0, -2.0, "A"), 10, "A", "length")
    assert isinstance(reply, Reply)
    assert (reply.text, reply.usage.prompt_tokens, reply.usage.completion_tokens) == ("A", 10, 1)


def test_a_missing_engine_says_what_to_install() -> None:
    with pytest.raises(UsageError, match=r"pip install -r requirements-vllm\.txt"):
        open_local("judge", EngineSettings(), print, ("vllm", "no_such_package"))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(1, 50), max_size=30), st.integers(1, 200))
def test_batches_hold_every_prompt_once_within_the_limit(lengths: list[int], most: int) -> None:
    split = list(batches(lengths, most))
    assert sorted(n for batch in split for n in batch) == list(range(len(lengths)))
    for batch in split:
        padded = max(lengths[n] for n in batch) * len(batch)
        assert padded <= most or len(batch) == 1


def test_batches_put_like_lengths_together() -> None:
    # 2 rows of 5 fit into 10 tokens, then 5 rows of 2.
    assert list(batches([2, 5, 2, 5, 2], 10)) == [[1, 3], [0, 2, 4]]


def test_vllm_is_started_with_prefix_caching_and_the_settings() -> None:
    on_gpu = engine_arguments(local(kv_cache_dtype="fp8", tensor_parallel_size=2), on_cpu=False)
    assert on_gpu["enable_prefix_caching"] is True
    assert (on_gpu["max_model_len"], on_gpu["dtype"]) == (2048, "auto")
    assert (on_gpu["kv_cache_dtype"], on_gpu["tensor_parallel_size"]) == ("fp8", 2)
    assert "kv_cache_memory_bytes" not in on_gpu
    # How prompts are cut into steps is left to vLLM.
    assert not {"enable_chunked_prefill", "max_num_batched_tokens"} & set(on_gpu)
    on_cpu = engine_arguments(local(), on_cpu=True)
    assert (on_cpu["dtype"], on_cpu["kv_cache_memory_bytes"]) == ("float32", 4 * 2**30)
    share = engine_arguments(local(gpu_memory_utilization=0.4), on_cpu=True)
    assert share["gpu_memory_utilization"] == 0.4
    assert "kv_cache_memory_bytes" not in share
