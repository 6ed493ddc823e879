"""Finds the field of a request that an endpoint does not take. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from judgemark.judges.complaints import Complaint

OPTIONAL = (
    "max_completion_tokens",
    "max_tokens",
    "temperature",
    "top_p",
    "top_k",
    "reasoning_effort",
    "logprob_token_ids",
    "chat_template_kwargs",
    "top_logprobs",
    "logprobs",
)
NEEDED = frozenset(("model", "messages"))
# Endpoints that take the newer name may still complain of the older one.
_ALSO_CALLED = {"max_completion_tokens": ("max_completion_tokens", "max_tokens")}
_STATE = r"(?:supported|allowed|permitted|implemented|available|recogni[sz]ed|accepted)"
_BEHIND = (
    r"[\W_]+(?:(?:is|are|was|were|parameter|field|argument|option|value)[\W_]+){0,3}"
    rf"(?:not (?:currently |yet )?{_STATE}|unsupported|unknown|unrecogni[sz]ed|invalid)\b"
)
_BEFORE = (
    rf"(?:not {_STATE} to (?:request|use|set|send)|(?:does not|doesn't|do not|don't|cannot) "
    r"(?:currently )?(?:support|accept|take|return)|unsupported|unknown|unrecogni[sz]ed|unexpected)"
    r"\W+(?:(?:the|this|request|keyword|parameters?|fields?|arguments?|options?)\W+){0,3}"
)


def rejected_field(complaint: Complaint, sent: Collection[str]) -> str | None:
    """Return the field that a bad request complains of: ours by any mention, else by `param`."""
    for field in OPTIONAL:
        names = _ALSO_CALLED.get(field, (field,))
        if field in sent and (
            complaint.param in names
            or any(re.search(rf"\b{name}\b", complaint.said) for name in names)
        ):
            return field
    return complaint.param if complaint.param in set(sent) - NEEDED else None


def plainly_rejected_field(complaint: Complaint, sent: Collection[str]) -> str | None:
    """Return the field that is said, at its very name, not to be supported.

    For errors of any other status than that of a bad request: a mere mention of a field proves
    nothing there.
    """
    for field in OPTIONAL:
        said_so = rf"\b{field}\b{_BEHIND}|{_BEFORE}{field}\b"
        if field in sent and re.search(said_so, complaint.said, re.IGNORECASE):
            return field
    return None
