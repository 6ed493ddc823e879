"""The stream of an hf: judge: the next window becomes tokens meanwhile, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from judgemark.errors import AskFault
from judgemark.judges import compute_format
from judgemark.judges.engine import LocalJudge
from judgemark.judges.hf import HfJudge
from judgemark.judges.judge_kind import JudgeRequest
from judgemark.judges.kinds.hf_kind import KIND
from judgemark.judges.local_setup import LocalPairs
from judgemark.protocols.pairwise_protocol import Pair, Pairwise
from judgemark.records import Question, Reply
from tests.engines.conftest import INSTRUCTIONS, SETTINGS, needs
from tests.engines.tiny import make_tiny

pytestmark = [
    pytest.mark.engines,
    needs("torch", "transformers"),
    pytest.mark.filterwarnings("default"),
]


def questions(judge: HfJudge, pairs: Sequence[Pair]) -> list[Question]:
    asking = Pairwise(judge.configuration, INSTRUCTIONS)
    return [q for pair in pairs for q in asking.questions(pair)]


def answers(judge: HfJudge, pairs: Sequence[Pair]) -> list[float]:
    """The log-probability of A for each question, each of them answered once."""
    asked = questions(judge, pairs)
    came = list(judge.ask_stream(iter(asked)))
    assert sorted(n for n, _ in came) == list(range(len(asked)))
    found = dict(came)
    replies = [found[n] for n in range(len(asked))]
    assert all(isinstance(reply, Reply) and reply.logprobs is not None for reply in replies)
    return [r.logprobs.a for r in replies if isinstance(r, Reply) and r.logprobs is not None]


def test_a_window_has_at_least_512_prompts() -> None:
    assert HfJudge.batch >= 512


def test_the_next_window_becomes_tokens_during_the_passes_of_this_one(
    tiny: Path, pairs: tuple[Pair, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HfJudge, "batch", 4)
    judge = HfJudge(str(tiny), SETTINGS)
    second = threading.Event()
    tokens, windows = LocalJudge.prompts_of, 0

    def noted(self: LocalJudge[Any], asked: Sequence[Question]) -> list[list[int] | AskFault]:
        nonlocal windows
        found = tokens(self, asked)
        windows += 1
        if windows == 2:
            second.set()
        return found

    monkeypatch.setattr(LocalJudge, "prompts_of", noted)
    passes = judge.passes
    plain = passes.logits

    def waits(prompts: Sequence[Sequence[int]]) -> Any:
        # The first pass goes on only once the second window is tokens.
        assert second.wait(20)
        return plain(prompts)

    monkeypatch.setattr(passes, "logits", waits)
    assert len(answers(judge, pairs)) == 2 * len(pairs)
    assert windows > 2


def test_passes_that_do_not_fit_into_memory_lose_no_answer(
    tiny: Path, pairs: tuple[Pair, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = answers(HfJudge(str(tiny), SETTINGS), pairs)
    judge = HfJudge(str(tiny), replace(SETTINGS, batch_tokens=4096))
    passes = judge.passes
    plain = passes.logits

    def little_memory(prompts: Sequence[Sequence[int]]) -> Any:
        if len(prompts) > 2:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")
        return plain(prompts)

    monkeypatch.setattr(passes, "logits", little_memory)
    assert answers(judge, pairs) == pytest.approx(usual, abs=1e-4)
    assert passes.most_tokens < 4096


@pytest.mark.parametrize(("gain", "taken"), [(9.0, "bfloat16"), (0.5, "float32")])
def test_the_number_format_that_is_settled_is_the_one_that_computes(
    pairs: tuple[Pair, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    gain: float,
    taken: str,
) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    folder = make_tiny(tmp_path / "tiny")
    stored = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16)
    stored.save_pretrained(folder)
    monkeypatch.setattr(compute_format, "device", lambda: "cpu")
    monkeypatch.setattr(compute_format, "bfloat16_gain", lambda: gain)
    judge = HfJudge(str(folder), SETTINGS)
    settings: Any = judge.configuration["settings"]
    assert settings["dtype"] == taken
    assert judge.passes.loaded.dtype == getattr(torch, taken)
    named = HfJudge(str(folder), replace(SETTINGS, dtype="float32"))
    # Bfloat16 has eight bits: log-probabilities of about -6 are right to some hundredths.
    assert answers(judge, pairs) == pytest.approx(answers(named, pairs), abs=0.2)


def test_this_cpu_says_how_much_faster_bfloat16_is() -> None:
    gain = compute_format.bfloat16_gain()
    assert 0 < gain < 1000
    assert compute_format.bfloat16_gain() == gain


def test_a_run_goes_on_in_the_format_in_which_it_was_begun(tiny: Path) -> None:
    def setup(**options: str) -> LocalPairs:
        assert KIND.pairwise is not None
        found = KIND.pairwise(JudgeRequest(f"hf:{tiny}", str(tiny), 0, (), options))
        assert isinstance(found, LocalPairs)
        return found

    def dtype(of: LocalPairs) -> object:
        settings: Any = of.configuration["settings"]
        return settings["dtype"]

    begun = {"engine": {"settings": {"dtype": "bfloat16"}}}
    assert dtype(setup()) == "float32"
    assert dtype(setup().as_begun(begun)) == "bfloat16"
    assert dtype(setup().as_begun({})) == "float32"
    # Before formats were settled, a run was begun with "auto", which is part of its keys.
    left_open = {"engine": {"settings": {"revision": "main"}}}
    assert dtype(setup().as_begun(left_open)) == "auto"
    # What the user names stays, and such a run is another one.
    assert dtype(setup(dtype="float32").as_begun(begun)) == "float32"
