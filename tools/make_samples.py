"""Makes data/samples.json and data/reference_scores.json from the pieces in data/pieces.

    python -m tools.make_samples            writes both files
    python -m tools.make_samples --check    exit 1 if they differ from what would be written

One writer has the pieces as they are; the other five have the same pieces at rising damage
(tools/damage.py). All five take the first steps of the same plan, drawn from a generator of its
own for each piece of the undamaged writer, so the order of the writers holds piece by piece.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tools.damage import Material, Step, apply_steps, plan_damage, share_touched, take_steps
from tools.rewording import Pairs
from tools.sentences import Piece, join_piece, split_piece
from tools.stable_json import write_or_check

DATA = Path(__file__).resolve().parents[1] / "data"
# The first seed for which neither length nor vocabulary ranks the writers: under each, Kendall's
# tau with the true order is within 0.25 of 0 (a test holds it there).
SEED = 1
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


@dataclass(frozen=True, slots=True)
class Sources:
    """What the maker reads: pieces and pairs by (iteration, item), and stock sentences."""

    pieces: Mapping[tuple[str, str], Piece]
    pairs: Mapping[tuple[str, str], Pairs]
    stock: Sequence[str]


def read_sources(folder: Path) -> Sources:
    """The pieces ITEM/ITERATION.txt of a folder, its cast.json and its stock.txt."""
    pieces = {
        (path.stem, path.parent.name): split_piece(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*/*.txt"))
    }
    cast = json.loads((folder / "cast.json").read_text(encoding="utf-8"))
    pairs = {(t, i): tuple((a, b) for a, b in cast[i][t]) for t, i in pieces}
    stock = (folder / "stock.txt").read_text(encoding="utf-8").splitlines()
    return Sources(pieces, pairs, stock)


def seed_of(iteration: str, item: str) -> int:
    """The seed of the plan of damage to one piece: 32 bits of a sha256."""
    digest = hashlib.sha256(f"{SEED}/{ORIGIN}/{iteration}/{item}".encode()).digest()
    return int.from_bytes(digest[:4])


def plan_of(sources: Sources, iteration: str, item: str) -> tuple[Step, ...]:
    """The plan of damage to one piece: other pieces of the same item lend nothing to it."""
    others = [piece for (_, other), piece in sources.pieces.items() if other != item]
    material = Material(others, sources.stock, sources.pairs[iteration, item])
    rng = np.random.default_rng(seed_of(iteration, item))
    return plan_damage(sources.pieces[iteration, item], material, rng)


def make_samples(sources: Sources) -> dict[str, Any]:
    """The samples file: each writer's pieces and, beside them, what they were made from."""
    made: dict[str, Any] = {w: {"samples": {}} for w in SEVERITY}
    for (iteration, item), piece in sources.pieces.items():
        seed = seed_of(iteration, item)
        plan = plan_of(sources, iteration, item)
        for writer, severity in SEVERITY.items():
            steps = take_steps(piece, plan, severity)
            text = join_piece(apply_steps(piece, steps))
            made[writer]["samples"].setdefault(iteration, {})[item] = text
            if writer != ORIGIN:
                by_item = made[writer].setdefault("provenance", {}).setdefault(iteration, {})
                share = round(share_touched(piece, steps), 4)
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
    samples = make_samples(read_sources(DATA / "pieces"))
    files = {
        DATA / "samples.json": samples,
        DATA / "reference_scores.json": make_references(samples),
    }
    return write_or_check(files, check=check, maker="tools.make_samples")


if __name__ == "__main__":
    raise SystemExit(main())
