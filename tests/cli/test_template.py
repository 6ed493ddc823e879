"""--template, system messages and published forms of prompts, through the whole command."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from judgemark.inputs.our_files import OUR_TEMPLATE
from judgemark.inputs.prompts import END, START
from tests.support.fake_endpoint import Asked, FakeEndpoint, said

pytestmark = pytest.mark.usefixtures("elsewhere", "undrawn")

NAMES = ("Wit", "Pace", "Voice", "Clarity", "Worn Phrases")
SAMPLES = {
    writer: {"samples": {"0": dict.fromkeys(("rain", "sea"), f"A piece of {words} words.")}}
    for writer, words in (("ann", "four"), ("bea", "five"))
}
CRITERIA = {"criteria": [{"name": n, "negative": n == "Worn Phrases"} for n in NAMES]}
ASKED = {item: {"writing_prompt": f"Write about {item}, <SEED>."} for item in ("rain", "sea")}


def written(name: str, value: Any) -> str:
    Path(name).write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return name


def judged(*flags: str, score: float = 7) -> tuple[int, list[Asked]]:
    samples = written("s.json", SAMPLES)
    with FakeEndpoint(lambda _: said("\n".join(f"{n}: {score}" for n in NAMES))) as endpoint:
        command = ["--judge-model", "fake", "--base-url", endpoint.url, "--samples-file", samples]
        return main([*command, *flags]), endpoint.asked


def template_flags(text: str, name: str = "t.txt") -> list[str]:
    return [
        "--template", written(name, text), "--criteria-file", written("c.json", CRITERIA),
        "--writing-prompts", written("w.json", ASKED),
    ]  # fmt: skip


def test_a_template_asks_about_every_item_and_the_run_is_found_again() -> None:
    flags = template_flags(f"Asked: <WRITING_PROMPT>\n{START}{END}\n<POSITIVE_CRITERIA>\n"
                           "<NEGATIVE_CRITERIA>")  # fmt: skip
    code, asked = judged(*flags)
    assert (code, len(asked)) == (0, 4)
    prompts = {a.prompt for a in asked}
    assert (
        f"Asked: Write about sea, <SEED>.\n{START}\nA piece of four words.\n{END}\n"
        "- Wit\n- Pace\n- Voice\n- Clarity\n- Worn Phrases"
    ) in prompts
    assert [m["role"] for m in asked[0].body["messages"]] == ["user"]
    assert judged(*flags) == (0, [])


def test_our_own_template_asks_what_our_own_prompts_ask() -> None:
    """The prompts are the same, so that a run with either is the same run."""

    def keys(*flags: str) -> set[str]:
        with FakeEndpoint(lambda _: said("Tidy Ending: 3")) as endpoint:
            main(["--judge-model", "f", "--base-url", endpoint.url, "--limit", "3", *flags])
        lines = Path("runs", flags[1], "verdicts.jsonl").read_text("utf-8").splitlines()
        return {json.loads(line)["question"] for line in lines}

    assert keys("--run-id", "a") == keys("--run-id", "b", "--template", str(OUR_TEMPLATE))


def test_a_system_message_of_a_prompt_set_is_sent_recorded_and_part_of_the_key(
    capsys: pytest.CaptureFixture[str],
) -> None:
    prompts = {item: f"{item} {START}{END}" for item in ("rain", "sea")}
    criteria = written("c.json", CRITERIA)
    plain = ["--prompts-file", written("p.json", prompts), "--criteria-file", criteria]
    whole = written("q.json", {"system": "Be strict.", "prompts": prompts})
    flags = ["--prompts-file", whole, "--criteria-file", criteria]
    assert judged(*plain, "--run-id", "plain")[0] == 0
    code, asked = judged(*flags, "--run-id", "whole")
    assert code == 0
    assert asked[0].body["messages"][0] == {"role": "system", "content": "Be strict."}
    spec = json.loads(Path("runs/whole/run.json").read_text("utf-8"))
    assert spec["judge"]["system"] == "Be strict."
    capsys.readouterr()
    assert judged(*flags, "--run-id", "plain")[0] == 2
    assert "prompts" in capsys.readouterr().err


def test_published_prompt_sets_with_other_criteria_and_another_range_work_unchanged() -> None:
    """Names come from the replies, polarity from the marker lists, which know none of these names
    as a fault: 15 on 1..20 is 1 + (15 - 1) * 9 / 19 = 7.63 on v2.1's scale for every piece."""
    prompts = dict.fromkeys(
        ("rain", "sea"), f"<RUBRIC_CRITERIA>\n<SCORE_ANCHORING>\n{START}\n{END}"
    )
    code, asked = judged(
        "--prompts-file", written("p.json", prompts),
        "--rubric-criteria-file", written("rc.txt", "Score Wit and the rest."),
        "--score-anchoring-file", written("sa.txt", "<SCORING_MIN> is bad, <SCORING_MAX> good."),
        "--scoring-min", "1", "--scoring-max", "20", "--run-id", "r", score=15,
    )  # fmt: skip
    assert code == 0
    assert asked[0].prompt.startswith("Score Wit and the rest.\n1 is bad, 20 good.\n")
    result = json.loads(Path("runs/r/result.json").read_text("utf-8"))
    assert result["coverage"]["share"] == 1.0
    rows = list(csv.DictReader(Path("runs/r/scores.csv").read_text("utf-8").splitlines()))
    assert [float(row["score"]) for row in rows] == [7.63] * 4


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["--template", "t.txt"], "t.txt has <WRITING_PROMPT>; name the writing prompts"),
        (["--template", "t.txt", "--prompts-file", "t.txt"], "exclude each other"),
        (["--template", "none.txt"], "none.txt: no such file"),
    ],
)
def test_a_template_that_cannot_be_used_costs_nothing_and_is_told_in_one_line(
    flags: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    written("t.txt", f"<WRITING_PROMPT>{START}{END}")
    code, asked = judged(*flags)
    err = capsys.readouterr().err.strip()
    assert (code, asked) == (2, [])
    assert expected in err
    assert "\n" not in err


def test_criteria_that_the_template_does_not_show_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, asked = judged(*template_flags(f"{START}{END}<POSITIVE_CRITERIA>"))
    assert (code, asked) == (2, [])
    assert (
        'has no <NEGATIVE_CRITERIA>, where the criterion "Worn Phrases" belongs'
        in capsys.readouterr().err
    )


def test_a_preset_and_a_prompt_set_do_not_both_send_a_system_message(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = json.dumps({"system": "Be strict.", "template": START + END})
    code, asked = judged(*template_flags(text, "t.json"), "--preset", "upstream-v2.1")
    assert (code, asked) == (2, [])
    assert "leave one of the two out" in capsys.readouterr().err
