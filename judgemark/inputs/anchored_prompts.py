"""The prompt that shows a judge two scored pieces before the one to be scored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from judgemark.inputs.prompt_template import (
    STRONG_ANCHOR,
    WEAK_ANCHOR,
    WRITING_PROMPT,
    PromptTemplate,
    constant_fills,
    fill_template,
)
from judgemark.inputs.prompts import Fills, checked_system, split_at_piece

WEAK_SCORE, STRONG_SCORE = 2, 9
"""The scores that the two anchors are shown with."""

LEAST, GREATEST = 0.0, 10.0
"""The scale on which these scores stand."""


@dataclass(frozen=True)
class AnchoredPrompts:
    """One template for all items, with the writing prompts that fill it.

    `sha256` is the digest of all that is sent beside the pieces.
    """

    template: PromptTemplate
    writing_prompts: Mapping[str, str]
    fills: Fills
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        content = [self.template.text, self.system, sorted(self.writing_prompts.items())]
        text = json.dumps([*content, self._constants])
        object.__setattr__(self, "sha256", hashlib.sha256(text.encode()).hexdigest())

    @property
    def name(self) -> str:
        """Return the name of the template's file."""
        return self.template.path.stem

    @property
    def system(self) -> str | None:
        """Return the message that precedes every prompt; None without one."""
        if self.template.system is None:
            return None
        return checked_system(self.template.system, self.fills, self.template.path)

    @property
    def _constants(self) -> Mapping[str, str | None]:
        return constant_fills(self.fills, {})

    def render(self, item: str, piece: str, *, weak: str, strong: str) -> str:
        """Return the whole prompt; nothing in the pieces or the writing prompt is expanded.

        Raises InputError for a placeholder that nothing fills.
        """
        path = self.template.path
        values = {
            **self._constants,
            WRITING_PROMPT: self.writing_prompts.get(item),
            WEAK_ANCHOR: weak,
            STRONG_ANCHOR: strong,
        }
        around = split_at_piece(self.template.text, path, "")
        before, after = (fill_template(text, values, path, item) for text in around)
        return f"{before}\n{piece}\n{after}"
