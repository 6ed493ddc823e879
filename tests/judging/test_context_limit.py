"""Questions that do not fit: never asked, kept once, and what depends on them goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from judgemark.errors import UsageError
from judgemark.judges.rendering import TooLong
from judgemark.judging.context_limit import within_context
from judgemark.protocols.judging_protocol import Plan
from judgemark.protocols.pairwise_protocol import Pair, Pairwise
from judgemark.records import Failure, Outcome, Question, QuestionKey, Sample
from judgemark.run.journal import Journal, read_entries

ASKING = Pairwise({"name": "test"}, {"7": "Write."})


def question(first: str, second: str) -> Question:
    pair = Pair.of(Sample("ann", "1", "7", first), Sample("bea", "1", "7", second))
    return ASKING.questions(pair)[0]


SHORT, OTHER = question("a", "b"), question("c", "d")
LONG, LONGER = question("long", "e"), question("long", "f")


def too_long(questions: Iterable[Question]) -> tuple[TooLong, ...]:
    """The text that says so is."""
    return tuple(
        TooLong(q, 9, 5) for q in questions if any(s.text == "long" for s in q.pieces.values())
    )


def waves(heard: list[Mapping[QuestionKey, Outcome]], *each: Sequence[Question]) -> Plan:
    for wave in each:
        heard.append((yield wave))


def drive(plan: Plan) -> list[list[Question]]:
    """Ask the plan's questions without ever an outcome; the waves that came."""
    came = []
    try:
        wave = next(plan)
        while True:
            came.append(list(wave))
            wave = plan.send({})
    except StopIteration:
        return came


def test_what_fits_is_asked_and_the_rest_is_told_as_failed(tmp_path: Path) -> None:
    heard: list[Mapping[QuestionKey, Outcome]] = []
    with Journal(tmp_path / "verdicts.jsonl") as journal:
        plan = waves(heard, [SHORT, LONG], [LONGER], [OTHER])
        # The second wave holds nothing that fits, so nobody is asked about it.
        assert drive(within_context(plan, too_long, journal, skip=True)) == [[SHORT], [OTHER]]
    assert [set(outcomes) for outcomes in heard] == [{LONG.key}, {LONGER.key}, set()]
    outcome = heard[0][LONG.key]
    assert isinstance(outcome, Failure)
    assert outcome.reason.startswith("too long: item 7, ")
    entries = list(read_entries(tmp_path / "verdicts.jsonl"))
    assert [(e.key, e.attempts) for e in entries] == [(LONG.key, 0), (LONGER.key, 0)]


def test_a_second_time_nothing_is_written(tmp_path: Path) -> None:
    for _ in range(2):
        with Journal(tmp_path / "verdicts.jsonl") as journal:
            drive(within_context(waves([], [LONG, SHORT]), too_long, journal, skip=True))
    assert len(list(read_entries(tmp_path / "verdicts.jsonl"))) == 1


def test_without_leave_to_skip_the_wave_is_refused_whole(tmp_path: Path) -> None:
    with Journal(tmp_path / "verdicts.jsonl") as journal:
        plan = within_context(waves([], [OTHER], [SHORT, LONG]), too_long, journal, skip=False)
        assert next(plan) == [OTHER]
        with pytest.raises(UsageError, match="a pair is too long for the judge: item 7"):
            plan.send({})
        assert journal.good == {}
