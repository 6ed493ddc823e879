"""Sections of entries that can be compared because they were judged alike. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgemark.leaderboard.board_entry import Entry, canonical

SHORT = 8
"""The number of digits of a digest that readers are shown."""

PARTS = ("samples", "pieces", "prompts", "scoring", "protocol", "metric version", "resamples")
"""What must be equal for two entries to be in one section, in the order of display."""

FLOOR_PARTS = ("samples", "pieces", "metric version", "resamples")
"""What must be equal for floors, besides the rules of a tournament. Prompts make no difference
to judges that do not read."""

Parts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """Entries that were judged alike.

    `parts` is what they share, by the names in `PARTS`. `beside` is the index of the earlier
    section that is most similar, and `differs` says in words where this one differs from it;
    both are empty (None and ()) for the first section. `floors` are the embedded baselines on the
    same pieces.
    """

    parts: Parts
    judges: tuple[Entry, ...]
    floors: tuple[Entry, ...]
    beside: int | None
    differs: tuple[str, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries: judges and floors."""
        return self.judges + self.floors


def parts_of(entry: Entry) -> dict[str, Any]:
    """Return what entries must share to be compared, by the names in `PARTS`."""
    fingerprint, data = entry.fingerprint, entry.dataset
    samples: dict[str, Any] = {"name": data.name, "sha256": data.sha256}
    if data.sha256 is None:
        # A runs file has no digest of its samples, so writers and items must agree as well.
        samples |= {
            "file": _part(fingerprint, "samples").get("file"),
            "writers": data.writers_sha256,
            "items": data.items_sha256,
        }
    else:
        # A copy with another name is the same set.
        del samples["name"]
    whole = entry.coverage.asked >= data.pieces
    return {
        "samples": samples,
        "pieces": "all" if whole else {"asked": data.asked_sha256},
        "prompts": _part(fingerprint, "prompts"),
        "scoring": _part(fingerprint, "scoring"),
        "protocol": _part(fingerprint, "protocol"),
        "metric version": entry.metric_version,
        "resamples": entry.draws.model_dump(),
    }


def sections(entries: Iterable[Entry]) -> tuple[Section, ...]:
    """Sort entries into sections, the section with the most complete runs first.

    Two or more runs that were asked about the same part of the pieces form a section of their
    own. A single such run is put beside the complete runs that were asked in the same way, where
    it is shown without a rank. Floors are part of every section of their samples.
    """
    listed = list(entries)
    judges = [e for e in listed if not e.is_floor]
    floors = [e for e in listed if e.is_floor]
    groups = _grouped(judges)
    by_floor: dict[str, list[Entry]] = defaultdict(list)
    for floor in floors:
        by_floor[_floor_key(parts_of(floor))].append(floor)
    used: set[str] = set()
    drafts: list[tuple[Parts, list[Entry], list[Entry]]] = []
    for group in groups:
        own = parts_of(group[0])
        key = _floor_key(own)
        used.add(key)
        drafts.append((own, group, by_floor.get(key, [])))
    for key, alone in by_floor.items():
        if key not in used:
            drafts.append((_floor_parts(alone[0]), [], alone))
    drafts.sort(key=lambda d: (not d[1], -_whole(d[1] or d[2]), -len(d[1]), canonical(d[0])))
    found: list[Section] = []
    for parts, group, alone in drafts:
        told = [tuple(_differences(parts, earlier.parts)) for earlier in found]
        beside = min(range(len(told)), key=lambda n: _unlikeness(told[n]), default=None)
        differs = told[beside] if beside is not None else ()
        found.append(Section(parts, tuple(group), tuple(alone), beside, differs))
    return tuple(found)


def _unlikeness(told: Sequence[str]) -> tuple[int, int]:
    return len(told), sum(map(len, told))


def _grouped(judges: Sequence[Entry]) -> list[list[Entry]]:
    keys = {e.digest: _key(parts_of(e), PARTS) for e in judges}
    times = Counter(keys.values())
    whole: dict[str, str] = {}
    for e in judges:
        if parts_of(e)["pieces"] == "all":
            whole.setdefault(_alike(e), keys[e.digest])
    groups: dict[str, list[Entry]] = defaultdict(list)
    for e in judges:
        key = keys[e.digest]
        if parts_of(e)["pieces"] != "all" and times[key] == 1:
            key = whole.get(_alike(e), key)
        groups[key].append(e)
    # Complete runs come first, because the section takes its parts from the first.
    return [sorted(g, key=lambda e: parts_of(e)["pieces"] != "all") for g in groups.values()]


def _alike(entry: Entry) -> str:
    return _key(parts_of(entry), [name for name in PARTS if name != "pieces"])


def _key(parts: Parts, names: Iterable[str]) -> str:
    return canonical([parts[name] for name in names])


def _floor_key(parts: Parts) -> str:
    return canonical([_key(parts, FLOOR_PARTS), parts["protocol"].get("tournament")])


def _floor_parts(entry: Entry) -> dict[str, Any]:
    parts = parts_of(entry)
    return {name: parts[name] for name in (*FLOOR_PARTS, "protocol")}


def _whole(entries: Sequence[Entry]) -> int:
    return sum(e.coverage.status == "complete" for e in entries)


def _part(fingerprint: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = fingerprint.get(name)
    return part if isinstance(part, dict) else {}


def _differences(parts: Parts, other: Parts) -> Iterator[str]:
    """Yield in words, part by part, where a section differs from another."""
    for name in PARTS:
        here, there = parts.get(name), other.get(name)
        if here == there or here is None or there is None:
            continue
        if isinstance(here, Mapping) and isinstance(there, Mapping):
            ours, theirs = dict(flat(here)), dict(flat(there))
            unlike = [k for k in {**theirs, **ours} if ours.get(k) != theirs.get(k)]
            if "name" in unlike:
                # Different protocols have different settings; naming the protocols is enough.
                unlike = ["name"]
            told = "; ".join(_difference(k, ours.get(k), theirs.get(k)) for k in unlike)
            yield f"{name}: {told}"
        elif name == "pieces":
            yield f"pieces: {_asked(here)} here, {_asked(there)} there"
        else:
            yield f"{name}: {shown(here)} here, {shown(there)} there"


def _asked(part: Any) -> str:
    return "all asked" if part == "all" else "only some asked"


def _difference(key: str, here: Any, there: Any) -> str:
    what = "" if key == "name" else f"{words(key)} "
    return f"{what}{shown(here)} here, {shown(there)} there"


def flat(part: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of nested mappings, named by their keys joined with blanks."""
    for key, value in part.items():
        name = f"{path} {key}".strip()
        if isinstance(value, Mapping):
            yield from flat(value, name)
        else:
            yield name, value


def words(name: str) -> str:
    """Return a key in words."""
    return name.replace("_", " ").removesuffix(" sha256").replace("sha256", "digest")


def shown(value: Any) -> str:
    """Format a value for a reader: digests are shortened, and None becomes "none".

    Equal parts of a list stand once, with their number: `2 x (rubric, version 1)`.
    """
    if isinstance(value, Mapping):
        return ", ".join(
            shown(v) if k == "name" else f"{words(k)} {shown(v)}" for k, v in flat(value)
        )
    if isinstance(value, list | tuple):
        counted = Counter(shown(part) for part in value).items()
        return "; ".join(f"{n} x ({part})" if n > 1 else part for part, n in counted) or "none"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value)
    hexadecimal = len(text) == 64 and all(c in "0123456789abcdef" for c in text)
    return text[:SHORT] if hexadecimal else text
