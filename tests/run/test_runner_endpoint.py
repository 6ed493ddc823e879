"""Runner, journal and endpoint judge together, against an endpoint that fails in every way."""

from __future__ import annotations

import json
import logging
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from judgemark.errors import GivenUp, Refused, TransientFault
from judgemark.inputs.prompts import END, START, PromptSet
from judgemark.judges.chat import ChatJudge
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.endpoint import choose_endpoint
from judgemark.judges.request_limits import RequestLimits
from judgemark.protocols.rubric_protocol import RubricProtocol
from judgemark.records import Class, Criterion, Outcome, Question, Reply, Rubric, Usage
from judgemark.redaction import WITHHELD
from judgemark.run.journal import Journal
from judgemark.run.journal_entry import JournalEntry
from judgemark.run.runner import RunnerSettings
from tests.support.asking import ask
from tests.support.fake_endpoint import (
    HANG,
    RESET,
    Answer,
    Asked,
    FakeEndpoint,
    Script,
    as_json,
    refused,
    said,
    web_page,
)
from tests.support.questions import pieces

KEY = "sk-very-secret-0123456789"
NAMES = ("Wit", "Pace", "Voice", "Clarity", "Purple Prose")
PATIENT = RunnerSettings(threads=6, max_retries=10, retry_delay=0.001, longest_delay=0.01)


def protocol_of(count: int) -> RubricProtocol:
    samples = pieces(count)
    prompts = PromptSet("p", {s.item: (f"Judge:\n{START}", f"{END}\nScores:") for s in samples})
    criteria = tuple(Criterion(name, name == "Purple Prose") for name in NAMES)
    return RubricProtocol({"kind": "test"}, samples, prompts, Rubric(0, 10, criteria))


def piece_of(asked: Asked) -> int:
    """The number of the piece that stands between the markers: `piece 7`."""
    return int(asked.prompt.split(START)[1].split(END)[0].split()[-1])


def scores_of(number: int) -> str:
    return "\n".join(f"{name}: {(number + n) % 11}" for n, name in enumerate(NAMES))


@contextmanager
def endpoint(script: Script) -> Iterator[FakeEndpoint]:
    with FakeEndpoint(script) as server:
        yield server


def judge_at(
    server: FakeEndpoint,
    *,
    timeout: float = 5.0,
    known: frozenset[str] = frozenset(),
    kind: type[ChatJudge] = ChatJudge,
) -> ChatJudge:
    chosen = choose_endpoint("some/judge", {"OPENAI_API_KEY": KEY}, base_url=server.url)
    return kind(chosen, ChatParameters(), RequestLimits(timeout), known)


def run(
    path: Path,
    script: Script,
    count: int,
    *,
    timeout: float = 5.0,
    probes: int = 3,
    settings: RunnerSettings = PATIENT,
) -> tuple[list[JournalEntry], FakeEndpoint]:
    with endpoint(script) as server:
        judge = judge_at(server, timeout=timeout)
        try:
            found = ask(path, judge, protocol_of(count), settings=settings, probes=probes)
        finally:
            judge.close()
    return found, server


def outcomes(entries: list[JournalEntry]) -> dict[str, Outcome]:
    return {e.item: e.outcome for e in entries}


def faithful(asked: Asked) -> Answer:
    return said(scores_of(piece_of(asked)))


FAULTS = (
    as_json({"error": {"message": "slow down"}}, 429, Retry_After="0.02"),
    refused(500, "boom"),
    RESET,
    HANG,
    web_page(),
    said(""),
    said("Wit: 3\nPace:", "length"),
    as_json({"error": {"message": "overloaded"}}),
)


def test_faults_of_every_kind_end_with_the_same_scores(tmp_path: Path) -> None:
    count = 3 * len(FAULTS)
    plain, _ = run(tmp_path / "plain.jsonl", faithful, count)
    lock, attempts = threading.Lock(), Counter[int]()

    def faulty(asked: Asked) -> Answer:
        number = piece_of(asked)
        with lock:
            attempts[number] += 1
            attempt = attempts[number]
        # Each piece meets two kinds, one after the other, before it is answered.
        if attempt <= 2:
            return FAULTS[(number + attempt) % len(FAULTS)]
        return faithful(asked)

    unlucky, server = run(tmp_path / "faulty.jsonl", faulty, count, timeout=0.6)
    assert outcomes(unlucky) == outcomes(plain)
    assert all(e.outcome.cls is Class.OK for e in unlucky)
    assert len(server.asked) == 3 * count
    # A first reply that could not be scored is not forgotten.
    firsts = Counter(e.first_class for e in unlucky if e.attempts == 3)
    assert firsts[Class.EMPTY] and firsts[Class.TRUNCATED]


