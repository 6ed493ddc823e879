"""Log-probabilities of an engine's tokens, with a tokenizer that splits characters."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from judgemark.judges.engine_logprobs import engine_numbers, token_texts
from judgemark.judges.generating import ReplySampling


class Bytes:
    """A tokenizer whose tokens are single bytes."""

    def decode(self, ids: Sequence[int]) -> str:
        return bytes(ids).decode("utf-8", "replace")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_the_tokens_texts_joined_are_the_text(text: str) -> None:
    plain = text.replace("\ufffd", "")
    ids = list(plain.encode())
    texts = token_texts(Bytes(), ids)
    assert len(texts) == len(ids)
    assert "".join(texts) == plain


def test_numbers_come_with_the_alternatives_of_their_tokens() -> None:
    text = "Été: 7"
    ids = list(text.encode())
    chances = [{token: 0.0} for token in ids]
    chances[-1] = {ord("7"): math.log(0.6), ord("8"): math.log(0.4)}
    (number,) = engine_numbers(Bytes(), ids, chances, text) or ()
    assert text[number.at] == "7"
    assert number.steps == ((("7", round(math.log(0.6), 4)), ("8", round(math.log(0.4), 4))),)


def test_asking_for_them_is_part_of_the_configuration_only_where_they_are_asked_for() -> None:
    plain = ReplySampling(0.0, None, None, 24)
    assert set(plain.configuration) == {"temperature", "top_p", "top_k", "max_tokens"}
    asked = ReplySampling(0.0, None, None, 24, score_logprobs=20)
    assert asked.configuration == {**plain.configuration, "score_logprobs": 20}
