"""What an endpoint's complaint means by its words and codes, whatever its HTTP status. Pure.

Services tell the same thing by different statuses: an empty account by 400, 402, 403, 429 or 500.
"""

from __future__ import annotations

import re

from judgemark.judges.complaints import Complaint

# What stands further back in a message may be a quotation of the piece that is judged.
_TELLING = 600
# A long quotation, or what a validator shows as its input; not what follows an apostrophe.
_QUOTATION = re.compile(
    r"\binput(?:_value)?\s*[=:].*"
    r'|(?<!\w)"[^"]{60,}(?:"|$)|(?<!\w)`[^`]{60,}(?:`|$)|\u201c[^\u201d]{60,}(?:\u201d|$)'
    r"|(?<!\w)'(?:[^']|'(?=\w)){60,}(?:'|$)",
    re.IGNORECASE,
)
_UNKNOWN_JUDGE_CODES = frozenset(
    (
        "model_not_found",
        "invalid_model",
        "unknown_model",
        "deploymentnotfound",
        "model_not_exist",
        "model_decommissioned",
    )
)
# Within one sentence: a complaint about the prompt speaks of "this model" too.
_UNKNOWN_JUDGE = re.compile(
    r"\bmodel\b(?:(?!\.\s).){0,120}\b(?:not found|not exist|doesn't exist|is unknown"
    r"|has been (?:decommissioned|deprecated|retired|discontinued|removed))"
    r"|\b(?:unknown|no such|not a valid|invalid) model\b|\bno models? (?:is |are )?loaded\b",
    re.IGNORECASE,
)
_UNAVAILABLE_JUDGE = re.compile(r"\bmodel\b(?:(?!\.\s).){0,120}\bnot available", re.IGNORECASE)
_NO_MONEY_CODES = frozenset(
    (
        "insufficient_quota",
        "insufficient_credits",
        "insufficient_balance",
        "billing_hard_limit",
        "billing_error",
        "billing_hard_limit_reached",
        "billing_not_active",
        "payment_required",
        "arrearage",
        "budget_exceeded",
    )
)
# Not "billing": a rate limit that passes in a minute speaks of it as well.
_NO_MONEY = re.compile(
    r"insufficient_quota|insufficient (?:account )?(?:credit|balance|fund)"
    r"|credit balance is too low|余额不足|balance is (?:not enough|negative|insufficient)"
    r"|(?:out of|not enough|no remaining|exhausted your) credits?\b"
    r"|no credits? (?:left|remaining|available)"
    r"|not enough balance|balance not enough|account is not active"
    r"|openaiexception - you exceeded your current quota"
    r"|\b(?:crossed budget|exceeded budget for)\b"
    r"|credits? (?:are |is |have been )?(?:depleted"
    r"|exhausted|used up)|exceededbudget|your specified api usage limits|arrearage"
    r"|(?:billing hard limit|monthly budget|spending limit|budget) (?:has been )?"
    r"(?:reached|exceeded)"
    r"|\btrial (?:period )?(?:has |is )?(?:been )?(?:expired|ended|over)\b",
    re.IGNORECASE,
)
# By 429, a quota may be that of a minute.
_NO_QUOTA = re.compile(
    r"\bquota (?:has been |is |was )?(?:exhausted|used up|exceeded)\b"
    r"|\b(?:exhausted|exceeded|used up) (?:your |the |its )?(?:\w+ )?quota\b",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(
    r"\b(?:invalid|incorrect|wrong|missing|expired|revoked|malformed|no)\s+(?:api|authentication|"
    r"access|auth)[ _-]?(?:key|token|credentials)\b|\bapi[ _]key (?:is )?(?:not valid|invalid|"
    r"expired|missing)\b|\bAuthenticationError\b|\bnot authenticated\b|\bauthentication (?:failed"
    r"|required)\b|\blogin fail|^unauthori[sz]ed\b",
    re.IGNORECASE,
)
# LiteLLM without its database of keys says "No connected db." of a key that it does not know.
_BAD_KEY_CODES = frozenset(
    (
        "invalid_api_key",
        "api_key_invalid",
        "authentication_error",
        "no_db_connection",
        "token_not_found_in_db",
        "expired_key",
    )
)
_NOT_HERE = re.compile(
    r"organization has been disabled|location is not supported|country,? region"
    r"|unexpected endpoint",
    re.I,
)
_FILTER_CODES = frozenset(
    (
        "content_filter",
        "content_policy_violation",
        "responsibleaipolicyviolation",
        "moderation_blocked",
        "data_inspection_failed",
        "datainspectionfailed",
        "prohibited_content",
        "content_filter_error",
        "1301",
    )
)
_FILTERED = re.compile(
    r"content[ _-]?(?:management|filter(?:ing)?|usage|safety) polic|content[ _-]?filter"
    r"|blocked by (?:the |our )?(?:safety|moderation|content|provider)|\bmoderation\b|\bflagged\b"
    r"|content exists risk|violat\w+ (?:our |the )?(?:usage|content) polic|prohibited[ _]content"
    r"|response was filtered|inappropriate content",
    re.IGNORECASE,
)
_TOO_LONG = re.compile(
    r"maximum context length|context[ _](?:length|size|window)(?:[ _]\w+){0,2}?[ _]exceed"
    r"|exceeds? (?:the )?(?:available |maximum |model'?s? )?context|prompt is too long"
    r"|request too large|input (?:is too long|token count)"
    r"|(?:longer|greater) than the (?:model'?s? |maximum )?(?:model |context )?length"
    r"|(?:input|prompt) length (?:\(?\d+[^.]{0,20}? )?exceeds|maximum prompt length"
    r"|too long to fit into the model|exceeded model token limit"
    r"|reduce the length of the (?:messages|prompt)|range of input length"
    r"|`inputs` must have less than \d+ tokens|requested tokens \(\d+\) exceed",
    re.IGNORECASE,
)
# A server's places for requests, or the memory that they share, are taken: fewer at once fit.
_CROWDED = re.compile(
    r"\bqueue (?:is |was )?full|\b(?:no|all) (?:free |idle )?slots?\b|\bslot unavailable"
    r"|maximum (?:pending|concurrent|number of (?:concurrent|pending)) requests"
    r"|too many (?:concurrent |pending |queued |waiting )?requests"
    r"|\bcontext size has been exceeded",
    re.IGNORECASE,
)


def is_empty_account(complaint: Complaint) -> bool:
    """Return whether the account has no money or no quota left, so that any further request
    fails."""
    said = _telling(complaint)
    if complaint.status in (402, 403) and _NO_QUOTA.search(said):
        return True
    return bool(complaint.codes & _NO_MONEY_CODES or _NO_MONEY.search(said))


def is_content_filter(complaint: Complaint) -> bool:
    """Return whether a filter refuses the content of this question."""
    if complaint.codes & _FILTER_CODES:
        return True
    by_words = complaint.status in (400, 403, 422, 451) or complaint.status >= 500
    return by_words and bool(_FILTERED.search(_telling(complaint)))


def is_final(complaint: Complaint) -> bool:
    """Return whether the key, the judge's name or the place is refused, so that any further request
    fails.

    Never for 429, which always means that there were too many requests.
    """
    said = _telling(complaint)
    if complaint.status == 429:
        return False
    if complaint.codes & (_BAD_KEY_CODES | _UNKNOWN_JUDGE_CODES):
        return True
    # A busy server says as well that a judge is not available, and means for now.
    patterns = [_BAD_KEY, _UNKNOWN_JUDGE, _NOT_HERE]
    patterns += [_UNAVAILABLE_JUDGE] if complaint.status in (400, 422) else []
    return any(pattern.search(said) for pattern in patterns)


def is_too_long(complaint: Complaint) -> bool:
    """Return whether this question is longer than the endpoint takes."""
    return bool(_TOO_LONG.search(_telling(complaint)))


def is_crowded(complaint: Complaint) -> bool:
    """Return whether a server that failed (5xx) has too many requests at once, and says so in
    words.

    Among them is llama.cpp's "Context size has been exceeded": it goes to all requests that are
    being answered when the memory for their contexts, which they share, is used up. A single
    request that is too long is told otherwise, before it is begun.
    """
    return complaint.status >= 500 and _CROWDED.search(_telling(complaint)) is not None


def _telling(complaint: Complaint) -> str:
    """Return the part of a message that speaks for the endpoint: a validator quotes the piece."""
    return _QUOTATION.sub("...", complaint.said)[:_TELLING]
