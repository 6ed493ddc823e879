"""Large runs in the current format, made by the package's own writers from a simulated judge."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from judgemark.inputs.prompts import END, START
from judgemark.jobs.prepare_run import Prepared, prepare
from judgemark.judging.job_settings import InputFiles, JobSettings, PairwiseChoices
from judgemark.judging.pairwise_mode import PairwiseMode
from judgemark.protocols.judging_protocol import Plan
from judgemark.records import LetterLogprobs, Outcome, Question, QuestionKey, Reply, Usage
from judgemark.run.asked_log import NAME as ASKED
from judgemark.run.asked_log import AskedLog, noted
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal
from judgemark.run.journal_entry import JournalEntry

PAIR_WORDS, PIECE_WORDS = 560, 380
CRITERIA = 16
WRITERS_IN_TOURNAMENT, WRITERS_SCORED, ITERATIONS = 101, 31, 5
LATE = "late.jsonl"
TIME = "2026-01-01T00:00:00+00:00"
LETTERS = {"letters": {"top": 20, "ids": None, "thinking_off": False}, "parameters": {}}
"""What a run has stored about an endpoint that gives log-probabilities."""

Answer = Callable[[Question], Reply]


@dataclass(frozen=True, slots=True)
class MadeRun:
    """A run in `folder` with `verdicts` answers, whose last ones are not in its journal yet.

    `command` is the command line that asks for them, without the program.
    """

    folder: Path
    command: tuple[str, ...]
    verdicts: int

    def complete(self) -> None:
        """Append the answers that were held back."""
        late = self.folder / LATE
        with RunFolder(self.folder).journal.open("ab") as journal:
            journal.write(late.read_bytes())
        late.unlink()


def samples_of(writers: int, iterations: int, items: int, words: int) -> dict[str, Any]:
    """Return samples as their file has them, with more words to choose from for every writer."""
    draw = np.random.default_rng(0)
    known = np.array([f"word{n}" for n in range(4_000)])
    return {
        f"writer-{w:03}": {
            "samples": {
                str(t): {
                    f"{i:04}": " ".join(
                        draw.choice(known[: 1_500 + 20 * w], words + draw.integers(-99, 99))
                    )
                    for i in range(items)
                }
                for t in range(iterations)
            }
        }
        for w in range(writers)
    }


def pairs_run(home: Path, verdicts: int, held_back: int, port: int) -> MadeRun:
    """Make a full round robin with about this number of verdicts (two for each pair)."""
    writers = WRITERS_IN_TOURNAMENT if verdicts >= 50_000 else 11
    items = max(2, round(verdicts / (writers * (writers - 1))))
    samples = samples_of(writers, 1, items, PAIR_WORDS)
    prompts = {f"{i:04}": {"writing_prompt": "Write a story. " * 20} for i in range(items)}
    files = {"samples-file": "samples.json", "writing-prompts": "writing_prompts.json"}
    _write(home, {"samples.json": samples, "writing_prompts.json": prompts})
    settings = JobSettings(
        judge_model="judge",
        mode="pairwise",
        base_url=f"http://127.0.0.1:{port}/v1",
        files=InputFiles(
            samples_file=home / "samples.json", writing_prompts=home / "writing_prompts.json"
        ),
        pairwise=PairwiseChoices(tournament="full"),
        run_id="pairs",
        runs_dir=home / "runs",
    )
    made = prepare(settings, {"OPENAI_API_KEY": "none"})
    if not isinstance(made.judging, PairwiseMode):
        raise TypeError("a tournament is asked in the pairwise mode")
    begun = {"judge": {"letters": LETTERS["letters"]}}
    prepared = Prepared(
        **{**vars(made), "judging": made.judging.as_begun(begun)},
    )
    options = ("--mode", "pairwise", "--tournament", "full")
    return _asked(prepared, letters(), held_back, _command(prepared, port, files, *options))


def rubric_run(home: Path, pieces: int, held_back: int, port: int) -> MadeRun:
    """Make a run of about this number of pieces, scored on 16 criteria in long replies."""
    items = max(2, round(pieces / WRITERS_SCORED / ITERATIONS))
    samples = samples_of(WRITERS_SCORED, ITERATIONS, items, PIECE_WORDS)
    names = [f"Quality {chr(65 + n)}" for n in range(CRITERIA)]
    criteria = {"criteria": [{"name": n, "negative": k % 2 == 1} for k, n in enumerate(names)]}
    prompts = {f"{i:04}": f"Score this.\n{START}\n{END}\nThank you." for i in range(items)}
    content = {"samples.json": samples, "criteria.json": criteria, "prompts.json": prompts}
    _write(home, content)
    settings = JobSettings(
        judge_model="judge",
        base_url=f"http://127.0.0.1:{port}/v1",
        files=InputFiles(
            samples_file=home / "samples.json",
            criteria_file=home / "criteria.json",
            prompts_file=home / "prompts.json",
        ),
        run_id="rubric",
        runs_dir=home / "runs",
    )
    prepared = prepare(settings, {"OPENAI_API_KEY": "none"})
    files = {
        "samples-file": "samples.json",
        "criteria-file": "criteria.json",
        "prompts-file": "prompts.json",
    }
    return _asked(prepared, scores(names), held_back, _command(prepared, port, files))


def letters() -> Answer:
    """Return a judge whose letters follow the writers' numbers, with noise and a lean to A."""
    draw = np.random.default_rng(1)

    def answer(question: Question) -> Reply:
        one, two = (int(question.pieces[role].writer[-3:]) for role in "AB")
        lead = 0.04 * (one - two) + 0.2 + draw.normal()
        p = round(1 / (1 + np.exp(-lead)), 6)
        a, b = float(np.log(p) - 0.01), float(np.log1p(-p) - 0.01)
        found = LetterLogprobs(a, b, "A" if p > 0.5 else "B", candidates=20)
        return Reply("A" if p > 0.5 else "B", "length", "judge", None, Usage(2_200, 1), found)

    return answer


