"""The hf: judge against the best plain loop: paired, median of seven, on a CPU or a GPU.

`make bench` runs it in the environment of the engines. Weights are random; on a GPU the shape is
that of a Qwen3 of 4B in bfloat16 with prompts of about 3,600 tokens, on a CPU a small one with
prompts of about 1,000. Nothing is downloaded. Exits 1 where a bound is missed.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.engine_runs import not_measured, run_over
from benchmarks.paired import Paired, paired
from benchmarks.plain_hf import Prompt, plain_loop, plain_script, reused_prefix
from benchmarks.small_judge import OF_4B, SMALL, Asked, Shape, our_pairs, write_judge
from judgemark.protocols.pairwise_protocol import Pairwise

AT_LEAST = 0.95
ROUNDS, FEWER_ROUNDS = 7, 3
MOST_APART = 0.05
"""How far a probability may differ between two ways: 16 bits round differently in other batches."""


@dataclass(frozen=True)
class Setting:
    """What is measured on one kind of device; `sizes` are the plain loop's tokens of a pass."""

    shape: Shape
    dtype: str
    passes: int
    words: int
    sizes: tuple[int, ...]


ON_CPU = Setting(SMALL, "float32", 12, 340, (1, 2_048, 4_096, 16_384))
ON_GPU = Setting(OF_4B, "bfloat16", 128, 1_250, (16_384, 32_768, 65_536))