def test_threads_ask_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(6)

    def script(asked: Asked) -> Answer:
        together.wait(5)
        return faithful(asked)

    _, server = run(tmp_path / "v.jsonl", script, 12, probes=0)
    assert server.peak == 6


def test_what_the_endpoint_reports_is_in_the_journal(tmp_path: Path) -> None:
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "cost": 0.5}

    def script(asked: Asked) -> Answer:
        text = scores_of(piece_of(asked)) + " \ud83d"
        return said(text, model="judge-2025", provider="Host", usage=usage)

    (entry,), _ = run(tmp_path / "v.jsonl", script, 1)
    assert entry.usage == Usage(100, 20, 0.5)
    assert entry.reply is not None
    assert (entry.reply.judge_name, entry.reply.provider) == ("judge-2025", "Host")
    assert entry.reply.finish_reason == "stop"
    # Half of a character pair, which no other file could hold as it is.
    assert entry.reply.text.endswith(" \ud83d")


def test_a_rejected_parameter_is_learnt_once_and_remembered_by_the_run(tmp_path: Path) -> None:
    path = tmp_path / "v.jsonl"

    def picky(asked: Asked) -> Answer:
        if "max_tokens" in asked.body:
            return refused(400, "Use 'max_completion_tokens' instead.", param="max_tokens")
        # The last piece stays without a verdict in the first run.
        return said("?") if piece_of(asked) == 4 else faithful(asked)

    settings = RunnerSettings(threads=1, max_retries=2, retry_delay=0.001)
    entries, server = run(path, picky, 5, settings=settings)
    assert [("max_tokens" in a.body) for a in server.asked].count(True) == 1
    assert [e.attempts for e in entries] == [2, 1, 1, 1, 3]
    assert all(e.reply and e.reply.adapted == ("max_tokens",) for e in entries)
    with Journal(path) as journal:
        known = journal.adapted_of()
    with endpoint(faithful) as again:
        judge = judge_at(again, known=known)
        ask(path, judge, protocol_of(5), settings=settings)
        judge.close()
    (request,) = again.asked
    assert "max_tokens" not in request.body
    assert request.body["max_completion_tokens"] == 16_000


def test_a_limit_for_every_reply_is_learnt_once_for_all_commands_of_a_run(tmp_path: Path) -> None:
    path = tmp_path / "v.jsonl"

    def limited(asked: Asked) -> Answer:
        if asked.body["max_tokens"] > 4096:
            return refused(400, "max_tokens is too large: at most 4096 completion tokens")
        # The last piece stays without a verdict in the first run.
        return said("?") if piece_of(asked) == 4 else faithful(asked)

    settings = RunnerSettings(threads=1, max_retries=1, retry_delay=0.001)
    entries, server = run(path, limited, 5, settings=settings)
    assert [a.body["max_tokens"] for a in server.asked].count(16_000) == 1
    assert all(e.reply and e.reply.adapted == ("max_tokens<=4096 for all",) for e in entries)
    with Journal(path) as journal:
        known = journal.adapted_of()
    with endpoint(faithful) as again:
        judge = judge_at(again, known=known)
        ask(path, judge, protocol_of(5), settings=settings)
        judge.close()
    (request,) = again.asked
    assert request.body["max_tokens"] == 4096


@pytest.mark.parametrize(
    "answer",
    [
        refused(401, f"Incorrect API key provided: {KEY}."),
        refused(404, "The model `some/judge` does not exist"),
        refused(400, "some/judge is not a valid model ID"),
        refused(429, "You exceeded your current quota", code="insufficient_quota"),
    ],
)
def test_a_final_fault_costs_three_calls_and_is_one_line_without_the_key(
    tmp_path: Path, answer: Answer
) -> None:
    with endpoint(lambda _: answer) as server:
        judge = judge_at(server)
        with pytest.raises(Refused) as caught:
            ask(tmp_path / "v.jsonl", judge, protocol_of(50), settings=PATIENT, probes=3)
        judge.close()
    assert 1 <= len(server.asked) <= 3
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_key_is_in_no_file_and_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = (
        refused(413, f"{KEY} asks too much"),
        refused(500, f"{KEY} broke it"),
        as_json({"error": {"message": f"{KEY} is busy"}}),
        as_json({"error": f"{KEY} is busy"}, 503),
        Answer(502, f"bad gateway for {KEY}".encode(), "text/plain"),
    )
    settings = RunnerSettings(threads=2, max_retries=1, retry_delay=0.001)
    entries, server = run(
        tmp_path / "v.jsonl", lambda a: told[piece_of(a) % 5], 5, probes=0, settings=settings
    )
    assert len(server.asked) == 9
    assert all(e.outcome.cls is Class.ERROR for e in entries)
    written = (tmp_path / "v.jsonl").read_text("utf-8")
    assert written.count(WITHHELD) == 5
    assert KEY not in written
    assert KEY not in caplog.text
    assert "Bearer" not in caplog.text


