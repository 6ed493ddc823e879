"""Build a run of several judges from finished runs, without asking anyone."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from judgemark.errors import UsageError
from judgemark.judges.ensemble_kind import ENSEMBLE as ENSEMBLE_KIND
from judgemark.judges.judge_kind import Say
from judgemark.judging.ensemble_setup import check_method
from judgemark.protocols.ensemble_protocol import ENSEMBLE_VERSION
from judgemark.protocols.stored_words import ENSEMBLE
from judgemark.records import Question, QuestionKey
from judgemark.run.asked_log import NAME as ASKED
from judgemark.run.asked_log import AskedLog, set_out_to_ask
from judgemark.run.folder import RunFolder, check_run_id, check_runs_folder, default_run_id
from judgemark.run.journal import Journal, read_entries
from judgemark.run.kind_of_run import is_pairwise, refuse_other_kinds
from judgemark.run.run_lookup import find_folder
from judgemark.scoring.metric_version import METRIC_VERSION
from judgemark.version import __version__

Json = dict[str, Any]


@dataclass(frozen=True)
class SourceMember:
    """One judge of a stored run: the run's folder and description, and its place there."""

    folder: RunFolder
    spec: Json
    member: int

    @property
    def judge(self) -> Json:
        """Return what the run says of this judge, with the run as its source."""
        members = self.spec["judge"].get("members")
        judge: Json = members[self.member] if members else self.spec["judge"]
        return {**judge, "source": judge.get("source") or self.folder.run_id}

    @property
    def configuration(self) -> Any:
        """Return what shapes its answers."""
        configuration = self.spec["fingerprint"]["judge"]
        members = configuration.get("members")
        return members[self.member] if members else configuration

    @property
    def protocol(self) -> Json:
        """Return the fingerprint of its protocol, with the range that it declares."""
        protocol: Json = self.spec["fingerprint"]["protocol"]
        if protocol["name"] == ENSEMBLE:
            own: Json = protocol["members"][self.member]
            return own
        declared = self.spec["fingerprint"]["scoring"].get("single_range")
        return {**protocol, **({"single_range": declared} if declared else {})}


def _source_members(names: Sequence[str], runs_dir: Path) -> list[SourceMember]:
    """Return the judges of the named runs; a run of several judges gives each of them.

    Raises UsageError for a run that cannot be joined with others.
    """
    found = []
    for name in names:
        folder = find_folder(name, runs_dir)
        if folder is None:
            raise UsageError(
                f'"{name}" is neither a run id in {runs_dir} nor a run\'s folder; an ensemble is '
                "built from run folders"
            )
        spec = folder.spec()
        refuse_other_kinds(folder.run_id, spec)
        if spec["fingerprint"]["protocol"].get("book_club"):
            raise UsageError(
                f'run "{folder.run_id}" is a book club, whose judges know what the others said; an '
                "ensemble has judges that scored alone"
            )
        if is_pairwise(spec):
            raise UsageError(
                f'run "{folder.run_id}" compares pairs, and the judges of an ensemble score single '
                "pieces"
            )
        members = len(spec["judge"].get("members") or (spec["judge"],))
        found += [SourceMember(folder, spec, member) for member in range(members)]
    if len(found) < 2:
        raise UsageError("one judge alone is not an ensemble; name two runs or more")
    return found


def join_runs(
    names: Sequence[str], runs_dir: Path, *, method: str, run_id: str | None, say: Say
) -> RunFolder:
    """Write the folder of a run whose members are the judges of the named runs; return it.

    The verdicts are copied with what they cost, each under its member, and `run.json` names the
    source of each. Where the folder is there already with the same verdicts it stays; with others
    it is moved aside. Raises UsageError for runs on different pieces or scales.
    """
    check_method(method)
    check_runs_folder(runs_dir)
    members = _source_members(names, runs_dir)
    _refuse_different(members)
    fingerprint = _fingerprint(members)
    text = ",".join(str(member.judge["spec"]) for member in members)
    samples = members[0].folder.samples()
    sources = [[member.judge["source"], member.member] for member in members]
    known = default_run_id(f"ensemble {text}", samples.name, {**fingerprint, "sources": sources})
    target = RunFolder(runs_dir / check_run_id(run_id or known))
    if any(target.path.resolve() == member.folder.path.resolve() for member in members):
        raise UsageError(f'‹run_id›: "{target.run_id}" is one of the runs that are joined')
    building = RunFolder(runs_dir / f".{target.run_id}.building")
    shutil.rmtree(building.path, ignore_errors=True)
    building.begin(_description(target.run_id, text, method, members, fingerprint), samples)
    _copy_verdicts(building, members)
    _put_in_place(building, target, say)
    return target