class Bench:
    """One judge, loaded once for both sides, and what it is asked."""

    def __init__(self, folder: Path, setting: Setting, asked: Asked) -> None:
        from judgemark.judges.engine import EngineSettings
        from judgemark.judges.hf import HfJudge

        self.folder, self.setting, self.asked = folder, setting, asked
        self.judge = HfJudge(str(folder), EngineSettings(dtype=setting.dtype))
        self.judge.load()
        asking = Pairwise(self.judge.configuration, asked.instructions)
        questions = [q for pair in asked.pairs for q in asking.questions(pair)]
        self.prompts: list[Prompt] = [
            p for p in self.judge.local.prompts_of(questions) if isinstance(p, list)
        ]
        self.tokens = sum(map(len, self.prompts))
        self.passes = self.judge.passes
        self.loaded = self.passes.loaded

    def our_passes(self) -> Any:
        """Return the logits of all prompts by `CausalForward`, in its order."""
        return [rows.cpu() for _, rows in self.passes.batches(self.prompts)]

    def our_run(self) -> list[float]:
        """Return P(first text) of each pair by a whole run: questions, tokens, passes, journal."""
        return run_over(self.judge, self.asked)

    def best_size(self) -> int:
        """Return the tokens of a pass with which the plain loop is fastest here."""
        some = self.prompts[:: max(1, len(self.prompts) // 8)]
        seconds = {}
        for size in (self.setting.sizes[0], *self.setting.sizes):
            started = time.perf_counter()
            plain_loop(self.loaded, some, size)
            seconds[size] = time.perf_counter() - started
        return min(seconds, key=lambda size: seconds[size])


def passes_alone(bench: Bench, size: int) -> bool:
    """Compare the forward passes; whether the bound is kept."""
    bench.our_passes()
    found = paired(bench.our_passes, lambda: plain_loop(bench.loaded, bench.prompts, size), ROUNDS)
    speed = bench.tokens / found.seconds
    parameters = sum(p.numel() for p in bench.loaded.parameters())
    return _kept(
        f"hf, forward passes: {speed:,.0f} tokens/s, {2 * parameters * speed / 1e12:.3f} TFLOP/s",
        found,
        f"the plain loop (its best: passes of at most {size} tokens)",
    )


def whole_run(bench: Bench, size: int) -> bool:
    """Compare a whole run with a script that does the same by hand; whether the bound is kept."""

    def script() -> list[float]:
        return plain_script(bench.loaded, bench.judge.local.rendering.tokenizer, bench.asked, size)

    apart = max(abs(a - b) for a, b in zip(bench.our_run(), script(), strict=True))
    if apart > MOST_APART:
        raise RuntimeError(f"ours and the plain script differ by {apart:.3f}")
    found = paired(bench.our_run, script, ROUNDS)
    return _kept(
        f"hf, whole run with tokenizing and journal: {bench.tokens / found.seconds:,.0f} tokens/s",
        found,
        "a plain script that does the same",
    )


def _kept(what: str, found: Paired, other: str) -> bool:
    print(f"{what}, {found.ratio:.3f} x {other} (at least {AT_LEAST}; {found.spread})", flush=True)
    return found.ratio >= AT_LEAST


def prefixes(bench: Bench) -> None:
    """Say whether computing the shared beginning of an item's prompts once would pay."""
    groups = _by_item(bench)
    shared = sum(length * (len(prompts) - 1) for length, prompts in groups)

    def reused() -> None:
        for length, prompts in groups:
            reused_prefix(bench.loaded, prompts, length, bench.passes.most_tokens)

    length, some = groups[0]
    size = bench.passes.most_tokens
    _check_same(
        reused_prefix(bench.loaded, some, length, size), plain_loop(bench.loaded, some, size)
    )
    reused()
    found = paired(reused, bench.our_passes, FEWER_ROUNDS)
    verdict = "it would pay" if found.ratio > 1.05 else "it does not pay"
    print(
        f"hf, the beginning that all prompts of an item share ({shared / bench.tokens:.0%} of the "
        f"tokens) computed once: {found.ratio:.3f} x the passes that compute it each time "
        f"({found.spread}); {verdict}, and the passes do not reuse it",
        flush=True,
    )


def _check_same(one: list[Any], other: list[Any]) -> None:
    import torch

    ours, theirs = (torch.stack(rows).float().softmax(dim=-1) for rows in (one, other))
    apart = float((ours - theirs).abs().max())
    if apart > MOST_APART:
        raise RuntimeError(f"what shares its beginning differs by {apart:.3f}")


def _by_item(bench: Bench) -> list[tuple[int, list[Prompt]]]:
    """The length of the shared beginning, and the prompts, of each item."""
    items: dict[str, list[Prompt]] = {}
    places = [pair.item for pair in bench.asked.pairs for _ in range(2)]
    for item, prompt in zip(places, bench.prompts, strict=True):
        items.setdefault(item, []).append(prompt)
    found = []
    for prompts in items.values():
        together = zip(*prompts, strict=False)
        length = next(n for n, tokens in enumerate(together) if len(set(tokens)) > 1)
        found.append((length, prompts))
    return found


def formats_on_cpu(bench: Bench) -> None:
    """Compare the number formats on this CPU with what the program would choose."""
    import torch

    from judgemark.judges.compute_format import bfloat16_gain, settled_dtype
    from judgemark.judges.hf_forward import CausalForward

    other = CausalForward(write_and_load(bench.folder, torch.bfloat16))

    def in_bfloat16() -> None:
        for _ in other.batches(bench.prompts):
            pass

    in_bfloat16()
    found = paired(in_bfloat16, bench.our_passes, FEWER_ROUNDS)
    print(
        f"hf, bfloat16 on this CPU: {found.ratio:.2f} x float32 ({found.spread}); matrices alone "
        f"{bfloat16_gain():.2f} x, so that weights stored in bfloat16 are computed in "
        f"{settled_dtype('auto', 'bfloat16')}",
        flush=True,
    )


def write_and_load(folder: Path, dtype: Any) -> Any:
    """Return the judge of a folder in another number format."""
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(folder, dtype=dtype).eval()


def main() -> int:
    """Measure; 1 where a bound is missed."""
    if (why := not_measured("hf", "torch", "transformers")) is not None:
        print(why)
        return 0
    from transformers.utils import logging

    from judgemark.judges.compute_format import device

    logging.disable_progress_bar()
    setting = ON_CPU if device() == "cpu" else ON_GPU
    with tempfile.TemporaryDirectory() as name:
        folder = write_judge(Path(name) / "judge", setting.shape, setting.dtype)
        bench = Bench(folder, setting, our_pairs(setting.passes, setting.words))
        print(
            f"hf, {setting.shape.name} in {setting.dtype} on {device()}: {len(bench.prompts)} "
            f"prompts of {bench.tokens / len(bench.prompts):,.0f} tokens",
            flush=True,
        )
        size = bench.best_size()
        kept = [passes_alone(bench, size), whole_run(bench, size)]
        prefixes(bench)
        if device() == "cpu":
            formats_on_cpu(bench)
            print("hf on a GPU: not measured, because there is none here")
    return int(not all(kept))


if __name__ == "__main__":
    raise SystemExit(main())
