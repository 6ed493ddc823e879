"""Stored runs: from a folder alone back to who was judged how; replies are parsed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from judgemark.errors import InputError
from judgemark.inputs.prompts import END, START, PromptSet
from judgemark.inputs.samples import SampleSet
from judgemark.judged import FirstTry, JudgedRun
from judgemark.judges.baselines import baseline, random_number
from judgemark.protocols.judging_protocol import JudgingProtocol
from judgemark.protocols.number_protocol import NumberProtocol
from judgemark.protocols.rubric_protocol import RubricProtocol
from judgemark.records import Class, Criterion, Failure, Question, Reply, Rubric, Sample, Usage
from judgemark.run.folder import SAMPLES, RunFolder
from judgemark.run.journal import Journal, read_entries
from judgemark.run.stored_run import ReadJournal, read_run
from tests.support.asking import ScriptedJudge, Told, ask
from tests.support.entries import entry

NAMES = ("Wit", "Pace", "Voice", "Clarity", "Purple Prose")
CRITERIA = tuple(Criterion(name, name == "Purple Prose") for name in NAMES)
ITEMS = ("7", "8")


def reply_of(score: float, names: Sequence[str] = NAMES) -> str:
    return "\n".join(f"{name}: {score:g}" for name in names)


def sample(writer: str, item: str, text: str, iteration: str = "1") -> Sample:
    return Sample(writer, iteration, item, text)


def rubric_protocol(
    samples: Sequence[Sample], criteria: tuple[Criterion, ...] | None = CRITERIA, repeats: int = 1
) -> RubricProtocol:
    prompts = PromptSet("p", dict.fromkeys(ITEMS, (f"Judge {START}", END)))
    return RubricProtocol({"kind": "test"}, samples, prompts, Rubric(0, 10, criteria), repeats)


def begun(
    folder: Path, samples: Sequence[Sample], protocol: JudgingProtocol, **more: Any
) -> RunFolder:
    """A run's folder with nothing asked yet."""
    rubric = protocol.rubric if isinstance(protocol, RubricProtocol) else Rubric(0, 10)
    listed = rubric.criteria and [{"name": c.name, "negative": c.negative} for c in rubric.criteria]
    run = RunFolder(folder / "r")
    ordered = tuple(sorted(samples, key=lambda s: (s.writer, s.iteration, s.item)))
    spec = {
        "run_id": "r",
        "judge": {"spec": "some/judge"},
        "samples": {"name": "mine"},
        "fingerprint": {
            "judge": {"kind": "test"},
            "protocol": dict(protocol.fingerprint),
            "samples": {"sha256": SampleSet("mine", ordered).sha256},
            "scoring": {"min": 0.0, "max": 10.0, "criteria": listed},
        },
        **more,
    }
    run.begin(spec, SampleSet("mine", ordered))
    return run


def by_text(told: Mapping[str, Told]) -> Any:
    """A script that answers by what the piece holds."""

    def script(question: Question, _: int) -> Told:
        return next(
            answer for text, answer in told.items() if text in question.messages[-1].content
        )

    return script


def rows(run: JudgedRun) -> dict[tuple[str, str, str], Any]:
    return {(j.writer, j.iteration, j.item): j.scores or j.value for j in run.judged}


def test_a_run_comes_back_from_its_folder(tmp_path: Path) -> None:
    samples = (sample("ann", "7", "good one"), sample("bea", "7", "poor – “é”"))
    protocol = rubric_protocol(samples)
    folder = begun(tmp_path, samples, protocol, seed=3)
    told = {
        "good": Reply(reply_of(8), "stop", usage=Usage(100, 20, 0.25)),
        "poor": Reply(reply_of(2), "stop", usage=Usage(90, 20, 0.5)),
    }
    ask(folder.journal, ScriptedJudge(by_text(told)), protocol)
    run = read_run(folder)
    assert rows(run) == {
        ("ann", "1", "7"): dict.fromkeys(NAMES, 8.0),
        ("bea", "1", "7"): dict.fromkeys(NAMES, 2.0),
    }
    lengths = {j.writer: (j.text_sha256, j.text_length) for j in run.judged}
    assert lengths == {s.writer: (s.sha256, len(s.text)) for s in samples}
    assert run.replies["ann", "1", "7"] == reply_of(8)
    assert (run.run_id, run.pieces, run.repeats, run.seed) == ("r", 2, 1, 3)
    assert run.rubric == Rubric(0, 10, CRITERIA)
    assert (run.spent.prompt_tokens, run.spent.completion_tokens) == (190, 40)
    assert (run.spent.cost, run.spent.requests) == (0.75, 2)
    assert run.samples == samples


