"""Forward passes through a causal judge on transformers: the logits after each prompt's end.

Prompts of like length go through together, padded on the right. A causal judge cannot see what
follows a token, so padding needs no mask, and without one the fastest attention applies. Only the
end of each prompt goes through the output layer: all others' logits would need gigabytes. Both
shortcuts are compared with the plain way on the first batch. A judge for which they do not hold
(one that looks ahead, or that has no output layer of its own) goes a slower way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from judgemark.judges.device_memory import OutOfMemory, free_memory, ran_out, tokens_that_fit

_LOG = logging.getLogger(__name__)
# How far two ways of computing the same log-probability may differ, by the bytes of a number.
_TOLERANCE = {2: 0.1, 4: 1e-3, 8: 1e-6}


@dataclass(frozen=True, slots=True)
class PassWay:
    """How prompts go through a judge.

    Attributes:
        mask: whether the judge is told which tokens are padding.
        ends: whether the end of each prompt alone goes through the output layer.
    """

    mask: bool
    ends: bool


PLAIN = PassWay(mask=True, ends=False)
"""How transformers does it by itself."""

WAYS = (PassWay(mask=False, ends=True), PassWay(mask=True, ends=True), PLAIN)
"""The fastest first."""


class CausalForward:
    """The forward passes of one judge.

    Attributes:
        loaded: the judge's weights, as transformers loaded them.
        most_tokens: the most tokens of a pass, padding included; halved where memory runs out.
        way: how prompts go through; None until the first batch.
    """

    def __init__(self, loaded: Any, most_tokens: int | None = None) -> None:
        """`most_tokens` None takes what the device's free memory allows."""
        self.loaded = loaded
        self.most_tokens = most_tokens or tokens_that_fit(loaded)
        self.way: PassWay | None = None

    def batches(self, prompts: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], Any]]:
        """Yield the positions of prompts that went through together, and their logits.

        The logits have the shape (prompts, vocabulary) and are on the judge's device. Raises
        OutOfMemory where a single prompt does not fit, and what torch raises for other faults.
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
            if not ran_out(exc):
                raise
        if len(prompts) == 1:
            raise OutOfMemory(f"a prompt of {len(prompts[0]):,} tokens does not fit into memory")
        tokens = len(prompts) * max(map(len, prompts))
        self.most_tokens = max(1, tokens // 2)
        _LOG.warning("memory ran out: passes have at most %d tokens from now on", self.most_tokens)
        free_memory(self.loaded)
        return None

    def logits(self, prompts: Sequence[Sequence[int]]) -> Any:
        """Return the logits after each prompt's last token; shape (prompts, vocabulary)."""
        if self.way is None:
            self.way = self._fastest_way(prompts)
        return _through(self.loaded, prompts, self.way)

    def _fastest_way(self, prompts: Sequence[Sequence[int]]) -> PassWay:
        """Return the fastest way that agrees with the plain one on two prompts of this batch.

        They are the longest and the shortest. Where those are of the same length, one is cut to
        its half, so that there is padding to compare.
        """
        longest, shortest = max(prompts, key=len), min(prompts, key=len)
        if len(shortest) == len(longest):
            shortest = shortest[: (len(shortest) + 1) // 2]
        pair = [longest, shortest]
        truth = _through(self.loaded, pair, PLAIN)
        for way in WAYS[:-1]:
            if _agree(partial(_through, self.loaded, pair, way), truth):
                if way.mask:
                    _LOG.info("this judge needs a mask: passes are slower")
                return way
        _LOG.info("this judge takes no shortcut: passes are slower")
        return PLAIN


def _through(loaded: Any, prompts: Sequence[Sequence[int]], way: PassWay) -> Any:
    """Return the logits after the end of each prompt; shape (prompts, vocabulary)."""
    import torch

    lengths = torch.tensor([len(prompt) for prompt in prompts])
    ids = torch.zeros((len(prompts), int(lengths.max())), dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, : len(prompt)] = torch.tensor(prompt)
    given = {"input_ids": ids.to(loaded.device, non_blocking=True), "use_cache": False}
    if way.mask:
        mask = (torch.arange(ids.shape[1]) < lengths[:, None]).long()
        given["attention_mask"] = mask.to(loaded.device)
    ends = (lengths - 1).to(loaded.device)
    with torch.inference_mode():
        return _of_ends(loaded, given, ends) if way.ends else _of_all(loaded, given, ends)


def _of_ends(loaded: Any, given: dict[str, Any], ends: Any) -> Any:
    """Take the hidden state of each end to the output layer, and none other.

    The judge itself goes on from there: some scale or cap what the layer gives.
    """
    import torch

    def only_ends(_: object, args: tuple[Any, ...]) -> tuple[Any, ...]:
        hidden = args[0]
        rows = torch.arange(len(ends), device=hidden.device)
        return hidden[rows, ends.to(hidden.device)].unsqueeze(1), *args[1:]

    handle = loaded.get_output_embeddings().register_forward_pre_hook(only_ends)
    try:
        return loaded(**given).logits.squeeze(1)
    finally:
        handle.remove()


def _of_all(loaded: Any, given: dict[str, Any], ends: Any) -> Any:
    """Take the logits of all places where a prompt ends, or of all tokens."""
    import inspect

    import torch

    rows = torch.arange(len(ends), device=ends.device)
    if "logits_to_keep" not in inspect.signature(loaded.forward).parameters:
        return loaded(**given).logits[rows, ends]
    kept, places = torch.unique(ends, return_inverse=True)
    return loaded(**given, logits_to_keep=kept).logits[rows, places]


def _agree(other: Callable[[], Any], truth: Any) -> bool:
    """Return whether another way gives the same log-probabilities of the likely tokens."""
    import torch

    try:
        logits = other()
    except (AttributeError, TypeError, IndexError, NotImplementedError):
        # An architecture that is built in another way.
        return False
    if logits.shape != truth.shape:
        return False
    tolerance = _TOLERANCE.get(truth.element_size(), 0.1)
    one, two = (torch.log_softmax(x.double(), dim=-1) for x in (truth, logits))
    likely = one > one.max(dim=-1, keepdim=True).values - 5.0
    return bool(((one - two).abs()[likely] <= tolerance).all())
