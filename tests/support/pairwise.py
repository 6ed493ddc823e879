"""Small fields of pieces whose quality their text tells, and endpoints that can read it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.support.fake_endpoint import Answer, Asked, as_json, refused, said

_QUALITY = re.compile(r"quality (-?\d+)")


def field(
    writers: Mapping[str, int], items: int = 3, iterations: int = 1
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Samples and writing prompts; each piece says its writer's quality, plus its item's number."""
    samples = {
        writer: {
            "samples": {
                str(t): {
                    str(i): f"A piece of quality {quality + (i * 7 + t * 3) % 3} by hand {n}."
                    for i in range(items)
                }
                for t in range(iterations)
            }
        }
        for n, (writer, quality) in enumerate(writers.items())
    }
    prompts = {str(i): {"writing_prompt": f"Write – about {i}."} for i in range(items)}
    return samples, prompts


def sides(asked: Asked) -> tuple[int, int]:
    """The qualities of the pieces that a prompt shows as A and as B."""
    shown = json.loads(asked.prompt)
    found = [_QUALITY.search(shown[letter]) for letter in ("A", "B")]
    a, b = (int(match[1]) if match else 0 for match in found)
    return a, b


def log_odds(asked: Asked) -> float:
    """What the pieces say, and a lean to position 1: ln P(A) / P(B)."""
    a, b = sides(asked)
    return 0.8 * (a - b) + 0.4


def letters(asked: Asked) -> Answer:
    """Log-probabilities of A and B among the top ones, 10% of the mass elsewhere."""
    if not asked.path.endswith("/chat/completions"):
        return refused(404, "no such address")
    odds = log_odds(asked)
    chances = {"A": 0.9 / (1 + math.exp(-odds)), "B": 0.9 / (1 + math.exp(odds)), "The": 0.1}
    if not asked.body.get("logprobs"):
        return said("A" if odds > 0 else "B")
    top = [
        {"token": token, "logprob": math.log(p)}
        for token, p in sorted(chances.items(), key=lambda entry: -entry[1])
    ][: asked.body["top_logprobs"]]
    return with_logprobs({"content": [{**top[0], "top_logprobs": top}]}, top[0]["token"])


def with_logprobs(logprobs: object, token: object) -> Answer:
    """A completion of one token."""
    choice = {
        "index": 0,
        "finish_reason": "length",
        "message": {"role": "assistant", "content": token},
        "logprobs": logprobs,
    }
    return as_json({"choices": [choice], "usage": {"prompt_tokens": 50, "completion_tokens": 1}})


def words(asked: Asked) -> Answer:
    """A verdict in words, from an endpoint that ignores any wish for log-probabilities."""
    if not asked.path.endswith("/chat/completions"):
        return refused(404, "no such address")
    a, b = sides(asked)
    return said("tie" if a == b else f"Answer: {'A' if a > b else 'B'}")


def fewer_than(most: int) -> Callable[[Asked], Answer]:
    """As `letters`, from an endpoint that gives at most this number of log-probabilities."""

    def script(asked: Asked) -> Answer:
        if asked.body.get("top_logprobs", 0) > most:
            return refused(400, f"top_logprobs must be at most {most}", param="top_logprobs")
        return letters(asked)

    return script


def vllm_server(context: int) -> Callable[[Asked], Answer]:
    """As `letters`, from vLLM's own server: it counts tokens (a word is one) and takes ids."""

    def script(asked: Asked) -> Answer:
        if asked.path.endswith("/tokenize"):
            text = asked.body.get("prompt") or json.dumps(asked.body["messages"])
            ids = [{"A": 65, "B": 66}.get(word, 7) for word in text.split()]
            return as_json({"tokens": ids, "count": len(ids), "max_model_len": context})
        return letters(asked)

    return script
