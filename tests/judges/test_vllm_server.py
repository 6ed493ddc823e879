"""Recognising vLLM's own server and counting a prompt's tokens with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from judgemark.judges.endpoint_logprobs import LetterAsking
from judgemark.judges.logprob import LetterIds
from judgemark.judges.vllm_server import recognise
from judgemark.protocols.pairwise_protocol import Pair, Pairwise
from judgemark.records import Question, Sample


def question(words: int) -> Question:
    pair = Pair.of(Sample("a", "1", "7", "word " * words), Sample("b", "1", "7", "two"))
    return Pairwise({}, {"7": "Write."}).questions(pair)[0]


class Server:
    def __init__(self, letters: Mapping[str, list[int]], context: int = 2048) -> None:
        self._letters = letters
        self._context = context
        self.posted: list[tuple[str, Mapping[str, Any]]] = []

    def post(self, address: str, body: Mapping[str, Any]) -> object:
        self.posted.append((address, body))
        if "prompt" in body:
            tokens = self._letters[body["prompt"]]
        else:
            tokens = list(range(sum(len(m["content"].split()) for m in body["messages"])))
        return {"count": len(tokens), "max_model_len": self._context, "tokens": tokens}


def test_vllm_is_recognised_by_the_context_it_names() -> None:
    server = Server({"A": [32], "B": [33]})
    found = recognise("http://localhost:8000/v1", "judge", server.post)
    assert found is not None
    assert (found.ids, found.context) == (LetterIds(32, 33), 2048)
    assert {address for address, _ in server.posted} == {"http://localhost:8000/tokenize"}


@pytest.mark.parametrize("answer", [None, {"tokens": [32]}, "no", {"max_model_len": None}])
def test_other_servers_are_not_taken_for_it(answer: object) -> None:
    assert recognise("http://localhost:8080/v1", "judge", lambda _a, _b: answer) is None


@pytest.mark.parametrize("letters", [{"A": [1, 2], "B": [33]}, {"A": [0], "B": [0]}])
def test_letters_that_are_no_single_tokens_have_no_ids(letters: dict[str, list[int]]) -> None:
    found = recognise("http://localhost:8000/v1", "judge", Server(letters).post)
    assert found is not None
    assert found.ids is None


def test_only_prompts_that_might_not_fit_are_counted() -> None:
    server = Server({"A": [32], "B": [33]}, context=1500)
    found = recognise("http://x/v1", "judge", server.post)
    assert found is not None
    server.posted.clear()
    long = question(words=1600)
    assert [t.question for t in found.too_long([question(5), long], LetterAsking())] == [long]
    assert len(server.posted) == 1
    fits = question(words=900)  # more bytes than the context has tokens, yet few enough tokens
    assert found.too_long([fits], LetterAsking(thinking_off=True)) == ()
    assert server.posted[-1][1]["chat_template_kwargs"]["enable_thinking"] is False
