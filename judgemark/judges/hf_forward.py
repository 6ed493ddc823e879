"""Forward passes through a causal judge on transformers: the logits after each prompt's end.

Prompts of like length go through together, padded on the right. A causal judge cannot see what
follows a token, so padding needs no mask, and without one the fastest attention applies. Only the
end of each prompt goes through the output layer, whose logits would need gigabytes otherwise. Both
shortcuts are compared with the plain way on the first batch that has padding, and left out where
they do not agree (a judge that is not causal, or one that changes its logits afterwards).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from judgemark.judges.engine import TOKENS_OF_A_PASS

_LOG = logging.getLogger(__name__)
_FEWEST_TOKENS, _MOST_TOKENS = 2_048, 65_536
# The share of the free memory that one pass may take, and its values per token and unit of width.
_SHARE_OF_MEMORY, _HIDDEN_COPIES, _INNER_COPIES = 0.5, 12, 4
# How far two ways of computing the same log-probability may differ, by the size of a number.
_TOLERANCE = {2: 0.1, 4: 1e-3, 8: 1e-6}
_NO_MEMORY = ("can't allocate memory", "out of memory", "not enough memory")


class OutOfMemory(Exception):
    """A single prompt does not fit into the device's memory."""


class CausalForward:
    """The forward passes of one judge.

    Attributes:
        most_tokens: the most tokens of a pass, padding included; halved where memory runs out.
        plain: whether the shortcuts are in use; None until they were compared.
    """

    def __init__(self, loaded: Any, most_tokens: int | None = None) -> None:
        """`most_tokens` None takes what the device's free memory allows."""
        self._loaded = loaded
        self.most_tokens = most_tokens or _by_memory(loaded)
        self.plain: bool | None = None

    def batches(self, prompts: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], Any]]:
        """Yield the positions of prompts that went through together, and their logits.

        The logits have the shape (prompts, vocabulary) and are on the CPU. Raises OutOfMemory
        where a single prompt does not fit, and what torch raises for other faults.
        """
        left = sorted(range(len(prompts)), key=lambda n: (-len(prompts[n]), n))
        while left:
            rows = max(1, self.most_tokens // max(1, len(prompts[left[0]])))
            batch, left = left[:rows], left[rows:]
            logits = self._within_memory([prompts[n] for n in batch])
            if logits is None:
                left = [*batch, *left]
            else:
                yield batch, logits

    def _within_memory(self, prompts: Sequence[Sequence[int]]) -> Any:
        """Return the logits; None where memory ran out, after halving the size of a pass."""
        try:
            return self.logits(prompts)
        except RuntimeError as exc:
            # torch.OutOfMemoryError is one of them.
            if not any(words in str(exc).lower() for words in _NO_MEMORY):
                raise
        if len(prompts) == 1:
            raise OutOfMemory(f"a prompt of {len(prompts[0]):,} tokens does not fit into memory")
        tokens = len(prompts) * max(map(len, prompts))
        self.most_tokens = max(1, tokens // 2)
        _LOG.warning("memory ran out: passes have at most %d tokens from now on", self.most_tokens)
        _free_memory(self._loaded)
        return None

    def logits(self, prompts: Sequence[Sequence[int]]) -> Any:
        """Return the logits after each prompt's last token; shape (prompts, vocabulary)."""
        ids, ends = _padded(prompts, self._loaded.device)
        padded = len(set(ends)) > 1
        if self.plain:
            return _short_way(self._loaded, ids, ends).cpu()
        logits = _long_way(self._loaded, ids, ends)
        if self.plain is None and padded:
            self.plain = _agree(lambda: _short_way(self._loaded, ids, ends), logits)
            if not self.plain:
                _LOG.info("this judge needs a mask: passes are slower")
        return logits.cpu()


def _padded(prompts: Sequence[Sequence[int]], device: Any) -> tuple[Any, list[int]]:
    import torch

    width = max(len(prompt) for prompt in prompts)
    ids = torch.zeros((len(prompts), width), dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, : len(prompt)] = torch.tensor(prompt)
    return ids.to(device, non_blocking=True), [len(prompt) - 1 for prompt in prompts]


def _short_way(loaded: Any, ids: Any, ends: Sequence[int]) -> Any:
    """No mask, and the output layer for the end of each prompt alone."""
    import torch

    with torch.inference_mode():
        hidden = loaded.base_model(input_ids=ids, use_cache=False).last_hidden_state
        rows = torch.arange(len(ends), device=hidden.device)
        last = hidden[rows, torch.tensor(ends, device=hidden.device)]
        return loaded.get_output_embeddings()(last)


def _long_way(loaded: Any, ids: Any, ends: Sequence[int]) -> Any:
    """With a mask, through the whole judge; logits of the prompts' ends alone where it can."""
    import inspect

    import torch

    at = torch.tensor(ends, device=ids.device)
    mask = (torch.arange(ids.shape[1], device=ids.device)[None, :] <= at[:, None]).long()
    kept = sorted(set(ends))
    sparse = "logits_to_keep" in inspect.signature(loaded.forward).parameters
    only = {"logits_to_keep": torch.tensor(kept, device=ids.device)} if sparse else {}
    with torch.inference_mode():
        logits = loaded(input_ids=ids, attention_mask=mask, use_cache=False, **only).logits
    places = [kept.index(end) if sparse else end for end in ends]
    return logits[torch.arange(len(ends)), torch.tensor(places)]


def _agree(short: Callable[[], Any], logits: Any) -> bool:
    """Whether the short way gives the same log-probabilities of the likely tokens."""
    import torch

    try:
        other = short()
    except (AttributeError, TypeError, NotImplementedError):
        # An architecture without these parts goes the long way.
        return False
    if other.shape != logits.shape:
        return False
    tolerance = _TOLERANCE.get(logits.element_size(), 0.1)
    one, two = (torch.log_softmax(x.double(), dim=-1) for x in (logits, other))
    likely = one > one.max(dim=-1, keepdim=True).values - 5.0
    return bool(((one - two).abs()[likely] <= tolerance).all())


def _by_memory(loaded: Any) -> int:
    """Return how many tokens a pass may have on this device."""
    import torch

    if str(loaded.device).startswith("cpu"):
        return TOKENS_OF_A_PASS
    config = loaded.config.get_text_config()
    width = _HIDDEN_COPIES * config.hidden_size
    width += _INNER_COPIES * getattr(config, "intermediate_size", 4 * config.hidden_size)
    free, _ = torch.cuda.mem_get_info(loaded.device)
    tokens = int(_SHARE_OF_MEMORY * free / (width * loaded.dtype.itemsize))
    return min(_MOST_TOKENS, max(_FEWEST_TOKENS, tokens))


def _free_memory(loaded: Any) -> None:
    import torch

    if str(loaded.device).startswith("cuda"):
        torch.cuda.empty_cache()
