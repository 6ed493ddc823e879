"""Fields that `extra_body` must not hold: they would change who is asked, or what.

A run is stored under its judge's name, its prompts and its protocol. A field that overrides one of
them would store the answers of another judge, or to another question, under this name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from judgemark.errors import UsageError

_WHO = "says who is asked; name the judge with ‹judge_model› and its address with ‹base_url›"
_WHAT = "says what is asked; that comes from the samples and prompts (see ‹prompts_file›)"
_HOW = "changes the form of the answer; every request asks for one whole reply"
_LETTERS = "asks for log-probabilities; ‹mode› pairwise asks for them by itself"
_WRAPPER = "is a setting of a client, not a field of the request; give the field itself"

RESERVED: Mapping[str, str] = {
    **dict.fromkeys(
        ("model", "models", "model_id", "model_name", "engine", "deployment", "deployment_id",
         "fallbacks", "fallback_models", "context_window_fallbacks", "content_policy_fallbacks",
         "route", "preset", "api_base", "base_url", "custom_llm_provider", "mock_response"),
        _WHO,
    ),
    **dict.fromkeys(
        ("messages", "prompt", "prompts", "prompt_id", "input", "inputs", "contents", "content",
         "instructions", "system", "system_prompt", "system_instruction", "suffix", "echo",
         "previous_response_id", "conversation"),
        _WHAT,
    ),
    **dict.fromkeys(
        ("stream", "stream_options", "n", "best_of", "num_return_sequences", "candidate_count",
         "background", "batch", "return_full_text"),
        _HOW,
    ),
    **dict.fromkeys(("logprobs", "top_logprobs", "logprob_token_ids"), _LETTERS),
    **dict.fromkeys(
        ("extra_body", "extra_headers", "extra_query", "default_headers", "timeout"), _WRAPPER
    ),
}  # fmt: skip
"""Why a field is refused, by its name."""


def refuse_reserved(extra_body: Mapping[str, object]) -> None:
    """Raise UsageError for the first field that says who is asked, or what.

    Some servers read names without regard to case, and of two alike the last one: names are
    compared as `_plain` gives them.
    """
    reasons = {_plain(name): why for name, why in RESERVED.items()}
    for name in extra_body:
        why = reasons.get(_plain(name))
        if why is not None:
            raise UsageError(f'‹extra_body›: the field "{name[:40]}" {why}')


def _plain(name: str) -> str:
    """Return a name without case, variants of letters and separators."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if c.isalnum())
