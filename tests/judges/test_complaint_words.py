"""What complaints mean by their words; other words, and quotations, mean nothing."""

from __future__ import annotations

import pytest

from judgemark.judges.complaint_words import (
    is_content_filter,
    is_crowded,
    is_empty_account,
    is_final,
    is_too_long,
)
from judgemark.judges.complaints import Complaint

STORY = "The bank said the credit balance is too low; the model does not exist; flagged."


def says(text: str, status: int = 400, *codes: str) -> Complaint:
    return Complaint(status, text, frozenset(codes))


@pytest.mark.parametrize("status", [400, 402, 403, 429, 500])
@pytest.mark.parametrize(
    "text",
    [
        "Your credit balance is too low to access the Anthropic API.",
        "Insufficient Balance",
        "insufficient funds",
        "You are out of credits",
        "Billing hard limit has been reached",
        "Budget has been exceeded! Current cost: 10.02",
        "ExceededBudget: User x over budget. Spend=3, Budget=2",
        "You have reached your specified API usage limits. You will regain access on 2026-12-01.",
        "Access denied, please make sure your account is in good standing (Arrearage).",
        "account balance not enough",
        "insufficient account balance",
        "You have no credits left.",
        "Your prepaid credits are depleted.",
        "余额不足或无可用资源包,请充值。",
        "Your account is not active, please check your billing details on our website.",
        "Your free trial has expired",
        "The trial period is over. Please choose a plan.",
        "No deployments available - crossed budget: Exceeded budget for provider openai: 10 >= 9",
    ],
)
def test_an_empty_account_by_any_status(text: str, status: int) -> None:
    assert is_empty_account(says(text, status))


@pytest.mark.parametrize("text", ["quota exhausted", "You exceeded your monthly quota"])
@pytest.mark.parametrize(("status", "empty"), [(402, True), (403, True), (429, False)])
def test_a_quota_is_an_account_only_where_no_rate_is_meant(
    text: str, status: int, empty: bool
) -> None:
    assert is_empty_account(says(text, status)) is empty


@pytest.mark.parametrize(
    "text",
    [
        "Rate limit reached. Add a payment method: https://x/account/billing",
        "Insufficient memory to load the judge",
        "The token limit is exceeded",
        "x" * 600 + STORY,
    ],
)
def test_other_limits_are_no_empty_account(text: str) -> None:
    assert not is_empty_account(says(text))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Invalid API key", 500),
        ("This organization has been disabled.", 400),
        ("API key not valid. Please pass a valid API key.", 400),
        ("No api key passed in.", 400),
        ("The model `x` does not exist", 500),
        ("model 'x' not found", 500),
        ("Unknown model: x", 422),
        ("No models loaded", 400),
        ("The model x has been decommissioned", 400),
        ("The model x is not available", 400),
    ],
)
def test_an_unknown_key_or_judge_is_final(text: str, status: int) -> None:
    assert is_final(says(text, status))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The model x is not available right now", 503),
        ("The model is overloaded. Please try again later.", 503),
        ("Loading model", 503),
        ("The model `x` does not exist", 429),
        ("This model's maximum context length is 8192 tokens. The page was not found.", 400),
        ("x" * 600 + STORY, 400),
    ],
)
def test_what_may_pass_is_not_final(text: str, status: int) -> None:
    assert not is_final(says(text, status))


@pytest.mark.parametrize(
    "frame",
    [
        'messages.0.content: Input should be shorter, got "{}"',
        "Input should be a valid list [type=list_type, input_value='{}', input_type=str]",
        "validation failed: input: {}",
        "could not parse `{}",
    ],
)
def test_what_a_validator_quotes_of_the_piece_means_nothing(frame: str) -> None:
    complaint = says(frame.format(STORY))
    assert not is_empty_account(complaint)
    assert not is_final(complaint)
    assert not is_content_filter(complaint)


def test_an_apostrophe_begins_no_quotation() -> None:
    assert is_empty_account(
        says("You've used all that you paid for this month, and it's over: budget exceeded")
    )


def test_codes_tell_as_much_as_words() -> None:
    assert is_empty_account(says("no", 400, "insufficient_quota"))
    assert is_final(says("no", 400, "invalid_api_key"))
    assert is_final(says("No connected db.", 400, "no_db_connection"))
    assert is_content_filter(says("no", 400, "content_filter"))
    assert not is_content_filter(says("flagged", 429))


@pytest.mark.parametrize(
    "text",
    [
        "The input (9120 tokens) is longer than the model's context length (8192 tokens).",
        "The decoder prompt (length 10127) is longer than the maximum model length of 8192.",
        "Input length (9120 tokens) exceeds the maximum allowed length (8186 tokens).",
        "Input length 131393 exceeds the maximum allowed input length of 131040 tokens.",
        "This model's maximum prompt length is 131072 but the request contains 537812 tokens",
        "Please reduce the length of the messages or completion",
        "tokens to keep from the initial prompt is greater than the context length",
        "Your request exceeded model token limit: 8192 (requested: 9120)",
        "Range of input length should be [1, 8192]",
        "`inputs` must have less than 1024 tokens. Given: 1433",
        "Requested tokens (2285) exceed context window of 2048",
    ],
)
def test_servers_word_a_full_context_in_many_ways(text: str) -> None:
    assert is_too_long(says(text, 500))


@pytest.mark.parametrize(
    ("text", "status", "crowded"),
    [
        ("The request queue is full.", 503, True),
        ("server busy, please try again.  maximum pending requests exceeded", 503, True),
        ("no slot available", 503, True),
        ("Too many concurrent requests", 500, True),
        ("Context size has been exceeded.", 500, True),
        ("Context size has been exceeded.", 400, False),
        ("The server had an error", 500, False),
        ("The model is overloaded. Please try again later.", 503, False),
        ("x" * 600 + "the request queue is full", 503, False),
    ],
)
def test_a_server_with_too_many_requests_at_once(text: str, status: int, crowded: bool) -> None:
    assert is_crowded(says(text, status)) is crowded


def test_a_question_that_is_too_long() -> None:
    assert is_too_long(says("This model's maximum context length is 8192 tokens."))
    assert is_too_long(says("the request exceeds the available context size", 500))
    assert is_too_long(says("no", 429, "context_length_exceeded")) is False
    assert not is_too_long(says("The story has a length"))
