"""What an endpoint's finish reason says about a reply: the one table of finish reasons.

Providers spell the same few facts in many ways (`length`, `MAX_TOKENS`, `model_length`;
`content_filter`, `SAFETY`, `content_filter: hate`). They are folded and mapped here once.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from judgemark.records import Class, Failure


class FinishKind(StrEnum):
    """How a reply ended, whatever word the provider has for it.

    COMPLETE: the judge ended its reply by itself, or the provider gives no reason at all.
    TRUNCATED: a limit on tokens cut the reply off. REFUSED: a filter stopped it. TRANSIENT: a
    fault on the server's side cut it off, and asking again may help. UNCLEAR: the reason is
    unknown, or it does not say that the reply is whole (a tool call, for example).
    """

    COMPLETE = "complete"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    TRANSIENT = "transient"
    UNCLEAR = "unclear"


_REASONS: dict[FinishKind, str] = {
    FinishKind.COMPLETE: """
        stop stopped stop_sequence stop_token stop_str stop_word stop_string end end_turn
        end_of_turn end_of_text end_of_sequence end_of_message end_of_stream eos eos_token eos_id
        eot eot_token eom complete completed completion done finish finished success succeeded
        normal natural ok
    """,
    FinishKind.TRUNCATED: """
        length max_length length_limit max_tokens max_token token_limit max_new_tokens
        max_output_tokens max_completion_tokens max_total_tokens model_length max_model_len
        context_length context_length_exceeded context_window_exceeded
        model_context_window_exceeded context_limit output_limit limit error_limit truncated
        incomplete
    """,
    FinishKind.REFUSED: """
        content_filter content_filtered filter filtered safety image_safety recitation
        image_recitation blocked blocklist prohibited_content image_prohibited_content spii
        refusal refused guardrail guardrails guardrail_intervened moderation flagged sensitive
        unsafe error_toxic toxicity policy_violation content_policy content_policy_violation
        model_armor jailbreak language
    """,
    FinishKind.TRANSIENT: """
        error errored failed failure fault network_error internal_error server_error engine_error
        upstream_error provider_error model_error other_error inference_error timeout timed_out
        deadline_exceeded abort aborted cancel cancelled canceled interrupted disconnected
        disconnect connection_error load unload overloaded overload unavailable preempted killed
        rate_limit rate_limited insufficient_system_resource insufficient_system_resources
    """,
    # Known, and no sign of a whole reply. Unknown reasons are treated in the same way.
    FinishKind.UNCLEAR: """
        tool_calls tool_call tool_use function_call malformed_function_call unexpected_tool_call
        malformed_tool_call pause_turn requires_action other unknown unspecified null none
        repetition
    """,
}


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_KIND_OF = {reason: kind for kind, reasons in _REASONS.items() for reason in reasons.split()}
# A word inside a longer reason that no list above names (`MAX_TOKENS_REACHED`). The first kind
# that has one of the words counts.
_TELLING_WORDS: tuple[tuple[FinishKind, frozenset[str]], ...] = (
    (
        FinishKind.REFUSED,
        _words(
            "safety filter filtered blocked blocklist prohibited recitation refusal moderation "
            "guardrail guardrails sensitive toxic policy violation harmful hate violence"
        ),
    ),
    (FinishKind.TRANSIENT, _words("rate network server timeout overloaded unavailable")),
    (
        FinishKind.TRUNCATED,
        _words("length token tokens truncated limit exceeded context window"),
    ),
    (
        FinishKind.TRANSIENT,
        _words("error failed failure fault abort aborted cancelled canceled interrupted"),
    ),
)
_PREFIX = re.compile(r"^(?:(?:finish|stop|done)_?reason[._])+")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST_REASON = 200


@lru_cache(maxsize=256)
def finish_kind(reason: str | None) -> FinishKind:
    """Return what kind of ending `reason` names.

    Case, separators, a prefix such as `FinishReason.` and details behind a colon or a bracket
    do not matter. None, an endpoint that gives no reason, counts as complete.
    """
    if reason is None or not reason.strip():
        return FinishKind.COMPLETE
    bare = re.split(r"[:(\[{]", reason[:_LONGEST_REASON].strip(" \t\r\n\"'<>"), maxsplit=1)[0]
    folded = _BETWEEN_WORDS.sub("_", _CAMEL.sub("_", bare).casefold()).strip("_")
    folded = _PREFIX.sub("", folded)
    known = _KIND_OF.get(folded) or _KIND_OF.get(folded.replace("_", ""))
    if known is not None:
        return known
    words = frozenset(folded.split("_"))
    for kind, telling in _TELLING_WORDS:
        if words & telling:
            return kind
    return FinishKind.UNCLEAR


def ending_failure(reason: str | None, found: str = "") -> Failure | None:
    """Return the failure that a finish reason makes of any reply, or None where it makes none.

    `found` says what the reply held, for the reader. A reply that a limit, a filter or a fault
    cut short is never good, whatever it holds: what the judge would have corrected is missing.
    """
    kind = finish_kind(reason)
    if kind is FinishKind.TRUNCATED:
        return Failure(Class.TRUNCATED, f"the reply was cut off at the token limit{found}")
    if kind is FinishKind.REFUSED:
        return Failure(Class.REFUSED, f"a content filter stopped the reply (“{reason}”)")
    if kind is FinishKind.TRANSIENT:
        return Failure(
            Class.ERROR, f"the endpoint broke off the reply (finish reason “{reason}”){found}"
        )
    return None


def is_unclear(reason: str | None) -> bool:
    """Return whether it is possible that an incomplete reply was cut off."""
    return finish_kind(reason) is FinishKind.UNCLEAR