def scores(names: Sequence[str]) -> Answer:
    """Return a judge that says something of about 2,000 characters and scores the criteria."""
    draw = np.random.default_rng(1)
    said = "A thoughtful piece, with some stock phrases in it. " * 34

    def answer(question: Question) -> Reply:
        level = 5 + int(question.pieces["piece"].writer[-3:]) / 10
        given = np.clip(np.rint(draw.normal(level, 1.5, len(names))), 0, 10)
        lines = "\n".join(f"{name}: {int(score)}" for name, score in zip(names, given, strict=True))
        return Reply(f"{said}\n\n{lines}", "stop", "judge", None, Usage(900, 700))

    return answer


def _asked(prepared: Prepared, answer: Answer, held_back: int, command: tuple[str, ...]) -> MadeRun:
    """Ask the simulated judge everything and store its answers, the last ones left out."""
    folder = prepared.folder
    prepared.judging.store_instructions(folder)
    folder.begin(prepared.description(), prepared.judging.pieces)
    plan: Plan = noted(prepared.protocol.plan(), AskedLog(folder.path / ASKED))
    late: list[JournalEntry] = []
    verdicts = 0
    with Journal(folder.journal) as journal:
        try:
            wave = next(plan)
            while True:
                outcomes: dict[QuestionKey, Outcome] = {}
                for question in wave:
                    entry = _entry(prepared, question, answer(question))
                    outcomes[entry.key] = entry.outcome
                    late.append(entry)
                verdicts += len(outcomes)
                for entry in late[: max(0, len(late) - held_back)]:
                    journal.append(entry)
                del late[: max(0, len(late) - held_back)]
                wave = plan.send(outcomes)
        except StopIteration:
            pass
    with Journal(folder.path / LATE) as journal:
        for entry in late:
            journal.append(entry)
    return MadeRun(folder.path, command, verdicts)


def _entry(prepared: Prepared, question: Question, reply: Reply) -> JournalEntry:
    outcome = prepared.protocol.read(question, reply)
    return JournalEntry(
        key=question.key,
        item=question.item,
        texts={role: sample.sha256 for role, sample in question.pieces.items()},
        outcome=outcome,
        reply=reply,
        attempts=1,
        first_class=outcome.cls,
        seconds=0.5,
        time=TIME,
        usage=reply.usage,
        prompt_characters=sum(len(message.content) for message in question.messages),
    )


def _command(
    prepared: Prepared, port: int, files: Mapping[str, str], *options: str
) -> tuple[str, ...]:
    named = [part for flag, name in files.items() for part in (f"--{flag}", name)]
    address = f"http://127.0.0.1:{port}/v1"
    run_id = prepared.folder.run_id
    return (
        "--judge-model", "judge", "--base-url", address, "--run-id", run_id, *named, *options
    )  # fmt: skip


def _write(home: Path, content: Mapping[str, Any]) -> None:
    for name, value in content.items():
        (home / name).write_text(json.dumps(value), "utf-8")
