"""Kinds of damage on pieces in other languages: those that do not apply say why."""

from __future__ import annotations

import pytest

from judgemark.damage.damage_kinds import DAMAGE_KINDS
from judgemark.damage.ladder_versions import build_ladder
from judgemark.records import Sample
from tests.fixtures.language_sets import LANGUAGES, language_set

ENGLISH_ONLY = {"stock-phrases", "adverbs-added", "tense-drift", "sense-flipped"}


def pieces_in(language: str) -> list[Sample]:
    found = language_set(language)
    return [
        Sample(writer, "1", item, text)
        for writer in found.writers
        for item, text in found.samples[writer]["samples"]["1"].items()
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_damage_is_done_in_any_script_or_its_reason_is_told(language: str) -> None:
    pieces = pieces_in(language)
    ladder = build_ladder(pieces, DAMAGE_KINDS, levels=2)
    made = {version.kind for version in ladder.versions}
    assert {"sentences-shuffled", "end-cut", "other-half"} <= made
    assert not made & ENGLISH_ONLY
    for version in ladder.versions:
        assert version.text != version.source.text
    reasons = {(m.kind, m.reason) for m in ladder.missing}
    for kind in ENGLISH_ONLY:
        assert (kind, "the rules are for English, and this text is not") in reasons
    assert all(reason for _, reason in reasons)
    # Every piece, kind and level is either made or has its reason.
    assert len(ladder.versions) + len(ladder.missing) == len(pieces) * len(DAMAGE_KINDS) * 2
