"""What a chat endpoint is asked for so that it returns the letters' log-probabilities. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from judgemark.judges.base import Json
from judgemark.judges.logprob import LetterIds, TokenLogprob, letters_by_text
from judgemark.judges.rendering import SWITCHES
from judgemark.records import LetterLogprobs

STEPS = (20, 10, 5)
"""Numbers of top log-probabilities to ask for: the API's most first, fewer on refusal."""


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
        """The request's fields, all beside judge, messages and sampling."""
        fields: dict[str, Any] = {"logprobs": True, "top_logprobs": self.top}
        if self.ids is not None:
            fields["logprob_token_ids"] = [self.ids.a, self.ids.b]
        if self.thinking_off:
            fields["chat_template_kwargs"] = dict.fromkeys(SWITCHES, False)
        return fields

    def without(self, refused: str | None) -> LetterAsking | None:
        """What to ask for after the endpoint refused a field; None where nothing is left to try.

        `refused` is the field's name, None where the endpoint did not say which: then what is
        least likely to be known goes first.
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
        """The letters in the `logprobs` of a choice; None where it holds none.

        The first new token counts. Beside the top ones the produced token itself is a candidate.
        """
        content = logprobs.get("content") if isinstance(logprobs, Mapping) else None
        first = content[0] if isinstance(content, list) and content else None
        produced = _candidate(first)
        if produced is None or not isinstance(first, Mapping):
            return None
        listed = first.get("top_logprobs")
        top = [c for c in map(_candidate, listed if isinstance(listed, list) else ()) if c]
        if all(c.text != produced.text for c in top):
            top.append(produced)
        return letters_by_text(top, produced.text, exact=self.ids is not None)

    @property
    def details(self) -> Mapping[str, Json]:
        """What run.json says of it."""
        return {
            "letters": "by token id" if self.ids else f"among the top {self.top}",
            "thinking": "off (chat_template_kwargs)" if self.thinking_off else "not switched",
        }


def _candidate(entry: object) -> TokenLogprob | None:
    """A token and its log-probability; None for anything else, with a logprob of null too."""
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
