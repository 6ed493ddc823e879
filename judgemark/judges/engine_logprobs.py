"""The log-probabilities that an engine of this process gives, in the form of an endpoint's answer.

Pure but for the tokenizer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from judgemark.judges.number_logprobs import number_logprobs
from judgemark.records import NumberLogprobs

_BROKEN = "\ufffd"


def token_texts(tokenizer: Any, ids: Sequence[int]) -> list[str]:
    """Return what each token adds to the text; joined they are the text.

    A tokenizer may write one character as several tokens: then all but the last add nothing. Only
    the tokens since the last whole character are decoded together with the one before them, so
    that long replies take time linear in their length.
    """
    texts: list[str] = []
    start = read = 0
    for end in range(1, len(ids) + 1):
        before = str(tokenizer.decode(list(ids[start:read])))
        now = str(tokenizer.decode(list(ids[start:end])))
        if now.endswith(_BROKEN) or len(now) <= len(before):
            texts.append("")
            continue
        texts.append(now[len(before) :])
        start, read = read, end
    return texts


def engine_numbers(
    tokenizer: Any, ids: Sequence[int], chances: Sequence[Mapping[int, float]], text: str
) -> tuple[NumberLogprobs, ...] | None:
    """Return the numbers of a reply with their log-probabilities, as `number_logprobs` does.

    Args:
        tokenizer: decodes token ids.
        ids: the tokens of the reply.
        chances: for each of them the log-probabilities of likely tokens, the token itself among
            them, by id.
        text: the reply as it is kept.
    """
    known: dict[int, str] = {}

    def text_of(token: int) -> str:
        if token not in known:
            known[token] = str(tokenizer.decode([token]))
        return known[token]

    content = [
        {
            "token": own,
            "logprob": likely.get(token),
            "top_logprobs": [
                {"token": text_of(other), "logprob": logprob}
                for other, logprob in likely.items()
                if other != token
            ],
        }
        for token, own, likely in zip(ids, token_texts(tokenizer, ids), chances, strict=True)
    ]
    return number_logprobs({"content": content}, text)
