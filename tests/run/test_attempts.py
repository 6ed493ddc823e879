"""When a question is worth another request."""

from __future__ import annotations

import pytest

from judgemark.errors import AskFault, ContentRefused, ParameterRejected, TransientFault
from judgemark.records import Class, Failure, Reply, Verdict
from judgemark.run.attempts import Attempt, RetryRules, advice, failure_of

AT_ZERO = RetryRules(max_retries=10, repeatable=True)
WARM = RetryRules(max_retries=10)


def ended(cls: Class) -> Attempt:
    """A reply that was read as this."""
    if cls.good:
        return Attempt(Verdict(cls, value=7.0), 0.1, Reply("7"))
    return Attempt(Failure(cls, "because"), 0.1, Reply("?"))


def fault(found: AskFault, *, tests_endpoint: bool = False) -> Attempt:
    return Attempt(failure_of(found), 0.1, fault=found, tests_endpoint=tests_endpoint)


def again(
    rules: RetryRules, *attempts: Attempt, failed_before: Class | None = None, once: bool = False
) -> bool:
    return rules.ask_again(attempts, failed_before=failed_before, once=once)


@pytest.mark.parametrize("cls", [Class.TRUNCATED, Class.REFUSED, Class.EMPTY])
def test_at_temperature_0_what_cannot_change_is_asked_once_more(cls: Class) -> None:
    assert again(AT_ZERO, ended(cls))
    assert not again(AT_ZERO, ended(cls), ended(cls))
    # Two of these failures are two replies paid for nothing, whichever they are.
    assert not again(AT_ZERO, ended(Class.EMPTY), ended(cls))
    assert again(WARM, *[ended(cls)] * 10)


@pytest.mark.parametrize("cls", [Class.TRUNCATED, Class.REFUSED, Class.EMPTY])
def test_what_failed_so_before_is_asked_only_once_by_the_next_command(cls: Class) -> None:
    assert not again(AT_ZERO, ended(cls), failed_before=Class.TRUNCATED)
    assert again(AT_ZERO, ended(cls), failed_before=Class.ERROR)


def test_a_reply_that_could_not_be_read_uses_all_retries() -> None:
    assert again(AT_ZERO, *[ended(Class.UNPARSEABLE)] * 10)
    assert not again(AT_ZERO, *[ended(Class.UNPARSEABLE)] * 11)
    assert not again(AT_ZERO, ended(Class.UNPARSEABLE), once=True)
    assert not again(AT_ZERO, ended(Class.OK))


def test_a_request_that_timed_out_is_repeated_once() -> None:
    late = fault(TransientFault("no answer", timed_out=True))
    busy = fault(TransientFault("busy"))
    assert again(WARM, late)
    assert again(WARM, late, busy)
    assert not again(WARM, late, busy, late)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (TransientFault("busy"), True),
        (ParameterRejected("top_k", "no top_k"), True),
        (AskFault("too large"), False),
        (ContentRefused("filtered"), False),
    ],
)
def test_faults_that_may_pass_are_asked_again(found: AskFault, expected: bool) -> None:
    assert again(WARM, fault(found)) is expected


def test_requests_that_only_test_the_endpoint_use_up_no_retries() -> None:
    busy = TransientFault("busy")
    rules = RetryRules(max_retries=2)
    tests = [fault(busy, tests_endpoint=True)] * 50
    assert again(rules, fault(busy), *tests, fault(busy))
    assert not again(rules, fault(busy), *tests, fault(busy), fault(busy))


def test_advice_names_the_flag_that_helps() -> None:
    assert "‹max_tokens›" in advice(Class.TRUNCATED)
    assert advice(Class.REFUSED) == ""
