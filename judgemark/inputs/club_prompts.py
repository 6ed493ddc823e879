"""The texts by which a book club's judges are asked to discuss and to score again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, StrictStr, TypeAdapter

from judgemark.inputs.json_file import read_json
from judgemark.inputs.our_files import OUR_CLUB_PROMPTS
from judgemark.inputs.validation import validated
from judgemark.records import text_hash

LONGEST_WORDS = 4000
"""The most characters of what a judge said that are shown to the others."""

_PLACEHOLDER = re.compile(r"<(JUDGE|JUDGES|DISCUSSION)>")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    merit: StrictStr
    proposal: StrictStr
    final: StrictStr
    nothing_yet: StrictStr


@dataclass(frozen=True)
class Contribution:
    """What a judge, by its place from 0, said in a discussion."""

    judge: int
    words: str


@dataclass(frozen=True)
class ClubPrompts:
    """What is asked in each part of a discussion: about merits, for proposals, in the end.

    `<JUDGE>` and `<JUDGES>` stand for the judge's number and for how many there are, `<DISCUSSION>`
    for what was said so far.
    """

    merit: str
    proposal: str
    final: str
    nothing_yet: str

    @property
    def sha256(self) -> str:
        """Return the digest of all texts, for the run's fingerprint."""
        return text_hash("\0".join((self.merit, self.proposal, self.final, self.nothing_yet)))

    def render(self, text: str, judge: int, judges: int, said: Sequence[Contribution]) -> str:
        """Return one of the texts for a judge; what was said is not searched for placeholders."""
        shown = "\n\n".join(f"Judge {one.judge + 1}: {_shortened(one.words)}" for one in said)
        fills = {
            "JUDGE": str(judge + 1),
            "JUDGES": str(judges),
            "DISCUSSION": shown or self.nothing_yet,
        }
        return _PLACEHOLDER.sub(lambda found: fills[found[1]], text)


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else words[:LONGEST_WORDS] + " …"


def read_club_prompts(path: Path = OUR_CLUB_PROMPTS) -> ClubPrompts:
    """Read the texts; raises InputError for a file of another shape."""
    found = validated(TypeAdapter(_File), read_json(path), path, fix="restore it from a copy")
    return ClubPrompts(found.merit, found.proposal, found.final, found.nothing_yet)
