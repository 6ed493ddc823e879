"""Reads the corpus of HTTP exchanges; its README says what a file holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tests.support.fake_endpoint import Answer

FOLDER = Path(__file__).resolve().parents[1] / "corpus" / "exchanges"


class ExpectedOutcome(BaseModel):
    """What must come of an exchange: a reply or a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    reply: str | None = None
    cls: str | None = Field(None, alias="class")
    finish_reason: str | None = None
    usage: tuple[int | None, int | None, float | None] | None = None
    fault: str | None = None
    field: str | None = None
    says: tuple[str, ...] = ()
    retry_after: float | None = None
    throttled: bool = False
    maybe_paid: bool = False

    @model_validator(mode="after")
    def _reply_or_fault(self) -> ExpectedOutcome:
        if (self.reply is None) == (self.fault is None):
            raise ValueError("an outcome is either a reply or a fault")
        if (self.reply is None) != (self.cls is None):
            raise ValueError("a reply has a class, and a fault has none")
        return self


class Exchange(BaseModel):
    """One answer of an endpoint and what must come of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    provider: str = ""
    parameters: dict[str, Any] = {}
    letters: bool = False
    status: int = 200
    headers: dict[str, str] = {}
    body_json: Any = Field(None, alias="json")
    text: str | None = None
    outcome: ExpectedOutcome

    @property
    def answer(self) -> Answer:
        """The answer as the scripted endpoint sends it."""
        body = json.dumps(self.body_json) if self.text is None else self.text
        kind = self.headers.get("Content-Type", "application/json")
        more = {k: v for k, v in self.headers.items() if k != "Content-Type"}
        return Answer(self.status, body.encode(), kind, more)


def read_exchanges() -> list[Exchange]:
    """All exchanges of all files, in the order of the files' names."""
    found: list[Exchange] = []
    for path in sorted(FOLDER.glob("*.json")):
        stored = json.loads(path.read_text("utf-8"))
        for entry in stored["exchanges"]:
            found.append(Exchange(**entry, provider=stored["provider"]))
    return found
