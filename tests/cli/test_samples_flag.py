"""`--samples` names a set of our own; the first one keeps the run ids and questions it had."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgemark.cli import main

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")
JUDGE = ["--judge-model", "baseline:lexical"]


def test_the_first_set_leads_to_the_run_that_was_begun_when_it_was_the_default() -> None:
    assert main([*JUDGE, "--samples", "v1"]) == 0
    run = Path("runs") / "baseline-lexical--samples--dae40049"
    result = json.loads((run / "result.json").read_text("utf-8"))
    assert result["coverage"]["scored"] == 6 * 24
    # The first set's own references: Brannock 90.1, Corwen 10.4.
    assert json.loads((run / "reference_scores.json").read_text("utf-8"))["Brannock"] == 90.1


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--samples", "v1", "--samples-file", "x.json"], "--samples-file"),
        (["--samples", "v9"], "v9"),
    ],
)
def test_a_wrong_name_and_two_sources_are_refused(
    flags: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*JUDGE, *flags]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
