"""What shapes the answers of a judge at a chat endpoint; needs no client to be installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from judgemark.judges.base import Json
from judgemark.judges.configuration import keyed_fields
from judgemark.judges.reserved_fields import refuse_reserved
from judgemark.judges.structured_scores import StructuredScores

_FIRST_FIELDS = frozenset(
    {"temperature", "top_p", "top_k", "max_tokens", "reasoning_effort", "extra_body"}
)


@dataclass(frozen=True)
class ChatParameters:
    """What shapes a chat judge's answers; None leaves a parameter to the endpoint.

    `structured` is the schema that scores are asked for in; None for free text.

    Raises UsageError for an extra field that says who is asked, or what.
    """

    temperature: float | None = 0.0
    top_p: float | None = None
    top_k: int | None = None
    max_tokens: int | None = 16_000
    reasoning_effort: str | None = None
    extra_body: Mapping[str, Json] = field(default_factory=dict)
    structured: StructuredScores | None = None

    def __post_init__(self) -> None:
        refuse_reserved(self.extra_body)

    def to_json(self) -> dict[str, Json]:
        """Return the parameters as run.json stores them and every question's key hashes them."""
        schema = self.structured.to_json() if self.structured else None
        values = dict(vars(self)) | {"extra_body": dict(self.extra_body), "structured": schema}
        return keyed_fields(values, _FIRST_FIELDS)

    def body(self, dropped: frozenset[str]) -> dict[str, Any]:
        """The request's fields, those in `dropped` left out or, for max_tokens, renamed."""
        fields: dict[str, Any] = {
            "temperature": self.temperature,
            "top_p": self.top_p,
            "top_k": self.top_k,
            "max_tokens": self.max_tokens,
            "reasoning_effort": self.reasoning_effort,
            "response_format": self.structured.response_format if self.structured else None,
            **self.extra_body,
        }
        if "max_tokens" in dropped:
            fields.setdefault("max_completion_tokens", fields["max_tokens"])
        return {k: v for k, v in fields.items() if v is not None and k not in dropped}
