"""The same questions as an Inspect AI task: its own provider, its own log, a scorer of ours.

Run by an environment that holds `inspect-ai` and `openai`, with this checkout as the folder:
`python -m benchmarks.rival_inspect ADDRESS CONNECTIONS QUESTIONS FOLDER`. It runs as fast as we
could make it: as many connections (inspect.aisi.org.uk/models-concurrency.html, November 2026) and
samples at once as the others have threads, no display, no events logged for watching while it runs.
Samples and scores go to its .eval log all the same.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

from inspect_ai import Task, eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig, get_model
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import TaskState, generate

from benchmarks.rival_scores import scores_in


def rubric() -> Scorer:
    """The mean of a reply's criterion scores, with the scores beside it."""

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001
        scores = scores_in(state.output.completion)
        return Score(value=sum(scores.values()) / len(scores), metadata=dict(scores))

    return score


def main(address: str, connections: int, questions: Path, folder: Path) -> None:
    """Evaluate, and say how many samples its log holds a score for."""
    asked = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
    # Not by decoration: where the package is not installed, its decorator has no type.
    registered = scorer(metrics=[mean()])(rubric)
    samples = [Sample(id=one["id"], input=one["prompt"]) for one in asked]
    [log] = eval(
        Task(MemoryDataset(samples), solver=generate(), scorer=registered()),
        model=get_model(
            "openai-api/bench/slow",
            base_url=address,
            api_key="none",
            config=GenerateConfig(
                max_connections=connections, temperature=0, max_tokens=16_000, max_retries=5
            ),
        ),
        max_samples=connections,
        log_dir=str(folder),
        log_realtime=False,
        score_display=False,
        display="none",
    )
    scored = sum(bool(sample.scores) for sample in log.samples or ())
    sys.stdout.write(json.dumps({"scored": scored, "version": version("inspect-ai")}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
