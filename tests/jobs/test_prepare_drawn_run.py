"""A run that draws its own pieces or pairs: asked, stored, and read from a copied folder."""

from __future__ import annotations

import io
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from judgemark.errors import InputError, UsageError
from judgemark.inputs.samples import SampleSet
from judgemark.jobs.ask_run import ask, priced_work
from judgemark.jobs.board_runs import scored_one
from judgemark.jobs.prepare_drawn_run import prepare_drawn, target_of
from judgemark.jobs.prepare_run import Drawn, Prepared
from judgemark.judging.job_settings import JobSettings
from judgemark.metrics.validity.known_pair import KnownPair, PairedText, PairSource
from judgemark.metrics.validity.validity_section import validity_section
from judgemark.protocols.pairwise_protocol import Pair
from judgemark.records import Sample
from judgemark.run.folder import DRAWN, RunFolder
from judgemark.run.kind_of_run import RunKindName
from judgemark.run.run_lookup import load
from judgemark.run.stored_answers import StoredAnswers, read_answers
from judgemark.scoring.absent_figures import Notes
from judgemark.scoring.known_pair_answers import answers_to
from judgemark.scoring.known_result import known_result

LONG = Sample("ann", "0", "1", "a long piece of writing, by far")
SHORT = Sample("bea", "0", "1", "a short piece")
PIECES = SampleSet("two", (LONG, SHORT))
KNOWN = KnownPair(
    PairSource.PEOPLE,
    "1",
    PairedText(LONG.sha256, "ann", "0"),
    PairedText(SHORT.sha256, "bea", "0"),
)


def prepared(folder: Path, mode: str, drawn_by: Mapping[str, Any]) -> Prepared:
    settings = JobSettings.of(
        {
            "judge_model": "baseline:length",
            "mode": mode,
            "samples_file": SampleSet("given", ()),
            "runs_dir": folder,
        }
    )
    drawn = Drawn(RunKindName.PROBE, {"probe": dict(drawn_by)}, {"arms": ["none", "padded"]})
    target = target_of(settings, {}, lambda _: None)
    return prepare_drawn(target, drawn, PIECES, [Pair.of(LONG, SHORT)], lambda _: None)


def asked(folder: Path, mode: str) -> RunFolder:
    ready = prepared(folder, mode, {"seed": 1})
    ask(ready, priced_work(ready), bar=io.StringIO(), say=lambda _: None)
    return ready.folder


@pytest.mark.parametrize("mode", ["rubric", "pairwise"])
def test_a_copied_folder_has_all_that_was_asked(tmp_path: Path, mode: str) -> None:
    folder = asked(tmp_path / "runs", mode)
    copy = RunFolder(tmp_path / "copy")
    shutil.copytree(folder.path, copy.path)
    shutil.rmtree(tmp_path / "runs")
    answers = read_answers(copy)
    assert answers.kind == "probe" == copy.spec()["kind"]
    assert answers.facts == {"arms": ["none", "padded"]}
    assert answers.pairwise is (mode == "pairwise")
    # The judge of lengths takes the longer piece.
    (one,) = answers_to(answers, [KNOWN])
    assert one.right == 1.0
    assert result_of(answers)["status"] == "complete"


def result_of(answers: StoredAnswers) -> dict[str, Any]:
    return known_result(answers, validity_section({}), {"arms": 2}, Notes())


def test_the_result_has_the_common_head_and_the_kinds_own_section(tmp_path: Path) -> None:
    result = result_of(read_answers(asked(tmp_path, "rubric")))
    assert (result["kind"], result["probe"]) == ("probe", {"arms": 2})
    assert result["coverage"]["questions"] == result["coverage"]["answered"] == 2
    assert result["figures"]["reads"] is None
    assert result["notes"]["figures.reads"] == "there are no known pairs"


def test_another_draw_is_another_run(tmp_path: Path) -> None:
    one, same, other = (prepared(tmp_path, "rubric", {"seed": seed}) for seed in (1, 1, 2))
    assert one.folder == same.folder != other.folder
    assert one.fingerprint["probe"] == {"seed": 1}


def test_the_same_command_asks_nothing_again(tmp_path: Path) -> None:
    asked(tmp_path, "pairwise")
    estimate = priced_work(prepared(tmp_path, "pairwise", {"seed": 1})).estimate
    assert (estimate.questions, estimate.answered) == (0, 2)


def test_changed_facts_are_refused(tmp_path: Path) -> None:
    folder = asked(tmp_path, "rubric")
    other = asked(tmp_path / "other", "rubric")
    (folder.path / DRAWN).write_bytes((other.path / "samples.json.gz").read_bytes())
    with pytest.raises(InputError, match="is not the file that"):
        read_answers(folder)


def test_what_needs_a_run_of_the_main_job_says_so(tmp_path: Path) -> None:
    folder = asked(tmp_path, "rubric")
    for wanted in (load, scored_one):
        with pytest.raises(UsageError, match="is a run of probes, and this needs a run of the"):
            wanted(str(folder.path), tmp_path)
