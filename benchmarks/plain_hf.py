"""What a user with transformers and no Judgemark would write: the other side of bench_hf."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from benchmarks.small_judge import Asked
from judgemark.protocols.pairwise_protocol import SYSTEM

Prompt = list[int]


def plain_loop(loaded: Any, prompts: Sequence[Prompt], most_tokens: int) -> list[Any]:
    """Return the logits after each prompt, by the best loop that is written by hand.

    Prompts of like length go together, padded on the right; there is no mask, and each prompt's end
    alone goes through the output layer.
    """
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
            given = ids.to(loaded.device)
            hidden = loaded.model(input_ids=given, use_cache=False).last_hidden_state
            last = hidden[torch.arange(len(batch)), ends]
            answers |= zip(batch, loaded.lm_head(last).cpu(), strict=True)
    return [answers[n] for n in range(len(prompts))]


def plain_texts(tokenizer: Any, asked: Asked) -> list[str]:
    """Return the rendered prompts of both orders of each pair."""
    texts = []
    for pair in asked.pairs:
        for a, b in ((pair.one, pair.two), (pair.two, pair.one)):
            content = {"instruction": asked.instructions[pair.item], "A": a.text, "B": b.text}
            user = json.dumps(content, ensure_ascii=False)
            messages = [
                {"role": "system", "content": SYSTEM},
                {"role": "user", "content": user},
            ]
            texts.append(
                tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
            )
    return texts


def plain_script(loaded: Any, tokenizer: Any, asked: Asked, most_tokens: int) -> list[float]:
    """Return P(first text) of each pair, from texts to probabilities, in both orders."""
    import torch

    letters = [tokenizer.encode(letter, add_special_tokens=False)[0] for letter in "AB"]
    texts = plain_texts(tokenizer, asked)
    prompts = tokenizer(texts, add_special_tokens=False)["input_ids"]
    logits = torch.stack(plain_loop(loaded, prompts, most_tokens)).float()
    chances = torch.softmax(logits[:, letters], dim=-1)[:, 0].tolist()
    return [(a + 1 - b) / 2 for a, b in zip(chances[::2], chances[1::2], strict=True)]


def reused_prefix(
    loaded: Any, prompts: Sequence[Prompt], shared: int, most_tokens: int
) -> list[Any]:
    """Return the logits after each prompt; their first `shared` tokens, all alike, go through once.

    The keys and values of these tokens are repeated for each row of a batch.
    """
    import torch

    order = sorted(range(len(prompts)), key=lambda n: -len(prompts[n]))
    answers: dict[int, Any] = {}
    with torch.inference_mode():
        first = torch.tensor([prompts[0][:shared]], device=loaded.device)
        kept = loaded.model(input_ids=first, use_cache=True).past_key_values
        start = 0
        while start < len(order):
            rows = max(1, most_tokens // len(prompts[order[start]]))
            batch = order[start : start + rows]
            start += rows
            width = len(prompts[batch[0]]) - shared
            ids = torch.zeros((len(batch), width), dtype=torch.long)
            for row, n in enumerate(batch):
                ids[row, : len(prompts[n]) - shared] = torch.tensor(prompts[n][shared:])
            ends = torch.tensor([len(prompts[n]) - shared - 1 for n in batch])
            hidden = loaded.model(
                input_ids=ids.to(loaded.device), past_key_values=_repeated(kept, len(batch))
            ).last_hidden_state
            last = hidden[torch.arange(len(batch)), ends]
            answers |= zip(batch, loaded.lm_head(last).cpu(), strict=True)
    return [answers[n] for n in range(len(prompts))]


def _repeated(kept: Any, rows: int) -> Any:
    """A copy of a cache of one row with `rows` of them."""
    import copy

    wide = copy.deepcopy(kept)
    wide.batch_repeat_interleave(rows)
    return wide
