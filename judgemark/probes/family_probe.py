"""Self and family: does a judge favour pieces by itself, or by writers of its own family?

A figure of a whole board, because it needs the board's other judges. `families.json` names the
families by how the names of their members begin.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from statistics import mean

from judgemark.metrics.validity.probe_statistics import (
    Contrast,
    ContrastFinding,
    assess_contrasts,
)
from judgemark.probes.measured_contrast import DECIMALS
from judgemark.probes.probe_registry import POINTS, contrast_at
from judgemark.records import Place

SELF, FAMILY = "self.excess", "family.excess"

BoardScores = Mapping[str, Mapping[Place, float]]
"""The item scores of each judge of a board, by the judge's name; points, higher is better."""


@lru_cache(maxsize=1)
def families() -> Mapping[str, tuple[str, ...]]:
    """Return the families by name, each with the beginnings of its members' names."""
    text = resources.files("judgemark.probes").joinpath("families.json").read_text("utf-8")
    return {name: tuple(begins) for name, begins in json.loads(text)["families"].items()}


def family_of(name: str) -> str | None:
    """Return the family of a writer or judge; None where no beginning fits.

    Folders of the name do not count (`openai/gpt-4o` is `gpt-4o`), and neither does case. The
    longest beginning that fits decides.
    """
    own = _own_name(name)
    fitting = [
        (len(begin), family)
        for family, begins in families().items()
        for begin in begins
        if own.startswith(begin)
    ]
    return max(fitting)[1] if fitting else None


def is_same(writer: str, judge: str) -> bool:
    """Return whether writer and judge have one name, apart from folders, case and punctuation."""
    one, other = (re.sub(r"[^a-z0-9]", "", _own_name(name)) for name in (writer, judge))
    return one == other != ""


def family_findings(board: BoardScores) -> dict[str, tuple[ContrastFinding, ...]]:
    """Return for each judge what it adds to its own pieces and to those of its family.

    An excess is the judge's score less the mean of the board's other judges. On each item that of
    its own pieces is compared with that of writers outside its family, so that a judge that is
    mild to all has an effect of 0. The unit of the test is the item, and all contrasts of the
    board are corrected together. A judge without such writers, or without another judge beside
    it, has contrasts without an effect, with the reason.
    """
    contrasts = {judge: family_contrasts(judge, board) for judge in sorted(board)}
    findings = iter(assess_contrasts([c for both in contrasts.values() for c in both]))
    return {judge: tuple(next(findings) for _ in both) for judge, both in contrasts.items()}


def _own_name(name: str) -> str:
    return name.rpartition("/")[2].partition(":")[0].strip().lower()


def family_contrasts(judge: str, board: BoardScores) -> tuple[Contrast, Contrast]:
    """Return the untested contrasts of one judge of a board; see `family_findings`."""
    family = family_of(judge)
    own: dict[str, list[float]] = defaultdict(list)
    relatives: dict[str, list[float]] = defaultdict(list)
    strangers: dict[str, list[float]] = defaultdict(list)
    for place, score in board[judge].items():
        others = [
            scores[place] for name, scores in board.items() if name != judge and place in scores
        ]
        if not others:
            continue
        excess, (writer, _, item) = score - mean(others), place
        if is_same(writer, judge):
            own[item].append(excess)
        elif family is not None and family_of(writer) == family:
            relatives[item].append(excess)
        else:
            strangers[item].append(excess)
    alone = "" if len(board) > 1 else "the board has no other judge"
    return (
        _contrast(SELF, own, strangers, alone or "no piece on the board is by the judge itself"),
        _contrast(FAMILY, relatives, strangers, alone or _why_no_family(family)),
    )


def _why_no_family(family: str | None) -> str:
    if family is None:
        return "the family of the judge is not known"
    return f"no writer on the board is of the family {family}"


def _contrast(
    key: str, own: Mapping[str, list[float]], strangers: Mapping[str, list[float]], none: str
) -> Contrast:
    items = sorted(own.keys() & strangers.keys())
    effects = [round(mean(own[item]) - mean(strangers[item]), DECIMALS) for item in items]
    threshold = contrast_at(key)[0].threshold(POINTS)
    return Contrast(key, effects, POINTS, threshold, untested="" if items else none)