def test_replies_are_read_again(tmp_path: Path) -> None:
    samples = (sample("ann", "7", "text"),)
    protocol = rubric_protocol(samples)
    folder = begun(tmp_path, samples, protocol)
    # Kept by a parser that could not read it: scores of its own, no verdict in the file.
    (question,) = (protocol.question(s) for s in samples)
    with Journal(folder.journal) as journal:
        journal.append(
            entry(
                key=question.key,
                texts={"piece": samples[0].sha256},
                outcome=Failure(Class.UNPARSEABLE, "an old parser"),
                reply=Reply(reply_of(6), "stop"),
                first_class=Class.UNPARSEABLE,
            )
        )
    run = read_run(folder)
    assert rows(run) == {("ann", "1", "7"): dict.fromkeys(NAMES, 6.0)}
    assert run.classes == {Class.OK: 1}


def test_what_has_no_verdict_says_what_came_instead(tmp_path: Path) -> None:
    samples = (sample("ann", "7", "cut"), sample("bea", "7", "empty"), sample("cid", "7", "good"))
    protocol = rubric_protocol(samples)
    folder = begun(tmp_path, samples, protocol)
    told: dict[str, Told] = {"cut": Reply(reply_of(8), "length"), "empty": "", "good": reply_of(5)}
    ask(folder.journal, ScriptedJudge(by_text(told)), protocol)
    run = read_run(folder)
    assert {(u.writer, u.cls, u.reply) for u in run.unjudged} == {
        ("ann", Class.TRUNCATED, reply_of(8)),
        ("bea", Class.EMPTY, ""),
    }
    assert [j.writer for j in run.judged] == ["cid"]
    assert run.classes == {Class.TRUNCATED: 1, Class.EMPTY: 1, Class.OK: 1}


def test_a_piece_that_was_never_asked_is_neither(tmp_path: Path) -> None:
    samples = (sample("ann", "7", "one"), sample("ann", "8", "two"))
    asked = rubric_protocol(samples[:1])
    folder = begun(tmp_path, samples, asked)
    ask(folder.journal, ScriptedJudge(by_text({"one": reply_of(5)})), asked)
    run = read_run(folder)
    assert (len(run.judged), len(run.unjudged), run.pieces) == (1, 0, 2)


def test_the_last_good_verdict_counts_and_the_first_class_is_kept(tmp_path: Path) -> None:
    samples = (sample("ann", "7", "text"), sample("bea", "7", "other"))
    protocol = rubric_protocol(samples)
    folder = begun(tmp_path, samples, protocol)
    told: dict[str, Told] = {"text": "I had rather not say.", "other": reply_of(4)}
    ask(folder.journal, ScriptedJudge(by_text(told)), protocol)
    assert read_run(folder).unjudged[0].writer == "ann"
    ask(folder.journal, ScriptedJudge(by_text({"text": reply_of(9)})), protocol)
    run = read_run(folder)
    assert rows(run)["ann", "1", "7"] == dict.fromkeys(NAMES, 9.0)
    # Of two questions with a reply one could be scored at the first: asking again hides nothing.
    assert run.first_try is not None
    assert (run.first_try.parsed, run.first_try.replied) == (1, 2)
    assert run.spent.requests == 4 + 1 + 1


