"""Several judges of the same pieces: each member is a rubric judge with its own settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judgemark.inputs.samples import SampleSet
from judgemark.judges.base import Json
from judgemark.judges.ensemble_kind import ENSEMBLE as ENSEMBLE_KIND
from judgemark.judges.judge_kind import RUBRIC, Say
from judgemark.judges.judge_spec import JudgeSpec
from judgemark.judging.judging_mode import AskingEstimate
from judgemark.judging.rubric_mode import RubricMode
from judgemark.protocols.judging_protocol import JudgingProtocol, Plan
from judgemark.run.folder import RunFolder
from judgemark.run.journal import Journal
from judgemark.run.stored_run import good_verdicts

if TYPE_CHECKING:
    from judgemark.judges.endpoint import Endpoint
    from judgemark.judging.book_club_setup import BookClubSetup


@dataclass(frozen=True)
class EnsembleMember:
    """One judge of an ensemble; `number` is its place, from 0."""

    number: int
    spec: JudgeSpec
    endpoint: Endpoint | None
    mode: RubricMode

    @property
    def described(self) -> dict[str, Any]:
        """Return what run.json says about it."""
        return {
            "spec": self.spec.text,
            "kind": self.spec.kind.prefix,
            "mode": RUBRIC,
            "endpoint": self.endpoint.all_shown if self.endpoint else None,
            **self.mode.described,
        }


@dataclass(frozen=True)
class EnsembleMode:
    """Asks every member about each piece; `method` joins their item scores."""

    members: tuple[EnsembleMember, ...]
    method: str
    club: BookClubSetup | None = None

    @property
    def main(self) -> RubricMode:
        """Return the mode of a member whose prompts and criteria are those of the run."""
        modes = [member.mode for member in self.members]
        return next((mode for mode in modes if mode.prompts is not None), modes[0])

    @property
    def configuration(self) -> Mapping[str, Json]:
        """Return the configurations of all members."""
        listed = [dict(member.mode.configuration) for member in self.members]
        return {"kind": ENSEMBLE_KIND.prefix, "members": listed}

    @cached_property
    def protocol(self) -> JudgingProtocol:
        """Return the protocol that asks every member by its own."""
        if self.club is not None:
            return self.club.protocol([member.mode for member in self.members])
        from judgemark.protocols.ensemble_protocol import EnsembleProtocol

        modes = [member.mode for member in self.members]
        ranges = tuple(mode.rubric.single_range for mode in modes)
        return EnsembleProtocol(tuple(mode.protocol for mode in modes), ranges)

    @property
    def pieces(self) -> SampleSet:
        """Implement `JudgingMode`."""
        return self.main.pieces

    @property
    def piece_count(self) -> int:
        """Implement `JudgingMode`."""
        return self.main.piece_count

    @property
    def fingerprint_parts(self) -> Mapping[str, Json]:
        """Return the digest of the prompts, and the scoring, which all members share.

        How scores are joined is not part of it: another method needs no new question.
        """
        main = self.main
        without_range = replace(main.rubric, single_range=None)
        return replace(main, rubric=without_range).fingerprint_parts

    @property
    def described(self) -> Mapping[str, Any]:
        """Return what run.json says about the members."""
        return {
            "parameters": None,
            "system": None,
            "ensemble_method": self.method,
            "members": [member.described for member in self.members],
        }

    @property
    def prompts_name(self) -> str | None:
        """Implement `JudgingMode`."""
        return self.main.prompts_name

    def as_begun(self, spec: Mapping[str, Any]) -> EnsembleMode:
        """Return a copy in which every member keeps what a stored run's probes of it showed."""
        stored = spec["judge"].get("members") or [spec["judge"]] * len(self.members)
        if len(stored) != len(self.members):
            return self
        return self.with_modes(
            [m.mode.as_begun({"judge": s}) for m, s in zip(self.members, stored, strict=True)]
        )

    def settled(self, say: Say) -> EnsembleMode:
        """Implement `JudgingMode`."""
        return self.with_modes([member.mode.settled(say) for member in self.members])

    def with_modes(self, modes: Sequence[RubricMode]) -> EnsembleMode:
        """Return a copy whose members are asked in these modes, one for each."""
        members = [replace(m, mode=mode) for m, mode in zip(self.members, modes, strict=True)]
        return replace(self, members=tuple(members))

    @property
    def asks_before(self) -> bool:
        """Return whether a member has to be asked what it can do before the run begins."""
        return any(member.mode.asks_before for member in self.members)

    def check(self) -> None:
        """Do nothing: everything was checked when it was read."""

    def estimate(self, journal: Path | None) -> AskingEstimate:
        """Return the sum of what is left to ask of the members."""
        parts = self.estimates(journal)
        most = any(e.at_most for e in parts)
        return AskingEstimate(
            sum(e.questions for e in parts),
            sum(e.answered for e in parts),
            sum(e.prompt_tokens for e in parts),
            sum(e.completion_tokens for e in parts),
            most,
        )

    def estimates(self, journal: Path | None) -> list[AskingEstimate]:
        """Return what is left to ask of each member."""
        good = (
            good_verdicts(journal, self.main.rubric, self.protocol.fingerprint) if journal else {}
        )
        if self.club is not None:
            return self.club.estimates([m.mode for m in self.members], good, journal)
        wave = next(self.protocol.plan(), ())
        return [
            member.mode.estimate_of(
                [question for question in wave if question.key.slot.member == member.number], good
            )
            for member in self.members
        ]

    def plan(self, journal: Journal) -> Plan:
        """Return the plan of questions to all members, after replies were parsed again."""
        fingerprint = self.protocol.fingerprint
        journal.read_as(good_verdicts(journal.path, self.main.rubric, fingerprint))
        if self.club is not None:
            modes = [member.mode for member in self.members]
            return self.club.plan(modes, journal.good, journal.path)
        return self.protocol.plan()

    def store_instructions(self, folder: RunFolder) -> None:
        """Implement `JudgingMode`, for the prompts that all members share."""
        self.main.store_instructions(folder)
