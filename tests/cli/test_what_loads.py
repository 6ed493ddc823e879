"""What a plain run of one judge loads: nothing that serves only other kinds of run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from judgemark.inputs.prompts import END, START
from tests.support.fake_endpoint import FakeEndpoint, said

HOME = Path(__file__).resolve().parents[2]
CRITERIA = ("Voice", "Pace", "Plot", "Wit", "Depth")
JUDGE = f"def judge(piece):\n    return {{name: len(piece.text) % 7 for name in {CRITERIA}}}\n"
OTHERS = (
    "judgemark.cli.summary_details",
    "judgemark.damage",
    "judgemark.inputs.anchored_prompts",
    "judgemark.inputs.club_prompts",
    "judgemark.inputs.upstream_runs",
    "judgemark.inputs.writing_prompts",
    "judgemark.judges.adaptations",
    "judgemark.judges.complaints",
    "judgemark.judges.endpoint_logprobs",
    "judgemark.judges.logprob",
    "judgemark.judges.structured_scores",
    "judgemark.judging.anchors",
    "judgemark.judging.book_club_setup",
    "judgemark.judging.ensemble_setup",
    "judgemark.metrics.classification",
    "judgemark.metrics.effective_judges",
    "judgemark.metrics.judge_comparison",
    "judgemark.metrics.reference_agreement",
    "judgemark.metrics.validity.probe_statistics",
    "judgemark.metrics.validity.reading",
    "judgemark.metrics.validity.text_counts",
    "judgemark.probes",
    "judgemark.protocols.anchored_protocol",
    "judgemark.protocols.book_club",
    "judgemark.protocols.number_protocol",
    "judgemark.protocols.pairwise_protocol",
    "judgemark.protocols.reply_reader",
    "judgemark.protocols.rubric_protocol",
    "judgemark.protocols.score_mention",
    "judgemark.protocols.tournament_protocol",
    "judgemark.report.page_pieces",
    "judgemark.report.page_swayed",
    "judgemark.run.result_description",
    "judgemark.run.stored_pairwise_run",
    "judgemark.scoring.damage_reading",
    "judgemark.scoring.ensemble_section",
    "judgemark.scoring.pair_warnings",
    "judgemark.scoring.tournament_floors",
    "judgemark.scoring.tournament_section",
    "judgemark.scoring.upstream_export",
    "judgemark.tournaments",
)
"""Loaded for other judges, protocols and kinds of run, and for replies that are texts."""
ASKING = (
    "asyncio",
    "dotenv",
    "filelock",
    "http.client",
    "judgemark.judges.batches.batch_service",
    "judgemark.judges.endpoint",
    "judgemark.judges.proxies",
    "judgemark.jobs.ask_questions",
    "judgemark.protocols.ensemble_protocol",
    "judgemark.run.batch_log",
    "judgemark.run.budget",
    "judgemark.run.runner",
    "judgemark.run.workers",
    "tenacity",
    "tqdm",
)
"""Loaded where something is asked, or where a file or an endpoint is there that needs them."""
LETTERS_AND_SCHEMAS = (
    "judgemark.judges.logprob",
    "judgemark.judges.number_logprobs",
    "judgemark.judges.rendering",
    "judgemark.judges.structured_probe",
    "tenacity",
)
"""Loaded for judges whose log-probabilities are read, and where a schema is tried out."""
# One processor: what a second process loads does not show in this one.
SCRIPT = """
import json, os, sys
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from judgemark.cli import main
code = main(sys.argv[1:])
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with samples, criteria and a judge."""
    samples = {
        writer: {
            "samples": {
                str(iteration): {
                    str(item): "word " * (20 + item * n + iteration) for item in (1, 2)
                }
                for iteration in (1, 2)
            }
        }
        for n, writer in enumerate(("ann", "ben", "cleo"))
    }
    criteria = {"criteria": [{"name": name, "negative": False} for name in CRITERIA]}
    (tmp_path / "samples.json").write_text(json.dumps(samples), "utf-8")
    (tmp_path / "criteria.json").write_text(json.dumps(criteria), "utf-8")
    (tmp_path / "judge.py").write_text(JUDGE, "utf-8")
    return tmp_path


def loaded_by_a_plain_run(
    folder: Path, judge: Sequence[str] = ("python:judge.py:judge",)
) -> set[str]:
    """The modules that a plain run in this folder has loaded when it ends."""
    given = ["--judge-model", *judge, "--samples-file", "samples.json",
             "--criteria-file", "criteria.json", "--run-id", "run"]  # fmt: skip
    script = f"import sys\nsys.path.insert(0, {str(HOME)!r})\n{SCRIPT}"
    ran = subprocess.run(
        [sys.executable, "-c", script, *given],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    code, names = json.loads(ran.stderr.splitlines()[-1])
    assert code == 0, ran.stderr
    return set(names)


def test_a_plain_run_loads_nothing_of_other_kinds_of_run(folder: Path) -> None:
    loaded = loaded_by_a_plain_run(folder)
    assert "judgemark.report.page" in loaded
    assert sorted(name for name in OTHERS if name in loaded) == []
    places = [HOME / name.replace(".", "/") for name in OTHERS]
    assert all(place.is_dir() or place.with_suffix(".py").is_file() for place in places)


def test_a_run_with_nothing_left_to_ask_loads_nothing_to_ask_with(folder: Path) -> None:
    assert "judgemark.run.runner" in loaded_by_a_plain_run(folder)
    (folder / "runs" / "run" / "result.json").unlink()
    loaded = loaded_by_a_plain_run(folder)
    assert "judgemark.report.page" in loaded
    assert sorted(name for name in ASKING if name in loaded) == []


def test_an_endpoint_that_scores_a_rubric_loads_nothing_of_letters_and_schemas(
    folder: Path,
) -> None:
    prompts = {str(item): f"Score this.\n{START}\n{END}" for item in (1, 2)}
    (folder / "prompts.json").write_text(json.dumps(prompts), "utf-8")
    scores = "\n".join(f"{name}: 6" for name in CRITERIA)
    with FakeEndpoint(lambda _: said(scores)) as endpoint:
        judge = ("good", "--base-url", endpoint.url, "--prompts-file", "prompts.json")
        loaded = loaded_by_a_plain_run(folder, judge)
    assert endpoint.asked
    assert "judgemark.judges.chat" in loaded
    assert sorted(name for name in LETTERS_AND_SCHEMAS if name in loaded) == []


def test_the_list_of_commands_loads_no_records_and_no_packages() -> None:
    script = "import sys\nfrom judgemark.cli import main\nmain([])\nprint(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=HOME, capture_output=True, text=True, check=True
    )
    loaded = set(ran.stdout.splitlines()[-1].split())
    assert "judgemark.cli.flags" in loaded
    assert loaded.isdisjoint(("importlib.metadata", "judgemark.records", "statistics"))
