"""Forward passes of hf: judges against the best plain loop: paired, median of seven.

Run by an environment with torch: `.venv-engines/bin/python -m benchmarks.bench_hf`.
Weights are random; on a GPU the shape is that of a Qwen3 of 4B in bfloat16 with prompts of about
3,600 tokens, on a CPU a small one with prompts of about 500. The plain loop pads on the right,
sends no mask, and puts only each prompt's end through the output layer.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

AT_LEAST = 0.95
ROUNDS = 7


@dataclass(frozen=True)
class Shape:
    """The size of a judge, and of what it is asked."""

    name: str
    hidden: int
    inner: int
    layers: int
    heads: int
    vocabulary: int
    dtype: str
    prompts: int
    tokens: int


ON_CPU = Shape("a small judge", 256, 768, 4, 4, 8_192, "float32", 24, 500)
ON_GPU = Shape("a judge of 4B", 2_560, 9_728, 36, 32, 151_936, "bfloat16", 128, 3_600)


def built(shape: Shape, device: str) -> Any:
    """A judge of this shape with random weights."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    config = Qwen3Config(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=max(1, shape.heads // 4),
        head_dim=128 if device == "cuda" else shape.hidden // shape.heads,
        max_position_embeddings=8_192,
    )
    torch.manual_seed(0)
    return Qwen3ForCausalLM(config).to(device, getattr(torch, shape.dtype)).eval()


def prompts_of(shape: Shape) -> list[list[int]]:
    """Prompts of like lengths, as pairs of stories have."""
    draw = np.random.default_rng(0)
    lengths = draw.normal(shape.tokens, shape.tokens / 8, shape.prompts).astype(int)
    return [draw.integers(0, shape.vocabulary, max(8, n)).tolist() for n in lengths]


def plain_loop(judge: Any, prompts: Sequence[Sequence[int]], most_tokens: int) -> list[Any]:
    """The best loop that a user would write by hand."""
    import torch

    order = sorted(range(len(prompts)), key=lambda n: -len(prompts[n]))
    answers: dict[int, Any] = {}
    start = 0
    while start < len(order):
        rows = max(1, most_tokens // len(prompts[order[start]]))
        batch = order[start : start + rows]
        start += rows
        ids = torch.zeros((len(batch), len(prompts[batch[0]])), dtype=torch.long)
        for row, n in enumerate(batch):
            ids[row, : len(prompts[n])] = torch.tensor(prompts[n])
        ends = torch.tensor([len(prompts[n]) - 1 for n in batch])
        with torch.inference_mode():
            hidden = judge.model(input_ids=ids.to(judge.device), use_cache=False).last_hidden_state
            last = hidden[torch.arange(len(batch)), ends]
            answers |= zip(batch, judge.lm_head(last).cpu(), strict=True)
    return [answers[n] for n in range(len(prompts))]


def ours(passes: Any, prompts: Sequence[Sequence[int]]) -> list[Any]:
    """The passes of `HfJudge`."""
    found = {
        at: row
        for batch, rows in passes.batches(prompts)
        for at, row in zip(batch, rows, strict=True)
    }
    return [found[n] for n in range(len(prompts))]


def shared_share() -> float:
    """How much of their prompts, in characters, the two orders of our own samples' pairs share."""
    from itertools import combinations, islice

    from judgemark.inputs.our_files import NEWEST_SET, OUR_SETS, OUR_WRITING_PROMPTS
    from judgemark.inputs.samples import read_samples
    from judgemark.inputs.writing_prompts import read_writing_prompts
    from judgemark.protocols.pairwise_protocol import Pair, Pairwise

    samples = read_samples(OUR_SETS[NEWEST_SET].samples)
    instructions = read_writing_prompts(OUR_WRITING_PROMPTS, samples.items).by_item
    asking = Pairwise({}, instructions)
    pairs = [Pair.of(a, b) for a, b in combinations(samples.samples, 2) if a.item == b.item]
    shares = []
    for pair in islice(pairs, 200):
        texts = ["".join(m.content for m in q.messages) for q in asking.questions(pair)]
        same = next(n for n, (x, y) in enumerate(zip(*texts, strict=False)) if x != y)
        shares.append(same / len(texts[0]))
    return statistics.mean(shares)


def main() -> int:
    """Measure; 1 where the bound is missed."""
    if find_spec("torch") is None or find_spec("transformers") is None:
        print("hf: not measured, because torch or transformers is not installed here")
        return 0
    import torch

    from judgemark.judges.hf_forward import CausalForward

    device = "cuda" if torch.cuda.is_available() else "cpu"
    shape = ON_GPU if device == "cuda" else ON_CPU
    judge, prompts = built(shape, device), prompts_of(shape)
    passes = CausalForward(judge)
    ours(passes, prompts[:4])
    plain_loop(judge, prompts[:4], passes.most_tokens)
    ratios, speeds = [], []
    tokens = sum(map(len, prompts))
    for _ in range(ROUNDS):
        started = time.perf_counter()
        ours(passes, prompts)
        middle = time.perf_counter()
        plain_loop(judge, prompts, passes.most_tokens)
        ended = time.perf_counter()
        ratios.append((ended - middle) / (middle - started))
        speeds.append(tokens / (middle - started))
    parameters = sum(p.numel() for p in judge.parameters())
    speed, ratio = statistics.median(speeds), statistics.median(ratios)
    print(
        f"hf, {shape.name} on {device}, {len(prompts)} prompts of about {shape.tokens} tokens: "
        f"{speed:,.0f} tokens/s, {2 * parameters * speed / 1e12:.3f} TFLOP/s, "
        f"{ratio:.3f} x the plain loop (at least {AT_LEAST})"
    )
    print(
        f"the two orders of a pair share {shared_share():.0%} of their prompts, all before the "
        "first text: the passes do not reuse it"
    )
    if device == "cpu":
        print("hf on a GPU: not measured, because there is none here")
    return int(ratio < AT_LEAST)


if __name__ == "__main__":
    raise SystemExit(main())
