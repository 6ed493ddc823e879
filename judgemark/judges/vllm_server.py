"""What vLLM's own server offers besides the chat API: token ids, prompt lengths, the context."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from judgemark.judges.endpoint_logprobs import LetterAsking
from judgemark.judges.logprob import LetterIds
from judgemark.judges.rendering import TooLong, find_too_long
from judgemark.records import Question

Post = Callable[[str, Mapping[str, Any]], object]
"""Posts a body to an address and gives the JSON that came, or None for any fault."""

_TEMPLATE_TOKENS = 512
"""More than any chat template adds to two messages."""


@dataclass(frozen=True)
class VllmServer:
    """A vLLM server that has been recognised: the letters' ids and the context in tokens.

    `ids` is None where a letter is not a single token of this judge.
    """

    address: str
    judge_name: str
    ids: LetterIds | None
    context: int
    post: Post

    def too_long(self, questions: Iterable[Question], asking: LetterAsking) -> tuple[TooLong, ...]:
        """Return the questions that do not fit the context, counted by the server.

        A token is at least one byte: a prompt with fewer bytes than the context has tokens is not
        counted. Where the server does not answer, the question counts as fitting.
        """

        def count(question: Question) -> int:
            size = sum(len(m.content.encode("utf-8", "replace")) for m in question.messages)
            if size + _TEMPLATE_TOKENS < self.context:
                return size
            kwargs = asking.body().get("chat_template_kwargs")
            body = {
                "model": self.judge_name,
                "messages": [{"role": m.role, "content": m.content} for m in question.messages],
                **({"chat_template_kwargs": kwargs} if kwargs else {}),
            }
            answer = self.post(self.address, body)
            tokens = answer.get("count") if isinstance(answer, Mapping) else None
            return tokens if isinstance(tokens, int) else 0

        return find_too_long(questions, count, self.context - 1)


def recognise(base_url: str, judge_name: str, post: Post) -> VllmServer | None:
    """Return the vLLM server at an address of the chat API; None for any other server.

    Other servers have a /tokenize too, but name no context in its answer.
    """
    address = base_url.rstrip("/").removesuffix("/v1") + "/tokenize"
    answers = [
        post(address, {"model": judge_name, "prompt": letter, "add_special_tokens": False})
        for letter in ("A", "B")
    ]
    a, b = (_single_id(answer) for answer in answers)
    context = answers[0].get("max_model_len") if isinstance(answers[0], Mapping) else None
    if not isinstance(context, int) or context < 2:
        return None
    ids = LetterIds(a, b) if a is not None and b is not None and a != b else None
    return VllmServer(address, judge_name, ids, context, post)


def _single_id(answer: object) -> int | None:
    tokens = answer.get("tokens") if isinstance(answer, Mapping) else None
    if not isinstance(tokens, list) or len(tokens) != 1 or not isinstance(tokens[0], int):
        return None
    return tokens[0]
