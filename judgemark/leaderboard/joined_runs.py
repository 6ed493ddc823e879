"""Ladders, pairs and probes of a judge, joined to its row on a board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgemark.leaderboard.board_entry import EntryJudge, canonical
from judgemark.leaderboard.entry_from_result import entry_judge
from judgemark.scoring.figures import COMPUTED
from judgemark.scoring.number_format import signed
from judgemark.scoring.reading_figures import TRUE_SOURCES

Result = Mapping[str, Any]
FigureValues = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class JoinedFigures:
    """What a judge's other runs say of it.

    Attributes:
        figures: registered figures by key, which take the place of those of the run with a score:
            those of a ladder, else of pairs that people judged.
        told: further findings in words, such as what sways the judge most.
    """

    figures: FigureValues
    told: tuple[str, ...] = ()


def judge_key(judge: EntryJudge) -> str:
    """Return what the runs of one judge that was asked in one way share."""
    return canonical([judge.kind, judge.configuration])


def joined(results: Iterable[Result]) -> dict[str, JoinedFigures]:
    """Return what runs that are not of the main job say, by `judge_key`.

    Of several runs of one kind the one with the most answered questions counts.
    """
    by_judge: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        key = judge_key(EntryJudge.model_validate(entry_judge(result)))
        by_judge[key].append(result)
    return {key: _joined(listed) for key, listed in by_judge.items()}


def _joined(results: Sequence[Result]) -> JoinedFigures:
    fullest: dict[str, Result] = {}
    for result in sorted(results, key=lambda r: (r["coverage"]["answered"], r["run_id"])):
        for source in result["validity"]["sources"]:
            fullest[source] = result
        if result["validity"]["probes"]:
            fullest["probes"] = result
    figures: FigureValues = {}
    for source in TRUE_SOURCES:
        if source in fullest:
            found = fullest[source].get(COMPUTED) or {}
            figures = {key: value for key, value in found.items() if value is not None}
            break
    told = []
    if "people" in fullest:
        told += _people(fullest["people"]["validity"]["sources"]["people"])
    if "probes" in fullest:
        told.append(_swayed(fullest["probes"]["validity"]["probes"]))
    return JoinedFigures(figures, tuple(told))


def _people(block: Mapping[str, Any]) -> list[str]:
    if block["margin"] is None:
        return []
    text = f"agrees with people, {signed(100 * block['margin'], 0)} points over counting"
    ends = block["margin_ci95"]
    if ends:
        text += f" ({signed(100 * ends[0], 0)} to {signed(100 * ends[1], 0)})"
    return [text]


def _swayed(probes: Mapping[str, Any]) -> str:
    """Name the contrast that was found with the smallest adjusted p value."""
    found = [(c["p_adjusted"], name) for name, c in probes.items() if c["found"]]
    if not found:
        return "not shown to be swayed"
    return f"most swayed by {min(found)[1]}"
