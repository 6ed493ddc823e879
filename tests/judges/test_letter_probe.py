"""The probe for log-probabilities: the most an endpoint gives, or words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from judgemark.errors import AskFault, ParameterRejected, Refused, TransientFault
from judgemark.judges.endpoint_logprobs import LetterAsking
from judgemark.judges.letter_probe import (
    NEITHER_LETTER,
    NO_LOGPROBS,
    NO_PROBABILITIES,
    ONLY_ONE_TOKEN,
    probe_letters,
)
from judgemark.judges.logprob import LetterIds
from judgemark.judges.patience import Patience
from judgemark.judges.vllm_server import VllmServer
from judgemark.protocols.pairwise_protocol import Pair, Pairwise
from judgemark.records import LetterLogprobs, Question, Reply, Sample

QUESTION = Pairwise({}, {"7": "Write."}).questions(
    Pair.of(Sample("a", "1", "7", "one"), Sample("b", "1", "7", "two"))
)[0]
GOOD = Reply("A", logprobs=LetterLogprobs(-0.5, -1.0, "A"))
SERVER = VllmServer("http://x/tokenize", "judge", LetterIds(32, 33), 2048, lambda _a, _b: None)


class Endpoint:
    """Answers each way of asking with what `answer` returns or raises."""

    def __init__(self, answer: Callable[[LetterAsking], Reply]) -> None:
        self._answer = answer
        self.asked: list[LetterAsking] = []

    def ask_letters(self, question: Question, asking: LetterAsking) -> Reply:
        assert question is QUESTION
        self.asked.append(asking)
        return self._answer(asking)


def probe(endpoint: Endpoint, server: VllmServer | None = None) -> LetterAsking | None:
    return probe_letters(
        endpoint, QUESTION, server, thinking_off=server is not None,
        patience=Patience(retries=2), sleep=lambda _: None,
    )  # fmt: skip


def test_an_endpoint_that_gives_all_is_asked_once() -> None:
    endpoint = Endpoint(lambda _: GOOD)
    found = probe(endpoint, SERVER)
    assert found == LetterAsking(20, LetterIds(32, 33), thinking_off=True)
    assert len(endpoint.asked) == 1


def test_a_smaller_limit_of_top_log_probabilities_is_found() -> None:
    def five_at_most(asking: LetterAsking) -> Reply:
        if asking.top > 5:
            raise ParameterRejected("top_logprobs", "at most 5")
        return GOOD

    found = probe(Endpoint(five_at_most))
    assert found is not None
    assert found.top == 5


def test_an_unnamed_refusal_drops_the_rarest_fields_first() -> None:
    def plain_only(asking: LetterAsking) -> Reply:
        if asking.ids or asking.thinking_off:
            raise AskFault("HTTP 400: bad request")
        return GOOD

    assert probe(Endpoint(plain_only), SERVER) == LetterAsking(20)


def test_null_log_probabilities_mean_words() -> None:
    assert probe(Endpoint(lambda _: Reply("A"))) is None


def test_refused_log_probabilities_mean_words() -> None:
    def never(_: LetterAsking) -> Reply:
        raise ParameterRejected("logprobs", "not supported")

    assert probe(Endpoint(never)) is None


def test_a_parameter_that_is_not_ours_is_left_to_the_judge_to_drop() -> None:
    refusals = ["temperature", "max_tokens"]

    def twice(_: LetterAsking) -> Reply:
        if refusals:
            raise ParameterRejected(refusals.pop(), "no")
        return GOOD

    assert probe(Endpoint(twice)) == LetterAsking(20)


def test_passing_faults_are_borne_and_then_refused() -> None:
    faults = [TransientFault("HTTP 503"), TransientFault("HTTP 503")]

    def shaky(_: LetterAsking) -> Reply:
        if faults:
            raise faults.pop()
        return GOOD

    assert probe(Endpoint(shaky)) == LetterAsking(20)

    def down(_: LetterAsking) -> Reply:
        raise TransientFault("HTTP 503")

    with pytest.raises(Refused, match="probe for log-probabilities failed: HTTP 503"):
        probe(Endpoint(down))


def reason_of(letters: LetterLogprobs | None) -> str | None:
    """Why a judge whose replies carry these letters is asked in words; None where it is not."""
    reasons: list[str] = []
    found = probe_letters(
        Endpoint(lambda _: Reply("A", logprobs=letters)), QUESTION, None, thinking_off=False,
        patience=Patience(retries=0), tell=reasons.append,
    )  # fmt: skip
    assert (found is None) == bool(reasons)
    return reasons[0] if reasons else None


def test_a_letter_of_which_nothing_is_known_means_words() -> None:
    lone = LetterLogprobs(-0.05, -3.0, "A", b_censored=True, candidates=1)
    assert reason_of(lone) == ONLY_ONE_TOKEN
    assert reason_of(LetterLogprobs(-4, -4, "The", True, True, candidates=20)) == NEITHER_LETTER
    assert reason_of(None) == NO_LOGPROBS
    # The list of most likely tokens bounds the letter that is not in it.
    assert reason_of(LetterLogprobs(-0.05, -9.0, "A", b_censored=True, candidates=20)) is None


def test_figures_that_are_no_log_probabilities_mean_words() -> None:
    assert reason_of(LetterLogprobs(-0.1, -0.2, "A", candidates=20)) == NO_PROBABILITIES
    assert reason_of(LetterLogprobs(-0.69, -0.69, "A", candidates=20)) is None
    assert reason_of(LetterLogprobs(-0.1, -0.1, "A", b_censored=True, candidates=20)) is None


def test_pauses_double_and_never_fall_short_of_what_the_endpoint_asked_for() -> None:
    faults = [TransientFault("HTTP 503", retry_after=7.0), TransientFault("a"), TransientFault("b")]
    slept: list[float] = []

    def shaky(_: LetterAsking) -> Reply:
        if faults:
            raise faults.pop()
        return GOOD

    patience = Patience(retries=5, delay=0.5)
    probe_letters(
        Endpoint(shaky), QUESTION, None, thinking_off=False, patience=patience, sleep=slept.append
    )
    assert slept == [0.5, 1.0, 7.0]


def test_an_endpoint_that_rejects_everything_is_left_to_words() -> None:
    def stubborn(_: LetterAsking) -> Reply:
        raise ParameterRejected("temperature", "no")

    endpoint = Endpoint(stubborn)
    assert probe(endpoint) is None
    assert len(endpoint.asked) < 20
