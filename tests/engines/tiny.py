"""Makes a tiny Qwen3-architecture chat judge on the spot, with its own tokenizer and template.

Its weights are random, its opinions worthless: it exists so that real engines can be run and
compared on a CPU in seconds. `python -m tests.engines.tiny FOLDER` writes one.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TEMPLATE = (
    "{%- for message in messages -%}"
    "{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}"
    "{{ '<|im_start|>assistant\\n' }}"
    "{%- if enable_thinking is defined and enable_thinking is false -%}"
    "{{ '<think>\\n\\n</think>\\n\\n' }}"
    "{%- endif -%}"
    "{%- endif -%}"
)
ALWAYS_THINKING = TEMPLATE.replace(
    "{%- if enable_thinking is defined and enable_thinking is false -%}"
    "{{ '<think>\\n\\n</think>\\n\\n' }}"
    "{%- endif -%}",
    "{{ '<think>\\n' }}",
)
_SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>")
_CORPUS = (
    "The rain had stopped at last, and the street was bright with lamps.",
    "It was a dark and stormy night; nobody said what everybody knew.",
    '{"instruction": "Write the first page of a story.", "A": "...", "B": "..."}',
)


@dataclass(frozen=True)
class TinyJudge:
    """What a tiny judge is made of; the defaults make a working one.

    `letters` False leaves the letters A and B out of the tokenizer's alphabet; `template` None
    leaves the chat template out. `context` is in tokens.
    """

    template: str | None = TEMPLATE
    letters: bool = True
    context: int = 2048
    seed: int = 1


def make_tiny(folder: Path, judge: TinyJudge | None = None) -> Path:
    """Write the judge into `folder` (made if absent) and return it. Needs torch, transformers."""
    import torch
    from transformers import Qwen3ForCausalLM

    judge = judge or TinyJudge()
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(judge)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(judge.seed)
    network = Qwen3ForCausalLM(_config(tokenizer, judge))
    with torch.no_grad():
        for layer in network.model.layers:
            # Attention that looks somewhere: a flat one would see every pair alike.
            layer.self_attn.q_norm.weight.mul_(3.0)
    network.save_pretrained(folder)
    return folder


def make_tiny_reward(folder: Path, *, labels: int = 1) -> Path:
    """Write a tiny reward judge, whose head gives this many labels, into `folder`."""
    import torch
    from transformers import Qwen3ForSequenceClassification

    judge = TinyJudge()
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(judge)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(judge.seed)
    config = _config(tokenizer, judge)
    config.num_labels = labels
    config.pad_token_id = tokenizer.pad_token_id
    Qwen3ForSequenceClassification(config).save_pretrained(folder)
    return folder


def _config(tokenizer: Any, judge: TinyJudge) -> Any:
    from transformers import Qwen3Config

    return Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=128,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=64,
        max_position_embeddings=judge.context,
        initializer_range=0.15,
        tie_word_embeddings=False,
        bos_token_id=tokenizer.convert_tokens_to_ids("<|endoftext|>"),
        eos_token_id=tokenizer.convert_tokens_to_ids("<|im_end|>"),
    )


def _tokenizer(judge: TinyJudge) -> Any:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.BPE())
    if not judge.letters:
        swaps = [normalizers.Replace("A", "[[upper]]a"), normalizers.Replace("B", "[[upper]]b")]
        core.normalizer = normalizers.Sequence(swaps)
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=list(_SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    core.train_from_iterator(_CORPUS, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = judge.template
    return tokenizer


if __name__ == "__main__":
    print(make_tiny(Path(sys.argv[1])))
