"""Reads samples files: `{writer: {"samples": {iteration: {item: text}}}}`."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictStr,
    TypeAdapter,
)

from judgemark.errors import InputError, UsageError
from judgemark.inputs.json_file import place_of, read_json, refuse_half_characters
from judgemark.inputs.validation import validated
from judgemark.records import Sample


class _Provenance(BaseModel):
    model_config = ConfigDict(extra="ignore")
    derived_from: str | None = None
    kind: str | None = None
    severity: float | None = None
    seed: int | None = None


def _ours(value: Any) -> Any:
    """Return the value if it is laid out as our own tools write it; any other value is ignored."""
    tree = isinstance(value, dict) and all(isinstance(v, dict) for v in value.values())
    leaves = [leaf for by_item in value.values() for leaf in by_item.values()] if tree else [None]
    return value if all(isinstance(leaf, dict) for leaf in leaves) else {}


class _WriterEntry(BaseModel):
    model_config = ConfigDict(extra="ignore")
    samples: dict[str, dict[str, StrictStr]]
    provenance: Annotated[dict[str, dict[str, _Provenance]], BeforeValidator(_ours)] = {}


_FORMAT = 'the format is {writer: {"samples": {iteration: {item: text}}}}'
_SAMPLES = TypeAdapter(dict[str, _WriterEntry])


@dataclass(frozen=True)
class SampleSet:
    """The samples of one file, sorted by writer, iteration and item.

    `without_pieces` names the writers of the file that have none.
    """

    name: str
    samples: tuple[Sample, ...]
    without_pieces: tuple[str, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """The hash of the content, not of the bytes: the same pieces in another layout are the
        same set."""
        rows = [[s.writer, s.iteration, s.item, s.sha256] for s in self.samples]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()

    @property
    def writers(self) -> tuple[str, ...]:
        """The writers, sorted."""
        return tuple(sorted({s.writer for s in self.samples}))

    @property
    def iterations(self) -> tuple[str, ...]:
        """The writers' iterations, sorted."""
        return tuple(sorted({s.iteration for s in self.samples}))

    @property
    def items(self) -> tuple[str, ...]:
        """The items, sorted."""
        return tuple(sorted({s.item for s in self.samples}))

    def to_json(self) -> dict[str, Any]:
        """Return the set in the format it was read from."""
        out: dict[str, Any] = {}
        for s in self.samples:
            entry = out.setdefault(s.writer, {"samples": {}})
            entry["samples"].setdefault(s.iteration, {})[s.item] = s.text
            fields = ("derived_from", "kind", "severity", "seed")
            made = {k: getattr(s, k) for k in fields if getattr(s, k) is not None}
            if made:
                by_item = entry.setdefault("provenance", {}).setdefault(s.iteration, {})
                by_item[s.item] = made
        return out


def sample_set(data: Any, path: Path | str, name: str) -> SampleSet:
    """Return the samples in `data`; InputError names the place where the shape is wrong."""
    entries = validated(_SAMPLES, data, path, fix=_FORMAT, leaf="the text")
    samples = tuple(sorted(_samples(entries, path), key=lambda s: (s.writer, s.iteration, s.item)))
    if not samples:
        raise InputError(path, "holds no samples", fix="put at least one piece in it")
    left = sorted(entries.keys() - {s.writer for s in samples})
    return SampleSet(name, samples, tuple(left))


def _samples(entries: Mapping[str, _WriterEntry], path: Path | str) -> Iterable[Sample]:
    for writer, entry in entries.items():
        for iteration, by_item in entry.samples.items():
            for item, text in by_item.items():
                place = place_of((writer, "samples", iteration, item))
                for part in (writer, iteration, item, text):
                    refuse_half_characters(part, path, place)
                made = entry.provenance.get(iteration, {}).get(item, _Provenance())
                yield Sample(writer, iteration, item, text, **made.model_dump())


def read_samples(path: Path) -> SampleSet:
    """Return the samples of a file; InputError says what is wrong and where."""
    return sample_set(read_json(path), path, path.stem)


def select(
    samples: SampleSet,
    *,
    writers: Sequence[str] = (),
    items: Sequence[str] = (),
    iterations: int | None = None,
    limit: int | None = None,
) -> tuple[Sample, ...]:
    """Return the samples of the named writers and items.

    Args:
        iterations: how many iterations of each writer are taken, the first ones.
        limit: how many samples are taken at most. Their order mixes writers and items, so that any
            limit covers both evenly.

    Raises:
        UsageError: for a name that is not in the set.
    """
    for kind, wanted, known in (
        ("writer", writers, samples.writers),
        ("item", items, samples.items),
    ):
        for name in wanted:
            if name not in known:
                listed = any(part.strip() in known for part in name.split(","))
                raise UsageError(
                    f'‹{kind}s›: no {kind} "{name}" in the samples; there are {", ".join(known)}'
                    + ("; separate names by spaces, not by commas" if listed else "")
                )
    first = _first_iterations(samples.samples, iterations)
    kept = [
        s
        for s in samples.samples
        if (not writers or s.writer in writers)
        and (not items or s.item in items)
        and s.iteration in first[s.writer]
    ]
    return tuple(spread(kept)[:limit])


def _first_iterations(samples: Sequence[Sample], most: int | None) -> Mapping[str, list[str]]:
    """Return the first iterations of each writer; numbers are in numerical order, 2 before 10."""
    found: dict[str, set[str]] = {}
    for s in samples:
        found.setdefault(s.writer, set()).add(s.iteration)

    def rank(iteration: str) -> tuple[bool, int, str]:
        number = iteration.isascii() and iteration.isdecimal()
        return (not number, len(iteration.lstrip("0")) if number else 0, iteration)

    return {writer: sorted(names, key=rank)[:most] for writer, names in found.items()}


def spread(samples: Sequence[Sample]) -> list[Sample]:
    """Return all samples in an order whose first n cover writers and items evenly, for any n.

    The order takes one iteration after the other. Within an iteration both the writer and the item
    advance by one at each step, and the item by one more each time the walk over the writer x item
    grid returns to where it began.
    """
    writers = {w: n for n, w in enumerate(sorted({s.writer for s in samples}))}
    items = {i: n for n, i in enumerate(sorted({s.item for s in samples}))}
    iterations = {t: n for n, t in enumerate(sorted({s.iteration for s in samples}))}
    w, i = max(1, len(writers)), max(1, len(items))
    step = {(k % w, (k + k // math.lcm(w, i)) % i): k for k in range(w * i)}
    return sorted(
        samples, key=lambda s: (iterations[s.iteration], step[writers[s.writer], items[s.item]])
    )
