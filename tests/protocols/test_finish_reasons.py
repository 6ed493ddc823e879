"""Finish reasons as providers spell them, and what each makes of a reply."""

from __future__ import annotations

import pytest

from judgemark.protocols.finish_reasons import FinishKind, ending_failure, finish_kind
from judgemark.records import Class

SPELLINGS: dict[FinishKind, list[str | None]] = {
    FinishKind.COMPLETE: [
        None, "", "stop", "STOP", "Stop", "FinishReason.STOP", "FINISH_REASON_STOP",
        "stop_sequence", "end_turn", "endTurn", "eos", "eos_token", "COMPLETE", "completed", "done",
        "stop_token",
    ],
    FinishKind.TRUNCATED: [
        "length", "LENGTH", "max_tokens", "MAX_TOKENS", "max-tokens", "MaxTokens", "model_length",
        "max_output_tokens", "FinishReason.MAX_TOKENS", "MAX_TOKENS_REACHED", "token_limit",
        "model_context_window_exceeded", "ERROR_LIMIT", "length: 16000 tokens",
    ],
    FinishKind.REFUSED: [
        "content_filter", "content_filter: hate", "Content-Filter (violence)", "SAFETY", "safety",
        "RECITATION", "recitation", "blocklist", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII",
        "blocked", "refusal", "guardrail_intervened", "content_filtered", "IMAGE_SAFETY",
        "SAFETY_BLOCK", "ERROR_TOXIC", "sensitive",
    ],
    FinishKind.TRANSIENT: [
        "error", "ERROR", "error: upstream", "network_error", "internal_server_error", "timeout",
        "abort", "aborted", "cancelled", "canceled", "load", "unload", "server_overloaded",
        "insufficient_system_resource", "rate_limit", "upstream_error",
    ],
    FinishKind.UNCLEAR: [
        "tool_calls", "function_call", "tool_use", "MALFORMED_FUNCTION_CALL", "OTHER", "other",
        "FINISH_REASON_UNSPECIFIED", "null", "None", "pause_turn", "xyzzy", "42", "…",
    ],
}  # fmt: skip
CLASSES = {
    FinishKind.COMPLETE: None,
    FinishKind.TRUNCATED: Class.TRUNCATED,
    FinishKind.REFUSED: Class.REFUSED,
    FinishKind.TRANSIENT: Class.ERROR,
    FinishKind.UNCLEAR: None,
}


@pytest.mark.parametrize(
    ("reason", "kind"), [(reason, kind) for kind, listed in SPELLINGS.items() for reason in listed]
)
def test_what_a_provider_means(reason: str | None, kind: FinishKind) -> None:
    assert finish_kind(reason) is kind
    failure = ending_failure(reason)
    assert (None if failure is None else failure.cls) is CLASSES[kind]


def test_a_failure_names_the_reason_and_what_was_found() -> None:
    failure = ending_failure("error: upstream", ", after 3 scores")
    assert failure is not None
    assert "“error: upstream”" in failure.reason
    assert failure.reason.endswith(", after 3 scores")
