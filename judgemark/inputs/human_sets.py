"""Turns files of public sets that people labelled into files that `pairs` reads.

A set is one function and one entry in HUMAN_SETS. The layout of each set is that of its own page,
which `docs/human-sets.md` names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from judgemark.errors import InputError
from judgemark.inputs.preference_pairs import read_preferences
from judgemark.inputs.table_rows import TableRow, TableRows, read_rows

HANNA_CRITERIA = ("Relevance", "Coherence", "Empathy", "Surprise", "Engagement", "Complexity")
_HANNA_NEEDED = ("Story ID", "Prompt", "Story", "Model", "Worker ID", *HANNA_CRITERIA)
_ITERATION = "1"


@dataclass(frozen=True, slots=True)
class ConvertedSet:
    """The files made of a set, by name: a list is written as JSON Lines, all else as JSON.

    `settings` are those with which `pairs` reads them: the name of each, and a file's name or a
    number.
    """

    files: Mapping[str, Any]
    settings: Mapping[str, str]
    summary: str


@dataclass(frozen=True, slots=True)
class HumanSet:
    """A public set: what its file is called by those who publish it, and its converter."""

    name: str
    file: str
    convert: Callable[[Path], ConvertedSet]


def convert_hanna(path: Path) -> ConvertedSet:
    """Turn HANNA's `hanna_stories_annotations.csv` into samples, writing prompts and rater lines.

    Its rows are one rating each, with six criteria of 1 to 5. A rater's score is their mean. The
    names of raters are replaced by numbers. Raises InputError for a missing column, a score outside
    1 to 5, and a story that has two texts.
    """
    table = read_rows(path)
    _refuse_missing(table, _HANNA_NEEDED)
    items: dict[str, str] = {}
    raters: dict[str, str] = {}
    samples: dict[str, Any] = {}
    lines = []
    for row in table.rows:
        cells = row.cells
        item = items.setdefault(cells["Prompt"], f"prompt-{len(items):03d}")
        rater = raters.setdefault(str(cells["Worker ID"]), f"rater-{len(raters):03d}")
        writer, story = cells["Model"], cells["Story"]
        stories = samples.setdefault(writer, {"samples": {_ITERATION: {}}})["samples"][_ITERATION]
        if stories.setdefault(item, story) != story:
            problem = f"gives {writer} a second story on the same prompt"
            raise InputError(path, problem, place=row.place, fix="keep one of the two stories")
        scores = [_likert(row, criterion, path) for criterion in HANNA_CRITERIA]
        lines.append(
            {
                "writer": writer,
                "iteration": _ITERATION,
                "item": item,
                "rater": rater,
                "score": sum(scores) / len(scores),
            }
        )
    prompts = {item: {"writing_prompt": prompt} for prompt, item in items.items()}
    stories_count = sum(len(entry["samples"][_ITERATION]) for entry in samples.values())
    return ConvertedSet(
        {"samples.json": samples, "writing_prompts.json": prompts, "ratings.jsonl": lines},
        {
            "ratings": "ratings.jsonl",
            "ratings_min": "1",
            "ratings_max": "5",
            "samples_file": "samples.json",
            "writing_prompts": "writing_prompts.json",
        },
        f"{stories_count} stories of {len(samples)} writers, {len(lines)} ratings of {len(raters)} "
        "raters",
    )


def convert_litbench(path: Path) -> ConvertedSet:
    """Turn LitBench's file of story pairs into a preference file with years.

    Its columns are prompt, chosen_story, rejected_story and, where they are there, the times of
    both stories; the year is that of the chosen one. Raises InputError as reading a preference file
    does.
    """
    columns = {"prompt": "prompt", "chosen": "chosen_story", "rejected": "rejected_story"}
    table = read_rows(path)
    _refuse_missing(table, tuple(columns.values()))
    found = read_preferences([row.cells for row in table.rows], columns)
    lines = [
        {
            "id": f"litbench-{n:05d}",
            "prompt": pair.prompt,
            "chosen": pair.chosen,
            "rejected": pair.rejected,
            "source": "LitBench",
            **({} if pair.year is None else {"year": int(pair.year)}),
        }
        for n, pair in enumerate(found.pairs)
    ]
    left = sum(found.left_out.values())
    return ConvertedSet(
        {"pairs.jsonl": lines},
        {"pairs_file": "pairs.jsonl"},
        f"{len(lines)} pairs" + (f", {left} left out (ties, repetitions)" if left else ""),
    )


HUMAN_SETS: Mapping[str, HumanSet] = MappingProxyType(
    {
        "hanna": HumanSet("hanna", "hanna_stories_annotations.csv", convert_hanna),
        "litbench": HumanSet("litbench", "LitBench's Parquet or CSV file", convert_litbench),
    }
)
"""The sets that have a converter, by the name that the command takes."""


def _refuse_missing(table: TableRows, needed: tuple[str, ...]) -> None:
    for column in needed:
        if column not in table.columns:
            there = ", ".join(table.columns[:20])
            fix = f"give the set's own file; this one has {there}"
            raise InputError(table.path, f'has no column "{column}"', fix=fix)


def _likert(row: TableRow, criterion: str, path: Path) -> float:
    try:
        score = float(row.cells[criterion])
    except (TypeError, ValueError):
        score = 0.0
    if not 1 <= score <= 5:
        problem = f'the score "{row.cells[criterion]}" is not one of 1 to 5'
        place = f"{row.place}, {criterion}"
        raise InputError(path, problem, place=place, fix="correct it, or take the row out")
    return score
