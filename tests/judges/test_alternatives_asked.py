"""Fewer alternatives are asked for once an endpoint refuses their number."""

from __future__ import annotations

import pytest

from judgemark.errors import AskFault, ParameterRejected, TransientFault
from judgemark.judges.alternatives_asked import AlternativesAsked


def test_fewer_alternatives_are_asked_for_step_by_step() -> None:
    asked = AlternativesAsked(20)
    fault = AskFault("Requested sample logprobs of 20, which is greater than max allowed: 5")
    assert asked.fewer(fault, 20) is not None
    assert asked.count == 10
    # Another thread that sent 20 as well is told to ask again, without another step down.
    assert asked.fewer(fault, 20) is not None
    assert asked.count == 10
    assert asked.fewer(ParameterRejected("top_logprobs", "at most 5"), 10) is not None
    assert asked.count == 5
    assert asked.fewer(fault, 5) is None


@pytest.mark.parametrize(
    "fault",
    [
        AskFault("the prompt is too long"),
        ParameterRejected("logprobs", "logprobs is not supported"),
        TransientFault("logprobs are busy"),
    ],
)
def test_other_faults_change_nothing(fault: AskFault) -> None:
    asked = AlternativesAsked(20)
    assert asked.fewer(fault, 20) is None
    assert asked.count == 20
