"""Where two entries differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from judgemark.leaderboard.board_entry import Entry

NOT_COMPARED = ("digest", "program", "run_id", "signatures")
"""Fields that may differ between entries of the same verdicts: program and run id."""

TOLERANCE = 2e-6
"""Entries keep six decimals, and two machines may differ in the last one."""

ONE_HUNDREDTH = 1


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
        yield f"{path}: {_shown(stated)} stated, {_shown(found)} found"


def _same(stated: Any, found: Any) -> bool:
    numbers = (int, float)
    if isinstance(stated, numbers) and isinstance(found, numbers):
        return abs(stated - found) <= TOLERANCE * max(1.0, abs(found))
    return bool(stated == found)


def _shown(value: Any) -> str:
    text = "none" if value is None else str(value)
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
