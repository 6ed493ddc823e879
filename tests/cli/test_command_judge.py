"""The main job through the real command line, as a user would type it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from judgemark.jobs.finish_run import finish
from judgemark.run.folder import RunFolder
from judgemark.run.journal import read_entries
from judgemark.run.journal_entry import JournalEntry

HOME = Path(__file__).resolve().parents[2]
quick = pytest.mark.usefixtures("undrawn")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder, without the machine's own endpoint settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_API_URL", "OPENAI_BASE_URL", "LOG_VERBOSITY"):
        monkeypatch.delenv(name, raising=False)


def write(name: str, value: object) -> str:
    Path(name).write_text(json.dumps(value), "utf-8")
    return name


def small_samples() -> dict[str, Any]:
    """Three writers, two iterations, three items; the second writer's words are the richest."""
    vocabulary = {"ann": 4, "bea": 40, "cid": 12}
    return {
        writer: {
            "samples": {
                str(t): {
                    str(i): " ".join(f"w{(7 * n + t + i) % size}" for n in range(60))
                    for i in range(3)
                }
                for t in range(2)
            }
        }
        for writer, size in vocabulary.items()
    }


def only_run(runs: Path = Path("runs")) -> Path:
    (folder,) = [p for p in runs.iterdir() if p.is_dir()]
    return folder


