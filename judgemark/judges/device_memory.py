"""How many tokens fit into a device's memory, and what happens where it runs out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

_LOG = logging.getLogger(__name__)
TOKENS_ON_CPU = 2_048
"""The tokens of a pass on a CPU: more are slower, since they leave its caches (bench_hf)."""

_FEWEST_TOKENS, _MOST_TOKENS = 2_048, 65_536
# The share of the free memory that one pass may take, and its values per token and unit of width.
_SHARE_OF_MEMORY, _HIDDEN_COPIES, _INNER_COPIES = 0.5, 12, 4
_NO_MEMORY = ("can't allocate memory", "out of memory", "not enough memory")

RowT = TypeVar("RowT")
FoundT = TypeVar("FoundT")


class OutOfMemory(Exception):
    """A single prompt does not fit into the device's memory."""


def ran_out(exc: BaseException) -> bool:
    """Return whether torch says with this exception that memory ran out."""
    return any(words in str(exc).lower() for words in _NO_MEMORY)


def tokens_that_fit(loaded: Any) -> int:
    """Return how many tokens one pass of a judge has on its device, padding included."""
    import torch

    if str(loaded.device).startswith("cpu"):
        return TOKENS_ON_CPU
    config = loaded.config.get_text_config()
    width = _HIDDEN_COPIES * config.hidden_size
    width += _INNER_COPIES * getattr(config, "intermediate_size", 4 * config.hidden_size)
    free, _ = torch.cuda.mem_get_info(loaded.device)
    tokens = int(_SHARE_OF_MEMORY * free / (width * loaded.dtype.itemsize))
    return min(_MOST_TOKENS, max(_FEWEST_TOKENS, tokens))


def free_memory(loaded: Any) -> None:
    """Give memory that torch keeps for later back to the device."""
    if str(loaded.device).startswith("cuda"):
        import torch

        torch.cuda.empty_cache()


def within_memory(
    rows: Sequence[RowT], forward: Callable[[Sequence[RowT]], Sequence[FoundT]], loaded: Any
) -> list[FoundT]:
    """Return what `forward` gives for rows; where memory runs out, for both halves of them.

    Raises what torch raises where a single row does not fit, and for other faults.
    """
    try:
        return list(forward(rows))
    except RuntimeError as exc:
        # torch.OutOfMemoryError is one of them.
        if not ran_out(exc) or len(rows) < 2:
            raise
    _LOG.warning("memory ran out: %d prompts go in two parts", len(rows))
    free_memory(loaded)
    half = len(rows) // 2
    parts = (rows[:half], rows[half:])
    return [found for part in parts for found in within_memory(part, forward, loaded)]
