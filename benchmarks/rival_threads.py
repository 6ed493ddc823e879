"""Judging with nothing but the openai SDK and a pool of threads, as one writes it in an afternoon.

`python -m benchmarks.rival_threads ADDRESS THREADS QUESTIONS OUT`: QUESTIONS is a file with one
JSON object {"id", "prompt"} a line. Nothing is written before the last reply; a process that is
killed begins from the start.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from openai import OpenAI

from benchmarks.rival_scores import scores_in


def main(address: str, threads: int, questions: Path, out: Path) -> None:
    """Ask all questions and write the scores of all replies to one file."""
    client = OpenAI(base_url=address, api_key="none", max_retries=5)

    def ask(question: dict[str, str]) -> dict[str, object]:
        answer = client.chat.completions.create(
            model="slow",
            messages=[{"role": "user", "content": question["prompt"]}],
            temperature=0,
            max_tokens=16_000,
        )
        reply = answer.choices[0].message.content or ""
        return {"id": question["id"], "reply": reply, "scores": scores_in(reply)}

    asked = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
    with client, ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(ask, asked))
    out.write_text("\n".join(json.dumps(answer) for answer in answers), "utf-8")
    sys.stdout.write(json.dumps({"scored": sum(bool(a["scores"]) for a in answers)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
