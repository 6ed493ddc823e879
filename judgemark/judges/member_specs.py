"""How users name the judges of an ensemble: `NAME`, or `NAME@ADDRESS#KEY_VARIABLE`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from judgemark.errors import UsageError

MOST_MEMBERS = 50

_WITH_ADDRESS = re.compile(r"(?P<name>.+?)@(?P<address>https?://[^#]*)(?:#(?P<variable>.*))?")


@dataclass(frozen=True, slots=True)
class MemberSpec:
    """One judge of an ensemble as the user named it.

    `text` is its spec, `address` its own endpoint and `key_variable` the variable of its own key;
    None where it shares the ensemble's.
    """

    text: str
    address: str | None = None
    key_variable: str | None = None


def member_spec(given: str) -> MemberSpec:
    """Read one member; `@` before a web address separates it from the judge's name."""
    found = _WITH_ADDRESS.fullmatch(given.strip())
    if found is None:
        return MemberSpec(given.strip())
    return MemberSpec(found["name"].strip(), found["address"].strip(), found["variable"])


def check_members(judges: Sequence[object]) -> None:
    """Raise UsageError unless there are two judges or more, each with a name."""
    if len(judges) < 2:
        raise UsageError(
            "‹judge_models›: one judge alone is not an ensemble; name two or more, or give it as "
            "‹judge_model›"
        )
    if len(judges) > MOST_MEMBERS:
        raise UsageError(
            f"‹judge_models›: {len(judges)} judges; an ensemble has at most {MOST_MEMBERS}"
        )
    for place, judge in enumerate(judges, start=1):
        if isinstance(judge, str) and not judge.strip():
            raise UsageError(f"‹judge_models›: judge {place} of {len(judges)} has no name")
