"""The examples of judges of one's own, through the real command line."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ITEMS = ("sea", "hill")


@pytest.fixture
def samples(elsewhere: Path) -> str:
    """Three writers with 4, 40 and 12 different words; two items of 60 words."""
    vocabulary = {"ann": 4, "bea": 40, "cid": 12}
    texts = {
        writer: {
            "samples": {
                "1": {
                    item: " ".join(f"w{(7 * n + k) % size}" for n in range(60))
                    for k, item in enumerate(ITEMS)
                }
            }
        }
        for writer, size in vocabulary.items()
    }
    (elsewhere / "s.json").write_text(json.dumps(texts), "utf-8")
    (elsewhere / "w.json").write_text(
        json.dumps({item: {"writing_prompt": f"Write about the {item}."} for item in ITEMS}),
        "utf-8",
    )
    return "s.json"


def judged(spec: str, samples: str, *flags: str, code: int = 0) -> Mapping[str, Any]:
    assert main(["--judge-model", spec, "--samples-file", samples, "--run-id", "r", *flags]) == code
    found: Mapping[str, Any] = json.loads(Path("runs/r/result.json").read_text("utf-8"))
    return found


def means(result: Mapping[str, Any]) -> dict[str, float]:
    return {writer: facts["raw"]["mean"] for writer, facts in result["writers"].items()}


def test_one_score_with_a_declared_range_fills_every_scorecard(samples: str) -> None:
    result = judged(f"python:{EXAMPLES / 'one_score.py'}:judge", samples)
    # 4, 40 and 12 of 60 words are different; v2.1 places 0..1 on 1..10.
    assert means(result) == pytest.approx(
        {"ann": 1 + 9 * 4 / 60, "bea": 1 + 9 * 40 / 60, "cid": 1 + 9 * 12 / 60}
    )
    assert result["scorecards"]["v2.1"]["raw"] is not None
    assert result["fingerprint"]["scoring"]["single_range"] == [0, 1]
    assert result["judge"]["spec"].endswith("one_score.py:judge")


def test_without_a_declared_range_v2_and_v2_1_are_null_with_the_reason(samples: str) -> None:
    Path("own.py").write_text("def judge(piece):\n    return len(set(piece.text.split()))\n")
    result = judged("python:own.py:judge", samples)
    assert result["scorecards"]["v2"]["raw"] is None
    assert "declares no range" in result["notes"]["scorecards.v2.1.raw"]
    assert means(result) == {"ann": 4, "bea": 40, "cid": 12}


def test_a_range_given_by_flag_counts_and_a_score_outside_it_does_not(
    samples: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("own.py").write_text("def judge(piece):\n    return len(set(piece.text.split()))\n")
    result = judged("python:own.py:judge", samples, "--score-range", "0,20", code=1)
    assert result["coverage"]["scored"] == 4
    assert "outside the declared range 0 to 20" in capsys.readouterr().out
    assert main(["--judge-model", "python:own.py:judge", "--score-range", "20,0"]) == 2
    assert 'score-range: "20,0" is not a range' in capsys.readouterr().err


def test_criterion_scores_from_a_factory_that_bears_threads(samples: str) -> None:
    result = judged(f"python:{EXAMPLES / 'criterion_scores.py'}:make", samples, "--threads", "8")
    names = {"Vocabulary", "Brevity", "Dialogue", "Paragraphs", "Length"}
    assert result["criteria"].keys() == names
    assert result["fingerprint"]["judge"]["configuration"] == {"longest_sentence": 30}


def test_a_raw_reply_of_an_asynchronous_judge_is_read(samples: str) -> None:
    result = judged(f"python:{EXAMPLES / 'raw_reply.py'}:judge", samples)
    assert result["coverage"]["classes"] == {"ok": 6}


def test_pairs_are_judged_in_batches(samples: str) -> None:
    result = judged(
        f"python:{EXAMPLES / 'pair_probabilities.py'}:judge", samples, "--mode", "pairwise",
        "--writing-prompts", "w.json",
    )  # fmt: skip
    ranked = sorted(result["tournament"]["leaderboard"], key=lambda line: -line["rating"])
    assert [line["writer"] for line in ranked] == ["bea", "cid", "ann"]


def test_a_judge_that_changes_its_shape_does_not_mix_scales(
    samples: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names = dict.fromkeys(("a1", "b2", "c3", "d4", "e5"), 7)
    source = (
        "asked = []\ndef judge(piece):\n    asked.append(1)\n"
        f"    return 5 if len(asked) < 5 else {names}\n"
    )
    Path("own.py").write_text(source)
    result = judged("python:own.py:judge", samples, code=1)
    assert result["coverage"]["scored"] == 4
    assert "one score for its first piece" in capsys.readouterr().out


def test_a_judge_that_ends_the_program_does_not_end_the_run(
    samples: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("own.py").write_text(
        "import sys\ndef judge(piece):\n    return 1 if piece.item == 'sea' else sys.exit(3)\n"
    )
    result = judged("python:own.py:judge", samples, code=1)
    assert result["coverage"]["scored"] == 3
    assert "the judge raised SystemExit: 3" in capsys.readouterr().out


def test_a_program_judges_pieces_and_the_same_command_again_asks_nothing(samples: str) -> None:
    spec = f"command:'{sys.executable}' -S '{EXAMPLES / 'command_judge.py'}'"
    result = judged(spec, samples, "--score-range", "0,10", "--threads", "2")
    # 4, 40 and 12 different words are .04, .4 and .12 of 10; v2.1 places 0..10 on 1..10.
    assert means(result) == pytest.approx({"ann": 1.036, "bea": 1.36, "cid": 1.108})
    kept = Path("runs/r/judge.log").read_text("utf-8")
    assert "stderr: ready" in kept
    assert judged(spec, samples, "--score-range", "0,10") == result
    assert Path("runs/r/judge.log").read_text("utf-8") == kept


def test_a_program_judges_pairs(samples: str) -> None:
    result = judged(
        f"command:'{sys.executable}' -S '{EXAMPLES / 'command_judge.py'}'", samples,
        "--mode", "pairwise", "--writing-prompts", "w.json",
    )  # fmt: skip
    ranked = sorted(result["tournament"]["leaderboard"], key=lambda line: -line["rating"])
    assert [line["writer"] for line in ranked] == ["bea", "cid", "ann"]


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed here")
def test_a_shell_script_is_a_judge(samples: str) -> None:
    result = judged(f"command:{EXAMPLES / 'judge.sh'}", samples)
    assert result["coverage"]["classes"] == {"ok": 6}


def test_a_program_that_exits_at_once_is_one_line_and_exit_3(
    samples: str, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--samples-file", samples]
    assert main(["--judge-model", "command:sh -c 'echo no licence >&2; exit 4'", *flags]) == 3
    said = capsys.readouterr().err
    assert "none of the 3 probe pieces could be scored" in said
    assert "exit code 4, after it said “no licence”" in said
    assert main(["--judge-model", "command:./not-there", *flags]) == 2
    assert (
        capsys.readouterr()
        .err.splitlines()[-1]
        .endswith("./not-there: no such file; check the path")
    )


def test_a_program_that_reports_errors_leaves_the_others_alone(
    samples: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("own.py").write_text(
        "import json, sys\nfor line in sys.stdin:\n    q = json.loads(line)\n"
        "    a = {'score': 1} if q['item'] == 'sea' else {'error': 'too dark'}\n"
        "    print(json.dumps({'id': q['id'], **a}), flush=True)\n"
    )
    result = judged(f"command:'{sys.executable}' -S own.py", samples, code=1)
    assert result["coverage"]["scored"] == 3
    assert "the program reports an error: too dark" in capsys.readouterr().out


def test_the_runs_file_says_which_criteria_are_negative(
    samples: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # No upstream marker list knows "Faults", and the writers with many words have many of them.
    lines = ["def judge(piece):", "    words = len(set(piece.text.split())) / 10"]
    lines += ["    return {n: words for n in ('Wit', 'Pace', 'Plot', 'Mood', 'Faults', 'Gaps')}"]
    Path("judge.py").write_text("\n".join(lines), "utf-8")
    named = [{"name": n, "negative": False} for n in ("Wit", "Pace", "Plot", "Mood")]
    named += [{"name": n, "negative": True} for n in ("Faults", "Gaps")]
    Path("c.json").write_text(json.dumps({"criteria": named}), "utf-8")
    files = ["--criteria-file", "c.json", "--runs-file", "out.json"]
    ours = judged("python:judge.py:judge", samples, *files)
    capsys.readouterr()
    assert main(["score", "out.json", "--json"]) == 0
    theirs = json.loads(capsys.readouterr().out)
    assert theirs["writers"] == ours["writers"]
    assert theirs["scorecards"] == ours["scorecards"]


def test_the_runs_file_holds_the_mean_of_repeats(
    samples: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # Each second answer about a piece is two points lower, and one of its scores is out of range.
    Path("judge.py").write_text(
        "seen = set()\n"
        "def judge(piece):\n"
        "    first = piece.text not in seen\n"
        "    seen.add(piece.text)\n"
        "    score = len(set(piece.text.split())) / 10 + (4 if first else 2)\n"
        "    names = ('Wit', 'Pace', 'Plot', 'Mood', 'Form', 'Tone')\n"
        "    return dict.fromkeys(names, score) | ({} if first else {'Tone': 11})\n",
        "utf-8",
    )
    ours = judged("python:judge.py:judge", samples, "--num-runs", "2", "--runs-file", "out.json")
    assert ours["retest"]["mean_absolute_difference"] > 0
    capsys.readouterr()
    assert main(["score", "out.json", "--json"]) == 0
    theirs = json.loads(capsys.readouterr().out)
    # The means are rounded before they are joined in one and after it in the other, and "Tone" has
    # one score of the two: a sixth of a point on 0..10 less one way.
    assert means(theirs) == pytest.approx(means(ours), abs=0.2)
    entry = json.loads(Path("out.json").read_text("utf-8"))["r"]["results"]["ann"]["1"]["sea"]
    assert entry["parsed_scores"] == pytest.approx(
        {"Wit": 3.4, "Pace": 3.4, "Plot": 3.4, "Mood": 3.4, "Form": 3.4, "Tone": 4.4}
    )


def test_a_runs_file_of_upstream_with_nan_gets_the_run_too(samples: str) -> None:
    old = {"results": {"w": {"1": {"i": {"aggregated_score_raw": 5.0}}}}, "kendall_tau": math.nan}
    Path("out.json").write_text(json.dumps({"old": old}), "utf-8")
    judged("baseline:length", samples, "--runs-file", "out.json")
    found = json.loads(Path("out.json").read_text("utf-8"))
    assert set(found) == {"old", "r"}
    assert found["old"] == {**old, "kendall_tau": None}
