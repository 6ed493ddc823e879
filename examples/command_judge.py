"""A judge as a program of its own: `--judge-model "command:python examples/command_judge.py"`.

It reads one question a line and answers each in one line, in both modes. It ends when its input
ends. What it writes to stderr goes to `judge.log` in the run's folder.
"""

from __future__ import annotations

import json
import sys


def different_words(text: str) -> int:
    """Return how many different words a text has."""
    return len(set(text.lower().split()))


def main() -> None:
    """Answer every question on stdin."""
    print("ready", file=sys.stderr)
    for line in sys.stdin:
        question = json.loads(line)
        if question["kind"] == "pairwise":
            a, b = different_words(question["A"]), different_words(question["B"])
            answer = {"p_a": (a + 1) / (a + b + 2)}
        else:
            answer = {"score": min(10, different_words(question["text"]) / 100)}
        print(json.dumps({"id": question["id"], **answer}), flush=True)


if __name__ == "__main__":
    main()