def test_without_criteria_those_that_most_replies_give_are_the_criteria(tmp_path: Path) -> None:
    samples = tuple(sample(writer, "7", f"text of {writer}") for writer in ("ann", "bea", "cid"))
    protocol = rubric_protocol(samples, None)
    folder = begun(tmp_path, samples, protocol)
    told: dict[str, Told] = {
        "of ann": reply_of(8) + "\nMy Own Idea: 9",
        "of bea": reply_of(5).replace("Purple Prose", "purple-prose"),
        "of cid": reply_of(3, ("Alpha", "Beta", "Gamma", "Delta", "Wit")),
    }
    ask(folder.journal, ScriptedJudge(by_text(told)), protocol)
    run = read_run(folder)
    # Five names in at least two of three replies; "My Own Idea" and the Greek ones in one.
    assert rows(run) == {
        ("ann", "1", "7"): dict.fromkeys(NAMES, 8.0),
        ("bea", "1", "7"): dict.fromkeys(NAMES, 5.0),
    }
    (left,) = run.unjudged
    assert (left.writer, left.cls) == ("cid", Class.UNPARSEABLE)
    # cid's reply looked good while no criteria were known, and was not: two of three at first.
    assert run.first_try == FirstTry(parsed=2, replied=3)


def test_a_first_try_that_the_reader_has_learnt_to_read_counts(tmp_path: Path) -> None:
    samples = (sample("ann", "7", "text"),)
    protocol = rubric_protocol(samples)
    folder = begun(tmp_path, samples, protocol)
    stored = entry(
        key=protocol.question(samples[0]).key,
        texts={"piece": samples[0].sha256},
        outcome=Failure(Class.UNPARSEABLE, "an old parser"),
        reply=Reply(reply_of(6), "stop"),
        attempts=1,
        first_class=Class.UNPARSEABLE,
    )
    with Journal(folder.journal) as journal:
        journal.append(stored)
    assert read_run(folder).first_try == FirstTry(parsed=1, replied=1)


def test_the_same_text_of_two_writers_is_asked_once_and_counts_for_both(tmp_path: Path) -> None:
    samples = (
        sample("ann", "7", "same"),
        sample("bea", "7", "same"),
        sample("bea", "7", "same", "2"),
    )
    protocol = rubric_protocol(samples)
    folder = begun(tmp_path, samples, protocol)
    judge = ScriptedJudge(by_text({"same": reply_of(5)}))
    ask(folder.journal, judge, protocol)
    assert judge.asked.total() == 1
    assert set(rows(read_run(folder))) == {("ann", "1", "7"), ("bea", "1", "7"), ("bea", "2", "7")}


def test_the_same_text_under_two_items_is_two_questions(tmp_path: Path) -> None:
    samples = (sample("ann", "7", "same"), sample("ann", "8", "same"))
    told = {"rubric": {"7": reply_of(2), "8": reply_of(9)}, "direct": {"7": "2", "8": "9"}}
    for protocol in (rubric_protocol(samples), NumberProtocol({"kind": "test"}, samples)):
        name = str(protocol.fingerprint["name"])
        folder = begun(tmp_path / name, samples, protocol)
        judge = ScriptedJudge(lambda question, _, name=name: told[name][question.item])  # type: ignore[misc]
        ask(folder.journal, judge, protocol)
        assert judge.asked == {"7": 1, "8": 1}
        found = rows(read_run(folder))
        assert found["ann", "1", "7"] != found["ann", "1", "8"]


def test_the_random_baseline_tells_the_same_text_apart_by_its_place(tmp_path: Path) -> None:
    samples = (
        sample("ann", "7", "same"),
        sample("bea", "7", "same"),
        sample("bea", "7", "same", "2"),
        sample("bea", "8", "same"),
    )
    judge = baseline("random", 5)
    protocol = NumberProtocol(judge.configuration, samples, judge.by_place)
    folder = begun(tmp_path, samples, protocol)
    ask(folder.journal, judge, protocol)
    expected = {(s.writer, s.iteration, s.item): random_number(5, s) for s in samples}
    assert rows(read_run(folder)) == expected
    assert len(set(expected.values())) == 4


