"""How users name the judges of an ensemble."""

from __future__ import annotations

import pytest

from judgemark.errors import UsageError
from judgemark.judges.member_specs import MemberSpec, check_members, member_spec


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("openai/gpt-4o-mini", MemberSpec("openai/gpt-4o-mini")),
        (" baseline:lexical ", MemberSpec("baseline:lexical")),
        ("claude@20240620", MemberSpec("claude@20240620")),
        ("a@http://localhost:8000/v1", MemberSpec("a", "http://localhost:8000/v1")),
        ("a@b@https://x.org/v1#MY_KEY", MemberSpec("a@b", "https://x.org/v1", "MY_KEY")),
    ],
)
def test_names_addresses_and_keys(given: str, read: MemberSpec) -> None:
    assert member_spec(given) == read


def test_one_judge_is_no_ensemble() -> None:
    with pytest.raises(UsageError, match="one judge alone"):
        check_members(("a",))


def test_an_empty_name_is_found() -> None:
    with pytest.raises(UsageError, match="judge 2 of 3 has no name"):
        check_members(("a", " ", "b"))
