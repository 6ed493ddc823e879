"""Named settings of the judge's answers, for comparison with published runs.

Source of the upstream values: the public Judgemark v2 repository at its two published states.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from judgemark.judges.base import Json
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judging.job_settings import Sampling

PRESETS: Mapping[str, Mapping[str, Json]] = {
    "upstream-v2": {"temperature": 0.5, "top_k": 3},
    "upstream-v2.1": {"temperature": 0.0, "max_tokens": 12_000},
}
_WITH_RANDOM_SYSTEM = ("upstream-v2.1",)
_WORDS = 80


@dataclass(frozen=True)
class ChatSettings:
    """The parameters of a chat judge, and the system message before each question."""

    parameters: ChatParameters
    system: str | None


def resolve(sampling: Sampling, seed: int) -> ChatSettings:
    """Return the defaults, overridden by the preset and then by the user's values."""
    values: dict[str, Any] = dict(PRESETS[sampling.preset]) if sampling.preset else {}
    values |= sampling.given
    known = {f.name for f in fields(ChatParameters)}
    system = random_text(seed) if sampling.preset in _WITH_RANDOM_SYSTEM else None
    return ChatSettings(ChatParameters(**{k: v for k, v in values.items() if k in known}), system)


def random_text(seed: int) -> str:
    """Return a block of made-up words that depends only on the seed."""
    draw = np.random.default_rng([seed, 0x5E])
    letters = np.array(list(string.ascii_lowercase))
    words = ("".join(draw.choice(letters, size=draw.integers(2, 11))) for _ in range(_WORDS))
    return " ".join(words)
