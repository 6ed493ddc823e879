"""Local judges that answer in words, and reward judges, on real engines with tiny weights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from judgemark.cli import main
from judgemark.errors import AskFault, Refused, UsageError
from judgemark.judges.engine import EngineSettings
from judgemark.judges.generating import ReplySampling, open_generating
from judgemark.judges.hf_rubric import HfRubricJudge
from judgemark.judges.reward_judge import RewardJudge
from judgemark.judges.vllm_rubric import VllmRubricJudge
from judgemark.records import Message, Question, QuestionKey, Reply, Sample, Slot
from tests.engines.conftest import SETTINGS, needs
from tests.engines.tiny import TEMPLATE, TinyJudge, make_tiny, make_tiny_reward

pytestmark = [
    pytest.mark.engines,
    needs("vllm", "torch", "transformers"),
    pytest.mark.filterwarnings("default"),
]

TEXTS = ("The rain had stopped.", "It was dark. " * 12, "Nobody came.", "Été – never ended.")
COLD = ReplySampling(0.0, None, None, 24)
ASKED = {"7": "Write about rain."}


def questions() -> list[Question]:
    return [
        Question(
            QuestionKey(f"{n}" * 64, Slot()), "7", (Message("user", f"Score this: {text}"),),
            {"piece": Sample(f"w{n}", "1", "7", text)},
        )
        for n, text in enumerate(TEXTS)
    ]  # fmt: skip


def replies(judge: HfRubricJudge | VllmRubricJudge | RewardJudge) -> list[Reply]:
    found = [reply for reply in judge.ask_batch(questions()) if isinstance(reply, Reply)]
    assert len(found) == len(TEXTS)
    return found


@pytest.fixture(scope="module")
def through_hf(tiny: Path) -> Iterator[HfRubricJudge]:
    local = open_generating(
        str(tiny), SETTINGS, COLD, print, ("transformers",), think=False, system=False
    )
    judge = HfRubricJudge(local, COLD)
    yield judge
    judge.close()


def test_both_engines_write_the_same_words(tiny: Path, through_hf: HfRubricJudge) -> None:
    local = open_generating(str(tiny), SETTINGS, COLD, print, ("vllm",), think=False, system=False)
    other = VllmRubricJudge(local, COLD)
    here, there = replies(through_hf), replies(other)
    assert [r.text for r in here] == [r.text for r in there]
    assert [r.usage for r in here] == [r.usage for r in there]
    assert {r.finish_reason for r in here} <= {"length", "stop"}
    other.close()


def test_padding_and_batch_mates_change_nothing(through_hf: HfRubricJudge) -> None:
    """One prompt at a time gives what a padded batch gives."""
    alone = [through_hf.ask_batch([question])[0] for question in questions()]
    assert alone == replies(through_hf)


def test_a_warm_judge_draws_again_what_it_drew(tiny: Path) -> None:
    warm = replace(COLD, temperature=1.0, seed=5)
    small = replace(SETTINGS, batch_tokens=64)
    local = open_generating(
        str(tiny), small, warm, print, ("transformers",), think=True, system=False
    )
    assert local.rendering.thinking.startswith("on ")
    first, again = (replies(HfRubricJudge(local, warm)) for _ in range(2))
    assert first == again
    assert first != replies(HfRubricJudge(local, replace(warm, seed=6)))


@pytest.fixture(scope="module")
def reward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_reward(tmp_path_factory.mktemp("reward"))


def scores(judge: RewardJudge) -> list[float]:
    return [float(reply.text) for reply in replies(judge)]


def test_a_reward_judge_scores_a_batch_as_it_scores_each_piece(reward: Path) -> None:
    judge = RewardJudge(str(reward), SETTINGS, ASKED, ["7"])
    together = scores(judge)
    alone = [
        float(reply.text)
        for question in questions()
        for reply in judge.ask_batch([question])
        if isinstance(reply, Reply)
    ]
    assert together == pytest.approx(alone, abs=1e-5)
    assert len(set(together)) == len(TEXTS)
    other = RewardJudge(str(reward), SETTINGS, {"7": "Write about the sea."}, ["7"])
    assert scores(other) != pytest.approx(together, abs=1e-5)


def test_a_piece_too_long_for_the_head_is_a_fault(reward: Path) -> None:
    judge = RewardJudge(str(reward), EngineSettings(max_model_len=60), ASKED, ["7"])
    found = judge.ask_batch(questions())
    assert isinstance(found[1], AskFault) and "too long: item 7, w1" in str(found[1])
    assert isinstance(found[0], Reply)


def test_heads_that_give_no_single_score_are_refused(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Qwen3ForCausalLM has no head that scores a text"):
        RewardJudge(str(tiny), SETTINGS, ASKED, ["7"])
    many = make_tiny_reward(tmp_path / "many", labels=3)
    with pytest.raises(UsageError, match="gives 3 labels; a reward judge gives one score"):
        RewardJudge(str(many), SETTINGS, ASKED, ["7"])


def test_writing_prompts_that_the_template_shows_must_be_known(reward: Path) -> None:
    with pytest.raises(UsageError, match='there is none for item "8"'):
        RewardJudge(str(reward), SETTINGS, ASKED, ["7", "8"])


def test_a_head_without_weights_does_not_score_at_random(tmp_path: Path) -> None:
    folder = make_tiny(tmp_path / "headless", TinyJudge(template=TEMPLATE))
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config |= {"architectures": ["Qwen3ForSequenceClassification"], "id2label": {"0": "score"}}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    judge = RewardJudge(str(folder), SETTINGS, ASKED, ["7"])
    with pytest.raises(Refused, match=r"its weights are incomplete: score.weight is missing"):
        judge.ask_batch(questions())


def result_of(folder: Path, *flags: str) -> dict[str, Any]:
    assert main([*flags, "--runs-dir", str(folder), "--run-id", "r"]) in (0, 1)
    found: dict[str, Any] = json.loads((folder / "r" / "result.json").read_text("utf-8"))
    return found


def test_a_reward_judge_does_the_main_job(reward: Path, tmp_path: Path) -> None:
    texts = {f"w{n}": {"samples": {"1": {"7": text}}} for n, text in enumerate(TEXTS)}
    asked = {"7": {"writing_prompt": ASKED["7"]}}
    for name, value in (("s.json", texts), ("w.json", asked)):
        (tmp_path / name).write_text(json.dumps(value), "utf-8")
    result = result_of(
        tmp_path, "--judge-model", f"hf-reward:{reward}", "--max-model-len", "1024",
        "--samples-file", str(tmp_path / "s.json"), "--writing-prompts", str(tmp_path / "w.json"),
    )  # fmt: skip
    assert result["coverage"]["scored"] == len(TEXTS)
    assert result["scorecards"]["v2"]["raw"] is None
    assert "declares no range" in result["notes"]["scorecards.v2.raw"]


def test_vllm_gives_the_alternatives_of_the_numbers_in_a_reply(tiny: Path) -> None:
    """The tiny judge writes what it likes; where it writes a digit, the digit has alternatives."""
    sampling = replace(COLD, max_tokens=200, temperature=1.0, seed=3, score_logprobs=20)
    local = open_generating(
        str(tiny), SETTINGS, sampling, print, ("vllm",), think=False, system=False
    )
    judge = VllmRubricJudge(local, sampling)
    found = replies(judge)
    judge.close()
    assert any(reply.numbers for reply in found)
    for reply in found:
        for number in reply.numbers or ():
            assert reply.text[number.at].isdigit()
            assert all(logprob <= 0 for step in number.steps for _, logprob in step)
