"""What a reply that cannot be scored looked like, and which limit ended it."""

from __future__ import annotations

import pytest

from judgemark.records import Class, Failure, Reply, Usage
from judgemark.run.unscored_reply import described
from tests.support.entries import entry


def said(
    cls: Class,
    prompt: int,
    completion: int,
    text: str = "Well, the piece …",
    *,
    takes_schema: bool = True,
) -> str:
    """What is said of a reply with this usage where --max-tokens was 400."""
    failed = entry(
        outcome=Failure(cls, "no scores"), reply=Reply(text), attempts=1,
        usage=Usage(prompt, completion),
    )  # fmt: skip
    return described(failed, 400, takes_schema=takes_schema)


def test_the_limit_that_ended_a_reply_is_told_from_its_usage() -> None:
    assert "‹max_tokens› 400 ended it" in said(Class.TRUNCATED, 1_184, 400)
    # 1,700 + 348 = 2,048: the context.
    full = said(Class.TRUNCATED, 1_700, 348)
    assert "context of 2,048 tokens (1,700 prompt + 348 reply) was full" in full
    assert "‹max_tokens› 400" not in full
    # The same figures come from a server that has a limit of its own.
    assert "if it is larger than that, the server ends replies at 348 tokens" in full


def test_the_start_of_the_reply_is_shown_on_one_line() -> None:
    text = said(Class.UNPARSEABLE, 10, 10, "I like\nit. " * 50)
    assert "the reply begins “I like it. I like" in text
    assert "\n" not in text
    assert "‹structured› auto" in text


@pytest.mark.parametrize(
    ("cls", "prompt", "completion"),
    [
        (Class.UNPARSEABLE, 10, 10),
        (Class.TRUNCATED, 1_184, 400),
        (Class.TRUNCATED, 1_700, 348),
    ],
)
def test_a_function_is_not_told_to_follow_a_schema(
    cls: Class, prompt: int, completion: int
) -> None:
    assert "structured" in said(cls, prompt, completion)
    assert "structured" not in said(cls, prompt, completion, takes_schema=False)


def test_what_is_not_known_is_not_said() -> None:
    several = entry(outcome=Failure(Class.TRUNCATED, "cut"), reply=None, attempts=3)
    assert described(several, 400, takes_schema=True).startswith("truncated, cut; ")
    assert "context" not in described(several, 400, takes_schema=True)
