"""The vllm: judge's whole run against a plain script that hands the engine all prompts at once.

`make bench` runs it in the environment of the engines. Both sides use the same engine with the same
small judge (random weights, made on the spot), take turns at being first, and begin with an empty
prefix cache: the median of seven rounds on 400 passes. Exits 1 where the bound is missed.
"""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.engine_runs import not_measured, run_over
from benchmarks.paired import paired
from benchmarks.plain_hf import plain_texts
from benchmarks.small_judge import SMALL, Asked, our_pairs, write_judge
from judgemark.judges.engine import EngineSettings

AT_LEAST = 0.97
ROUNDS, PASSES, WORDS = 7, 400, 50
MOST_APART = 0.02
"""How far a probability may differ between ours and the plain script."""


def plain_script(engine: Any, tokenizer: Any, sampling: Any, asked: Asked) -> list[float]:
    """Return P(first text) of each pair, as a script with vLLM and no Judgemark gets it."""
    letters = [tokenizer.encode(letter, add_special_tokens=False)[0] for letter in "AB"]
    ids = tokenizer(plain_texts(tokenizer, asked))["input_ids"]
    prompts = [{"prompt_token_ids": prompt} for prompt in ids]
    chances = []
    for output in engine.generate(prompts, sampling, use_tqdm=False):
        found = output.outputs[0].logprobs[0]
        one, two = (math.exp(found[letter].logprob) for letter in letters)
        chances.append(one / (one + two))
    return [(a + 1 - b) / 2 for a, b in zip(chances[::2], chances[1::2], strict=True)]


def measure(folder: Path) -> bool:
    """Measure with a judge that is written into `folder`; whether the bound is kept."""
    from judgemark.judges.vllm import VllmJudge, sampling_of

    asked = our_pairs(PASSES, WORDS)
    judge = VllmJudge(str(write_judge(folder, SMALL)), EngineSettings(enforce_eager=True))
    judge.load()
    engine, local = judge.engine, judge.local
    tokenizer, sampling = local.rendering.tokenizer, sampling_of(local)

    def script() -> list[float]:
        return plain_script(engine, tokenizer, sampling, asked)

    try:
        apart = max(abs(a - b) for a, b in zip(run_over(judge, asked), script(), strict=True))
        if apart > MOST_APART:
            raise RuntimeError(f"ours and the plain script differ by {apart:.3f}")
        found = paired(
            lambda: run_over(judge, asked), script, ROUNDS, before=engine.reset_prefix_cache
        )
    finally:
        judge.close()
    print(
        f"vllm, {SMALL.name} on this machine, {PASSES} passes: {PASSES / found.seconds:.1f} "
        f"passes/s, {found.ratio:.3f} x a plain script that hands the engine all prompts at once "
        f"(at least {AT_LEAST}; {found.spread})"
    )
    return found.ratio >= AT_LEAST


def main() -> int:
    """Measure; 1 where the bound is missed."""
    if (why := not_measured("vllm", "vllm", "transformers")) is not None:
        print(why)
        return 0
    from transformers.utils import logging

    logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as name:
        return int(not measure(Path(name) / "judge"))


if __name__ == "__main__":
    raise SystemExit(main())
