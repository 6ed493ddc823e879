"""Which ladder is built: the season's seed, what is resumed, and what a budget leaves."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from judgemark.errors import UsageError
from judgemark.inputs.samples import SampleSet, sample_set
from judgemark.jobs.ask_run import ask, priced_work
from judgemark.jobs.ladder_run import LadderJob, LadderRules, prepare_ladder, season_seed
from judgemark.jobs.run_kinds import finish_drawn
from judgemark.judging.job_settings import JobSettings

AUTUMN, WINTER = date(2026, 12, 31), date(2027, 1, 1)
RULES = LadderRules(kinds=("paragraphs-shuffled",), levels=2)


def pieces(writers: Mapping[str, str] | None = None) -> SampleSet:
    """Pieces of eight paragraphs each."""
    text = "\n\n".join(f"On day {n} the rain came. It stayed for {n} hours." for n in range(1, 9))
    told = writers or {f"w{n}": f"{text}\n\nThe end, said {n}." for n in range(3)}
    return sample_set({w: {"samples": {"0": {"1": t}}} for w, t in told.items()}, "x", "own")


def built(folder: Path, today: date, rules: LadderRules = RULES, **settings: Any) -> LadderJob:
    values = {"judge_model": "baseline:length", "samples_file": pieces(), "runs_dir": folder}
    said = JobSettings.of({**values, **settings})
    return prepare_ladder(said, {}, rules, lambda _: None, today=today)


def asked(job: LadderJob) -> None:
    prepared = job.prepared
    ask(prepared, priced_work(prepared), bar=io.StringIO(), say=lambda _: None)


def test_every_quarter_has_a_seed() -> None:
    days = (date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), AUTUMN)
    assert [season_seed(day) for day in days] == [20261, 20261, 20262, 20264]


def test_the_same_seed_gives_the_same_texts_and_the_same_run(tmp_path: Path) -> None:
    one, same = built(tmp_path, AUTUMN), built(tmp_path, AUTUMN)
    assert one.ladder == same.ladder
    assert one.prepared.folder == same.prepared.folder
    assert built(tmp_path, WINTER).prepared.folder != one.prepared.folder


def test_an_unfinished_ladder_goes_on_in_another_season(tmp_path: Path) -> None:
    job = built(tmp_path, AUTUMN)
    asked(job)  # all has been asked, but no result was written: interrupted at the end
    assert built(tmp_path, WINTER).seed == 20264
    # Another ladder, a given seed and a fresh start are others.
    assert built(tmp_path, WINTER, replace(RULES, levels=1)).seed == 20271
    assert built(tmp_path, WINTER, replace(RULES, seed=5)).seed == 5
    assert built(tmp_path, WINTER, fresh=True).seed == 20271
    assert built(tmp_path, WINTER, judge_model="baseline:lexical").seed == 20271


def test_a_finished_ladder_is_fresh_in_the_next_season(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("judgemark.report.page_ladder.drawn_ladder", lambda _: ((), ["a page"]))
    job = built(tmp_path, AUTUMN)
    asked(job)
    finish_drawn(job.prepared.folder)
    assert built(tmp_path, WINTER).seed == 20271
    # Its own name still means this run.
    named = built(tmp_path, WINTER, run_id=job.prepared.folder.run_id)
    assert named.seed == 20264


def test_the_fingerprint_says_what_was_drawn(tmp_path: Path) -> None:
    found = built(tmp_path, AUTUMN, replace(RULES, budget=5)).prepared.fingerprint
    assert found["ladder"] == {
        "kinds": ["paragraphs-shuffled"], "levels": 2, "budget": 5, "seed": 20264,
    }  # fmt: skip


def test_a_budget_bounds_the_questions(tmp_path: Path) -> None:
    # Three pieces with two versions each: 9 texts to score, of which 6 fit.
    whole, part = (built(tmp_path, AUTUMN, replace(RULES, budget=b)) for b in (None, 7))
    counts = [priced_work(job.prepared).estimate.questions for job in (whole, part)]
    assert counts == [9, 6]


def test_a_writer_named_as_a_version_is_refused(tmp_path: Path) -> None:
    text = pieces().samples[0].text
    samples = pieces({"w0": text, "w0 [paragraphs-shuffled 1]": f"{text} More."})
    with pytest.raises(UsageError, match="a writer is named as the ladder names its versions"):
        built(tmp_path, AUTUMN, samples_file=samples)
