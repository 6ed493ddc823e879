"""What a ladder's folder says about how the ladder was drawn (`drawn.json.gz`)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, StrictStr, TypeAdapter

from judgemark.inputs.bounded_types import Count, Seed
from judgemark.inputs.validation import validated
from judgemark.records import Place
from judgemark.run.folder import DRAWN, RunFolder


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PlacedVersion(_Part):
    """Where a version stands among the run's samples, and its level of damage, from 1."""

    writer: StrictStr
    iteration: StrictStr
    item: StrictStr
    level: Count


class VersionNotMade(_Part):
    """A level of damage that could not be done to a piece, and why."""

    writer: StrictStr
    iteration: StrictStr
    item: StrictStr
    kind: StrictStr
    level: Count
    reason: StrictStr


class LadderFacts(_Part):
    """How a ladder was drawn: `budget` is the most questions, None for no bound."""

    seed: Seed
    levels: Count
    budget: Count | None
    kinds: tuple[StrictStr, ...]
    versions: tuple[PlacedVersion, ...]
    not_made: tuple[VersionNotMade, ...]

    @property
    def level_of(self) -> dict[Place, int]:
        """The level of every version, by its place."""
        return {(v.writer, v.iteration, v.item): v.level for v in self.versions}


_FACTS = TypeAdapter(LadderFacts)


def ladder_facts(folder: RunFolder) -> LadderFacts:
    """Read them; raises InputError where they are damaged or missing."""
    return validated(
        _FACTS,
        folder.drawn(),
        folder.path / DRAWN,
        fix="restore it from a copy",
        summary="does not say how the ladder was drawn",
    )
