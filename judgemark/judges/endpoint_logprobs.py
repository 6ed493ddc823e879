"""Asking a chat endpoint for the log-probabilities of the letters A and B, and reading them.

Pure: nothing here sends a request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from judgemark.judges.alternatives_asked import STEPS
from judgemark.judges.base import Json
from judgemark.judges.logprob import LetterIds, TokenLogprob, letters_by_text
from judgemark.judges.rendering import SWITCHES
from judgemark.records import LetterLogprobs


@dataclass(frozen=True, slots=True)
class LetterAsking:
    """How one endpoint is asked for the letters.

    `top` log-probabilities per token; `ids` of the letters where the endpoint is vLLM's server,
    which then returns exactly those; `thinking_off` sends the chat templates' thinking switches.
    """

    top: int = STEPS[0]
    ids: LetterIds | None = None
    thinking_off: bool = False

    def body(self) -> dict[str, Any]:
        """Return the fields that this adds to a request."""
        fields: dict[str, Any] = {"logprobs": True, "top_logprobs": self.top}
        if self.ids is not None:
            fields["logprob_token_ids"] = [self.ids.a, self.ids.b]
        if self.thinking_off:
            fields["chat_template_kwargs"] = dict.fromkeys(SWITCHES, False)
        return fields

    def without(self, refused: str | None) -> LetterAsking | None:
        """Return what to ask for after the endpoint refused a field; None where nothing is left.

        `refused` is the field's name, None where the endpoint did not say which: then the field
        that the fewest endpoints know is left out first.
        """
        if refused == "chat_template_kwargs" or (refused is None and self.thinking_off):
            return replace(self, thinking_off=False)
        if refused == "logprob_token_ids" or (refused is None and self.ids is not None):
            return replace(self, ids=None)
        if refused == "logprobs":
            return None
        fewer = [step for step in STEPS if step < self.top]
        return replace(self, top=fewer[0]) if fewer else None

    def read(self, logprobs: object) -> LetterLogprobs | None:
        """Return the letters in the `logprobs` of a choice; None where it holds none.

        The first new token counts. Beside the endpoint's list of most likely tokens the produced
        token itself is a candidate. The order of the list does not matter.
        """
        content = logprobs.get("content") if isinstance(logprobs, Mapping) else None
        first = content[0] if isinstance(content, list) and content else None
        if not isinstance(first, Mapping) or not isinstance(first.get("token"), str):
            return None
        produced: str = first["token"]
        listed = first.get("top_logprobs")
        top = [c for c in map(_candidate, listed if isinstance(listed, list) else ()) if c]
        own = _candidate(first)
        beside = [own] if own and all(c.text != produced for c in top) else []
        exact = self.ids is not None
        return letters_by_text([*top, *beside], produced, exact=exact, listed=top)

    @property
    def details(self) -> Mapping[str, Json]:
        """Return what run.json says of it."""
        return {
            "letters": "by token id" if self.ids else f"among the top {self.top}",
            "thinking": "off (chat_template_kwargs)" if self.thinking_off else "not switched",
        }


def _candidate(entry: object) -> TokenLogprob | None:
    """Return a token and its log-probability; None where either is absent or no such thing."""
    if not isinstance(entry, Mapping):
        return None
    token, logprob = entry.get("token"), entry.get("logprob")
    if not isinstance(token, str) or isinstance(logprob, bool):
        return None
    if not isinstance(logprob, int | float):
        return None
    try:
        return TokenLogprob(token, float(logprob))
    except OverflowError:
        return None
