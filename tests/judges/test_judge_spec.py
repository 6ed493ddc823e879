"""What --judge-model names, and near misses of our prefixes."""

from __future__ import annotations

import pytest

from judgemark.errors import UsageError
from judgemark.judges.judge_spec import JudgeSpec, parse_spec
from judgemark.judges.registry import judge_kinds


@pytest.mark.parametrize(
    "name",
    [
        "openai/gpt-4o-mini",
        "gpt-4o-mini",
        "llama3:8b",
        "llama:70b",
        "command-r:35b",
        "command-r-plus:104b",
        "my-reward:7b",
        "some/model:free",
        "hf.co/x:y",
        "phi:latest",
        "pythia:12b",
        "qwen2.5:7b-instruct-q4_0",
        "deepseek/deepseek-r1:free",
        "yi:34b",
        "gemma:2b",
        "smollm:135m",
        "ft:gpt-4o-mini:org::abc",
        "arn:aws:bedrock:us-east-1::model",
    ],
)
def test_any_other_name_is_a_judge_at_an_endpoint(name: str) -> None:
    spec = parse_spec(name)
    assert (spec.kind.prefix, spec.name, spec.text) == ("endpoint", name, name)


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("baseline:lexical", "baseline", "lexical"),
        ("vllm:Qwen/Qwen3-0.6B", "vllm", "Qwen/Qwen3-0.6B"),
        ("hf:/weights/here:v2", "hf", "/weights/here:v2"),
        (" baseline:length ", "baseline", "length"),
    ],
)
def test_a_prefix_of_ours_names_its_kind(text: str, kind: str, name: str) -> None:
    spec = parse_spec(text)
    assert (spec.kind.prefix, spec.name, spec.text) == (kind, name, text.strip())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("basline:x", "baseline:x"),
        ("baselin:lexical", "baseline:lexical"),
        ("baselines:lexical", "baseline:lexical"),
        ("Baseline:lexical", "baseline:lexical"),
        ("base_line:lexical", "baseline:lexical"),
        ("baseline :lexical", "baseline:lexical"),
        ("VLLM:x/y", "vllm:x/y"),
        ("vlm:x/y", "vllm:x/y"),
        ("vlml:x/y", "vllm:x/y"),
        ("HF:x/y", "hf:x/y"),
        ("hff:x/y", "hf:x/y"),
        ("pyhton:judge.py", "python:judge.py"),
        ("comand:./judge", "command:./judge"),
        ("hf_reward:x/y", "hf-reward:x/y"),
        ("hf-rewrd:x/y", "hf-reward:x/y"),
    ],
)
def test_a_near_miss_is_refused_not_sent_to_a_paid_endpoint(text: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f'is not a kind of judge; did you mean "{meant}"'):
        parse_spec(text)


@pytest.mark.parametrize("text", ["", "  ", "baseline:", "vllm:", "hf: "])
def test_nothing_names_no_judge(text: str) -> None:
    with pytest.raises(UsageError, match="names no judge"):
        parse_spec(text)


def test_several_judges_are_refused_rather_than_sent_as_one_name() -> None:
    with pytest.raises(UsageError, match="names several judges; give them as judge_models"):
        parse_spec("openai/gpt-4o-mini,openai/gpt-4o-mini")


@pytest.mark.parametrize("name", ["hf:meta/llama", "vllm:x", "HF:x", "vlm:small", "llama3:8b"])
def test_with_a_base_url_a_name_with_our_prefix_is_the_judge_s_name_there(name: str) -> None:
    assert parse_spec(name, base_url_given=True) == JudgeSpec(name, judge_kinds()["endpoint"], name)


@pytest.mark.parametrize("text", ["baseline:lexical", "python:judge.py", "command:./judge"])
def test_a_judge_of_this_program_has_no_base_url(text: str) -> None:
    with pytest.raises(UsageError, match="leave base_url out"):
        parse_spec(text, base_url_given=True)


def test_a_near_miss_of_our_own_code_is_refused_with_a_base_url_too() -> None:
    with pytest.raises(UsageError, match='did you mean "baseline:lexical"'):
        parse_spec("basline:lexical", base_url_given=True)
