"""`leaderboard verify` for ladders, runs over pairs and probes: any changed figure is told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import judgemark as jm
from judgemark.cli import main
from judgemark.leaderboard.board_entry import canonical, digest_of
from tests.cli.pairwise_runs import write
from tests.cli.test_command_probe import judge_that_favours
from tests.cli.test_people_pairs import READER, preferences
from tests.fixtures.kept_runs import RUNS
from tests.support.swayed_judges import SwayedPairs

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("elsewhere", "undrawn_pages")]

Said = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def undrawn_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without charts and pages, which take longer than all the rest."""
    for kind in ("pairs", "probe"):
        monkeypatch.setattr(f"judgemark.report.page_{kind}.draw_{kind}", lambda _: ((), ("",)))


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """The exit code and the lines of `leaderboard verify`."""

    def verify(*arguments: str) -> tuple[int, list[str]]:
        capsys.readouterr()
        code = main(["leaderboard", "verify", "--board", "b.jsonl", *arguments])
        return code, capsys.readouterr().out.splitlines()

    return verify


def add(*runs: str) -> None:
    assert main(["leaderboard", "add", *runs, "--board", "b.jsonl"]) == 0


def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path("b.jsonl").read_text("utf-8").splitlines()]


def board_of(*entries: Mapping[str, Any]) -> None:
    """Write a board; each entry gets the digest of its content, as one who forges it would."""
    written = [canonical({**entry, "digest": digest_of(entry)}) for entry in entries]
    Path("b.jsonl").write_text("\n".join(written) + "\n", "utf-8")


