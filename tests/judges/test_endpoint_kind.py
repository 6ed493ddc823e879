"""An endpoint's judge cannot be made without an endpoint."""

from __future__ import annotations

import pytest

from judgemark.errors import UsageError
from judgemark.judges.judge_kind import JudgeRequest
from judgemark.judges.kinds.endpoint_kind import KIND


@pytest.mark.parametrize("make", [KIND.rubric, KIND.pairwise])
def test_a_request_without_an_endpoint_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(UsageError, match='no endpoint is known for "some-judge"'):
        make(JudgeRequest("some-judge", "some-judge", 0, ()))
