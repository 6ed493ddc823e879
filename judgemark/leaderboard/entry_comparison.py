"""Where two entries differ, and what of an entry could not be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgemark.leaderboard.board_entry import Entry
from judgemark.leaderboard.validity_entry import BoardRecord, ValidityEntry
from judgemark.run.kind_of_run import RunKindName
from judgemark.scoring.figures import Shown, shown_in

NOT_COMPARED = ("digest", "program", "run_id", "signatures")
"""Fields that may differ between entries of the same verdicts: program and run id."""

_OF_ONE_ASKING = ("usage.", "dataset.name:", "coverage.first_try_parse_rate:")
"""Begin the lines about one asking, in which two askings with the same verdicts may differ: what
it took, what the samples file was called, and how often the judge had to be asked again."""

TOLERANCE = 2e-6
"""Entries keep six decimals, and two machines may differ in the last one."""

ONE_HUNDREDTH = 1


@dataclass(frozen=True, slots=True)
class EntryComparison:
    """One line of text for each figure that differs, and for each that could not be compared."""

    differs: tuple[str, ...]
    unchecked: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether everything was compared and nothing differs."""
        return not self.differs and not self.unchecked


def compared(stated: BoardRecord, found: BoardRecord) -> EntryComparison:
    """Compare a board's entry of any kind with the entry computed from the run, figure by figure.

    Unlike in `differences`, nothing that only one of them has is passed over. A figure that this
    version does not compute cannot be compared, and neither can one that an entry of another
    version lacks; an entry of this version that lacks a figure differs.
    """
    if isinstance(stated, Entry):
        if not isinstance(found, Entry):
            return EntryComparison((_line("kind", RunKindName.JUDGE, found.kind),), ())
        differs, lacking = [*differences(stated, found)], _parts_lacking(stated, found)
        place, ours, theirs = "validity", stated.validity, found.validity
    else:
        if isinstance(found, Entry):
            return EntryComparison((_line("kind", stated.kind, RunKindName.JUDGE),), ())
        differs, lacking = [*_unlike_measured(stated, found)], []
        place, ours, theirs = "figures", stated.figures, found.figures
    computed = {figure.entry_name for figure in shown_in(Shown.ENTRY)}
    unchecked = []
    for name in sorted(ours.keys() - theirs.keys()):
        line = _line(f"{place}.{name}", ours[name], None)
        if name not in computed:
            unchecked.append(f"{line}: this version does not compute it")
        elif ours[name] is not None:
            differs.append(line)
    lacking += [
        _line(f"{place}.{name}", None, theirs[name])
        for name in sorted(theirs.keys() - ours.keys())
        if theirs[name] is not None
    ]
    if stated.program == found.program:
        return EntryComparison((*differs, *lacking), tuple(unchecked))
    made_by = f"{stated.program.name} {stated.program.version}, which made the entry"
    unchecked += [f"{line}: {made_by}, may not have had it" for line in lacking]
    return EntryComparison(tuple(differs), tuple(unchecked))


def _unlike_measured(stated: ValidityEntry, found: ValidityEntry) -> Iterator[str]:
    """Compare all fields of two entries that both have."""
    ours, theirs = (
        {k: v for k, v in entry.to_json().items() if k not in (*NOT_COMPARED, "figures")}
        for entry in (stated, found)
    )
    yield from _unlike(ours, theirs, "")
    yield from _unlike(*_shared(stated.figures, found.figures), "figures")


def _parts_lacking(stated: Entry, found: Entry) -> list[str]:
    """Say which whole parts the stated entry lacks, as entries of earlier versions do."""
    lines = []
    if stated.warnings is None and found.warnings:
        lines.append(_line("warnings", None, len(found.warnings)))
    if not stated.nested and found.nested:
        lines.append("nested: none stated, nested resamples found")
    return lines


def differences(stated: Entry, found: Entry) -> tuple[str, ...]:
    """Return one line of text for each figure that differs; () where the entries agree.

    `stated` is the entry to check, and `found` the entry computed from the run. Figures that only
    one of them has are not compared, because the other may be of a version without them.
    """
    ours, theirs = (
        {k: _without_wording(k, v) for k, v in entry.to_json().items() if k not in NOT_COMPARED}
        for entry in (stated, found)
    )
    ours["validity"], theirs["validity"] = _shared(ours["validity"], theirs["validity"])
    if ours["warnings"] is None or theirs["warnings"] is None:
        del ours["warnings"], theirs["warnings"]
    rows = [(key, ours.pop(key), theirs.pop(key)) for key in ("replicates", "twins")]
    nested = [_flat(entry.pop("nested", {})) for entry in (ours, theirs)]
    if all(nested):
        rows.append(("nested", nested[0], nested[1]))
    unlike = [line for key, one, other in rows for line in _unlike_rows(key, one, other)]
    return (*_unlike(ours, theirs, ""), *unlike)


def of_verdicts(differing: Iterable[str]) -> tuple[str, ...]:
    """Return those lines of `differences` that the same verdicts cannot give.

    A judge that is asked a second time and answers the same has other times, and maybe other costs.
    """
    return tuple(line for line in differing if not line.startswith(_OF_ONE_ASKING))


def _flat(nested: Mapping[str, Sequence[Sequence[int | None]]]) -> dict[str, list[int | None]]:
    """Return each scorecard's nested resamples, under both shuffles, as one row."""
    return {name: [score for row in rows for score in row] for name, rows in nested.items()}


def _without_wording(key: str, value: Any) -> Any:
    """Keep what is said about which figure, not in which words: versions word it differently."""
    if key == "reasons":
        return dict.fromkeys(value, "a reason")
    if key == "warnings" and value is not None:
        return len(value)
    return value


def _shared(
    stated: Mapping[str, Any], found: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both mappings with the keys they share; a later version may have more figures."""
    both = stated.keys() & found.keys()
    return {k: stated[k] for k in both}, {k: found[k] for k in both}


def _unlike(stated: Any, found: Any, path: str) -> Iterator[str]:
    if isinstance(stated, Mapping) and isinstance(found, Mapping):
        for key in sorted({*stated, *found}):
            yield from _unlike(stated.get(key), found.get(key), f"{path}.{key}" if path else key)
    elif isinstance(stated, list) and isinstance(found, list) and len(stated) == len(found):
        for n, (one, other) in enumerate(zip(stated, found, strict=True)):
            yield from _unlike(one, other, f"{path}[{n}]")
    elif not _same(stated, found):
        yield _line(path, stated, found)


def _line(path: str, stated: Any, found: Any) -> str:
    return f"{path}: {_shown(stated)} stated, {_shown(found)} found"


def _same(stated: Any, found: Any) -> bool:
    numbers = (int, float)
    if isinstance(stated, numbers) and isinstance(found, numbers):
        return abs(stated - found) <= TOLERANCE * max(1.0, abs(found))
    return bool(stated == found)


def _shown(value: Any) -> str:
    text = "none" if value is None else "nothing" if value == "" else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _unlike_rows(
    key: str, stated: Mapping[str, Sequence[int | None]], found: Mapping[str, Sequence[int | None]]
) -> Iterator[str]:
    for name in sorted({*stated, *found}):
        ours, theirs = stated.get(name, ()), found.get(name, ())
        if len(ours) != len(theirs):
            yield f"{key}.{name}: {len(ours)} stated, {len(theirs)} found"
            continue
        apart = sum(not _near(a, b) for a, b in zip(ours, theirs, strict=True))
        if apart:
            yield f"{key}.{name}: {apart} of {len(ours)} differ"


def _near(one: int | None, other: int | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= ONE_HUNDREDTH
