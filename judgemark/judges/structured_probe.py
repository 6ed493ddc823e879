"""Finds out, with one short question, whether an endpoint answers in a JSON schema."""

from __future__ import annotations

import re
from typing import Protocol

from judgemark.errors import AskFault, ParameterRejected
from judgemark.judges.patience import Patience
from judgemark.judges.patient_asking import ask_patiently
from judgemark.judges.structured_scores import StructuredScores
from judgemark.records import Message, Question, QuestionKey, Reply, Slot

_MOST_REFUSALS = 10
# A refusal of this type of schema, not of schemas as such.
_ANOTHER_TYPE = re.compile(r"json_object|json_schema|response_format\W{0,3}type", re.IGNORECASE)


class Asked(Protocol):
    """A judge that asks for the schema with every question."""

    def ask(self, question: Question) -> Reply:
        """Implement `Judge`."""


def why_not_structured(judge: Asked, schema: StructuredScores, patience: Patience) -> str | None:
    """Ask for made-up scores in the schema; return why it cannot be had, None where it can.

    Raises Refused where the endpoint refuses for good, or cannot be reached.
    """
    text = f"Answer in JSON. Give every criterion the score {schema.maximum:g}."
    question = Question(QuestionKey("structured probe", Slot()), "", (Message("user", text),), {})
    for _ in range(_MOST_REFUSALS):
        try:
            reply = ask_patiently(lambda: judge.ask(question), patience, "a JSON schema")
        except ParameterRejected as fault:
            if fault.name == "response_format":
                return str(fault)
        except AskFault as fault:
            return str(fault)
        else:
            if schema.follows(reply.text):
                return None
            return "the reply to a test question did not follow the schema"
    return "the endpoint rejects every request with it"


def may_take_older_form(why: str) -> bool:
    """Return whether a refusal leaves room for the older form of a schema, `json_object`.

    Older servers of llama.cpp answer 'response_format type must be one of "text" or
    "json_object", but got: json_schema'.
    """
    return _ANOTHER_TYPE.search(why) is not None
