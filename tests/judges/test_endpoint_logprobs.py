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


def test_a_lone_token_bounds_the_other_letter_by_the_mass_that_it_leaves() -> None:
    for listed in ([], None, [{"token": "A", "logprob": -0.05}]):
        first = {"token": "A", "logprob": -0.05, "top_logprobs": listed}
        letters = LetterAsking().read({"content": [first]})
        assert letters is not None
        assert (letters.a_censored, letters.b_censored) == (False, True)
        assert letters.candidates == 1
        # exp(-.05) = .9512 is A's; B has at most the other .0488.
        assert math.exp(letters.b) == pytest.approx(0.0488, abs=1e-4)
        assert preference(letters) == pytest.approx(0.9512, abs=1e-4)


def test_a_token_that_was_drawn_from_below_the_list_bounds_no_other() -> None:
    came = choice("The", A=0.5, The=0.3, It=0.1)
    came["content"][0].update(token="odd", logprob=math.log(0.0001))
    letters = LetterAsking().read(came)
    assert letters is not None
    # B is no likelier than "It", the last of the list, and than what the four leave: .0999.
    assert math.exp(letters.b) == pytest.approx(0.0999)


def test_the_order_of_the_list_and_entries_without_a_number_do_not_matter() -> None:
    came = choice("A", A=0.6, B=0.2, The=0.1)
    top = came["content"][0]["top_logprobs"]
    top.reverse()
    top += [None, {"token": "x", "logprob": None}, {"token": "y"}, {"token": "z", "logprob": True}]
    letters = LetterAsking().read(came)
    assert letters is not None
    assert preference(letters) == pytest.approx(0.75)  # .6 / (.6 + .2)


def test_a_produced_token_without_a_number_leaves_the_list_to_be_read() -> None:
    came = choice("A", A=0.6, B=0.2)
    came["content"][0]["logprob"] = None
    letters = LetterAsking().read(came)
    assert letters is not None
    assert preference(letters) == pytest.approx(0.75)


def test_figures_that_are_no_log_probabilities_are_not_read_as_such() -> None:
    # A server that sends probabilities or raw scores under this name.
    top = [{"token": "A", "logprob": 3.2}, {"token": "B", "logprob": 0.9}]
    assert LetterAsking().read({"content": [{**top[0], "top_logprobs": top}]}) is None
