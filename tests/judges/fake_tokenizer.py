"""A tokenizer of words and punctuation, with a chat template, for tests without an engine."""

from __future__ import annotations

import re
from typing import Any

import jinja2

PLAIN = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SWITCHED = PLAIN + "{% if enable_thinking is false %}<think></think>{% endif %}"
ALWAYS_OPEN = PLAIN + "<think>"
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}"


class FakeTokenizer:
    """Each run of letters or other character is a token; ids are given as tokens come up."""

    def __init__(self, template: str | None = PLAIN, pattern: str = r"\w+|\W") -> None:
        self._template = template
        self._pattern = pattern
        self._tokens: list[str] = []

    def get_chat_template(self) -> str:
        if self._template is None:
            raise ValueError("chat_template is not set")
        return self._template

    def apply_chat_template(
        self, messages: list[dict[str, str]], *, tokenize: bool, **variables: Any
    ) -> str:
        assert not tokenize
        environment = jinja2.Environment()
        environment.globals["raise_exception"] = _raise
        return environment.from_string(self.get_chat_template()).render(
            messages=messages, **variables
        )

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        assert not add_special_tokens
        ids = []
        for token in re.findall(self._pattern, text):
            if token not in self._tokens:
                self._tokens.append(token)
            ids.append(self._tokens.index(token))
        return ids

    def __call__(
        self, texts: list[str], *, add_special_tokens: bool, return_attention_mask: bool
    ) -> dict[str, list[list[int]]]:
        assert not return_attention_mask
        return {"input_ids": [self.encode(t, add_special_tokens=add_special_tokens) for t in texts]}

    def decode(self, ids: list[int]) -> str:
        return "".join(self._tokens[n] for n in ids)


def _raise(message: str) -> None:
    raise jinja2.TemplateError(message)
