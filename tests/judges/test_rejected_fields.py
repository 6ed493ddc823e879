"""What a rejected request says about its fields, in the words of real providers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from judgemark.judges.complaints import Complaint, read_complaint
from judgemark.judges.rejected_fields import (
    is_for_all_questions,
    is_output_limit,
    most_tokens,
    rejected_field,
)

SENT = (
    "model", "messages", "temperature", "top_p", "top_k", "max_tokens", "reasoning_effort",
    "response_format", "logprobs", "top_logprobs", "seed",
)  # fmt: skip


def rejected(body: Any, asked: str = "", sent: tuple[str, ...] = SENT) -> str | None:
    complaint = read_complaint(400, {}, json.dumps({"error": body}).encode())
    request = dict.fromkeys(sent, None) | {"messages": [{"role": "user", "content": asked}]}
    return rejected_field(complaint, request)


def complaint(message: str) -> Complaint:
    return Complaint(400, message)


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("Unsupported parameter: 'max_tokens' is not supported with this model.", "max_tokens"),
        ("Unsupported value: 'temperature' does not support 0.0 with this model. Only the default "
         "(1) value is supported.", "temperature"),
        ("`temperature` is deprecated for this model.", "temperature"),
        ("`temperature` and `top_p` cannot both be specified for this model.", "temperature"),
        ("top_k: Extra inputs are not permitted", "top_k"),
        ("Unrecognized request argument supplied: top_k", "top_k"),
        ('Invalid JSON payload received. Unknown name "topK": Cannot find field.', "top_k"),
        ("property 'top_k' is unsupported", "top_k"),
        ("got an unexpected keyword argument 'top_k'", "top_k"),
        ("This model does not support the parameter reasoning_effort.", "reasoning_effort"),
        ("This model doesn't support logprobs", "logprobs"),
        ("Invalid parameter: 'response_format' of type 'json_schema' is not supported with this "
         "model.", "response_format"),
        ('response_format type must be one of "text" or "json_object", but got: json_schema',
         "response_format"),
        ("'response_format.type' must be 'json_schema' or 'text'", "response_format"),
        ("This response_format type is unavailable now", "response_format"),
        ("logprobs is not supported for models created with logits_all=False", "logprobs"),
        ("You are not allowed to request logprobs, top_logprobs is not supported", "top_logprobs"),
        ("seed is not supported here", "seed"),
        ("'logprobs' are not currently supported", "logprobs"),
        ("top_logprobs: unsupported", "top_logprobs"),
        ("You are not allowed to request logprobs from this model", "logprobs"),
        ("this backend does not support the parameter `top_k`", "top_k"),
        ("Unknown field: temperature", "temperature"),
        ("temperature parameter is not allowed", "temperature"),
        ("top_logprobs must be at most 5", "top_logprobs"),
        ("Input validation error: `top_n_tokens` must be >= 0 and <= 5. Given: 20", "top_logprobs"),
        ("`top_n_tokens` != 0 is not allowed for this endpoint", "top_logprobs"),
        ("Input validation error: grammar is not supported", "response_format"),
        ("body.response_format.type: Input should be 'text' or 'json_object'", "response_format"),
        ("Invalid value for top_logprobs: must be in the range 0 to 5", "top_logprobs"),
        ("temperature is not a valid field", "temperature"),
        ("'top_k' is not a valid argument for this model", "top_k"),
        ("Only temperature=1 is supported", "temperature"),
        ("for this model only `temperature` of 1.0 is allowed", "temperature"),
        ("Argument not supported on this model: temperature", "temperature"),
        ("Parameters not supported: top_p", "top_p"),
    ],
)  # fmt: skip
def test_words_of_rejection_next_to_the_name_reject_it(message: str, field: str) -> None:
    assert rejected({"message": message}) == field


@pytest.mark.parametrize(
    "message",
    [
        "temperature and max_tokens are wrong",
        "Invalid request: the temperature dropped below zero and the story is too long",
        "content filtered: '… the temperature of the room …'",
        "max_tokens is too large: 16000. This model supports at most 4096 completion tokens",
        "temperature: must be less than or equal to 1",
        "This model's maximum context length is 4096 tokens",
        "messages: array too long",
        "the temperature of the card is 91 degrees",
        "only text is supported, and the temperature of the room is no valid subject",
        "internal error while sampling with temperature 0 and top_k 3",
        "The story says that the temperature fell, and it is not certain that help is allowed",
        "streaming is not supported",
    ],
)
def test_a_mention_or_a_figure_out_of_range_is_no_rejection(message: str) -> None:
    assert rejected({"message": message}) is None


def test_what_the_complaint_quotes_from_the_question_is_no_evidence() -> None:
    story = "She sighed: temperature is not supported in this old house, and top_k is unknown."
    assert rejected({"message": f"invalid content: {story}"}, asked=story) is None
    assert rejected({"message": f"invalid content: {story}"}) == "temperature"
    validator = [
        {"type": "string_type", "loc": ["body", "messages", 0, "content"],
         "msg": "Input should be a valid string", "input": story},
    ]  # fmt: skip
    assert rejected(validator) is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"message": "Nope", "param": "temperature"}, "temperature"),
        ({"message": "Nope", "param": "body.top_p"}, "top_p"),
        ({"message": "Nope", "param": "messages"}, None),
        ({"message": "Nope: top_k", "code": "unsupported_parameter"}, "top_k"),
        ({"message": "Expected a value <= 1", "param": "temperature",
          "code": "decimal_above_max_value"}, None),
        ({"message": "Only the default (1) is supported, at most 1", "param": "temperature",
          "code": "unsupported_value"}, "temperature"),
        ([{"type": "extra_forbidden", "loc": ["body", "top_k"], "msg": "Extra inputs"}], "top_k"),
        ("Unknown field: top_p", "top_p"),
        ({"message": "Provider returned error", "code": 400, "metadata": {
            "raw": '{"error": {"message": "Unsupported value: temperature"}}'}}, "temperature"),
    ],
)  # fmt: skip
def test_a_parameter_or_a_code_names_it(body: Any, field: str | None) -> None:
    assert rejected(body) == field


def test_a_field_that_was_not_sent_is_not_rejected() -> None:
    assert rejected({"message": "temperature is not supported"}, sent=("model", "messages")) is None


@pytest.mark.parametrize(
    ("message", "most"),
    [
        ("max_tokens is too large: 16000. This model supports at most 4096 completion tokens, "
         "whereas you provided 16000.", 4096),
        ("max_tokens: 16000 > 8192, which is the maximum allowed number of output tokens", 8192),
        ("`max_tokens` must be less than or equal to `8192`, the maximum value", 8192),
        ("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", 8192),
        ("it has a maxOutputTokens value of 16000 but the supported range is from 1 (inclusive) "
         "to 8193 (exclusive).", 8192),
        ("'max_tokens' or 'max_completion_tokens' is too large: 16000. This model's maximum "
         "context length is 4096 tokens and your request has 1200 input tokens (16000 > 4096 - "
         "1200).", 2896),
        ("This model's maximum context length is 4,096 tokens. However, you requested 17200 "
         "tokens (1200 in the messages, 16000 in the completion).", 2896),
        ("`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 1200 `inputs` tokens and "
         "16000 `max_new_tokens`", 2896),
        ("Requests with max_tokens > 4096 must have stream=true", 4096),
        ("max_tokens=16000 cannot be greater than max_model_len=8192. Please request fewer output "
         "tokens. (parameter=max_tokens, value=16000)", 8192),
        ("max_tokens=16000 cannot be greater than max_model_len=max_total_tokens=8192.", 8192),
        ("You passed 1200 input tokens and requested 16000 output tokens. However, the model's "
         "context length is only 4096 tokens, resulting in a maximum input length of 0 tokens.",
         2896),
        # vLLM counted the prompt only until it was too long.
        ("You passed 97 input tokens and requested 16000 output tokens. However, the model's "
         "context length is only 16096 tokens, resulting in a maximum input length of 96 tokens.",
         8000),
        ("This model's maximum context length is 16100 tokens. However, you requested 16000 output "
         "tokens and your prompt contains at least 101 input tokens, for a total of at least 16101 "
         "tokens.", 8000),
        # SGLang does not fill its context to the last token.
        ("Requested token count exceeds the model's maximum context length of 4096 tokens. You "
         "requested a total of 17200 tokens: 1200 tokens from the input messages and 16000 tokens "
         "for the completion.", 2895),
        ("This model's maximum context length is 4096 tokens, however you requested 17200 tokens "
         "(1200 in your prompt; 16000 for the completion).", 2896),
    ],
)  # fmt: skip
def test_the_most_tokens_that_the_endpoint_allows_is_read(message: str, most: int) -> None:
    sent = {"model": "x", "max_tokens": 16_000}
    assert most_tokens(complaint(message), sent) == ("max_tokens", most)
    # Where the prompt takes a part of it, another question may have more.
    assert is_for_all_questions(message, most) == (most in (4096, 8192))
    renamed = {"model": "x", "max_completion_tokens": 16_000}
    assert most_tokens(complaint(message), renamed) == ("max_completion_tokens", most)


@pytest.mark.parametrize(
    "message",
    [
        "max_tokens is too large",
        "This model's maximum context length is 4096 tokens. However, you requested 21000 tokens "
        "(5000 in the messages, 16000 in the completion).",
        "max_tokens must be at most 32000 tokens",
        "temperature must be at most 2",
        "Prompt contains 32800 tokens, too large for model with 32768 maximum context length",
    ],
)
def test_no_figure_below_the_one_that_was_sent_lowers_nothing(message: str) -> None:
    assert most_tokens(complaint(message), {"max_tokens": 16_000}) is None
    assert most_tokens(complaint(message), {"temperature": 0}) is None


@pytest.mark.parametrize(
    ("message", "reached"),
    [
        ("Could not finish the message because max_tokens or model output limit was reached.",
         True),
        ("max_completion_tokens limit reached", True),
        ("Rate limit reached for requests", False),
        ("The billing hard limit has been reached", False),
        ("max_tokens is too large", False),
    ],
)  # fmt: skip
def test_a_reply_that_broke_off_at_its_limit_is_known(message: str, reached: bool) -> None:
    assert is_output_limit(complaint(message)) is reached


@pytest.mark.parametrize(
    "message",
    [
        "Your text about the temperature was flagged as unsupported content",
        "Unsupported content: the temperature rises in chapter 2",
    ],
)
def test_a_piece_that_is_called_unsupported_rejects_no_field(message: str) -> None:
    assert rejected({"message": message}) is None


@pytest.mark.parametrize(
    ("message", "most"),
    [
        ("Range of max_tokens should be [1, 8192]", 8_192),
        ("The maximum allowed max_tokens is 4096", 4_096),
        ("max_tokens cannot be greater than 2048", 2_048),
        ("max_tokens must be between 1 and 4096", 4_096),
    ],
)
def test_more_wordings_of_the_most_tokens(message: str, most: int) -> None:
    assert most_tokens(complaint(message), {"max_tokens": 16_000}) == ("max_tokens", most)