def test_a_piece_that_is_flagged_leaves_the_others_alone(tmp_path: Path) -> None:
    def script(asked: Asked) -> Answer:
        flagged = refused(403, "Your input was flagged by moderation")
        return flagged if piece_of(asked) == 1 else faithful(asked)

    entries, server = run(tmp_path / "v.jsonl", script, 6)
    classes = {e.item: e.outcome.cls for e in entries}
    assert classes.pop("0001") is Class.REFUSED
    assert set(classes.values()) == {Class.OK}
    # Once as a probe, once more with the rest; never more than that.
    assert len(server.asked) == 7


def test_every_line_of_the_journal_is_json_for_any_reader(tmp_path: Path) -> None:
    run(tmp_path / "v.jsonl", faithful, 4)
    lines = (tmp_path / "v.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 4
    for line in lines:
        assert set(json.loads(line)) >= {"question", "slot", "texts", "reply", "scores", "class"}


class Vanishing(ChatJudge):
    """A judge whose endpoint answers in the event loop at first, and then is not reached."""

    answers = 3

    async def ask_in_loop(self, question: Question) -> Reply:
        """Implement `AsksInLoop`."""
        self.answers -= 1
        if self.answers < 0:
            raise TransientFault("no connection", unreached=True)
        return await super().ask_in_loop(question)

    def ask(self, question: Question) -> Reply:
        """Implement `Judge`."""
        del question
        raise TransientFault("no connection", unreached=True)


def test_an_endpoint_that_answered_once_is_waited_for_when_it_is_gone(tmp_path: Path) -> None:
    settings = RunnerSettings(threads=2, retry_delay=0.001, longest_delay=0.01, give_up_after=0.2)
    with endpoint(faithful) as server:
        judge = judge_at(server, kind=Vanishing)
        with pytest.raises(GivenUp, match="has answered no request"):
            ask(tmp_path / "v.jsonl", judge, protocol_of(9), settings=settings, probes=3)
        judge.close()
    assert len(server.asked) == 3


def test_the_event_loop_asks_first_and_threads_ask_again(tmp_path: Path) -> None:
    asked_in: dict[str, set[int]] = {"loop": set(), "threads": set()}

    class Watched(ChatJudge):
        async def ask_in_loop(self, question: Question) -> Reply:
            asked_in["loop"].add(threading.get_ident())
            return await super().ask_in_loop(question)

        def ask(self, question: Question) -> Reply:
            asked_in["threads"].add(threading.get_ident())
            return super().ask(question)

    lock, came = threading.Lock(), Counter[int]()

    def unsure(asked: Asked) -> Answer:
        number = piece_of(asked)
        with lock:
            came[number] += 1
            again = came[number] > 1
        return faithful(asked) if again or number % 4 else said("I am not sure.")

    with endpoint(unsure) as server:
        judge = judge_at(server, kind=Watched)
        entries = ask(tmp_path / "v.jsonl", judge, protocol_of(40), settings=PATIENT, probes=0)
        judge.close()
    assert all(e.outcome.cls is Class.OK for e in entries)
    assert {e.item: e.attempts for e in entries} == {
        f"{n:04}": 1 if n % 4 else 2 for n in range(40)
    }
    assert len(asked_in["loop"]) == 1
    assert 1 <= len(asked_in["threads"]) <= PATIENT.threads
    assert asked_in["loop"].isdisjoint(asked_in["threads"])


def test_who_asks_again_opens_no_second_connection(tmp_path: Path) -> None:
    """A server that serves one connection at a time would never come to another one."""
    failing = PATIENT.max_retries // 2

    def weak(asked: Asked) -> Answer:
        return said("") if asked.number % failing == 0 else faithful(asked)

    settings = replace(PATIENT, threads=1)
    entries, server = run(tmp_path / "v.jsonl", weak, 20, settings=settings, probes=0)
    assert all(e.outcome.cls is Class.OK for e in entries)
    assert len(server.asked) > 20
    assert server.connections == 1