def _put_in_place(building: RunFolder, target: RunFolder, say: Say) -> None:
    if target.path.exists() and target.exists and _same_verdicts(building, target):
        shutil.rmtree(building.path)
        return
    if target.path.exists():
        with target.locked():
            aside = target.move_aside()
        say(f"the earlier run is kept as {aside.name}")
    building.path.rename(target.path)


def _same_verdicts(one: RunFolder, other: RunFolder) -> bool:
    return other.journal.exists() and one.journal.read_bytes() == other.journal.read_bytes()


def _refuse_different(members: Sequence[SourceMember]) -> None:
    """Raise UsageError unless all judged the same pieces on the same scale and criteria."""
    first = members[0]

    def differs(part: str, one: Any, other: Any, member: SourceMember) -> None:
        if one != other:
            raise UsageError(
                f'the runs "{first.folder.run_id}" and "{member.folder.run_id}" {part}; join runs '
                "that judged the same pieces in the same way"
            )

    scoring = first.spec["fingerprint"]["scoring"]
    for member in members[1:]:
        own = member.spec["fingerprint"]
        samples = first.spec["fingerprint"]["samples"]["sha256"]
        differs("judged different samples", own["samples"]["sha256"], samples, member)
        for end in ("min", "max"):
            differs("have different scales", own["scoring"][end], scoring[end], member)
    listed = [(m, m.spec["fingerprint"]["scoring"].get("criteria")) for m in members]
    known = [criteria for _, criteria in listed if criteria is not None]
    for member, criteria in listed:
        if criteria is not None:
            differs("have different criteria", criteria, known[0], member)


def _fingerprint(members: Sequence[SourceMember]) -> Json:
    """Return the fingerprint that the run would have if its members had been asked together."""
    listed = [member.spec["fingerprint"] for member in members]
    prompted = [f for f in listed if (f.get("prompts") or {}).get("sha256")]
    named = [f for f in listed if f["scoring"].get("criteria") is not None]
    main = (prompted or named or listed)[0]
    scoring = {k: v for k, v in main["scoring"].items() if k != "single_range"}
    return {
        "judge": {
            "kind": ENSEMBLE_KIND.prefix,
            "members": [member.configuration for member in members],
        },
        "protocol": {
            "name": ENSEMBLE,
            "version": ENSEMBLE_VERSION,
            "members": [member.protocol for member in members],
        },
        "samples": main["samples"],
        "prompts": main.get("prompts"),
        "scoring": scoring,
    }


def _description(
    run_id: str, text: str, method: str, members: Sequence[SourceMember], fingerprint: Json
) -> Json:
    first = members[0].spec
    return {
        "run_id": run_id,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "program": {"name": "judgemark", "version": __version__},
        "metric_version": METRIC_VERSION,
        "judge": {
            "spec": text,
            "kind": ENSEMBLE_KIND.prefix,
            "mode": "rubric",
            "endpoint": None,
            "preset": None,
            "parameters": None,
            "system": None,
            "ensemble_method": method,
            "members": [member.judge for member in members],
        },
        "prompts": next(
            (m.spec["prompts"] for m in members if (m.spec.get("prompts") or {}).get("name")),
            first.get("prompts"),
        ),
        "samples": first["samples"],
        "repeats": max(int(member.spec.get("repeats", 1)) for member in members),
        "seed": first.get("seed", 0),
        "fingerprint": fingerprint,
    }


def _copy_verdicts(target: RunFolder, members: Sequence[SourceMember]) -> None:
    """Copy every outcome and every question that was to be asked, under the new member."""
    asked = AskedLog(target.path / ASKED)
    with Journal(target.journal) as journal:
        for number, source in enumerate(members):
            for entry in read_entries(source.folder.journal):
                if entry.key.slot.member == source.member:
                    lent = entry.lent or source.folder.run_id
                    key = _of_member(entry.key, number)
                    journal.append(replace(entry, key=key, lent=lent))
            asked.add(
                [
                    _only_key(_of_member(key, number))
                    for key in sorted(set_out_to_ask(source.folder.path / ASKED), key=_order)
                    if key.slot.member == source.member
                ]
            )


def _order(key: QuestionKey) -> tuple[object, str]:
    return key.slot, key.question


def _only_key(key: QuestionKey) -> Question:
    return Question(key, "", (), {})


def _of_member(key: QuestionKey, member: int) -> QuestionKey:
    return QuestionKey(key.question, replace(key.slot, member=member))


def first_references(folder: RunFolder, runs_dir: Path) -> Mapping[str, float] | None:
    """Return the reference scores of the first source of an ensemble that has any."""
    for member in folder.spec()["judge"]["members"]:
        source = find_folder(str(member["source"]), runs_dir)
        references = source.references() if source else None
        if references:
            return references
    return None