def test_repeats_are_asked_and_kept_apart(tmp_path: Path) -> None:
    samples = (sample("ann", "7", "one"), sample("bea", "7", "two"))
    protocol = rubric_protocol(samples, repeats=2)
    folder = begun(tmp_path, samples, protocol, repeats=2)
    judge = ScriptedJudge(lambda question, _: reply_of(5 + question.key.slot.repeat))
    ask(folder.journal, judge, protocol)
    run = read_run(folder)
    scores = {(j.writer, j.repeat): j.scores for j in run.judged}
    assert scores == {
        (writer, repeat): dict.fromkeys(NAMES, 5.0 + repeat)
        for writer in ("ann", "bea")
        for repeat in (0, 1)
    }
    assert run.repeats == 2


def test_the_digest_follows_the_verdicts_not_their_order(tmp_path: Path) -> None:
    samples = (sample("ann", "7", "one"), sample("bea", "7", "two"))
    digests = []
    for name, order, second in (("a", 1, 5), ("b", -1, 5), ("c", 1, 6)):
        protocol = rubric_protocol(samples[::order])
        folder = begun(tmp_path / name, samples, protocol)
        told: dict[str, Told] = {"one": reply_of(3), "two": reply_of(second)}
        ask(folder.journal, ScriptedJudge(by_text(told)), protocol)
        digests.append(read_run(folder).verdicts_sha256)
    assert digests[0] == digests[1] != digests[2]


def test_what_the_caller_has_read_already_is_not_read_again(tmp_path: Path) -> None:
    samples = (sample("ann", "7", "one"), sample("bea", "7", "two"))
    protocol = rubric_protocol(samples)
    folder = begun(tmp_path, samples, protocol)
    told: dict[str, Told] = {"one": reply_of(3), "two": reply_of(5)}
    ask(folder.journal, ScriptedJudge(by_text(told)), protocol)
    whole = read_run(folder)
    read = ReadJournal.of(folder.journal, protocol.fingerprint, whole.rubric)
    given = SampleSet("another name of the same pieces", whole.samples)
    (folder.path / SAMPLES).unlink()
    again = read_run(folder, given, replace(read, entries=read.entries[:1]))
    assert again.spent.requests == 1
    assert (again.judged, again.dataset) == (whole.judged, whole.dataset)
    assert again.verdicts_sha256 == whole.verdicts_sha256


def test_what_the_caller_has_read_is_read_again_where_it_is_not_that_of_the_folder(
    tmp_path: Path,
) -> None:
    samples = (sample("ann", "7", "one"), sample("bea", "7", "two"))
    protocol = rubric_protocol(samples)
    folder = begun(tmp_path, samples, protocol)
    rubric, other = Rubric(0, 10, CRITERIA), SampleSet("mine", samples[:1])
    told: dict[str, Told] = {"one": reply_of(3), "two": reply_of(5)}
    nothing = ReadJournal.of(folder.journal, protocol.fingerprint, rubric)
    ask(folder.journal, ScriptedJudge(by_text(told)), protocol)
    assert len(read_run(folder, other, nothing).judged) == 2
    read = ReadJournal.of(folder.journal, protocol.fingerprint, Rubric(0, 5, CRITERIA))
    assert [j.scores for j in read_run(folder, None, read).judged] == [
        dict.fromkeys(NAMES, 3.0),
        dict.fromkeys(NAMES, 5.0),
    ]


def test_damage_in_the_journal_is_said(tmp_path: Path) -> None:
    samples = (sample("ann", "7", "one"),)
    protocol = rubric_protocol(samples)
    folder = begun(tmp_path, samples, protocol)
    ask(folder.journal, ScriptedJudge(by_text({"one": reply_of(5)})), protocol)
    assert len(list(read_entries(folder.journal))) == 1
    folder.journal.write_bytes(b"{}\n" + folder.journal.read_bytes())
    with pytest.raises(InputError, match=r"verdicts\.jsonl: line 1: damaged"):
        read_run(folder)


def test_a_run_without_a_verdict_yet_is_a_run(tmp_path: Path) -> None:
    samples = (sample("ann", "7", "one"),)
    run = read_run(begun(tmp_path, samples, rubric_protocol(samples)))
    assert (run.judged, run.unjudged, run.pieces) == ((), (), 1)
