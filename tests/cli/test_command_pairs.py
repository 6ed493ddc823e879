"""The pairs command: agreement with a reference, through the real command."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from tests.cli.pairwise_runs import FIVE, write
from tests.support.fake_endpoint import Answer, Asked, FakeEndpoint, Script, said
from tests.support.pairwise import field, letters, words

pytestmark = pytest.mark.usefixtures("elsewhere")

MARGINS = ["--margin-min", "5", "--margin-max", "100"]
SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def files(items: int = 4) -> list[str]:
    """Samples and writing prompts of five writers, and what a reference gives each piece."""
    samples, prompts = field(FIVE, items)
    scores = {
        writer: {
            iteration: {
                item: 8.0 * int(re.findall(r"quality (\d+)", text)[0])
                for item, text in pieces.items()
            }
            for iteration, pieces in entry["samples"].items()
        }
        for writer, entry in samples.items()
    }
    write("scores.json", scores)
    return ["--samples-file", write("s.json", samples), "--writing-prompts",
            write("p.json", prompts)]  # fmt: skip


def pairs(run_id: str, *flags: str, judge: str = "baseline:length") -> int:
    return main(["pairs", "--judge-model", judge, "--run-id", run_id, *flags])


def asked_of(script: Script, run_id: str, *flags: str) -> tuple[int, int]:
    """The exit code and the number of requests for a completion."""
    with FakeEndpoint(script) as endpoint:
        code = pairs(run_id, "--base-url", endpoint.url, *flags, judge="fake")
        return code, sum(a.path.endswith("/chat/completions") for a in endpoint.asked)


def figures(run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("runs", run_id, "pairs.json").read_text("utf-8"))
    return found


def test_a_judge_that_reads_agrees_with_a_reference_that_reads(
    capsys: pytest.CaptureFixture[str],
) -> None:
    flags = [*files(), "--reference", "scores.json", *MARGINS]
    code, requests = asked_of(letters, "r", *flags)
    assert code == 0
    found = figures("r")
    # All pairs of 5 pieces on 4 items, none of equal quality: 40, and one probe.
    assert (found["eligible"], found["drawn"], found["judged"]) == (40, 40, 40)
    assert requests == 1 + 2 * 40
    assert found["strict_accuracy"]["value"] == 1.0
    assert found["positional_consistency"]["value"] == 1.0
    assert found["captured_mass"]["value"] == pytest.approx(0.9)
    total = found["target_mass"]["value"] + found["non_target_mass"]["value"]
    assert total == pytest.approx(1.0)
    assert found["status"] == "complete"
    told = capsys.readouterr().out
    assert "fake against scores.json" in told
    assert "it is another judge, not the truth" in told
    assert "Reference agreement with itself" in told
    assert Path("runs/r/charts/reliability.svg").exists()
    assert main(["runs"]) == 0
    assert "pairs, strict accuracy 100.0%" in capsys.readouterr().out


def test_asked_again_it_prints_the_same_without_a_call(capsys: pytest.CaptureFixture[str]) -> None:
    flags = [*files(), "--reference", "scores.json", *MARGINS]
    assert asked_of(letters, "r", *flags, "--max-requests", "30")[0] == 3
    assert len(Path("runs/r/verdicts.jsonl").read_text("utf-8").splitlines()) == 30
    assert asked_of(letters, "r", *flags) == (0, 50)
    first = figures("r")
    capsys.readouterr()
    assert asked_of(letters, "r", *flags, "--json") == (0, 0)
    printed = capsys.readouterr()
    # With --json nothing but the result goes to standard output.
    assert json.loads(printed.out) == first == figures("r")
    assert "0 questions to ask, 80 answered already" in printed.err


def test_a_draw_is_part_of_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    flags = [*files(), "--reference", "scores.json", *MARGINS]
    assert pairs("r", *flags, "-n", "10") == 0
    assert figures("r")["drawn"] == 10
    capsys.readouterr()
    for change in (["-n", "11"], ["-n", "10", "--seed", "1"], ["-n", "10", "--length-ratio", "2"]):
        assert pairs("r", *flags, *change) == 2
        assert "pairs (" in capsys.readouterr().err.partition("begun with something else: ")[2]
    Path("scores.json").write_text(Path("scores.json").read_text().replace("8.0", "9.0"))
    assert pairs("r", *flags, "-n", "10") == 2
    assert "pairs (reference: " in capsys.readouterr().err


def test_verdicts_in_words_have_no_probability_mass() -> None:
    flags = [*files(), "--reference", "scores.json", *MARGINS]
    assert asked_of(words, "r", *flags)[0] == 0
    found = figures("r")
    assert found["protocol"]["name"] == "pairwise-worded"
    assert found["captured_mass"] is None
    assert found["strict_accuracy"]["value"] == 1.0


def test_a_judge_that_always_names_the_first_is_said_not_to_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    flags = [*files(), "--reference", "scores.json", *MARGINS]
    assert asked_of(lambda _: said("A"), "r", *flags)[0] == 0
    (warning,) = figures("r")["warnings"]
    assert warning["kind"] == "question_not_answered"
    assert "100% of the probability goes to position 1" in warning["text"]
    assert f"Warning: {warning['text']}." in capsys.readouterr().out


def test_a_failed_pass_makes_its_pair_missing() -> None:
    def deaf(asked: Asked) -> Answer:
        answer = letters(asked)
        shy = answer.status == 200 and "hand 0" in json.loads(asked.prompt)["A"]
        return said("I", "content_filter") if shy and asked.number > 2 else answer

    flags = [*files(), "--reference", "scores.json", *MARGINS]
    assert asked_of(deaf, "r", *flags)[0] == 1
    found = figures("r")
    # The first writer stands as A once in each of 4 pairs, on 4 items.
    assert (found["judged"], found["missing"], found["status"]) == (24, 16, "incomplete")


def rubric_run(run_id: str) -> None:
    """A rubric judge on 0..20 that scores by quality, and each second time one point less."""
    criteria = [{"name": f"Quality {letter}", "negative": False} for letter in "abcdef"]
    prompts = {
        str(i): "Score this.\n[TEST MODEL RESPONSE]\n[TEST MODEL RESPONSE END]" for i in range(4)
    }

    def scoring(asked: Asked) -> Answer:
        quality = int(re.findall(r"quality (\d+)", asked.prompt)[0])
        less = asked.number % 2
        return said("\n".join(f"{c['name']}: {quality + 4 - less}" for c in criteria))

    with FakeEndpoint(scoring) as endpoint:
        code = main(
            ["--judge-model", "rubric", "--base-url", endpoint.url, "--run-id", run_id,
             "--samples-file", "s.json", "--prompts-file", write("jp.json", prompts),
             "--criteria-file", write("c.json", {"criteria": criteria}), "--scoring-max", "20",
             "--num-runs", "2", "--threads", "1"]
        )  # fmt: skip
    assert code == 0


@pytest.mark.usefixtures("undrawn")
def test_a_rubric_run_is_a_reference_with_its_own_repeatability(
    capsys: pytest.CaptureFixture[str],
) -> None:
    prompts = files()[2:]
    rubric_run("rubric")
    capsys.readouterr()
    # The run brings its own pieces; the writing prompts must be named.
    assert asked_of(letters, "r", "--reference", "rubric", *MARGINS) == (2, 0)
    assert "give --writing-prompts F" in capsys.readouterr().err
    assert asked_of(letters, "r", "--reference", "rubric", *prompts, *MARGINS)[0] == 0
    found = figures("r")
    assert found["strict_accuracy"]["value"] == 1.0
    # Points of 0..20 are 5 of 0..100: neighbours are 2 points of quality apart, 10 of 100.
    assert min(p["margin"] for p in found["pairs"]) >= 5.0
    own = found["reference_repeat_agreement"]
    assert own is not None
    assert 0.5 < own["value"] <= 1.0


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("nobody", '--reference: no "nobody"'),
        ("s.json", "the format is {writer: {iteration: {item: score of 0 to 100}}}"),
        ("few.json", "scores none of the pieces"),
        ("same.json", "no pair has a length ratio up to 1.2 and a margin of 5 to 10 points"),
        ("lexical", "is not a rubric run"),
    ],
)
@pytest.mark.usefixtures("undrawn")
def test_a_reference_that_is_none_is_refused(
    reference: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = files()
    write("few.json", {"zoe": {"0": {"0": 50}}})
    write("same.json", {writer: {"0": {"0": 50}} for writer in FIVE})
    if reference == "lexical":
        assert main(["--judge-model", "baseline:lexical", "--run-id", "lexical", *given[:2]]) == 0
    capsys.readouterr()
    assert pairs("r", *given, "--reference", reference) == 2
    said_of_it = capsys.readouterr().err
    assert told in said_of_it
    assert said_of_it.count("\n") == 1
    assert not Path("runs/r").exists()


def test_a_pairs_run_is_scored_from_its_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert pairs("r", *files(), "--reference", "scores.json", *MARGINS) == 0
    capsys.readouterr()
    assert main(["score", "r", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result == json.loads(Path("runs/r/result.json").read_text("utf-8"))
    assert (result["kind"], result["pairs"]["source"]) == ("pairs", "reference")
    assert result["validity"] == figures("r")["validity"]
    block = result["validity"]["sources"]["reference"]
    assert block["accuracy"] == figures("r")["accuracy"]["value"]


def test_a_run_of_a_version_that_stored_no_pairs_is_scored_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    flags = [*files(), "--reference", "scores.json", *MARGINS]
    assert pairs("r", *flags) == 0
    found = figures("r")
    spec = json.loads(Path("runs/r/run.json").read_text("utf-8"))
    for key in ("kind", "drawn_sha256"):
        del spec[key]
    write("runs/r/run.json", spec)
    for name in ("drawn.json.gz", "result.json", "report.html"):
        Path("runs/r", name).unlink()
    capsys.readouterr()
    assert main(["score", "r", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["validity"] == found["validity"]
    assert pairs("r", *flags) == 0
    assert "0 questions to ask, 80 answered already" in capsys.readouterr().out
    assert figures("r") == found


def test_an_unfinished_run_of_such_a_version_says_what_finishes_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert pairs("r", *files(), "--reference", "scores.json", *MARGINS) == 0
    spec = json.loads(Path("runs/r/run.json").read_text("utf-8"))
    del spec["drawn_sha256"]
    write("runs/r/run.json", spec)
    Path("runs/r/pairs.json").unlink()
    capsys.readouterr()
    assert main(["score", "r"]) == 2
    assert "run the same pairs command again to finish it" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the real pieces of ../shared are not here")
def test_real_pieces_and_a_real_reference() -> None:
    real = SHARED / "real"
    flags = [
        "--reference",
        str(real / "item_scores_0_100.json"),
        "--samples-file",
        str(real / "samples.json"),
        "--writing-prompts",
        str(real / "writing_prompts.json"),
    ]
    assert pairs("length", *flags) == 0
    found = figures("length")
    assert (found["drawn"], found["missing"]) == (500, 0)
    assert found["strict_accuracy"]["value"] == found["accuracy"]["value"]
    assert found["positional_consistency"]["value"] == 1.0
    # Within a length ratio of 1.2 length is next to no help: a coin would have 50%.
    assert 0.4 < found["strict_accuracy"]["value"] < 0.65
