"""Several endpoints share the questions of one judge; dead ones are taken out and come back."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from judgemark.errors import AskFault, GivenUp, Refused, TransientFault
from judgemark.judges.chat import ChatJudge
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.endpoint import choose_endpoints
from judgemark.judges.request_limits import RequestLimits
from judgemark.judges.shared_judge import SharedJudge, at_all_endpoints
from judgemark.records import Class
from judgemark.run.concurrency import ConcurrencyLimit
from judgemark.run.endpoint_gates import GatePass, SeveralEndpoints
from judgemark.run.runner import RunnerSettings
from judgemark.run.stop import Stop
from tests.support.asking import FakeClock, ScriptedJudge, ask, busy, in_turn
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, as_json, refused, said
from tests.support.ports import free_port
from tests.support.questions import direct, pieces

DEAD = TransientFault("no connection", unreached=True)
THROTTLED = TransientFault("HTTP 429", throttled=True, retry_after=30.0)


class Watched:
    """A gate before `count` endpoints, its clock and what it said."""

    def __init__(self, count: int = 2, width: int = 4, give_up_after: float = 600.0) -> None:
        self.clock, self.said = FakeClock(), list[str]()
        self.limits = [ConcurrencyLimit(width) for _ in range(count)]
        judges = [(ScriptedJudge(in_turn("5")), f"http://{n}") for n in range(count)]
        self.gate = SeveralEndpoints(
            judges,
            self.limits,
            give_up_after,
            clock=self.clock,
            stop=Stop(),
            say=self.said.append,
        )

    def later(self, seconds: float) -> None:
        self.clock.sleep(seconds, Stop())

    def request(self, fault: AskFault | None, avoid: int | None = None) -> GatePass:
        """One request goes out and comes back."""
        entry = self.gate.enter(avoid)
        self.gate.came(entry, fault)
        return entry

    def take_out_first(self) -> None:
        """The first endpoint fails three times in a row."""
        held = [self.gate.enter() for _ in range(6)]
        assert Counter(e.place for e in held) == {0: 3, 1: 3}
        for entry in held:
            self.gate.came(entry, DEAD if entry.place == 0 else None)


def test_a_request_goes_to_the_endpoint_with_most_room() -> None:
    watched = Watched(3)
    first = [watched.gate.enter() for _ in range(3)]
    assert [e.place for e in first] == [0, 1, 2]
    watched.gate.came(first[1], None)
    assert watched.gate.enter().place == 1


def test_a_question_that_failed_goes_elsewhere_if_it_can() -> None:
    watched = Watched()
    assert watched.request(busy(), avoid=0).place == 1
    assert Watched(1).request(busy(), avoid=0).place == 0


def test_one_that_fails_three_times_in_a_row_is_taken_out_and_comes_back() -> None:
    watched = Watched()
    watched.take_out_first()
    assert "http://0 does not answer (no connection)" in watched.said[0]
    assert "the other endpoint goes on" in watched.said[0]
    assert {watched.request(None).place for _ in range(5)} == {1}
    # After a second one request tries it, and no more until that has come back.
    watched.later(1.0)
    trial = watched.gate.enter()
    assert (trial.place, trial.permit.tests_endpoint) == (0, True)
    assert watched.gate.enter().place == 1
    watched.gate.came(trial, DEAD)
    # It failed: the next try is due 1 s after it, the one after that 2 s later.
    watched.later(1.0)
    trial = watched.gate.enter()
    assert trial.permit.tests_endpoint
    watched.gate.came(trial, None)
    assert watched.said[-1] == "http://0 answers again and takes its part of the questions"
    assert not watched.gate.enter().permit.tests_endpoint


def test_one_that_complains_of_too_many_is_halved_and_left_alone_as_long_as_it_asks() -> None:
    watched = Watched(width=4)
    assert watched.request(THROTTLED).place == 0
    assert [limit.width for limit in watched.limits] == [2, 4]
    assert {watched.request(None).place for _ in range(4)} == {1}
    assert watched.gate.pauses_for_all  # the question need not wait: the other one takes it
    watched.later(30.0)
    assert watched.request(None).place == 0


def test_one_that_was_taken_out_is_tried_no_earlier_than_it_asks() -> None:
    watched = Watched()
    held = [watched.gate.enter() for _ in range(6)]
    loading = TransientFault("HTTP 503: loading", retry_after=30.0)
    for entry in held:
        watched.gate.came(entry, loading if entry.place == 0 else None)
    watched.later(29.0)
    assert {watched.request(None).place for _ in range(5)} == {1}
    watched.later(1.0)
    trial = watched.gate.enter()
    assert (trial.place, trial.permit.tests_endpoint) == (0, True)


def test_the_run_gives_up_when_none_has_answered_for_long() -> None:
    watched = Watched(give_up_after=100.0)
    watched.take_out_first()
    for _ in range(3):
        watched.request(DEAD)
    assert "no other is left at the moment" in watched.said[-1]
    watched.later(60.0)
    watched.request(DEAD)
    watched.later(60.0)
    with pytest.raises(GivenUp, match="none of the 2 endpoints has answered a request for 100 s"):
        watched.request(DEAD)


def test_a_limit_that_looks_for_its_width_grows_until_the_first_complaint() -> None:
    limit = ConcurrencyLimit(256, start=8)
    for _ in range(10):
        limit.enter()
        limit.succeeded()
        limit.leave()
    assert limit.width == 18
    limit.throttled(limit.enter())
    limit.leave()
    assert limit.width == 9
    for _ in range(19):
        limit.enter()
        limit.succeeded()
        limit.leave()
    assert limit.width == 10


def shared(*urls: str) -> ChatJudge | SharedJudge:
    endpoint = choose_endpoints("some/judge", {"OPENAI_API_KEY": "sk-0123456789"}, urls)
    return at_all_endpoints(
        endpoint, lambda one: ChatJudge(one, ChatParameters(), RequestLimits(5.0))
    )


def number(asked: Asked) -> Answer:
    return said(asked.prompt.split()[-1])


def test_a_run_goes_on_while_one_endpoint_lives(tmp_path: Path) -> None:
    """One is down, one complains and then takes questions, one breaks down in the middle."""
    busy_once = [as_json({"error": {"message": "slow"}}, 429, Retry_After="0.05")]
    lively = [0]

    def complaining(asked: Asked) -> Answer:
        return busy_once.pop() if busy_once else number(asked)

    def dying(asked: Asked) -> Answer:
        lively[0] += 1
        return number(asked) if lively[0] <= 5 else refused(503, "gone")

    said_lines: list[str] = []
    settings = RunnerSettings(threads=6, max_retries=10, retry_delay=0.001, longest_delay=0.01)
    with FakeEndpoint(complaining) as first, FakeEndpoint(dying) as second:
        down = f"http://127.0.0.1:{free_port()}/v1"
        judge = shared(down, first.url, second.url)
        try:
            found = ask(
                tmp_path / "j", judge, direct(pieces(60)), settings=settings, said=said_lines
            )
        finally:
            judge.close()
    assert Counter(e.outcome.cls for e in found) == {Class.OK: 60}
    assert len({e.key for e in found}) == 60
    assert any(line.startswith(f"{down} does not answer") for line in said_lines)
    assert any(line.startswith(f"{second.url} does not answer") for line in said_lines)


def test_a_run_that_reaches_none_of_its_endpoints_ends_and_says_so(tmp_path: Path) -> None:
    judge = shared(*(f"http://127.0.0.1:{free_port()}/v1" for _ in range(2)))
    settings = RunnerSettings(threads=1, max_retries=10, retry_delay=0.001, longest_delay=0.01)
    try:
        with pytest.raises(Refused, match=r"none of the 2 endpoints was reached; .*addresses\?$"):
            ask(tmp_path / "j", judge, direct(pieces(9)), settings=settings)
    finally:
        judge.close()


def test_the_verdicts_and_keys_are_those_of_one_endpoint(tmp_path: Path) -> None:
    with FakeEndpoint(number) as one, FakeEndpoint(number) as two:
        alone, both = shared(one.url), shared(two.url, one.url)
        assert alone.configuration == both.configuration
        found = {}
        for name, judge in (("alone", alone), ("both", both)):
            entries = ask(tmp_path / name, judge, direct(pieces(20)))
            found[name] = {e.key: e.outcome for e in entries}
            judge.close()
        assert found["alone"] == found["both"]
        assert len(two.asked) + len(one.asked) == 40
        assert two.asked and len(one.asked) > 20  # both took their part of the second run


def test_a_refusal_of_one_endpoint_names_settings_as_flags(tmp_path: Path) -> None:
    away = Answer(302, b"", headers={"location": "http://elsewhere.example"})
    with FakeEndpoint(number) as one, FakeEndpoint(lambda _: away) as two:
        judge = shared(one.url, two.url)
        try:
            with pytest.raises(Refused) as caught:
                ask(tmp_path / "j", judge, direct(pieces(20)))
        finally:
            judge.close()
    assert "give it as ‹base_url›" in caught.value.message


def test_a_refusal_names_the_endpoint_that_refuses(tmp_path: Path) -> None:
    wrong = refused(404, "The judge `judge` does not exist")
    with FakeEndpoint(number) as one, FakeEndpoint(lambda _: wrong) as two:
        judge = shared(one.url, two.url)
        try:
            with pytest.raises(Refused, match=re.escape(two.url)):
                ask(tmp_path / "j", judge, direct(pieces(20)))
        finally:
            judge.close()
