"""A small judge with random weights for benchmarks of engines, its tokenizer, and pairs to ask.

The tokenizer is trained on our own samples, the weights are drawn: nothing is downloaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, cycle, islice
from pathlib import Path
from typing import Any

from judgemark.inputs.our_files import NEWEST_SET, OUR_SETS, OUR_WRITING_PROMPTS
from judgemark.inputs.samples import read_samples
from judgemark.inputs.writing_prompts import read_writing_prompts
from judgemark.protocols.pairwise_protocol import SYSTEM, Pair
from judgemark.records import Sample

CONTEXT = 8_192
TEMPLATE = (
    "{%- for m in messages -%}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{%- endfor -%}"
    "{%- if add_generation_prompt -%}<|im_start|>assistant\n{%- endif -%}"
)
_SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


@dataclass(frozen=True)
class Shape:
    """The size of a judge of the architecture of Qwen3."""

    name: str
    hidden: int
    inner: int
    layers: int
    heads: int
    key_value_heads: int
    head_width: int
    vocabulary: int


SMALL = Shape("a small judge", 256, 768, 4, 4, 1, 64, 8_192)
OF_4B = Shape("a judge of 4B", 2_560, 9_728, 36, 32, 8, 128, 151_936)
"""As Qwen3-4B."""


@dataclass(frozen=True)
class Asked:
    """Pairs of our own pieces, and the writing prompts of their items."""

    pairs: tuple[Pair, ...]
    instructions: dict[str, str]


def our_pairs(passes: int, words: int) -> Asked:
    """Return the pairs of `passes` passes, two a pair, spread over all items.

    Each piece has its own text, cut to `words` words or repeated until it has as many.
    """
    samples = read_samples(OUR_SETS[NEWEST_SET].samples)
    instructions = read_writing_prompts(OUR_WRITING_PROMPTS, samples.items).by_item
    pieces = [
        Sample(s.writer, s.iteration, s.item, " ".join(islice(cycle(s.text.split(" ")), words)))
        for s in samples.samples
    ]
    of_items = [
        [Pair.of(a, b) for a, b in combinations((p for p in pieces if p.item == item), 2)]
        for item in samples.items
    ]
    # The first pair of each item, then the second of each.
    spread = (pair for pairs in zip(*of_items, strict=True) for pair in pairs if not pair.tied)
    return Asked(tuple(islice(spread, passes // 2)), dict(instructions))


def config(shape: Shape) -> Any:
    """Return the configuration of a judge of this shape."""
    from transformers import Qwen3Config

    return Qwen3Config(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.key_value_heads,
        head_dim=shape.head_width,
        max_position_embeddings=CONTEXT,
        initializer_range=0.05,
        tie_word_embeddings=False,
        bos_token_id=0,
        eos_token_id=2,
    )


def write_judge(folder: Path, shape: Shape, dtype: str = "float32") -> Path:
    """Write a judge of this shape with its tokenizer into `folder`, and return it."""
    import torch
    from transformers import Qwen3ForCausalLM

    trained_tokenizer(shape.vocabulary).save_pretrained(folder)
    torch.manual_seed(0)
    with torch.device("cuda" if torch.cuda.is_available() else "cpu"):
        judge = Qwen3ForCausalLM(config(shape))
    judge.to(getattr(torch, dtype)).save_pretrained(folder)
    return folder


def trained_tokenizer(most: int) -> Any:
    """Return a byte-level BPE tokenizer of at most `most` tokens, trained on our own samples."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=most,
        special_tokens=list(_SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    samples = read_samples(OUR_SETS[NEWEST_SET].samples)
    asked = read_writing_prompts(OUR_WRITING_PROMPTS, samples.items).by_item.values()
    core.train_from_iterator([SYSTEM, *asked, *(s.text for s in samples.samples)], trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = TEMPLATE
    return tokenizer
