"""Makes data/samples.json and data/reference_scores.json from the pieces in data/pieces.

    python -m tools.make_samples            writes both files
    python -m tools.make_samples --check    exit 1 if they differ from what would be written

One writer has the pieces as they are; the other five have the same pieces at rising damage
(tools/mixed_damage.py). All five take the first steps of the same plan, drawn from a generator of
its own for each piece of the undamaged writer, so the order of the writers holds piece by piece.
The seed of each piece is in data/pieces/seeds.json; tools/pick_seeds.py picked it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from judgemark.damage.english import Pairs
from judgemark.damage.passage import Passage, split_passage
from tools.mixed_damage import Material, Step, apply_steps, plan_damage, share_touched, take_steps
from tools.stable_json import write_or_check

DATA = Path(__file__).resolve().parents[1] / "data"
SEEDS = DATA / "pieces" / "seeds.json"
KIND = "mixed"

# The names are in no order of quality: their alphabetical order and that of damage are unrelated.
SEVERITY: Mapping[str, float] = {
    "Ashdown": 0.45,
    "Brannock": 0.1,
    "Corwen": 0.9,
    "Dunmore": 0.0,
    "Eskdale": 0.65,
    "Farrow": 0.25,
}
ORIGIN = "Dunmore"

Place = tuple[str, str]
"""The iteration and the item of a piece."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What the maker reads: pieces and the pairs to exchange in them, by iteration and item."""

    pieces: Mapping[Place, Passage]
    pairs: Mapping[Place, Pairs]


def read_sources(folder: Path) -> Sources:
    """The pieces ITEM/ITERATION.txt of a folder and its cast.json."""
    pieces = {
        (path.stem, path.parent.name): split_passage(path.read_text(encoding="utf-8").strip())
        for path in sorted(folder.glob("*/*.txt"))
    }
    cast = json.loads((folder / "cast.json").read_text(encoding="utf-8"))
    pairs = {(t, i): tuple((a, b) for a, b in cast[i][t]) for t, i in pieces}
    return Sources(pieces, pairs)


def read_seeds(path: Path = SEEDS) -> dict[Place, int]:
    """The seed of each piece's plan of damage, from `{item: {iteration: seed}}`."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return {(t, item): seed for item, by_t in found.items() for t, seed in by_t.items()}


def plan_of(sources: Sources, place: Place, seed: int) -> tuple[Step, ...]:
    """Return the plan of damage to one piece; other pieces of its item are no source for it."""
    others = [piece for (_, other), piece in sources.pieces.items() if other != place[1]]
    material = Material(others, sources.pairs[place])
    return plan_damage(sources.pieces[place], material, np.random.default_rng(seed))


def versions_of(piece: Passage, plan: Sequence[Step]) -> dict[str, tuple[str, float]]:
    """Each writer's version of a piece, and the share of its words in damaged sentences."""
    found = {}
    for writer, severity in SEVERITY.items():
        steps = take_steps(piece, plan, severity)
        found[writer] = (apply_steps(piece, steps).text, round(share_touched(piece, steps), 4))
    return found


def make_samples(sources: Sources, seeds: Mapping[Place, int]) -> dict[str, Any]:
    """The samples file: each writer's pieces and, beside them, what they were made from."""
    made: dict[str, Any] = {w: {"samples": {}} for w in SEVERITY}
    for (iteration, item), piece in sources.pieces.items():
        seed = seeds[iteration, item]
        plan = plan_of(sources, (iteration, item), seed)
        for writer, (text, share) in versions_of(piece, plan).items():
            made[writer]["samples"].setdefault(iteration, {})[item] = text
            if writer != ORIGIN:
                by_item = made[writer].setdefault("provenance", {}).setdefault(iteration, {})
                by_item[item] = {
                    "derived_from": ORIGIN, "kind": KIND, "severity": share, "seed": seed,
                }  # fmt: skip
    return made


def make_references(samples: Mapping[str, Any]) -> dict[str, float]:
    """The true quality of each writer: 100 x (1 - mean severity), 100 = undamaged."""
    return {writer: _reference(entry.get("provenance", {})) for writer, entry in samples.items()}


def _reference(provenance: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> float:
    shares = [made["severity"] for items in provenance.values() for made in items.values()]
    return round(100 * (1 - sum(shares) / len(shares)), 1) if shares else 100.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or with --check say whether they are what would be written."""
    parser = argparse.ArgumentParser(prog="python -m tools.make_samples")
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = parser.parse_args(arguments).check
    samples = make_samples(read_sources(DATA / "pieces"), read_seeds())
    files = {
        DATA / "samples.json": samples,
        DATA / "reference_scores.json": make_references(samples),
    }
    return write_or_check(files, check=check, maker="tools.make_samples")


if __name__ == "__main__":
    raise SystemExit(main())
