"""A provider of batches on the loopback: it shuffles, expires, fails by halves and dies."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.fake_endpoint import RESET, Answer, Asked, as_json, refused, said

Reply = Callable[[Mapping[str, Any]], Answer]
"""Answers the body of one request, as a chat endpoint would."""


@dataclass
class ServedBatch:
    """One batch: its requests by name, how it ends, and how many looks that takes."""

    name: str
    requests: Mapping[str, Mapping[str, Any]]
    metadata: Mapping[str, str] = field(default_factory=dict)
    looks: int = 0
    fate: str = "completed"


class BatchProvider:
    """A script of `FakeEndpoint`: `/files` and `/batches`, and chat at once.

    Attributes:
        reply: what answers each request.
        fates: how the batches end, in the order of their submission: completed, expired (the last
            half is not processed), halves (every second request has an error), or failed.
        looks: how often a batch is looked at before it has ended.
        dies: kinds of request, by their beginnings, that are answered with a broken connection
            once; "late:..." dies after the request was taken in.
    """

    def __init__(self, reply: Reply, *, fates: tuple[str, ...] = (), looks: int = 0) -> None:
        self.reply = reply
        self.fates = list(fates)
        self.looks = looks
        self.dies: list[str] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.batches: dict[str, ServedBatch] = {}
        self.at_once = 0

    def __call__(self, asked: Asked) -> Answer:
        """Answer one request."""
        path = asked.path.removeprefix("/v1")
        kind = f"{'POST' if asked.body else 'GET'} {path}"
        if any(kind.startswith(d) for d in self.dies):
            self.dies = [d for d in self.dies if not kind.startswith(d)]
            return RESET
        answer = self._answer(path, asked.body)
        late = [d for d in self.dies if d.startswith("late:") and kind.startswith(d[5:])]
        if late:
            self.dies.remove(late[0])
            return RESET
        return answer

    def _answer(self, path: str, body: Mapping[str, Any]) -> Answer:
        if path == "/chat/completions":
            self.at_once += 1
            return self.reply(body)
        if path == "/files" and "upload" in body:
            name, content = body["upload"]
            self.files[f"file-{len(self.files)}"] = (name, content)
            return as_json({"id": f"file-{len(self.files) - 1}", "object": "file", "bytes": 1,
                            "created_at": 1, "filename": name, "purpose": "batch"})  # fmt: skip
        if path.startswith("/files?"):
            listed = [{"id": i, "filename": name} for i, (name, _) in self.files.items()]
            return as_json({"data": listed})
        if path == "/batches":
            return self._taken(body)
        if path.startswith("/batches?"):
            return as_json({"data": [self._shown(b) for b in reversed(self.batches.values())]})
        if found := re.fullmatch(r"/batches/(\w+)", path):
            batch = self.batches[found[1]]
            batch.looks += 1
            return as_json(self._shown(batch))
        if found := re.fullmatch(r"/files/(\w+)-(out|err)/content", path):
            rows = self._results(self.batches[found[1]])
            wanted = [r for r in rows if (r["error"] is None) == (found[2] == "out")]
            return Answer(body="".join(json.dumps(r) + "\n" for r in wanted).encode())
        return refused(404, f"there is no {path}")

    def _taken(self, body: Mapping[str, Any]) -> Answer:
        lines = [json.loads(x) for x in self.files[body["input_file_id"]][1].splitlines()]
        requests = {line["custom_id"]: line["body"] for line in lines}
        batch = ServedBatch(f"batch{len(self.batches)}", requests, body.get("metadata") or {})
        batch.fate = self.fates.pop(0) if self.fates else "completed"
        self.batches[batch.name] = batch
        return as_json(self._shown(batch))

    def _shown(self, batch: ServedBatch) -> dict[str, Any]:
        over = batch.looks > self.looks
        status = {"halves": "completed"}.get(batch.fate, batch.fate) if over else "in_progress"
        errors = [{"code": "bad_file", "message": "cannot be validated"}]
        return {
            "id": batch.name,
            "status": status,
            "metadata": dict(batch.metadata),
            "created_at": 4e9,
            "output_file_id": f"{batch.name}-out" if over and status != "failed" else None,
            "error_file_id": f"{batch.name}-err" if over and status != "failed" else None,
            "request_counts": {"total": len(batch.requests), "completed": 0, "failed": 0},
            "errors": {"data": errors} if status == "failed" else None,
        }

    def _results(self, batch: ServedBatch) -> list[dict[str, Any]]:
        rows = list(self._rows(batch))
        random.Random(3).shuffle(rows)
        return rows

    def _rows(self, batch: ServedBatch) -> Iterator[dict[str, Any]]:
        for number, (name, body) in enumerate(batch.requests.items()):
            error: dict[str, Any] | None = None
            response = None
            if batch.fate == "expired" and 2 * number >= len(batch.requests):
                error = {"code": "batch_expired", "message": "not executed in time"}
            elif batch.fate == "halves" and number % 2:
                error = {"code": "server_error", "message": "failed"}
            else:
                answer = self.reply(body)
                response = {"status_code": answer.status, "body": json.loads(answer.body)}
            yield {"id": "r", "custom_id": name, "response": response, "error": error}


def scores_for(*criteria: str) -> Reply:
    """Return a judge that gives a score from 1 to 9, the same for the same question."""

    def reply(body: Mapping[str, Any]) -> Answer:
        text = str(body["messages"])
        score = 1 + sum(map(ord, text)) % 9
        lines = "\n".join(f"{name}: {score}" for name in criteria)
        return said(lines, usage={"prompt_tokens": 100, "completion_tokens": 10})

    return reply
