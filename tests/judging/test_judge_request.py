"""What the settings of a job give to the kind of judge that they name."""

from __future__ import annotations

import pytest

from judgemark.errors import UsageError
from judgemark.judges.chat_parameters import ChatParameters
from judgemark.judges.endpoint import Endpoint
from judgemark.judges.judge_spec import parse_spec
from judgemark.judging.job_settings import JobSettings
from judgemark.judging.judge_request import judge_request, mode_of

AWAY = Endpoint("https://example.com/v1", "some", "key")


def test_a_judge_at_an_endpoint_gets_its_parameters_and_bounds() -> None:
    settings = JobSettings.of({"judge_model": "some", "temperature": 0.7, "timeout": 9.0})
    request = judge_request(settings, parse_spec("some"), AWAY, ())
    assert request.parameters == ChatParameters(temperature=0.7)
    assert request.limits is not None
    assert request.limits.timeout == 9.0


def test_a_judge_of_this_process_has_them_too_but_no_endpoint() -> None:
    # An engine of this process has a longest reply, and a program a deadline.
    settings = JobSettings.of({"judge_model": "baseline:length", "seed": 3, "max_tokens": 7})
    request = judge_request(settings, parse_spec("baseline:length"), None, ())
    assert request.parameters == ChatParameters(max_tokens=7)
    assert request.limits is not None
    assert (request.endpoint, request.seed) == (None, 3)
    assert (request.text, request.name) == ("baseline:length", "length")


@pytest.mark.parametrize(
    ("judge", "option", "told"),
    [
        ("hf:judge", {"quantization": "fp8"}, "quantization is for vllm: judges, not for hf:"),
        (
            "some",
            {"batch_tokens": 9},
            "batch_tokens is for hf: and hf-reward: judges, not for some",
        ),
        ("baseline:length", {"worded": True}, "worded is for judges at an endpoint"),
    ],
)
def test_an_option_of_another_kind_is_refused(
    judge: str, option: dict[str, object], told: str
) -> None:
    settings = JobSettings.of({"judge_model": judge, **option})
    with pytest.raises(UsageError, match=told):
        judge_request(settings, parse_spec(judge), None, ())


def test_the_mode_is_the_kinds_own_unless_the_user_names_one() -> None:
    assert mode_of(JobSettings("hf:x"), parse_spec("hf:x")) == "pairwise"
    assert mode_of(JobSettings("x", mode="pairwise"), parse_spec("x")) == "pairwise"
    assert mode_of(JobSettings("hf:x", mode="rubric"), parse_spec("hf:x")) == "rubric"
    with pytest.raises(UsageError, match="use mode rubric"):
        mode_of(JobSettings("hf-reward:x", mode="pairwise"), parse_spec("hf-reward:x"))
