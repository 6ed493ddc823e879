"""Forward passes take the short way where it gives the same numbers, and fit the memory."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.engines.conftest import needs

if find_spec("torch") is not None:
    import torch

    from judgemark.judges.device_memory import OutOfMemory
    from judgemark.judges.hf_forward import PLAIN, CausalForward, PassWay

pytestmark = [
    pytest.mark.engines,
    needs("torch", "transformers"),
    pytest.mark.filterwarnings("default"),
]
PROMPTS = [[5, 6, 7], [8, 9, 10, 11, 12, 13], [4], [6, 6, 6, 6]]


def loaded(folder: Path) -> Any:
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(folder, dtype="float32").eval()


def all_logits(passes: Any, prompts: list[list[int]]) -> list[Any]:
    found = {
        at: row
        for batch, rows in passes.batches(prompts)
        for at, row in zip(batch, rows, strict=True)
    }
    return [found[n] for n in range(len(prompts))]


def alone(judge: Any, prompt: list[int]) -> Any:
    with torch.inference_mode():
        return judge(input_ids=torch.tensor([prompt])).logits[0, -1]


def test_the_short_way_gives_what_each_prompt_gives_alone(tiny: Path) -> None:
    judge = loaded(tiny)
    passes = CausalForward(judge, 100)
    for _ in range(2):
        for row, prompt in zip(all_logits(passes, PROMPTS), PROMPTS, strict=True):
            assert torch.allclose(row, alone(judge, prompt), atol=1e-4)
    assert passes.way == PassWay(mask=False, ends=True)


def test_prompts_of_one_length_are_compared_with_a_shorter_one_beside_them(tiny: Path) -> None:
    judge = loaded(tiny)
    passes = CausalForward(judge, 100)
    rows = all_logits(passes, [[5, 6, 7], [8, 9, 10]])
    assert passes.way == PassWay(mask=False, ends=True)
    assert torch.allclose(rows[1], alone(judge, [8, 9, 10]), atol=1e-4)


def test_only_the_ends_of_prompts_reach_the_output_layer(tiny: Path) -> None:
    judge = loaded(tiny)
    passes = CausalForward(judge, 100)
    all_logits(passes, PROMPTS)
    seen: list[tuple[int, ...]] = []
    judge.lm_head.register_forward_hook(lambda *given: seen.append(tuple(given[2].shape)))
    all_logits(passes, PROMPTS)
    # Four prompts, one end each.
    assert seen == [(4, 1, judge.config.vocab_size)]


def test_what_a_judge_does_with_its_logits_afterwards_is_kept(tiny: Path) -> None:
    judge = loaded(tiny)
    whole = judge.forward

    def capped(input_ids: Any, attention_mask: Any = None, **more: Any) -> Any:
        out = whole(input_ids, attention_mask=attention_mask, **more)
        out.logits = 2.0 * torch.tanh(out.logits / 2.0)
        return out

    judge.forward = capped
    passes = CausalForward(judge, 100)
    for row, prompt in zip(all_logits(passes, PROMPTS), PROMPTS, strict=True):
        assert torch.allclose(row, alone(judge, prompt), atol=1e-4)
    assert passes.way == PassWay(mask=False, ends=True)


def test_a_judge_without_an_output_layer_of_its_own_takes_no_shortcut(tiny: Path) -> None:
    judge = loaded(tiny)
    judge.get_output_embeddings = lambda: None
    passes = CausalForward(judge, 100)
    for row, prompt in zip(all_logits(passes, PROMPTS), PROMPTS, strict=True):
        assert torch.allclose(row, alone(judge, prompt), atol=1e-4)
    assert passes.way == PLAIN


def test_a_judge_that_looks_ahead_keeps_its_mask(tiny: Path) -> None:
    judge = loaded(tiny)
    plain = judge.model.forward

    def looks_ahead(*args: Any, attention_mask: Any = None, **more: Any) -> Any:
        # Without a mask, what stands behind the prompt changes what it says.
        out = plain(*args, attention_mask=attention_mask, **more)
        if attention_mask is None:
            out.last_hidden_state = out.last_hidden_state + 3.0
        return out

    judge.model.forward = looks_ahead
    passes = CausalForward(judge, 100)
    rows = all_logits(passes, PROMPTS)
    assert passes.way == PassWay(mask=True, ends=True)
    assert torch.allclose(
        rows[2],
        judge(input_ids=torch.tensor([[4]]), attention_mask=torch.ones(1, 1).long()).logits[0, -1],
        atol=1e-4,
    )


def test_a_pass_that_does_not_fit_is_halved_and_nothing_is_lost(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = loaded(tiny)
    passes = CausalForward(judge, 24)
    plain, sizes = passes.logits, []

    def little_memory(prompts: Any) -> Any:
        sizes.append(len(prompts) * max(map(len, prompts)))
        if sizes[-1] > 8:
            raise RuntimeError("CUDA out of memory. Tried to allocate")
        return plain(prompts)

    monkeypatch.setattr(passes, "logits", little_memory)
    rows = all_logits(passes, PROMPTS)
    for row, prompt in zip(rows, PROMPTS, strict=True):
        assert torch.allclose(row, alone(judge, prompt), atol=1e-4)
    # 4 x 6 tokens, then 2 x 6, then 1 x 6 and what fits beside it.
    assert sizes[:3] == [24, 12, 6]


def test_a_prompt_that_never_fits_is_named(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passes = CausalForward(loaded(tiny), 24)

    def no_memory(_: Any) -> Any:
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(passes, "logits", no_memory)
    with pytest.raises(OutOfMemory, match="6 tokens"):
        list(passes.batches(PROMPTS))
