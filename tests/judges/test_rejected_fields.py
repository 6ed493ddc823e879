"""Which field an endpoint does not take, where its status does not say that the request is bad."""

from __future__ import annotations

import pytest

from judgemark.judges.complaints import Complaint
from judgemark.judges.rejected_fields import plainly_rejected_field

SENT = ("model", "messages", "temperature", "top_k", "logprobs", "top_logprobs")


def rejected(text: str) -> str | None:
    return plainly_rejected_field(Complaint(500, text), SENT)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("logprobs is not supported for models created with logits_all=False", "logprobs"),
        ("'logprobs' are not currently supported", "logprobs"),
        ("top_logprobs: unsupported", "top_logprobs"),
        ("You are not allowed to request logprobs from this model", "logprobs"),
        ("this backend does not support the parameter `top_k`", "top_k"),
        ("unexpected keyword argument 'top_k'", "top_k"),
        ("Unknown field: temperature", "temperature"),
        ("temperature parameter is not allowed", "temperature"),
    ],
)
def test_a_field_is_rejected_at_its_name(text: str, field: str) -> None:
    assert rejected(text) == field


@pytest.mark.parametrize(
    "text",
    [
        "the temperature of the card is 91 degrees",
        "internal error while sampling with temperature 0 and top_k 3",
        "The story says that the temperature fell, and it is not certain that help is allowed",
        "top_p is not supported",
        "streaming is not supported",
    ],
)
def test_a_mere_mention_rejects_nothing(text: str) -> None:
    assert rejected(text) is None
