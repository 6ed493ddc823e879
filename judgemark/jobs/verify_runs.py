"""Check a board's entries against the runs that they are of, and check their signatures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from judgemark.jobs.board_runs import scored_one
from judgemark.jobs.family_runs import family_contrasts_of_runs
from judgemark.jobs.joined_runs import measured_entry
from judgemark.leaderboard.board_entry import Entry
from judgemark.leaderboard.board_file import Board
from judgemark.leaderboard.entry_comparison import EntryComparison, compared, of_verdicts
from judgemark.leaderboard.joined_figures import JoinedByJudge
from judgemark.leaderboard.signatures import CheckedSignature, check, check_allowed_signers
from judgemark.leaderboard.validity_entry import BoardRecord
from judgemark.probes.measured_contrast import DECIMALS
from judgemark.run.folder import RunFolder
from judgemark.run.kind_of_run import RunKindName, kind_of
from judgemark.run.run_lookup import find_folder
from judgemark.run.stored_probe import stored_effects

_NEAR = 2.0 * 10.0**-DECIMALS


@dataclass(frozen=True, slots=True)
class EntryCheck:
    """An entry of a board beside the run's own verdicts."""

    entry: BoardRecord
    found: EntryComparison


@dataclass(frozen=True, slots=True)
class Verified:
    """What a board says of one run.

    `checks` are its entries of the run; `others` are those of the same judge, asked in the same
    way, whose verdicts are not those of the run; `joined` are those whose figures stand in the
    same row of the board. `again` are those of another asking that gave the same verdicts.
    """

    checks: tuple[EntryCheck, ...]
    others: tuple[BoardRecord, ...]
    joined: tuple[BoardRecord, ...]
    again: tuple[BoardRecord, ...] = ()


def verify(
    board: Board,
    name: str,
    runs_dir: Path,
    references: Path | None = None,
    beside: Sequence[str] = (),
) -> Verified:
    """Score a run of any kind from its own verdicts and compare the board's entries of it.

    The run's entries are those with its digest of verdicts. Where there are none, entries of the
    same judge that was asked in the same way are taken, which finds a changed digest too. `beside`
    names the runs of other judges that gave a run of probes the effects of `self` and `family`.
    Raises UsageError or InputError where the run cannot be scored.
    """
    folder = find_folder(name, runs_dir)
    own: BoardRecord
    if folder is None or kind_of(folder.spec()) is RunKindName.JUDGE:
        own = scored_one(name, runs_dir, references, rescore=True).entry
        lent = EntryComparison((), ())
    else:
        own = measured_entry(folder, rescore=True)
        lent = _effects_of_other_runs(folder, runs_dir, beside)
    alike = [e for e in board.records if _asked_alike(e, own)]
    same = [e for e in board.records if e.verdicts_sha256 == own.verdicts_sha256]
    checks = [EntryCheck(e, _together(compared(e, own), lent)) for e in same or alike]
    again: list[EntryCheck] = []
    if any(check.found.equal for check in checks):
        # The run has an entry of its own: one that differs only in times or costs is of another.
        again = [c for c in checks if _of_another_asking(c.found)]
        checks = [c for c in checks if c not in again]
    others = [e for e in alike if same and e not in same]
    joined: Iterable[BoardRecord] = ()
    if isinstance(own, Entry):
        joined = JoinedByJudge.of(board.measured).to(own).entries
    return Verified(tuple(checks), tuple(others), tuple(joined), tuple(c.entry for c in again))


def _of_another_asking(found: EntryComparison) -> bool:
    return bool(found.differs) and not found.unchecked and not of_verdicts(found.differs)


def _asked_alike(one: BoardRecord, other: BoardRecord) -> bool:
    return _asking(one) == _asking(other)


def _asking(entry: BoardRecord) -> tuple[object, ...]:
    """Return who was asked what."""
    if isinstance(entry, Entry):
        return RunKindName.JUDGE, entry.judge, entry.fingerprint
    return RunKindName(entry.kind), entry.judge, entry.fingerprint_sha256


def _together(one: EntryComparison, other: EntryComparison) -> EntryComparison:
    return EntryComparison((*one.differs, *other.differs), (*one.unchecked, *other.unchecked))


def _effects_of_other_runs(
    folder: RunFolder, runs_dir: Path, beside: Sequence[str]
) -> EntryComparison:
    """Compare the effects that runs of other judges gave a run of probes with those runs.

    Its own verdicts do not give them, and what sways a judge most depends on all of its effects.
    """
    if kind_of(folder.spec()) is not RunKindName.PROBE:
        return EntryComparison((), ())
    stored = stored_effects(folder)
    if not stored:
        return EntryComparison((), ())
    if not beside:
        keys = " and ".join(sorted(stored))
        return EntryComparison((), (
            f"swayed_by: the effects of {keys} come from runs of other judges, not from the "
            "verdicts of this one; name those runs with ‹beside›",
        ))  # fmt: skip
    judge = str(folder.spec()["judge"]["spec"])
    contrasts = family_contrasts_of_runs(judge, beside, runs_dir)
    found = {one.key: one.effects for one in contrasts}
    return EntryComparison(tuple(_unlike_effects(stored, found)), ())


def _unlike_effects(
    stored: Mapping[str, Sequence[float]], found: Mapping[str, Sequence[float]]
) -> Iterator[str]:
    for key, effects in sorted(stored.items()):
        again = found.get(key, ())
        near = (abs(a - b) <= _NEAR for a, b in zip(effects, again, strict=False))
        if len(effects) != len(again) or not all(near):
            yield (
                f"swayed_by: the {len(effects)} effects of {key} that the run has stored are not "
                "those that the runs of ‹beside› give"
            )


def check_signatures(
    entries: Iterable[BoardRecord], allowed: Path | None
) -> list[tuple[BoardRecord, tuple[CheckedSignature, ...]]]:
    """Return each entry with its signatures checked; `allowed` is the file of allowed signers.

    Raises InputError where that file cannot be read, UsageError where `ssh-keygen` is missing and
    an entry is signed.
    """
    if allowed is not None:
        check_allowed_signers(allowed)
    return [(e, tuple(check(e.digest, s, allowed) for s in e.signatures)) for e in entries]