def result_of(folder: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((folder / "result.json").read_text("utf-8"))
    return found


def test_our_own_samples_are_judged_without_any_flag(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--judge-model", "baseline:lexical"]) == 0
    said = capsys.readouterr().out
    folder = only_run()
    assert said.splitlines()[0] == (
        "Judge      baseline:lexical, embedded: no endpoint, no key, no cost"
    )
    assert said.rstrip().endswith(str(Path("runs") / folder.name / "report.html"))
    result = result_of(folder)
    assert result["status"] == "complete"
    assert result["coverage"]["share"] == 1.0
    # The maker keeps vocabulary and length level: a word counter must not see the damage.
    assert result["scorecards"]["v4"]["raw"]["score"] < 5
    assert (folder / "report.html").stat().st_size > 10_000
    assert {p.name for p in (folder / "charts").iterdir()} >= {"scores.svg", "lengths.svg"}


@quick
def test_a_finished_run_is_shown_again_without_asking(
    capsys: pytest.CaptureFixture[str],
) -> None:
    samples = write("s.json", small_samples())
    command = ["--judge-model", "baseline:length", "--samples-file", samples]
    assert main(command) == 0
    folder = only_run()
    before = (folder / "verdicts.jsonl").read_bytes()
    first = result_of(folder)
    capsys.readouterr()
    assert main(command) == 0
    assert "0 questions to ask, 18 answered already" in capsys.readouterr().out
    assert (folder / "verdicts.jsonl").read_bytes() == before
    assert result_of(folder) == first


@quick
@pytest.mark.parametrize("judge", ["baseline:length", "python:judge.py:judge"])
def test_no_thread_is_left_after_asking_so_that_scoring_can_use_a_second_process(
    judge: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("judge.py").write_text("def judge(piece):\n    return len(piece.text) % 7\n", "utf-8")
    samples, before = write("s.json", small_samples()), threading.enumerate()
    left: list[threading.Thread] = []

    def counted(folder: RunFolder, *given: Any, **options: Any) -> dict[str, Any]:
        left.extend(thread for thread in threading.enumerate() if thread not in before)
        return finish(folder, *given, **options)

    monkeypatch.setattr("judgemark.cli.command_judge.finish", counted)
    assert main(["--judge-model", judge, "--samples-file", samples]) == 0
    assert left == []


@quick
def test_a_finished_run_is_scored_again_from_what_was_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    samples = write("s.json", small_samples())
    command = ["--judge-model", "baseline:length", "--samples-file", samples]
    assert main(command) == 0
    folder = only_run()
    first = result_of(folder)
    (folder / "result.json").unlink()
    (folder / "samples.json.gz").unlink()
    read: list[Path] = []

    def counted(journal: Path) -> Iterator[JournalEntry]:
        read.append(journal)
        return read_entries(journal)

    monkeypatch.setattr("judgemark.run.stored_run.read_entries", counted)
    assert main(command) == 0
    assert len(read) == 1
    assert result_of(folder) == first


@quick
def test_limit_takes_pieces_spread_over_writers_and_items_and_the_rest_follows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    samples = write("s.json", small_samples())
    command = ["--judge-model", "baseline:lexical", "--samples-file", samples, "--run-id", "r"]
    assert main([*command, "--limit", "3"]) == 0
    lines = Path("runs/r/verdicts.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["item"] for line in lines} == {"0", "1", "2"}
    assert result_of(Path("runs/r"))["status"] == "limited"
    assert re.search("Limited +15 of 18 pieces", capsys.readouterr().out)
    assert main(command) == 0
    assert len(Path("runs/r/verdicts.jsonl").read_text("utf-8").splitlines()) == 18
    assert result_of(Path("runs/r"))["status"] == "complete"


@quick
def test_another_samples_file_under_the_same_id_is_refused_by_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one, other = small_samples(), small_samples()
    other["ann"]["samples"]["0"]["0"] += " more"
    command = ["--judge-model", "baseline:lexical", "--run-id", "r", "--samples-file"]
    assert main([*command, write("one.json", one)]) == 0
    before = Path("runs/r/verdicts.jsonl").read_bytes()
    capsys.readouterr()
    assert main([*command, write("other.json", other)]) == 2
    said = capsys.readouterr().err
    assert 'run "r" was begun with something else: samples (sha256:' in said
    assert said.count("\n") == 1
    assert Path("runs/r/verdicts.jsonl").read_bytes() == before


@quick
def test_fresh_asks_everything_again_and_moves_the_old_run_aside() -> None:
    samples = write("s.json", small_samples())
    command = ["--judge-model", "baseline:lexical", "--samples-file", samples, "--run-id", "r"]
    assert main(command) == 0
    old = Path("runs/r/verdicts.jsonl").read_bytes()
    assert main([*command, "--fresh"]) == 0
    assert Path("runs/r~1/verdicts.jsonl").read_bytes() == old
    assert Path("runs/r/verdicts.jsonl").exists()


def test_dry_run_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    samples = write("s.json", small_samples())
    assert main(["--judge-model", "baseline:lexical", "--samples-file", samples, "--dry-run"]) == 0
    assert "18 questions to ask" in capsys.readouterr().out
    assert not Path("runs").exists()


@quick
def test_the_runs_file_is_read_back_to_the_same_scores(
    capsys: pytest.CaptureFixture[str],
) -> None:
    samples = write("s.json", small_samples())
    command = ["--judge-model", "baseline:lexical", "--samples-file", samples, "--run-id", "r"]
    assert main([*command, "--runs-file", "out.json"]) == 0
    ours = result_of(Path("runs/r"))["scorecards"]["v4"]
    capsys.readouterr()
    assert main(["score", "out.json::r", "--json"]) == 0
    theirs = json.loads(capsys.readouterr().out)["scorecards"]["v4"]
    assert theirs == ours


def test_score_of_a_copied_folder_needs_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = write("s.json", small_samples())
    references = write("ref.json", {"ann": 1, "cid": 2, "bea": 3})
    command = ["--judge-model", "baseline:lexical", "--samples-file", samples, "--run-id", "r"]
    assert main([*command, "--reference-scores", references]) == 0
    expected = result_of(Path("runs/r"))
    Path("runs/r").rename(tmp_path / "copied")
    Path(samples).unlink()
    Path(references).unlink()
    capsys.readouterr()
    assert main(["score", str(tmp_path / "copied"), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["run_id"] == "copied"
    assert again["scorecards"] == expected["scorecards"]
    # ann repeats 4 words, cid 12, bea 40: the lexical judge has just this order.
    assert again["reference"]["kendall_tau"] == 1.0


@quick
def test_several_runs_are_printed_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    samples = write("s.json", small_samples())
    for name in ("lexical", "length"):
        flags = ["--judge-model", f"baseline:{name}", "--samples-file", samples, "--run-id", name]
        assert main(flags) == 0
    capsys.readouterr()
    assert main(["score", "lexical", "length", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"lexical", "length"}
    assert main(["runs"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "length",
        "lexical",
    ]
    assert main(["compare", "lexical", "length", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    difference = found["differences"]["v4"]["raw"]
    assert difference["difference"] == difference["first"] - difference["second"]


def bad_inputs() -> list[tuple[str, list[str], str]]:
    """What the user typed, and what the one line must say."""
    good = small_samples()
    judge = ["--judge-model", "baseline:lexical"]
    endpoint = ["--judge-model", "j", "--base-url", "http://127.0.0.1:9/v1"]
    not_text = {"ann": {"samples": {"0": {"0": 5}}}}
    return [
        ("missing file", [*judge, "--samples-file", "no.json"], "no.json: no such file"),
        ("not JSON", [*judge, "--samples-file", "text.txt"], "text.txt: line 1, column 1"),
        ("wrong shape", [*judge, "--samples-file", write("a.json", {"ann": []})], 'a.json: "ann"'),
        ("empty", [*judge, "--samples-file", write("b.json", {})], "b.json: holds no samples"),
        (
            "a text that is none",
            [*judge, "--samples-file", write("c.json", not_text)],
            'c.json: "ann" > "samples" > "0" > "0": the text is a number, not a string',
        ),
        (
            "an item without a prompt",
            [
                *endpoint,
                "--samples-file",
                write("d.json", good),
                "--prompts-file",
                write("p.json", {"0": "[TEST MODEL RESPONSE][TEST MODEL RESPONSE END]"}),
            ],
            'p.json: "1": the item has no prompt',
        ),
        (
            "a prompt without markers",
            [
                *judge,
                "--samples-file",
                write("e.json", good),
                "--prompts-file",
                write("q.json", {str(i): "no markers" for i in range(3)}),
            ],
            'q.json: "0": the prompt has no place for the piece',
        ),
        ("unknown flag value", [*judge, "--preset", "x"], "--preset"),
        ("unknown flag", [*judge, "--no-such"], "--no-such"),
        ("threads 0", [*judge, "--threads", "0"], "--threads"),
        ("scoring range", [*judge, "--scoring-min", "10"], "--scoring-min 10 is not below"),
        ("no key", ["--judge-model", "openai/gpt-4o-mini"], "no key for api.openai.com"),
        ("a run id with a slash", [*judge, "--run-id", "a/b"], '--run-id: "a/b"'),
        ("a run id with dots", [*judge, "--run-id", "..x"], '--run-id: "..x"'),
        ("unknown baseline", ["--judge-model", "baseline:x"], 'no baseline "x"'),
        ("a near miss", ["--judge-model", "basline:x"], 'did you mean "baseline:x"'),
        ("unwritable", [*judge, "--runs-dir", "text.txt/runs"], "--runs-dir: text.txt/runs"),
        ("an empty run id", [*judge, "--run-id", ""], "--run-id: is empty"),
        ("an empty path", [*judge, "--samples-file", ""], "--samples-file: is empty"),
        ("a folder as runs file", [*judge, "--runs-file", "."], "--runs-file: . is a folder"),
        ("no folder", [*judge, "--runs-file", "no/x.json"], "--runs-file: no is not a folder"),
        ("unknown writer", [*judge, "--writers", "nobody"], '--writers: no writer "nobody"'),
        ("no run", ["score", "nothing"], 'no run "nothing"'),
        ("no command", ["scroe"], 'no command "scroe"'),
    ]


@pytest.mark.parametrize("n", range(24))
def test_bad_input_gets_one_line_and_leaves_nothing(
    n: int, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("text.txt").write_text("not JSON", "utf-8")
    what, arguments, expected = bad_inputs()[n]
    assert main(arguments) == 2, what
    said = capsys.readouterr()
    assert expected in said.err, what
    assert said.err.count("\n") == 1, what
    assert "Traceback" not in said.err
    assert not list(Path().rglob("verdicts.jsonl")), what


def test_every_bad_input_is_tried() -> None:
    assert len(bad_inputs()) == 24


@quick
def test_control_characters_from_outside_never_reach_the_terminal_raw(
    capsys: pytest.CaptureFixture[str],
) -> None:
    samples = small_samples()
    samples["evil\x1b]0;owned\x07\u202e"] = samples.pop("ann")
    flags = ["--samples-file", write("s.json", samples), "--run-id", "r"]
    assert main(["--judge-model", "baseline:lexical", *flags]) == 0
    assert main(["--judge-model", "baseline:lexical\x1b[2J", *flags]) == 2
    said = capsys.readouterr()
    for text in (said.out, said.err):
        assert not set("\x1b\x07\u202e") & set(text)


def test_help_and_version_come_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["--version"], ["score", "--help"], ["judge", "--help"]):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 0
    said = capsys.readouterr().out
    assert "--judge-model" in said
    assert "judgemark 0." in said


def test_a_past_run_with_a_gap_is_scored_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    results = {
        writer: {
            str(t): {str(i): {"aggregated_score_raw": base + 0.1 * i + 0.01 * t} for i in range(3)}
            for t in range(2)
        }
        for writer, base in (("ann", 3.0), ("bea", 6.0))
    }
    del results["bea"]["1"]["2"]
    runs = write("past.json", {"k": {"judge_model": "j", "results": results}})
    assert main(["score", runs, "--json"]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    # 2 writers x 2 iterations x 3 items = 12 places, one of them empty.
    assert notes["coverage"].startswith("1 of 12 (writer, iteration, item) have no score")
    assert notes["reference"] == "no reference scores"


def test_a_preset_brings_the_published_reference_scores_for_its_writers() -> None:
    samples = small_samples()
    named = {"gemma-2b-it": "ann", "DeepSeek-R1": "bea", "gemma-7b-it": "cid"}
    published = write("s.json", {name: samples[old] for name, old in named.items()})
    command = ["--judge-model", "baseline:lexical", "--samples-file", published]
    assert main([*command, "--preset", "upstream-v2", "--run-id", "with"]) == 0
    # The word counter has the published order of these three writers.
    assert result_of(Path("runs/with"))["scorecards"]["v2"]["raw"]["kendall_tau"] == 1.0
    assert main([*command, "--run-id", "without"]) == 0
    assert result_of(Path("runs/without"))["scorecards"]["v2"]["raw"]["kendall_tau"] is None


def test_a_baseline_says_that_it_is_not_asked_twice(capsys: pytest.CaptureFixture[str]) -> None:
    samples = write("s.json", small_samples())
    flags = ["--judge-model", "baseline:length", "--samples-file", samples, "--dry-run"]
    assert main([*flags, "--num-runs", "2"]) == 0
    said = capsys.readouterr()
    assert "--num-runs is not used by baseline:length: it always gives" in said.out + said.err
    assert main(flags) == 0
    assert "--num-runs" not in "".join(capsys.readouterr())


def test_equal_texts_on_one_item_are_one_question(capsys: pytest.CaptureFixture[str]) -> None:
    entry = {"samples": {"1": {"a": "Rain.", "b": "Snow."}}}
    Path("s.json").write_text(json.dumps({"ann": entry, "bea": entry, "cid": entry}), "utf-8")
    command = ["--judge-model", "baseline:length", "--samples-file", "s.json", "--run-id", "r"]
    assert main(command) == 0
    assert ": 2 questions to ask" in capsys.readouterr().out
    assert main(command) == 0
    assert ": 0 questions to ask, 2 answered already" in capsys.readouterr().out
