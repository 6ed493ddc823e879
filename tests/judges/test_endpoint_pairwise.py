"""Who answers: what an endpoint's way of being asked leaves in keys and files."""

from __future__ import annotations

import pytest

from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.endpoint_logprobs import LetterAsking
from judgemark.judges.endpoint_pairwise import EndpointPairwiseSetup, LettersOrWords
from judgemark.judges.logprob import LetterIds
from judgemark.judges.patience import Patience
from judgemark.judges.request_limits import RequestLimits

LOCAL = "http://localhost:8000/v1"


def answering(way: LettersOrWords | None = None, base_url: str = LOCAL) -> EndpointPairwiseSetup:
    endpoint = Endpoint(base_url, "some", "none")
    return EndpointPairwiseSetup(endpoint, ChatParameters(), RequestLimits(5.0), Patience(), way)


@pytest.mark.parametrize(
    "way",
    [
        LettersOrWords(None),
        LettersOrWords(LetterAsking()),
        LettersOrWords(LetterAsking(5, None, thinking_off=True)),
        LettersOrWords(LetterAsking(20, LetterIds(32, 33))),
    ],
)
def test_a_way_comes_back_from_the_file_as_it_was(way: LettersOrWords) -> None:
    assert LettersOrWords.from_json(way.to_json()) == way
    begun = answering().as_begun({"letters": way.to_json()})
    assert begun == answering(way)
    assert begun.known


def test_for_letters_one_token_is_asked_for_and_the_way_is_part_of_the_key() -> None:
    letters = answering(LettersOrWords(LetterAsking(5))).configuration
    assert letters["letters"] == {"top": 5, "ids": None, "thinking_off": False}
    worded = answering(LettersOrWords(None)).configuration
    assert "letters" not in worded
    for configuration, most in ((letters, 1), (worded, 16_000)):
        parameters = configuration["parameters"]
        assert isinstance(parameters, dict)
        assert parameters["max_tokens"] == most


def test_until_the_way_is_known_the_run_is_named_without_it() -> None:
    unknown = answering()
    assert not unknown.known
    assert not unknown.worded
    assert unknown.configuration == answering(LettersOrWords(None)).configuration
    # A run that was not a pairwise run tells nothing of the way.
    assert unknown.as_begun({"parameters": {}}) is unknown


def test_a_way_that_was_wished_for_stays() -> None:
    wished = answering(LettersOrWords(None))
    assert wished.as_begun({"letters": LettersOrWords(LetterAsking()).to_json()}) is wished


def test_with_nothing_to_ask_nobody_is_asked() -> None:
    said: list[str] = []
    # Nobody listens at that address.
    settled = answering(None, "http://127.0.0.1:9/v1").settled((), said.append)
    assert settled.way == LettersOrWords(None)
