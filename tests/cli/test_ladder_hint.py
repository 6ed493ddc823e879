"""A run that cannot show reading names the command that does."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from judgemark.cli.flags import parser
from judgemark.cli.ladder_hint import ladder_like, ladder_of
from judgemark.cli.summary_reads import reads


def hint(line: str) -> str:
    return ladder_like(parser("judge").parse_args(shlex.split(line)))


def test_the_command_names_the_same_judge_and_samples() -> None:
    given = "--judge-model a/b --base-url http://h/v1 --samples-file 'my pieces.json' --top-p 1"
    assert hint(f"{given} --run-id r --limit 5 --rounds 3 --yes") == (
        "judgemark ladder --judge-model a/b --base-url http://h/v1 --top-p 1.0 "
        "--samples-file 'my pieces.json'"
    )


def test_the_command_can_be_given() -> None:
    given = "--judge-model a --writers x y --structured auto --extra-body '{\"a\": 1}' --price-in 2"
    args = parser("ladder").parse_args(shlex.split(hint(given))[2:])
    assert (args.writers, args.structured, args.price_in) == (["x", "y"], "auto", 2.0)
    assert args.extra_body == {"a": 1}


RESULT: dict[str, Any] = {
    "judge": {"spec": "a b", "kind": "endpoint", "mode": "pairwise", "endpoint": "http://h/v1"},
    "dataset": {"name": "own"}, "validity": {"sources": {}}, "scorecards": {}, "notes": {},
}  # fmt: skip


def test_a_stored_run_names_it_too() -> None:
    said = reads(RESULT)
    assert said == (
        "not shown: no pair here has a known better text; this command shows it: judgemark ladder "
        "--judge-model 'a b' --mode pairwise --base-url http://h/v1 --samples-file own.json"
    )
    assert reads(RESULT, "judgemark ladder x").endswith("this command shows it: judgemark ladder x")


@pytest.mark.parametrize("judge", [{"spec": "a,b", "kind": "company"}, {}])
def test_who_cannot_climb_a_ladder_gets_no_command(judge: dict[str, str]) -> None:
    assert ladder_of({**RESULT, "judge": judge}) == ""
    assert "command" not in reads({**RESULT, "judge": judge})
