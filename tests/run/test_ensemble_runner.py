"""Several judges of one run: one that fails does not lose what the others said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from judgemark.errors import CapReached, Refused
from judgemark.protocols.ensemble_protocol import EnsembleProtocol
from judgemark.protocols.number_protocol import NumberProtocol
from judgemark.run.budget import Budget, Spending
from judgemark.run.ensemble_runner import EnsembleRunner, OpenMember
from judgemark.run.journal import Journal, read_entries
from judgemark.run.stop import Stop
from tests.support.asking import ScriptedJudge, runner_of
from tests.support.questions import pieces

SAMPLES = pieces(5)
PROTOCOL = EnsembleProtocol(
    tuple(NumberProtocol({"kind": "test", "name": name}, SAMPLES) for name in ("a", "b", "a")),
    (None, None, None),
)


def ask(
    path: Path,
    judges: Mapping[int, ScriptedJudge],
    *,
    max_requests: int | None = None,
    released: list[int] | None = None,
) -> None:
    stop, spending = Stop(), Spending()
    with Journal(path) as journal:

        def opened(number: int) -> OpenMember:
            runner = runner_of(
                journal,
                judges[number],
                PROTOCOL,
                stop=stop.part(),
                budget=Budget(max_requests=max_requests, spending=spending),
            )
            gone = [] if released is None else released
            return OpenMember(f"judge-{number}", runner, lambda: gone.append(number))

        EnsembleRunner(journal, opened, keep_open=False).run(PROTOCOL.plan())


def told(path: Path) -> dict[int, int]:
    """The number of verdicts of each member."""
    members = [e.key.slot.member for e in read_entries(path) if e.outcome.cls.good]
    return {member: members.count(member) for member in set(members)}


def always(text: str | Exception) -> ScriptedJudge:
    return ScriptedJudge(lambda *_: text)


def test_each_member_is_asked_about_each_piece_and_repeats_are_separate(tmp_path: Path) -> None:
    path, released = tmp_path / "verdicts.jsonl", list[int]()
    judges = {0: always("1"), 1: always("2"), 2: always("3")}
    ask(path, judges, released=released)
    assert told(path) == {0: 5, 1: 5, 2: 5}
    entries = list(read_entries(path))
    assert {e.key.slot.member: e.reply.text for e in entries if e.reply} == {
        0: "1",
        1: "2",
        2: "3",
    }
    # Members 0 and 2 are one judge: the questions are the same, in slots of their own.
    questions = {m: {e.key.question for e in entries if e.key.slot.member == m} for m in range(3)}
    assert questions[0] == questions[2] and not questions[0] & questions[1]
    assert released == [0, 1, 2]


def test_a_member_that_refuses_keeps_nobody_else_from_being_asked(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    judges = {0: always("1"), 1: always(Refused("no such judge")), 2: always("3")}
    with pytest.raises(Refused, match=r"^judge 2 \(judge-1\): no such judge$"):
        ask(path, judges)
    assert told(path) == {0: 5, 2: 5}
    again = {0: always("9"), 1: always("2"), 2: always("9")}
    ask(path, again)
    assert told(path) == {0: 5, 1: 5, 2: 5}
    assert not again[0].asked and not again[2].asked


def test_all_that_refuse_are_named(tmp_path: Path) -> None:
    judges = {n: always(Refused("no key")) for n in range(3)}
    with pytest.raises(Refused, match=r"judge 1 .*; judge 2 .*; judge 3"):
        ask(tmp_path / "verdicts.jsonl", judges)


def test_a_cap_holds_for_all_together(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    with pytest.raises(CapReached):
        ask(path, {0: always("1"), 1: always("2"), 2: always("3")}, max_requests=7)
    assert told(path) == {0: 5, 1: 2}


def test_the_probes_of_each_member_go_ahead(tmp_path: Path) -> None:
    unreadable = always("no number")
    judges = {0: always("1"), 1: unreadable, 2: always("3")}
    with pytest.raises(Refused, match=r"judge 2 .*none of the 3 probe pieces"):
        ask(tmp_path / "verdicts.jsonl", judges)
    assert sum(unreadable.asked.values()) == 3
