"""Tournaments come back from a folder's own files, by the rules that they were played by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from judgemark.errors import InputError, UsageError
from judgemark.inputs.samples import SampleSet
from judgemark.protocols.pairwise_protocol import Pairwise
from judgemark.protocols.tournament_protocol import TournamentProtocol
from judgemark.records import Class, Failure, LetterLogprobs, Question, Reply, Sample, Usage
from judgemark.run.counted_entries import digest
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.stored_pairwise_run import counted_answers, pairwise_of, rules_of
from judgemark.run.stored_run import read_run
from judgemark.tournaments.tournament_settings import Option, Settings

INSTRUCTIONS = {"x": "Write about x.", "y": "Write about y."}
PIECES = tuple(Sample(w, "1", item, f"{w} on {item}") for w in ("ann", "bea", "cid")
               for item in INSTRUCTIONS)  # fmt: skip


def spec(asking: Pairwise, rules: Settings) -> dict[str, Any]:
    protocol = TournamentProtocol(asking, PIECES, rules).fingerprint
    return {
        "run_id": "r",
        "judge": {"spec": "test"},
        "seed": 5,
        "fingerprint": {
            "judge": dict(asking.judge),
            "protocol": dict(protocol),
            "samples": {"sha256": SampleSet("mine", PIECES).sha256},
        },
    }


def entry(question: Question, reply: Reply | None, asking: Pairwise) -> JournalEntry:
    outcome = asking.read_reply(reply) if reply else Failure(Class.ERROR, "HTTP 500")
    texts = {role: s.sha256 for role, s in question.pieces.items()}
    return JournalEntry(question.key, question.item, texts, outcome, reply, 1, outcome.cls if reply
                 else None, 0.5, "then", Usage(10, 1))  # fmt: skip


def letters(question: Question) -> Reply:
    """Prefers the earlier writer at 0.8, whichever position it has."""
    first = question.pieces["A"].writer < question.pieces["B"].writer
    a, b = (-0.2231, -1.6094) if first else (-1.6094, -0.2231)
    return Reply("A" if first else "B", "length", logprobs=LetterLogprobs(a, b, "A" if first else
                                                                         "B"))  # fmt: skip


def played(folder: Path, rules: Settings, *, without: int = 0) -> RunFolder:
    """A finished run of three writers; `without` of its questions failed."""
    asking = Pairwise({"name": "test"}, INSTRUCTIONS)
    run = RunFolder(folder / "r")
    run.path.mkdir()
    run.keep_instructions(INSTRUCTIONS)
    run.begin(spec(asking, rules), SampleSet("s", PIECES))
    plan = TournamentProtocol(asking, PIECES, rules).plan()
    with Journal(run.journal) as journal:
        try:
            wave = next(plan)
            while True:
                entries = []
                for q in wave:
                    entries.append(entry(q, letters(q) if without <= 0 else None, asking))
                    without -= 1
                for one in entries:
                    journal.append(one)
                wave = plan.send({e.key: e.outcome for e in entries})
        except StopIteration:
            return run


@pytest.mark.parametrize(
    "rules",
    [
        Settings(seed=5),
        Settings(rounds=2, k_factor=16.0, initial_rating=1000.0),
        Settings(option=Option.BOOTSTRAP, bootstraps=3, rounds=4),
        Settings(option=Option.FULL),
    ],
)
def test_the_rules_come_back(rules: Settings) -> None:
    asking = Pairwise({"name": "test"}, INSTRUCTIONS, escape_non_ascii=True)
    stored = spec(asking, rules)
    assert rules_of(stored).fingerprint == rules.fingerprint
    assert pairwise_of(stored, INSTRUCTIONS) == asking


def test_ratings_and_what_they_took(tmp_path: Path) -> None:
    run = read_run(played(tmp_path, Settings(option=Option.FULL)))
    assert run.ratings
    assert run.tournaments is not None
    ratings = {(j.writer, j.item): j.value or 0.0 for j in run.judged}
    assert len(ratings) == run.pieces == 6
    for item in INSTRUCTIONS:
        assert ratings["ann", item] > ratings["bea", item] > ratings["cid", item]
    # 2 items x 3 pairs x 2 passes, one request each.
    assert (run.tournaments.asked, run.tournaments.lent) == (12, 0)
    assert (run.spent.requests, run.spent.prompt_tokens) == (12, 120)
    assert run.tournaments.letters is not None
    assert run.tournaments.letters.mass == pytest.approx(1.0, abs=1e-3)
    assert run.seed == 5


def test_a_failed_pass_is_missing_and_named(tmp_path: Path) -> None:
    run = read_run(played(tmp_path, Settings(option=Option.FULL), without=1))
    assert run.tournaments is not None
    assert run.tournaments.played.result.missing == 1
    assert [failure.reason for _, failure in run.tournaments.failures] == ["HTTP 500"]


def test_verdicts_are_named_by_their_probabilities_too() -> None:
    asking = Pairwise({"name": "test"}, INSTRUCTIONS)
    question = next(TournamentProtocol(asking, PIECES, Settings()).plan())[0]
    surer = replace(letters(question), logprobs=LetterLogprobs(-0.01, -5.0, "A"))
    one, other = (
        digest(counted_answers([entry(question, reply, asking)], asking).values())
        for reply in (letters(question), surer)
    )
    assert one != other


def test_a_run_over_single_pairs_is_not_scored(tmp_path: Path) -> None:
    folder = played(tmp_path, Settings())
    stored = folder.spec()
    del stored["fingerprint"]["protocol"]["tournament"]
    folder.begin(stored, SampleSet("s", PIECES))
    with pytest.raises(UsageError, match="holds single pairs and no tournament"):
        read_run(folder)


def test_damaged_instructions_are_named(tmp_path: Path) -> None:
    folder = played(tmp_path, Settings())
    (folder.path / "writing_prompts.json").write_text('{"x": 3}', "utf-8")
    with pytest.raises(InputError, match="is damaged"):
        read_run(folder)
