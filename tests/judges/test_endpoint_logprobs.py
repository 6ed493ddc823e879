"""Asking a chat endpoint for the letters, and reading what it returns."""

from __future__ import annotations

import math
from typing import Any

import pytest

from judgemark.judges.endpoint_logprobs import LetterAsking
from judgemark.judges.logprob import LetterIds, preference


def choice(produced: str, **probabilities: float) -> dict[str, Any]:
    """The `logprobs` of a choice, as the OpenAI API lays them out."""
    top = [
        {"token": token.replace("_", " "), "logprob": math.log(p), "bytes": None}
        for token, p in probabilities.items()
    ]
    first = next((t for t in top if t["token"] == produced), {"token": produced, "logprob": -9.0})
    return {"content": [{**first, "top_logprobs": top}, {"token": "x", "top_logprobs": []}]}


def test_the_most_is_asked_for_first_and_fewer_on_refusal() -> None:
    asking = LetterAsking(ids=LetterIds(32, 33), thinking_off=True)
    assert asking.body() == {
        "logprobs": True,
        "top_logprobs": 20,
        "logprob_token_ids": [32, 33],
        "chat_template_kwargs": {"enable_thinking": False, "thinking": False},
    }
    tried = []
    step: LetterAsking | None = asking
    while step is not None:
        tried.append((step.thinking_off, step.ids is not None, step.top))
        step = step.without(None)
    assert tried == [
        (True, True, 20), (False, True, 20), (False, False, 20), (False, False, 10),
        (False, False, 5),
    ]  # fmt: skip


def test_a_refusal_that_names_its_field_drops_that_one() -> None:
    asking = LetterAsking(ids=LetterIds(32, 33), thinking_off=True)
    fewer = asking.without("top_logprobs")
    assert fewer is not None
    assert (fewer.top, fewer.ids) == (10, asking.ids)
    no_ids = asking.without("logprob_token_ids")
    assert no_ids is not None
    assert no_ids.ids is None
    assert asking.without("logprobs") is None


def test_letters_are_read_from_the_first_token() -> None:
    letters = LetterAsking().read(choice("A", A=0.6, B=0.2, The=0.1))
    assert letters is not None
    assert preference(letters) == pytest.approx(0.75)  # .6 / (.6 + .2)
    assert letters.produced == "A"


def test_variants_are_summed_unless_the_letters_were_asked_for_by_id() -> None:
    came = choice("A", A=0.3, a=0.3, B=0.2)
    summed = LetterAsking().read(came)
    exact = LetterAsking(ids=LetterIds(32, 33)).read(came)
    assert summed is not None
    assert exact is not None
    assert preference(summed) == pytest.approx(0.75)  # (.3 + .3) / (.6 + .2)
    assert summed.variants == ("a",)
    assert preference(exact) == pytest.approx(0.6)  # .3 / (.3 + .2)


def test_the_produced_token_counts_though_it_is_not_among_the_top() -> None:
    came = choice("The", The=0.5, B=0.2)
    came["content"][0].update(token="A", logprob=math.log(0.1))
    letters = LetterAsking().read(came)
    assert letters is not None
    assert preference(letters) == pytest.approx(1 / 3)  # .1 / (.1 + .2)
    assert letters.produced == "A"


@pytest.mark.parametrize(
    "logprobs",
    [
        None,
        {},
        {"content": None},
        {"content": []},
        {"content": ["A"]},
        {"content": [{"token": "A", "logprob": None, "top_logprobs": []}]},
        {"content": [{"token": 3, "logprob": -1.0}]},
        {"content": [{"token": "A", "logprob": -(10**400)}]},
        {"content": [{"token": "A", "logprob": "-1"}]},
    ],
)
def test_an_endpoint_without_log_probabilities_gives_none(logprobs: object) -> None:
    assert LetterAsking().read(logprobs) is None


def test_a_lone_token_still_bounds_the_other_letter() -> None:
    letters = LetterAsking().read({"content": [{"token": "B", "logprob": -0.5}]})
    assert letters is not None
    assert (letters.a_censored, letters.b_censored, letters.a) == (True, False, -0.5)