def forged(entry: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The entry with another value at a path; None takes a figure away."""
    changed: dict[str, Any] = json.loads(json.dumps(entry))
    place, keys = changed, path.split(".")
    for key in keys[:-1]:
        place = place[key]
    if value is None:
        del place[keys[-1]]
    else:
        place[keys[-1]] = value
    return changed


def make_ladder() -> None:
    shutil.copytree(RUNS / "ladder-rubric", "runs/r")


def make_pairs() -> None:
    Path("j.py").write_text(READER)
    file = write("p.json", preferences())
    judge = ["--judge-model", "python:j.py:judge"]
    assert main(["pairs", *judge, "--run-id", "r", "--pairs-file", file]) == 0


def make_probe() -> None:
    jm.probe(SwayedPairs(first=0.4), mode="pairwise", limit=8, run_id="r",
             probes=["position", "repeat"])  # fmt: skip


MADE: Mapping[str, Callable[[], None]] = {
    "ladder": make_ladder,
    "pairs": make_pairs,
    "probe": make_probe,
}


@pytest.mark.parametrize(
    ("kind", "path", "value", "told"),
    [
        ("ladder", "figures.damage_accuracy", 0.97, "figures.damage_accuracy: 0.97 stated, "),
        ("ladder", "figures.damage_accuracy", None, "figures.damage_accuracy: none stated, "),
        ("ladder", "answered", 9_999, "answered: 9999 stated, "),
        ("pairs", "figures.people_accuracy", 0.5, "figures.people_accuracy: 0.5 stated, 1.0 found"),
        ("pairs", "figures.reads", 0.9, "figures.reads: 0.9 stated, 0.5 found"),
        ("pairs", "figures.damage_margin", 0.9, "figures.damage_margin: 0.9 stated, none found"),
        ("pairs", "usage.cost", 0.01, "usage.cost: 0.01 stated, none found"),
        (
            "probe",
            "swayed_by",
            "",
            "swayed_by: nothing stated, the order of the texts (100%) found",
        ),
        ("probe", "judge.name", "some/judge", "judge.name: some/judge stated, "),
        ("probe", "verdicts_sha256", "00" * 32, "verdicts_sha256: 0000"),
        ("probe", "status", "incomplete", "status: incomplete stated, complete found"),
        ("probe", "kind", "ladder", "kind: ladder stated, probe found"),
    ],
)
def test_a_changed_figure_of_any_kind_of_run_is_told(
    kind: str, path: str, value: Any, told: str, said: Said
) -> None:
    MADE[kind]()
    add("r")
    (entry,) = lines()
    assert entry["kind"] == kind
    head = f"{entry['judge']['name']} ({kind} r), entry {entry['digest'][:12]}"
    assert said("r") == (0, [
        f"equal: {head}; the run's own verdicts give the same figures",
        f"unsigned: {head}; no one has signed it",
    ])  # fmt: skip
    board_of(forged(entry, path, value))
    code, out = said("r")
    assert code == 1
    assert out[0].startswith("not equal: ")
    assert out[0].endswith("these figures follow from the run's own verdicts instead")
    assert out[1].startswith(f"  {told}")
    assert [line for line in out if line.startswith("  ")] == out[1:2]


def test_a_changed_verdict_is_told_where_the_entry_was_made_before(said: Said) -> None:
    make_ladder()
    add("r")
    journal = Path("runs/r/verdicts.jsonl")
    changed = journal.read_text("utf-8").replace("Vivid imagery**: 2", "Vivid imagery**: 9")
    assert changed != journal.read_text("utf-8")
    journal.write_text(changed, "utf-8")
    code, out = said("r")
    assert code == 1
    assert any(line.startswith("  verdicts_sha256: ") for line in out)


def test_a_figure_that_this_version_does_not_compute_is_not_passed_over(said: Said) -> None:
    make_ladder()
    add("r")
    (entry,) = lines()
    board_of(forged(entry, "figures.taste", 0.9))
    code, out = said("r")
    assert code == 1
    assert out[0].startswith("not checked: ")
    assert out[1] == "  figures.taste: 0.9 stated, none found: this version does not compute it"
    # Another version may not have had a figure that this one finds.
    other = forged(forged(entry, "figures.damage_accuracy", None), "program.version", "0.0.9")
    board_of(other)
    code, out = said("r")
    assert (code, out[0].split(":")[0]) == (1, "not checked")
    assert out[1].endswith("judgemark 0.0.9, which made the entry, may not have had it")


def test_a_run_that_cannot_be_scored_again_is_one_line(
    said: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    make_pairs()
    add("r")
    Path("runs/r/drawn.json.gz").write_bytes(b"not packed")
    assert said("r") == (2, [])
    Path("runs/r/verdicts.jsonl").unlink()
    capsys.readouterr()
    assert main(["leaderboard", "verify", "--board", "b.jsonl", "r"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_line_of_other_verdicts_and_lines_of_the_same_row_are_named(said: Said) -> None:
    make_ladder()
    shutil.copytree(RUNS / "rubric-endpoint", "runs/whole")
    add("r", "whole")
    whole, ladder = sorted(lines(), key=lambda entry: "kind" in entry)
    board_of(whole, ladder, forged(forged(ladder, "verdicts_sha256", "00" * 32), "answered", 9_999))
    code, out = said("r")
    assert code == 0
    assert out[0].startswith("equal: ")
    assert out[1].startswith("not compared: fake (ladder r), entry ")
    assert out[1].endswith("of other verdicts than those of the run")
    board_of(whole, ladder)
    code, out = said("whole")
    assert code == 0
    assert out[1].startswith("not compared: fake (ladder r), entry ")
    assert out[1].endswith('its figures stand in the same row of the board: name run "r" too')
    code, out = said("whole", "r")
    assert [line.split(":")[0] for line in out] == ["equal", "equal", "unsigned", "unsigned"]
    # Without a run the signatures of all kinds of entries are looked at.
    assert said() == (0, out[2:])


def test_effects_that_other_judges_runs_gave_are_checked_with_these_runs(said: Said) -> None:
    writers = {"gpt-5": "mine", "gpt-4o": "mine", "claude-4": "other"}
    samples = {
        writer: {
            "samples": {"1": {f"i{n}": f"A {word} text of {writer}, {'x' * n}" for n in range(5)}}
        }
        for writer, word in writers.items()
    }
    for favour, name in ((0.5, "gpt-5"), (0.0, "grok-3"), (0.2, "glm-4")):
        jm.judge(judge_that_favours(favour, name), samples=samples, run_id=name)
    jm.probe(judge_that_favours(0.5, "gpt-5"), samples=samples, probes=["self", "family"],
             beside=["gpt-5", "grok-3"], run_id="r")  # fmt: skip
    add("r")
    code, out = said("r")
    assert (code, out[0].split(":")[0]) == (1, "not checked")
    assert out[1] == (
        "  swayed_by: the effects of family.excess and self.excess come from runs of other judges, "
        "not from the verdicts of this one; name those runs with --beside"
    )
    assert said("r", "--beside", "gpt-5", "grok-3")[0] == 0
    code, out = said("r", "--beside", "gpt-5", "glm-4")
    assert (code, out[0].split(":")[0]) == (1, "not equal")
    assert out[1] == (
        "  swayed_by: the 5 effects of family.excess that the run has stored are not those that "
        "the runs of --beside give"
    )


def test_another_run_with_the_same_answers_does_not_make_a_board_fail(said: Said) -> None:
    Path("j.py").write_text("def judge(piece):\n    return float(len(piece.text) % 7)\n")
    texts = {w: {"samples": {"1": {i: w * n + i for i in "abc"}}} for n, w in enumerate("xyz", 1)}
    flags = ["--judge-model", "python:j.py:judge", "--samples-file", write("s.json", texts)]
    for run in ("first", "second"):
        assert main([*flags, "--run-id", run]) == 0
    add("first", "second")
    first, second = lines()
    slower = forged(second, "usage.seconds_per_item", 9.5)
    board_of(first, slower)
    code, told = said("first")
    assert code == 0
    assert [line.split(":")[0] for line in told[:2]] == ["equal", "not compared"]
    # Without its own entry, what differs may as well be forged.
    board_of(slower)
    code, told = said("first")
    assert code == 1
    assert told[1].startswith("  usage.seconds_per_item: 9.5 stated")
