"""A judge that replies in words: `--judge-model python:examples/raw_reply.py:judge`.

The reply is read as that of an endpoint. Here a made-up client stands for your own; it is
asynchronous, so that many pieces are judged at the same time.
"""

from __future__ import annotations

import asyncio

CRITERIA = ("Coherent", "Original", "Vivid", "Honest", "Well paced")


class Client:
    """Stands for the client of a service."""

    async def complete(self, prompt: str) -> str:
        """Return a reply to a prompt."""
        await asyncio.sleep(0)
        score = len(set(prompt.lower().split())) % 10
        return "\n".join(f"{name}: {score}" for name in CRITERIA)


client = Client()


async def judge(piece):
    """Ask for the scores; `piece.prompt` is the rendered prompt where the run has prompts."""
    prompt = piece.prompt or f"Score {', '.join(CRITERIA)} from 0 to 10.\n\n{piece.text}"
    return await client.complete(prompt)


judge.version = "1"
