"""Self and family: names, and the excess over the board's other judges."""

import pytest

from judgemark.probes.family_probe import families, family_findings, family_of, is_same
from judgemark.records import Place


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("openai/gpt-4o-mini", "OpenAI"),
        ("anthropic/claude-3.5-sonnet:beta", "Anthropic"),
        ("meta-llama/Llama-3.1-70B", "Meta"),
        ("nvidia/nemotron-4-340b", "Nvidia"),
        ("Ashdown", None),
        ("", None),
    ],
)
def test_a_family_is_known_by_how_a_name_begins(name: str, family: str | None) -> None:
    assert family_of(name) == family


def test_no_two_families_share_a_beginning() -> None:
    begins = [begin for listed in families().values() for begin in listed]
    assert len(begins) == len(set(begins))
    assert all(begin == begin.lower() for begin in begins)


def test_a_judge_is_the_writer_whatever_the_spelling() -> None:
    assert is_same("GPT-4o", "openai/gpt-4o")
    assert not is_same("gpt-4o-mini", "openai/gpt-4o")
    assert not is_same("", "")


def board(favour: float) -> dict[str, dict[Place, float]]:
    """Two judges on five items; one is mild by 1 and favours its family by `favour`."""
    writers = {"gpt-4o": 6.0, "gpt-4.1": 5.0, "claude-3": 5.5, "Ashdown": 4.0}
    strict = {(w, "1", f"i{i}"): s + i / 10 for w, s in writers.items() for i in range(5)}
    mild = {
        place: score + 1.0 + favour * place[0].startswith("gpt") for place, score in strict.items()
    }
    return {"openai/gpt-4o": mild, "mistral-large": strict}


def test_a_judge_that_favours_itself_and_its_family_has_that_excess() -> None:
    own, family = family_findings(board(0.7))["openai/gpt-4o"]
    assert (own.key, family.key) == ("self.excess", "family.excess")
    assert own.effect == family.effect == pytest.approx(0.7)
    assert own.found is True


def test_a_mild_judge_favours_nobody() -> None:
    own, family = family_findings(board(0.0))["openai/gpt-4o"]
    assert (own.effect, own.found) == (0.0, False)
    assert (family.effect, family.found) == (0.0, False)


def test_a_judge_without_family_or_without_others_has_a_reason() -> None:
    found = family_findings(board(0.7))["mistral-large"]
    assert [f.reason for f in found] == [
        "no piece on the board is by the judge itself",
        "no writer on the board is of the family Mistral",
    ]
    alone = family_findings({"gpt-4o": {("gpt-4o", "1", "i"): 5.0}})["gpt-4o"]
    assert {f.reason for f in alone} == {"the board has no other judge"}
