"""What shapes the answers of a judge at a chat endpoint; needs no client to be installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from judgemark.judges.base import Json
from judgemark.judges.configuration import keyed_fields
from judgemark.judges.reserved_fields import refuse_reserved
from judgemark.redaction import Scrubber, secrets_in

if TYPE_CHECKING:
    from judgemark.judges.structured_scores import StructuredScores

_FIRST_FIELDS = frozenset(
    {"temperature", "top_p", "top_k", "max_tokens", "reasoning_effort", "extra_body"}
)


@dataclass(frozen=True)
class ChatParameters:
    """What shapes a chat judge's answers; None leaves a parameter to the endpoint.

    `structured` is the schema that scores are asked for in; None for free text. `score_logprobs`
    is how many alternatives of each token are asked for, for scores from probabilities. `secrets`
    are values that must not be stored, wherever in `extra_body` they stand; `begun_with` is the
    extra body as the questions of a run were keyed by an earlier version, which stored secrets.

    Raises UsageError for an extra field that says who is asked, or what.
    """

    temperature: float | None = 0.0
    top_p: float | None = None
    top_k: int | None = None
    max_tokens: int | None = 16_000
    reasoning_effort: str | None = None
    extra_body: Mapping[str, Json] = field(default_factory=dict)
    structured: StructuredScores | None = None
    score_logprobs: int | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    begun_with: Mapping[str, Json] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        refuse_reserved(self.extra_body)

    def to_json(self) -> dict[str, Json]:
        """Return the parameters as run.json stores them and every question's key hashes them.

        What is secret in the extra body is withheld: a new key asks the same questions.
        """
        values = dict(vars(self))
        del values["secrets"], values["begun_with"]
        values["structured"] = self.structured.to_json() if self.structured else None
        values["extra_body"] = self._shown_body if self.begun_with is None else self.begun_with
        return keyed_fields(values, _FIRST_FIELDS)

    @property
    def _shown_body(self) -> dict[str, Json]:
        return dict(Scrubber(self.secrets).value(self.extra_body))

    @property
    def secret_values(self) -> tuple[str, ...]:
        """All secrets that the extra body holds, and those given."""
        return (*self.secrets, *secrets_in(self.extra_body))

    def as_begun(self, stored: Mapping[str, Any] | None) -> ChatParameters:
        """Return the same, keyed as a stored run was, where nothing but secrets differs.

        `stored` is what `to_json` gave then; an earlier version stored the extra body as it was.
        """
        body = (stored or {}).get("extra_body")
        if not isinstance(body, Mapping) or body == self._shown_body:
            return self
        if Scrubber((*self.secrets, *secrets_in(body))).value(body) != self._shown_body:
            return self
        return replace(self, begun_with=dict(body))

    def body(self, dropped: frozenset[str]) -> dict[str, Any]:
        """Return the request's fields, those in `dropped` left out or, for max_tokens, renamed."""
        fields: dict[str, Any] = {
            "temperature": self.temperature,
            "top_p": self.top_p,
            "top_k": self.top_k,
            "max_tokens": self.max_tokens,
            "reasoning_effort": self.reasoning_effort,
            "response_format": self.structured.response_format if self.structured else None,
            **self._logprobs(dropped),
            **self.extra_body,
        }
        if "max_tokens" in dropped:
            fields.setdefault("max_completion_tokens", fields["max_tokens"])
        return {k: v for k, v in fields.items() if v is not None and k not in dropped}

    def _logprobs(self, dropped: frozenset[str]) -> dict[str, Any]:
        """Return the fields that ask for alternatives; neither is of use without the other."""
        if not self.score_logprobs or dropped & {"logprobs", "top_logprobs"}:
            return {}
        return {"logprobs": True, "top_logprobs": self.score_logprobs}
