"""Converters of public sets, on small files of the same form that we wrote ourselves."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from judgemark.errors import InputError
from judgemark.inputs.human_sets import HANNA_CRITERIA, convert_hanna, convert_litbench
from judgemark.inputs.known_pair_set import ALL_PAIRS, pairs_of_ratings
from judgemark.inputs.people_ratings import read_ratings
from judgemark.inputs.preference_pairs import read_preferences
from judgemark.inputs.samples import sample_set
from judgemark.metrics.validity.drawn_pairs import PairRules


def hanna_row(model: str, worker: str, *scores: int, prompt: str = "A dog.") -> dict[str, object]:
    """One rating: the six criteria are `scores`."""
    return {
        "Story ID": len(model),
        "Prompt": prompt,
        "Human": "The story of a person.",
        "Story": f"A story of {model}: {prompt}",
        "Model": model,
        **dict(zip(HANNA_CRITERIA, scores, strict=True)),
        "Worker ID": worker,
        "Assignment ID": "3X",
        "Work time in seconds": 61,
        "Name": "Rex",
    }


def as_csv(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_hanna_becomes_samples_prompts_and_rater_lines(tmp_path: Path) -> None:
    rows = [
        hanna_row("Human", "W9", 5, 5, 4, 4, 5, 4),  # the mean is 27 / 6 = 4.5
        hanna_row("Human", "W2", 3, 3, 3, 3, 3, 3),
        hanna_row("Fusion", "W9", 1, 1, 1, 1, 1, 1),
    ]
    made = convert_hanna(as_csv(tmp_path / "h.csv", rows))
    assert made.files["ratings.jsonl"][0] == {
        "writer": "Human", "iteration": "1", "item": "prompt-000", "rater": "rater-000",
        "score": 4.5,
    }  # fmt: skip
    assert made.files["samples.json"]["Fusion"]["samples"]["1"] == {
        "prompt-000": "A story of Fusion: A dog."
    }
    assert made.files["writing_prompts.json"] == {"prompt-000": {"writing_prompt": "A dog."}}
    assert made.summary == "2 stories of 2 writers, 3 ratings of 2 raters"
    assert "W9" not in json.dumps(made.files)


def test_what_is_made_of_hanna_gives_pairs(tmp_path: Path) -> None:
    rows = [
        hanna_row("Human", "W1", 5, 5, 5, 5, 5, 5),
        hanna_row("Human", "W2", 4, 4, 4, 4, 4, 4),
        hanna_row("Fusion", "W1", 2, 2, 2, 2, 2, 2),
    ]
    files = convert_hanna(as_csv(tmp_path / "h.csv", rows)).files
    samples = sample_set(files["samples.json"], "samples.json", "samples")
    path = tmp_path / "ratings.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in files["ratings.jsonl"]))
    ratings = read_ratings(path, samples, 1, 5)
    (pair,) = pairs_of_ratings(ratings, samples, PairRules(5, 5, 100, ALL_PAIRS), path).pairs
    # Human has (100 + 75) / 2 = 87.5 and Fusion 25.
    assert (pair.better.writer, pair.worse.writer, pair.margin) == ("Human", "Fusion", 62.5)


@pytest.mark.parametrize(
    ("change", "place", "problem"),
    [
        ({"Empathy": 6}, "row 3, Empathy", 'the score "6" is not one of 1 to 5'),
        ({"Empathy": ""}, "row 3, Empathy", 'the score "" is not one of 1 to 5'),
        ({"Story": "Another."}, "row 3", "a second story on the same prompt"),
    ],
)
def test_a_row_of_hanna_that_cannot_be_used_is_named(
    tmp_path: Path, change: dict[str, Any], place: str, problem: str
) -> None:
    row = hanna_row("GPT", "W1", 2, 2, 2, 2, 2, 2)
    with pytest.raises(InputError, match=problem) as refused:
        convert_hanna(as_csv(tmp_path / "h.csv", [row, row | change]))
    assert refused.value.place == place


def litbench_row(**change: Any) -> dict[str, Any]:
    return {
        "prompt": "A dog.",
        "chosen_story": "It barked.",
        "rejected_story": "It was.",
        "chosen_timestamp": "2019-05-06 07:08:09",
        "rejected_timestamp": "2019-05-06 07:00:00",
        "chosen_upvotes": 120,
        "rejected_upvotes": 11,
        **change,
    }


def test_litbench_becomes_a_preference_file_with_years(tmp_path: Path) -> None:
    rows = [litbench_row(), litbench_row(prompt="A cat.", chosen_timestamp="2021-01-01")]
    made = convert_litbench(as_csv(tmp_path / "l.csv", rows))
    assert made.files["pairs.jsonl"][0] == {
        "id": "litbench-00000", "prompt": "A dog.", "chosen": "It barked.", "rejected": "It was.",
        "source": "LitBench", "year": 2019,
    }  # fmt: skip
    assert [p.year for p in read_preferences(made.files["pairs.jsonl"]).pairs] == [2019, 2021]


def test_litbench_counts_what_is_left_out(tmp_path: Path) -> None:
    made = convert_litbench(as_csv(tmp_path / "l.csv", [litbench_row(), litbench_row()]))
    assert made.summary == "1 pairs, 1 left out (ties, repetitions)"


def test_a_file_of_another_set_is_refused_with_its_columns(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "l.csv", [{"prompt": "p", "story": "s"}])
    with pytest.raises(
        InputError, match=r'no column "chosen_story"; .* this one has prompt, story'
    ):
        convert_litbench(path)
    with pytest.raises(InputError, match='no column "Story ID"'):
        convert_hanna(path)
