"""Which kind of run a description means, with or without naming it."""

from __future__ import annotations

import pytest

from judgemark.errors import UsageError
from judgemark.run.kind_of_run import RunKindName, kind_of, refuse_other_kinds


def test_descriptions_of_old_versions_name_no_kind() -> None:
    assert kind_of({"fingerprint": {"judge": {}}}) is RunKindName.JUDGE
    assert kind_of({"fingerprint": {"pairs": {"n": 500}}}) is RunKindName.PAIRS


def test_a_named_kind_counts() -> None:
    assert kind_of({"kind": "ladder", "fingerprint": {}}) is RunKindName.LADDER


def test_only_runs_of_the_main_job_pass() -> None:
    refuse_other_kinds("r", {"fingerprint": {}})
    with pytest.raises(UsageError, match='run "r" is a ladder'):
        refuse_other_kinds("r", {"kind": "ladder", "fingerprint": {}})
